//! Settings of documents: which are served, and how clients may ask for them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::named::choice;

/// Which documents are served, and how clients may ask for them.
#[derive(Args, Clone, Debug)]
pub struct Documents {
    /// A manifest of documents that clients may ask for by their IDs, which their build wrote.
    #[arg(long, env, global = true, value_name = "FILE")]
    pub documents: Option<PathBuf>,

    /// Whether documents may be asked for by hashes and IDs, or only by those of the manifest.
    #[arg(long, env, global = true, value_name = "MODE", default_value = "allow",
          value_parser = choice::<DocumentMode>())]
    pub document_mode: DocumentMode,
}

/// How clients may say which document they mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DocumentMode {
    /// By its text.
    Off,
    /// By its text, by its hash once it was sent, or by an ID of the manifest.
    Allow,
    /// By an ID of the manifest, or by a text or hash that is in it.
    Only,
}
