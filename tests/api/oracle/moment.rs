//! Moments as rows keep them, as answers show them and as requests compare with them.

use std::cmp::Ordering;

use proptest::{prelude::*, sample::select};
use sea_orm::DbBackend;
use serde_json::{Value, json};

use super::comparison::Comparisons;
use crate::backend::backend;

/// The seconds that moments lie in, in their order, with the same ones two hours ahead of UTC.
const SECONDS: [(&str, &str); 3] = [
    ("2025-12-31 23:59:59", "2026-01-01 01:59:59"),
    ("2026-01-02 03:04:05", "2026-01-02 05:04:05"),
    ("2026-01-02 03:04:06", "2026-01-02 05:04:06"),
];

const MICROS: [u32; 7] = [0, 1, 678_000, 678_001, 678_901, 999_000, 999_999];

/// A moment and the form in which a row keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    second: usize,
    micros: u32,
    form: Form,
}

/// Who wrote a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Server,
    JavaScript,
    /// Without an offset, and without zeros at the fraction's end.
    Sqlite,
}

impl Moment {
    /// What moments compare by.
    pub fn instant(self) -> (usize, u32) {
        (self.second, self.micros)
    }

    /// The text in the row, by which SQLite compares. Servers keep moments and no texts.
    pub fn stored(self) -> String {
        let (second, _) = SECONDS[self.second];
        let form = if backend() == DbBackend::Sqlite { self.form } else { Form::Server };
        match form {
            Form::Server => format!("{second}.{:06}+00:00", self.micros),
            Form::JavaScript => format!("{second}.{:03} +00:00", self.micros / 1_000),
            Form::Sqlite => {
                format!("{second}.{:06}", self.micros).trim_end_matches('0').trim_end_matches('.').to_owned()
            }
        }
    }

    /// The text in an answer.
    pub fn answered(self) -> String {
        let (second, _) = SECONDS[self.second];
        format!("{}.{:06}Z", second.replace(' ', "T"), self.micros)
    }
}

/// When a row was made and when it last changed.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub created_at: Moment,
    pub updated_at: Moment,
}

pub fn times() -> impl Strategy<Value = Times> {
    (moments(), moments()).prop_map(|(created_at, updated_at)| Times { created_at, updated_at })
}

fn moments() -> impl Strategy<Value = Moment> {
    let forms = select(vec![Form::Server, Form::JavaScript, Form::Sqlite]);
    (0..SECONDS.len(), select(&MICROS), forms).prop_map(|(second, micros, form)| match form {
        Form::JavaScript if micros % 1_000 > 0 => Moment { second, micros, form: Form::Server },
        _ => Moment { second, micros, form },
    })
}

/// A `DateTimeFilter`.
#[derive(Clone, Debug)]
pub struct MomentFilter(Comparisons<Operand>);

/// A moment in a request, in one of the ways in which RFC 3339 writes it.
#[derive(Clone, Copy, Debug)]
struct Operand {
    moment: Moment,
    notation: Notation,
}

#[derive(Clone, Copy, Debug)]
enum Notation {
    Micros,
    Short,
    Offset,
    /// Half a microsecond later.
    Finer,
}

impl MomentFilter {
    pub fn json(&self) -> Value {
        self.0.json(|operand| json!(operand.written()))
    }

    pub fn is_met(&self, moment: Moment) -> bool {
        self.0.are_met(|operand| -> Ordering {
            let compared = moment.instant().cmp(&operand.moment.instant());
            // It equals no row, and comes after the one that it is half a microsecond later than.
            if matches!(operand.notation, Notation::Finer) { compared.then(Ordering::Less) } else { compared }
        })
    }
}

impl Operand {
    fn written(self) -> String {
        let (second, ahead) = SECONDS[self.moment.second];
        let micros = self.moment.micros;
        match self.notation {
            Notation::Short if micros == 0 => format!("{}Z", second.replace(' ', "T")),
            Notation::Short if micros.is_multiple_of(1_000) => {
                format!("{}.{:03}Z", second.replace(' ', "T"), micros / 1_000)
            }
            Notation::Offset => format!("{}.{micros:06}+02:00", ahead.replace(' ', "T")),
            Notation::Finer => format!("{}.{micros:06}5Z", second.replace(' ', "T")),
            _ => self.moment.answered(),
        }
    }
}

pub fn moment_filters() -> impl Strategy<Value = MomentFilter> {
    let notations = select(vec![Notation::Micros, Notation::Short, Notation::Offset, Notation::Finer]);
    let operands = (moments(), notations).prop_map(|(moment, notation)| Operand { moment, notation });
    Comparisons::of(operands).prop_map(MomentFilter)
}
