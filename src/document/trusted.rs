//! Trusted documents: those of a manifest, which the clients' build wrote.

use std::{collections::HashMap, fs, io, path::Path, sync::Arc};

use async_graphql::ServerError;
use serde::Deserialize;
use serde_json::Value;

use super::convert::Document;
use super::hash::TextHash;
use super::source::hash_of_id;

/// Why a manifest is none.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    #[error("{}", unreadable(.0))]
    Unreadable(#[from] io::Error),
    #[error("it is no JSON: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("it must be an object of documents by their IDs, or a manifest of Apollo's tools")]
    Shape,
    #[error("the document `{id}` is no text")]
    NoText { id: String },
    #[error("its `operations` must be a list of objects, each with an `id` and a `body`")]
    Operations,
    #[error("its version is not 1")]
    Version,
    #[error("the document `{id}` is there more than once")]
    Repeated { id: String },
    #[error("the document `{id}` is refused: {message}{place}")]
    Refused { id: String, message: String, place: String },
}

fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder, name a file".to_owned(),
        io::ErrorKind::PermissionDenied => "it must be readable".to_owned(),
        _ => error.to_string(),
    }
}

/// Documents by the hashes of their texts and by their IDs. They stay as long as the server runs.
#[derive(Default)]
pub struct Trusted {
    by_hash: HashMap<TextHash, Arc<Document>>,
    by_id: HashMap<String, Arc<Document>>,
}

impl Trusted {
    /// The documents of the manifest in this file, each of which has to be accepted by `read`.
    pub fn of_file(
        path: &Path,
        read: impl Fn(&str) -> Result<Document, Vec<ServerError>>,
    ) -> Result<Self, ManifestError> {
        let mut trusted = Trusted::default();
        for Entry { id, body } in entries(&fs::read(path)?)? {
            let document = Arc::new(read(&body).map_err(|refusals| refused(&id, &refusals))?);
            trusted.by_hash.insert(TextHash::of(&body), document.clone());
            if trusted.by_id.insert(id.clone(), document).is_some() {
                return Err(ManifestError::Repeated { id });
            }
        }
        Ok(trusted)
    }

    /// The document of that text.
    pub fn of_hash(&self, hash: &TextHash) -> Option<Arc<Document>> {
        self.by_hash.get(hash).cloned()
    }

    /// The document that has that ID, or whose text has that hash.
    pub fn of_id(&self, id: &str) -> Option<Arc<Document>> {
        self.by_id.get(id).cloned().or_else(|| self.of_hash(&hash_of_id(id)?))
    }
}

/// One document of a manifest.
#[derive(Deserialize)]
struct Entry {
    id: String,
    body: String,
}

/// Apollo's manifest says what it is; any other is an object of texts by their IDs.
fn entries(manifest: &[u8]) -> Result<Vec<Entry>, ManifestError> {
    let Value::Object(mut manifest) = serde_json::from_slice(manifest)? else {
        return Err(ManifestError::Shape);
    };
    if manifest.get("format").is_none_or(|format| format != "apollo-persisted-query-manifest") {
        let texts = manifest.into_iter().map(|(id, body)| match body {
            Value::String(body) => Ok(Entry { id, body }),
            _ => Err(ManifestError::NoText { id }),
        });
        return texts.collect();
    }
    if manifest.get("version").is_none_or(|version| *version != 1) {
        return Err(ManifestError::Version);
    }
    let operations = manifest.remove("operations").unwrap_or_default();
    serde_json::from_value(operations).map_err(|_| ManifestError::Operations)
}

fn refused(id: &str, refusals: &[ServerError]) -> ManifestError {
    let first = refusals.first();
    let place = first.and_then(|refusal| refusal.locations.first());
    ManifestError::Refused {
        id: id.to_owned(),
        message: first.map(|refusal| refusal.message.clone()).unwrap_or_default(),
        place: place.map(|at| format!(", at line {} column {}", at.line, at.column)).unwrap_or_default(),
    }
}
