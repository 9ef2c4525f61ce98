//! Settings that are refused by their names: that of the option, and that of its variable.

use std::{ffi::OsStr, fmt::Display, marker::PhantomData, str::FromStr};

use clap::{
    Arg, Command, Error, ValueEnum,
    builder::{PossibleValue, TypedValueParser},
    error::ErrorKind,
};

/// The error of a setting that has a wrong value.
pub fn refusal(command: &Command, setting: Option<&Arg>, value: &OsStr, reason: impl Display) -> Error {
    let message = format!("{} cannot be `{}`: {reason}", name(setting), value.to_string_lossy());
    command.clone().error(ErrorKind::ValueValidation, message)
}

fn name(setting: Option<&Arg>) -> String {
    let option = setting.and_then(|setting| setting.get_long()).unwrap_or_default();
    match setting.and_then(Arg::get_env) {
        Some(variable) => format!("`--{option}` (or {})", variable.to_string_lossy()),
        None => format!("`--{option}`"),
    }
}

/// Reads a text of a form.
#[derive(Clone, Copy, Debug)]
pub struct Text<T>(PhantomData<fn() -> T>);

/// Texts of the form that `T` has.
pub const fn text<T>() -> Text<T> {
    Text(PhantomData)
}

impl<T> TypedValueParser for Text<T>
where
    T: FromStr<Err: Display> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(&self, command: &Command, setting: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        value.to_string_lossy().parse().map_err(|reason| refusal(command, setting, value, reason))
    }
}

/// Reads one of a few words.
#[derive(Clone, Copy, Debug)]
pub struct Choice<T>(PhantomData<fn() -> T>);

/// The words that `T` has.
pub const fn choice<T>() -> Choice<T> {
    Choice(PhantomData)
}

impl<T: ValueEnum + Clone + Send + Sync + 'static> TypedValueParser for Choice<T> {
    type Value = T;

    fn parse_ref(&self, command: &Command, setting: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        T::from_str(&value.to_string_lossy(), false)
            .map_err(|_| refusal(command, setting, value, format!("it must be {}", listed(&words::<T>()))))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(words::<T>().into_iter()))
    }
}

fn words<T: ValueEnum>() -> Vec<PossibleValue> {
    T::value_variants().iter().filter_map(T::to_possible_value).collect()
}

fn listed(words: &[PossibleValue]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("`{}`", word.get_name())).collect();
    match words.as_slice() {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => words.concat(),
    }
}
