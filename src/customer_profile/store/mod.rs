//! The statements of the junction `customer_profile`.

mod page;
mod path;
mod read;
mod write;

pub use path::Path;
pub use read::{counts, edges, edges_to, status_counts};
pub use write::{
    attach, change, count_others, detach, detach_and_list_others, detach_others, lock_near, version,
};
