//! Texts that are easily taken for one another, and the filters on them.

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};

use super::few;

/// What half of the rows have, so that many are level.
pub const USUAL: [&str; 5] = ["a", "b", "ab", "A", "aB"];

/// Texts that differ in case, or in how a letter is composed.
const LETTERS: [&str; 22] = [
    "AB", "abc", "ABC", "cab", "a b", " ", "k", "K", "\u{212a}", "ä", "Ä", "aä", "AÄ", "é", "e\u{301}", "e",
    "É", "E\u{301}", "ß", "ı", "İ", "1",
];

/// Texts that mean something to SQL, to its patterns or to JSON.
const SIGNS: [&str; 16] = [
    "%", "_", "\\", "a%", "a%b", "a_b", "a\\b", "a\\%b", "axb", "*", "a?b", "[ab]", "'", "\"", "'a\" b",
    "null",
];

/// Texts at the bounds of what is encoded in two, three and four bytes, and of what is no character.
const BOUNDS: [&str; 11] = [
    "\u{7ff}b",
    "\u{800}",
    "\u{d7ff}",
    "a\u{d7ff}b",
    "\u{e000}a",
    "\u{ffff}",
    "\u{10000}",
    "a\u{10ffff}",
    "\u{10ffff}b",
    "a😀",
    "😀a",
];

/// What rows keep.
pub fn texts() -> impl Strategy<Value = String> {
    let others = prop_oneof![3 => select(&LETTERS[..]), 3 => select(&SIGNS[..]), 2 => select(&BOUNDS[..])];
    prop_oneof![select(&USUAL[..]), others].prop_map(str::to_owned)
}

/// What requests look for: such texts, parts of them, and both in another case.
fn searches() -> impl Strategy<Value = String> {
    let parts = (texts(), 0..=2_usize, 0..=3_usize)
        .prop_map(|(text, skipped, length)| text.chars().skip(skipped).take(length).collect());
    let recased = (texts(), any::<bool>())
        .prop_map(|(text, upper)| if upper { text.to_uppercase() } else { text.to_lowercase() });
    prop_oneof![3 => texts(), 2 => parts, 2 => recased]
}

/// A `StringFilter` or a `NullableStringFilter`.
#[derive(Clone, Debug)]
pub struct TextFilter {
    tests: Vec<Test>,
    ignore_case: Option<bool>,
}

#[derive(Clone, Debug)]
enum Test {
    IsNull(bool),
    Eq(String),
    Ne(String),
    In(Vec<String>),
    NotIn(Vec<String>),
    Contains(String),
    StartsWith(String),
    EndsWith(String),
}

impl TextFilter {
    /// Is one of these.
    pub fn naming(texts: Vec<&str>) -> Self {
        let texts = texts.into_iter().map(str::to_owned).collect();
        TextFilter { tests: vec![Test::In(texts)], ignore_case: None }
    }

    pub fn json(&self) -> Value {
        let mut object: Map<String, Value> =
            self.tests.iter().map(Test::member).map(|(name, value)| (name.to_owned(), value)).collect();
        object.extend(self.ignore_case.map(|ignore_case| ("ignoreCase".to_owned(), json!(ignore_case))));
        Value::Object(object)
    }

    pub fn is_met(&self, text: Option<&str>) -> bool {
        let folds = self.ignore_case == Some(true);
        let fold = |text: &str| if folds { text.to_ascii_uppercase() } else { text.to_owned() };
        let text = text.map(fold);
        self.tests.iter().all(|test| test.is_met(text.as_deref(), fold))
    }
}

impl Test {
    fn member(&self) -> (&'static str, Value) {
        match self {
            Test::IsNull(is_null) => ("isNull", json!(is_null)),
            Test::Eq(text) => ("eq", json!(text)),
            Test::Ne(text) => ("ne", json!(text)),
            Test::In(texts) => ("in", json!(texts)),
            Test::NotIn(texts) => ("notIn", json!(texts)),
            Test::Contains(text) => ("contains", json!(text)),
            Test::StartsWith(text) => ("startsWith", json!(text)),
            Test::EndsWith(text) => ("endsWith", json!(text)),
        }
    }

    fn is_met(&self, text: Option<&str>, fold: impl Fn(&str) -> String) -> bool {
        let Some(text) = text else {
            return matches!(self, Test::IsNull(true) | Test::Ne(_) | Test::NotIn(_));
        };
        match self {
            Test::IsNull(is_null) => !is_null,
            Test::Eq(other) => text == fold(other),
            Test::Ne(other) => text != fold(other),
            Test::In(others) => others.iter().any(|other| text == fold(other)),
            Test::NotIn(others) => others.iter().all(|other| text != fold(other)),
            Test::Contains(part) => text.contains(&fold(part)),
            Test::StartsWith(part) => text.starts_with(&fold(part)),
            Test::EndsWith(part) => text.ends_with(&fold(part)),
        }
    }
}

/// Filters on texts that are never null.
pub fn text_filters() -> impl Strategy<Value = TextFilter> {
    filters(tests().boxed())
}

/// Filters on texts that may be null.
pub fn nullable_text_filters() -> impl Strategy<Value = TextFilter> {
    filters(prop_oneof![1 => any::<bool>().prop_map(Test::IsNull), 5 => tests()].boxed())
}

fn filters(tests: BoxedStrategy<Test>) -> impl Strategy<Value = TextFilter> {
    (few(tests), option::of(any::<bool>())).prop_map(|(mut tests, ignore_case)| {
        tests.dedup_by_key(|test| test.member().0);
        TextFilter { tests, ignore_case }
    })
}

fn tests() -> impl Strategy<Value = Test> {
    // The next number after that of their last character is no character.
    let last = select(vec!["\u{d7ff}", "a\u{d7ff}", "\u{10ffff}", "a\u{10ffff}"]).prop_map(str::to_owned);
    prop_oneof![
        searches().prop_map(Test::Eq),
        searches().prop_map(Test::Ne),
        vec(searches(), 0..=5).prop_map(Test::In),
        vec(searches(), 0..=5).prop_map(Test::NotIn),
        searches().prop_map(Test::Contains),
        prop_oneof![3 => searches(), 1 => last].prop_map(Test::StartsWith),
        searches().prop_map(Test::EndsWith),
    ]
}
