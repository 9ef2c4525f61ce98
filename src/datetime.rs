//! Moments: the scalar `DateTime`, and how the database writes it.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{SecondsFormat, SubsecRound, Timelike, Utc};

/// RFC 3339 timestamp in UTC with microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(chrono::DateTime<Utc>);

impl DateTime {
    /// That moment, to the microsecond.
    pub fn new(moment: chrono::DateTime<Utc>) -> Self {
        DateTime(moment.trunc_subsecs(6))
    }

    /// The present moment.
    pub fn now() -> Self {
        DateTime::new(Utc::now())
    }

    /// As SQLite keeps it: text of fixed width, so that texts compare as moments do, in a form that
    /// JavaScript's ORMs read as well.
    pub fn sqlite_text(self) -> String {
        let (date, time) = (self.0.date_naive(), self.0.time());
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        // A third of what it costs to have chrono read a format for every row.
        format!("{date} {hour:02}:{minute:02}:{second:02}.{:06}+00:00", time.nanosecond() / 1_000)
    }

    /// The least text that SQLite may keep for this moment: JavaScript's ORMs write milliseconds with a
    /// space behind them, where this server writes microseconds.
    pub fn least_text(self) -> String {
        match self.0.timestamp_subsec_micros() % 1_000 {
            0 => self.0.format("%Y-%m-%d %H:%M:%S%.3f ").to_string(),
            _ => self.sqlite_text(),
        }
    }
}

impl From<DateTime> for sea_orm::Value {
    fn from(moment: DateTime) -> Self {
        moment.sqlite_text().into()
    }
}

/// RFC 3339 timestamp in UTC with microseconds.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/date-time")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        match chrono::DateTime::parse_from_rfc3339(text) {
            Ok(moment) => Ok(DateTime::new(moment.to_utc())),
            Err(_) => Err(InputValueError::custom(format!("`{text}` is no RFC 3339 timestamp"))),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

/// When a row was made and when it last changed.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub created_at: DateTime,
    pub updated_at: DateTime,
}
