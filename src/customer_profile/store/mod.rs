//! The statements of the junction `customer_profile`.

mod page;
mod path;
mod read;
mod write;

pub use path::Path;
pub use read::{counts, edges, edges_to, status_counts};
pub use write::{attach, change, detach, detach_others, lock_near, version};
