//! customer-graph.

pub mod document;
pub mod error;
pub mod execute;

mod database {
    pub fn lost_to_another(_: &sea_orm::DbErr) -> bool {
        false
    }
    pub fn exhausted(_: &sea_orm::DbErr) -> bool {
        false
    }
}
