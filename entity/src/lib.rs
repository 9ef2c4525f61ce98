//! The tables as SeaORM entities: rows and the relations between them, nothing else.

pub mod customer;
pub mod customer_profile;
pub mod idempotency_key;
pub mod profile;
