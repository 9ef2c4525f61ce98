//! Numbers that make sense: the range of a setting, and what is said of one beyond it.

use std::ffi::OsStr;

use clap::{Arg, Command, Error, builder::TypedValueParser};

use super::named::refusal;

/// The longest time that a request, a statement or a pause may be set to: a day.
pub const DAY: u64 = 24 * 60 * 60;

/// Reads whole numbers from `least` to `most`.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    least: u64,
    most: u64,
}

/// Whole numbers of this range.
pub const fn range(least: u64, most: u64) -> Range {
    Range { least, most }
}

impl Range {
    /// As numbers of another type, in which all of the range fits.
    pub fn of<T: TryFrom<u64> + Clone + Send + Sync + 'static>(self) -> impl TypedValueParser<Value = T>
    where
        T::Error: std::error::Error + Send + Sync + 'static,
    {
        self.try_map(T::try_from)
    }
}

impl TypedValueParser for Range {
    type Value = u64;

    fn parse_ref(&self, command: &Command, setting: Option<&Arg>, value: &OsStr) -> Result<u64, Error> {
        let number = value.to_str().and_then(|text| text.parse().ok());
        number.filter(|number| (self.least..=self.most).contains(number)).ok_or_else(|| {
            let Range { least, most } = self;
            let reason = format!("it must be a whole number from {least} to {most}");
            refusal(command, setting, value, reason)
        })
    }
}
