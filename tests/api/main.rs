//! The tests that speak to a running server, a file per subject.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod app;
mod binary;
mod customer;
mod customer_profile;
mod durability;
mod errors;
mod http;
mod limits;
mod nested;
mod process;
mod profile;
mod sharing;
mod transactions;
