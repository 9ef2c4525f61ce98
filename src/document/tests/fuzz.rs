//! Arbitrary texts: each is accepted or refused, and none takes more than its length allows.

use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;
use crate::schema;

const CASES: &str = include_str!("../rules/cases.txt");

/// One change to a text: bytes of it replaced by others, or by some of its own.
#[derive(Clone, Debug)]
enum Change {
    Replace(Index, usize, Vec<u8>),
    Copy(Index, usize, Index),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let inserted = prop_oneof![
        vec(any::<u8>(), 0..4),
        prop::sample::select(vec![
            "{", "}", "(", ")", "[", "]", "...", "@", "$", "\"", "\"\"\"", "\\", "#", "on", "1e9", ":"
        ])
        .prop_map(|token| token.as_bytes().to_vec()),
    ];
    let change = prop_oneof![
        (any::<Index>(), 0_usize..4, inserted)
            .prop_map(|(at, length, with)| Change::Replace(at, length, with)),
        (any::<Index>(), 1_usize..40, any::<Index>())
            .prop_map(|(from, length, to)| Change::Copy(from, length, to)),
    ];
    vec(change, 1..8)
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for change in changes {
        let end = bytes.len() + 1;
        match change {
            Change::Replace(at, length, with) => {
                let at = at.index(end);
                let last = (at + length).min(bytes.len());
                bytes.splice(at..last, with.iter().copied());
            }
            Change::Copy(from, length, to) => {
                let from = from.index(end);
                let copied = bytes[from..(from + length).min(bytes.len())].to_vec();
                let to = to.index(end);
                bytes.splice(to..to, copied);
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads a text, and executes nothing of it. What it takes is told by the nodes of the tree, of which
/// each has a byte of its own at least.
fn judge(documents: &Documents, text: &str) -> Result<(), TestCaseError> {
    match documents.read(text) {
        Ok(document) => {
            prop_assert!(document.nodes <= text.len());
            let source = Source::Text(text.to_owned());
            let asked = Asked { source, operation_name: None, variables: Variables::default() };
            if let Ok(chosen) = documents.choose(&asked) {
                // Whatever it says, it says it.
                let _ = documents.prepare(&chosen, asked.variables);
            }
        }
        Err(refusals) => prop_assert!((1..=MAX_ERRORS).contains(&refusals.len())),
    }
    Ok(())
}

#[test]
fn arbitrary_bytes_are_accepted_or_refused() {
    let documents = Documents::of(&schema::sdl());
    proptest!(config(), |(bytes in vec(any::<u8>(), 0..300))| {
        judge(&documents, &String::from_utf8_lossy(&bytes))?;
    });
}

#[test]
fn documents_that_were_tampered_with_are_accepted_or_refused() {
    let documents = Documents::of(&schema::sdl());
    let texts: Vec<_> = CASES.lines().filter_map(|line| line.strip_prefix("+ ")).collect();
    proptest!(config(), |(text in prop::sample::select(texts), changes in changes())| {
        judge(&documents, &changed(text, &changes))?;
    });
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}
