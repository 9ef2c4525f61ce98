//! The tests that speak to a running server, a file per subject.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod app;
mod attacks;
mod backend;
mod bulk;
mod connection;
mod cursors;
mod customer;
mod customer_profile;
mod delete;
mod encoding;
mod errors;
mod filter;
mod forged;
mod fuzz;
mod guide;
mod idempotency;
mod limits;
mod lists;
mod load;
mod lookahead;
mod model;
mod moments;
mod nested;
mod node;
mod oracle;
mod overload;
mod pages;
mod persisted;
mod process;
mod profile;
mod protocol;
mod races;
mod readme;
mod schema;
mod sequelize;
mod servers;
mod sqlite;
mod statements;
mod status;
mod transactions;
mod update;
mod values;
mod watch;
mod whole;
