//! What SQLite alone has, and what the program does on the file that it keeps its data in unless told otherwise.

mod backup;
mod binary;
mod database;
mod demo;
mod durability;
mod plans;
mod refused;
mod rows;
mod sharing;
mod waiting;
