//! When made-up rows were created and last changed, and how often.

use fastrand::Rng;

use crate::datetime::{DateTime, Times};

/// The start of 2026: no row knows anything later. Not the present, so that every run makes the same.
const END: i64 = 1_767_225_600_000_000;

const YEAR: i64 = 365 * 24 * 3600 * 1_000_000;

/// The moments of a row, and the number that its changes have led to.
#[derive(Clone, Copy)]
pub struct History {
    created: i64,
    updated: i64,
    /// From 1, as `version` counts.
    pub version: i32,
}

/// Profiles were there before the first customer.
pub fn of_profile(random: &mut Rng) -> History {
    between(END - 6 * YEAR, END - 5 * YEAR, random)
}

/// Customers have come over five years.
pub fn of_customer(random: &mut Rng) -> History {
    between(END - 5 * YEAR, END, random)
}

impl History {
    /// That of something that was made after this, as the association of a customer is.
    pub fn followed(&self, random: &mut Rng) -> History {
        // Half of the associations are made together with the customer.
        match random.bool() {
            true => between(self.created, self.created + 1, random),
            false => between(self.created, END, random),
        }
    }

    /// As the database has them.
    pub fn times(&self) -> Times {
        let moment =
            |micros| DateTime::new(chrono::DateTime::from_timestamp_micros(micros).unwrap_or_default());
        Times { created_at: moment(self.created), updated_at: moment(self.updated) }
    }
}

/// The history of a row that was created from `since` until before `until`. Most rows never change.
fn between(since: i64, until: i64, random: &mut Rng) -> History {
    let created = random.i64(since..until);
    match random.i32(0..10) {
        changes @ 1..=3 => History { created, updated: random.i64(created..END), version: 1 + changes },
        _ => History { created, updated: created, version: 1 },
    }
}
