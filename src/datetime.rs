//! Moments: the scalar `DateTime`, and how the database writes it.

mod kept;
mod rfc3339;

use std::time::Duration;

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{Datelike, SecondsFormat, SubsecRound, Timelike, Utc};

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

    /// The moment of such a text, or of one that another application wrote into SQLite; none where no row can have it.
    pub fn of_text(text: &str) -> Option<Self> {
        kept::moment(text).map(DateTime)
    }

    /// The least text that SQLite may keep for this moment: other applications may leave out zeros at the end of a
    /// fraction, and the offset.
    pub fn least_text(self) -> String {
        let mut text = self.text();
        text.truncate(text.trim_end_matches("+00:00").trim_end_matches('0').trim_end_matches('.').len());
        text
    }

    /// That moment, if a client may be told it: one of the years 0000 to 9999.
    pub fn within_years(moment: chrono::DateTime<Utc>) -> Option<Self> {
        (0..=9999).contains(&moment.year()).then(|| DateTime::new(moment))
    }
}

impl From<DateTime> for sea_orm::Value {
    fn from(moment: DateTime) -> Self {
        moment.0.trunc_subsecs(6).into()
    }
}

/// A moment as section 5.6 of RFC 3339 writes it. It is sent in UTC, with `Z` and six digits of the second's
/// fraction. It is taken with any offset, `-00:00` among them, any number of digits or none, `T` and `Z` in
/// either case, and with the second 60 at the end of a month in UTC, in the years 0000 to 9999 of UTC.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        DateTime::read(text).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl DateTime {
    /// What is wrong with a text that is to name a moment, if anything is.
    pub fn check(text: &str) -> Result<(), String> {
        DateTime::read(text).map(drop)
    }

    /// The moment that a client's text names. It is not cut to the microsecond: a comparison with what lies
    /// between two of them is exact as well.
    fn read(text: &str) -> Result<Self, String> {
        let Some(moment) = rfc3339::moment(text) else {
            return Err(format!(
                "`{}` is no RFC 3339 timestamp, as `2006-01-02T15:04:05.999999Z` is one",
                echo(text)
            ));
        };
        // The texts of other years would not compare as moments do.
        if !(0..=9999).contains(&moment.year()) {
            return Err(format!("`{}` is not in the years 0 to 9999 of UTC", echo(text)));
        }
        Ok(DateTime(moment))
    }
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
        for other in [".004 +00:00", ".004+00:00", ".004", ".00400"] {
            assert_eq!(DateTime::of_text(&format!("2024-02-29 01:02:03{other}")), moment, "{other}");
        }
        let least = |text: &str| DateTime::of_text(text).map(DateTime::least_text);
        assert_eq!(least("2024-02-29 01:02:00.004000+00:00").as_deref(), Some("2024-02-29 01:02:00.004"));
        assert_eq!(least("2024-02-29 01:20:00.000000+00:00").as_deref(), Some("2024-02-29 01:20:00"));
        for garbage in [
            "",
            "+00:00",
            "2024-02-30 01:02:03.004000+00:00",
            "yesterday",
            "ä00:00",
            "-9000-01-01 00:00:00.000000+00:00",
            "-0001-12-31 23:59:59.999999+00:00",
            "0000-01-01 00:30:00.000000+01:00",
            "+10000-01-01 00:00:00.000000+00:00",
            "9999-12-31 23:30:00.000000-01:00",
            "+262000-01-01 00:00:00.000000+00:00",
            "2016-12-31 23:59:60.000000+00:00",
            "2024-02-29 01:02:03.",
            "2024-02-29 01:02:03.0000000",
            "2024-02-29T01:02:03",
            "2024-02-29 01:02:03Z",
            "2024-02-29 01:02:03  +00:00",
            "2024-02-29 01:02:03-00:00",
            "2024-02-29 24:00:00",
        ] {
            assert_eq!(DateTime::of_text(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn a_moment_whose_year_in_utc_does_not_have_four_digits_is_refused() {
        assert_eq!(parsed("9999-12-31T23:59:59-01:00"), None);
        assert_eq!(parsed("0000-01-01T00:00:00+01:00"), None);
    }
}
