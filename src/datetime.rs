//! Moments: the scalar `DateTime`, and how the database writes it.

use std::time::Duration;

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{Datelike, SecondsFormat, SubsecRound, TimeDelta, Timelike, Utc};

use crate::error::echo;

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

    /// The moment that lies so long before the present one.
    pub fn before_now(time: Duration) -> Self {
        DateTime::new(Utc::now() - time)
    }

    /// Whether it lies between two microseconds, where no row can be.
    pub fn is_between(self) -> bool {
        !self.0.timestamp_subsec_nanos().is_multiple_of(1_000)
    }

    /// As text of fixed width, or that of the microsecond before it, so that texts compare as moments do, in a
    /// form that JavaScript's ORMs read as well. SQLite keeps moments so.
    pub fn text(self) -> String {
        let (date, time) = (self.0.date_naive(), self.0.time());
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        // A third of what it costs to have chrono read a format for every row.
        format!("{date} {hour:02}:{minute:02}:{second:02}.{:06}+00:00", time.nanosecond() / 1_000)
    }

    /// The moment of such a text, or of one that JavaScript's ORMs wrote.
    pub fn of_text(text: &str) -> Option<Self> {
        let (time, zone) = text.split_at_checked(text.len().checked_sub(6)?)?;
        let moment = format!("{}{zone}", time.trim_end());
        let moment = chrono::DateTime::parse_from_str(&moment, "%Y-%m-%d %H:%M:%S%.f%:z").ok()?;
        Some(DateTime::new(moment.to_utc()))
    }

    /// The least text that SQLite may keep for this moment: JavaScript's ORMs write milliseconds with a
    /// space behind them, where this server writes microseconds.
    pub fn least_text(self) -> String {
        match self.0.timestamp_subsec_micros() % 1_000 {
            0 => self.0.format("%Y-%m-%d %H:%M:%S%.3f ").to_string(),
            _ => self.text(),
        }
    }
}

impl From<DateTime> for sea_orm::Value {
    fn from(moment: DateTime) -> Self {
        moment.0.trunc_subsecs(6).into()
    }
}

/// RFC 3339 timestamp in UTC with microseconds.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/date-time")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let Ok(moment) = chrono::DateTime::parse_from_rfc3339(text) else {
            return Err(InputValueError::custom(format!("`{}` is no RFC 3339 timestamp", echo(text))));
        };
        let moment = without_leap_second(moment.to_utc());
        // The texts of other years would not compare as moments do.
        if !(0..=9999).contains(&moment.year()) {
            return Err(InputValueError::custom(format!(
                "`{}` is not in the years 0 to 9999 of UTC",
                echo(text)
            )));
        }
        // Not cut to the microsecond: a comparison with what lies between two of them is exact as well.
        Ok(DateTime(moment))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

/// The second 60, which chrono counts as more than a second's nanoseconds, is the 0 of the next minute, as
/// clocks have it.
fn without_leap_second(moment: chrono::DateTime<Utc>) -> chrono::DateTime<Utc> {
    let nanos = moment.timestamp_subsec_nanos();
    let second = chrono::DateTime::from_timestamp(moment.timestamp(), 0).unwrap_or(moment);
    second + TimeDelta::nanoseconds(nanos.into())
}

/// When a row was made and when it last changed.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub created_at: DateTime,
    pub updated_at: DateTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<String> {
        let moment: DateTime = ScalarType::parse(Value::from(text)).ok()?;
        Some(moment.text())
    }

    #[test]
    fn a_moment_is_kept_in_utc() {
        let kept = "9999-12-31 23:59:59.000000+00:00";
        assert_eq!(parsed("9999-12-31T22:59:59-01:00").as_deref(), Some(kept));
    }

    #[test]
    fn a_text_names_its_moment_whoever_wrote_it() {
        let moment = DateTime::of_text("2024-02-29 01:02:03.004000+00:00");
        assert_eq!(moment.map(DateTime::text).as_deref(), Some("2024-02-29 01:02:03.004000+00:00"));
        assert_eq!(DateTime::of_text("2024-02-29 01:02:03.004 +00:00"), moment);
        for garbage in ["", "+00:00", "2024-02-30 01:02:03.004000+00:00", "yesterday", "ä00:00"] {
            assert_eq!(DateTime::of_text(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn a_leap_second_is_the_first_one_of_the_next_minute() {
        let kept = "2017-01-01 00:00:00.500000+00:00";
        assert_eq!(parsed("2016-12-31T23:59:60.5Z").as_deref(), Some(kept));
        assert_eq!(parsed("2017-01-01T00:59:60.5+01:00").as_deref(), Some(kept));
        assert_eq!(parsed("9999-12-31T23:59:60Z"), None);
    }

    #[test]
    fn a_moment_whose_year_in_utc_does_not_have_four_digits_is_refused() {
        assert_eq!(parsed("9999-12-31T23:59:59-01:00"), None);
        assert_eq!(parsed("0000-01-01T00:00:00+01:00"), None);
    }
}
