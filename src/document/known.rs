//! What became of texts: the documents that were accepted, and why others were refused.

use std::sync::Arc;

use async_graphql::ServerError;
use moka::sync::Cache;

use super::convert::Document;
use super::hash::TextHash;

/// Outcomes by the hashes of the texts, bounded by their weight in bytes. Refusals are kept apart: whoever
/// sends nonsense must not push out what others use.
pub struct Known {
    accepted: Cache<TextHash, Weighed<Arc<Document>>>,
    refused: Cache<TextHash, Weighed<Arc<[ServerError]>>>,
}

#[derive(Clone)]
struct Weighed<T> {
    bytes: u32,
    outcome: T,
}

impl Known {
    /// Keeps documents of so many bytes, and refusals of a sixteenth of that.
    pub fn new(bytes: u64) -> Self {
        Known { accepted: cache(bytes), refused: cache(bytes / 16) }
    }

    /// What became of the text, if that is still known.
    pub fn get(&self, hash: &TextHash) -> Option<Result<Arc<Document>, Vec<ServerError>>> {
        let accepted = self.accepted.get(hash).map(|weighed| Ok(weighed.outcome));
        accepted.or_else(|| self.refused.get(hash).map(|weighed| Err(weighed.outcome.to_vec())))
    }

    /// Keeps the document that this text is.
    pub fn accept(&self, hash: TextHash, text: &str, document: Arc<Document>) {
        let bytes = bytes_of_document(text, &document);
        self.accepted.insert(hash, Weighed { bytes, outcome: document });
    }

    /// Keeps what is wrong with a text.
    pub fn refuse(&self, hash: TextHash, refusals: &[ServerError]) {
        self.refused.insert(hash, Weighed { bytes: bytes_of_refusals(refusals), outcome: refusals.into() });
    }
}

fn cache<T: Clone + Send + Sync + 'static>(bytes: u64) -> Cache<TextHash, Weighed<T>> {
    Cache::builder().max_capacity(bytes).weigher(|_, weighed: &Weighed<T>| weighed.bytes).build()
}

/// What a document takes in memory: a selection of one letter takes some hundred bytes of it.
fn bytes_of_document(text: &str, document: &Document) -> u32 {
    // One that asks for the schema is kept in a second form.
    let each = if document.introspection.is_some() { 640 } else { 320 };
    u32::try_from(1_024 + text.len() + each * document.nodes).unwrap_or(u32::MAX)
}

/// What refusals take: each has a message, a place and a map of extensions.
fn bytes_of_refusals(refusals: &[ServerError]) -> u32 {
    let bytes = refusals.iter().map(|refusal| 768 + refusal.message.len()).sum::<usize>();
    u32::try_from(512 + bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    fn refusal() -> Vec<ServerError> {
        vec![Code::ParseFailed.error("x".repeat(1_000), None)]
    }

    #[test]
    fn refusals_are_bounded_by_what_they_weigh_and_leave_documents_alone() {
        let known = Known::new(160_000);
        let document = Arc::new(Document::default());
        known.accept(TextHash::of("good"), "good", document);
        for number in 0..1_000 {
            known.refuse(TextHash::of(&number.to_string()), &refusal());
        }
        known.accepted.run_pending_tasks();
        known.refused.run_pending_tasks();
        assert!(known.refused.weighted_size() <= 10_000, "{}", known.refused.weighted_size());
        assert!(known.refused.entry_count() > 0);
        assert!(matches!(known.get(&TextHash::of("good")), Some(Ok(_))));
    }
}
