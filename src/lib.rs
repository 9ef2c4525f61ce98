//! customer-graph.

pub mod connection;
pub mod customer;
pub mod customer_profile;
pub mod database;
pub mod datetime;
pub mod document;
pub mod error;
pub mod execute;
pub mod filter;
pub mod id;
pub mod input;
pub mod load;
pub mod node;
pub mod page;
pub mod profile;
pub mod ready;
pub mod schema;
pub mod selection;
