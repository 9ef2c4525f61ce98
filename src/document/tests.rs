//! What becomes of texts: accepted ones run as their authors meant, the others are refused early.

mod fuzz;
mod variables;

use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{
    EmptyMutation, EmptySubscription, Enum, InputObject, MaybeUndefined, Object, OneofObject, Request,
    Schema as Executor, SimpleObject, ValidationMode, Value, Variables, value,
};

use clap::Parser as _;

use super::*;
use crate::{config::Config, error::MAX_ERRORS};

struct Query;

#[derive(SimpleObject)]
struct Person {
    name: String,
    friend: Option<Box<Person>>,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
enum Colour {
    Red,
    Blue,
}

#[derive(InputObject)]
struct Wish {
    name: String,
    #[graphql(default = 3)]
    count: i32,
    colour: Option<Colour>,
    key: Option<Key>,
    more: Option<Vec<Wish>>,
}

#[derive(OneofObject)]
enum Key {
    Id(i32),
    Name(String),
}

/// What one may ask.
#[Object]
impl Query {
    async fn me(&self) -> Person {
        let friend = Person { name: "Ada".to_owned(), friend: None };
        Person { name: "Bob".to_owned(), friend: Some(Box::new(friend)) }
    }

    async fn echo(&self, #[graphql(default = "nothing")] text: String) -> String {
        text
    }

    async fn given(&self, number: MaybeUndefined<i32>) -> &str {
        match number {
            MaybeUndefined::Undefined => "undefined",
            MaybeUndefined::Null => "null",
            MaybeUndefined::Value(_) => "value",
        }
    }

    async fn wish(&self, wish: Wish) -> i32 {
        wish.count
            + wish.more.map_or(0, |more| more.iter().map(|one| one.count).sum())
            + i32::from(wish.colour == Some(Colour::Red))
            + i32::from(matches!(wish.key, Some(Key::Name(name)) if name == wish.name))
    }
}

fn executor() -> Executor<Query, EmptyMutation, EmptySubscription> {
    Executor::build(Query, EmptyMutation, EmptySubscription).validation_mode(ValidationMode::Fast).finish()
}

fn documents() -> Documents {
    Documents::of(&executor().sdl())
}

impl Documents {
    /// Of that schema, with the settings that are the default.
    pub fn of(sdl: &str) -> Self {
        let config = Config::parse_from(["customer-graph"]);
        Documents::new(sdl, ValueRules::default(), Limits::default(), &config.documents).unwrap()
    }
}

fn asked(text: &str, variables: Value) -> Asked {
    let source = Source::Text(text.to_owned());
    Asked { source, operation_name: None, variables: Variables::from_value(variables) }
}

fn prepared(asked: Asked) -> Result<Prepared, Vec<ServerError>> {
    let documents = documents();
    documents.prepare(&documents.choose(&asked)?, asked.variables)
}

async fn run(text: &str, variables: Value) -> Value {
    let prepared = prepared(asked(text, variables)).map_err(|errors| panic!("{text}: {errors:?}")).unwrap();
    executor().execute(Request::from(prepared)).await.into_result().unwrap().data
}

/// Code, place and message of every error of a request, one a line.
fn refusal_of(asked: Asked) -> String {
    let Err(errors) = prepared(asked) else { return "accepted".to_owned() };
    let line = |error: &ServerError| {
        let code = error.extensions.as_ref().and_then(|known| known.get("code")).cloned().unwrap_or_default();
        let place = error.locations.first().map(|at| format!(" {at}")).unwrap_or_default();
        format!("{}{place} {}", code.into_json().unwrap().as_str().unwrap(), error.message)
    };
    errors.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn refusal(text: &str) -> String {
    refusal_with(text, value!({}))
}

fn refusal_with(text: &str, variables: Value) -> String {
    refusal_of(asked(text, variables))
}

#[test]
fn a_deep_nest_is_refused_before_any_parser_sees_it() {
    let deep = |opening: &str| format!("{{ echo(text: {}", opening.repeat(1_600));
    for text in [deep("["), deep("{a:"), "{ me ".repeat(1_600), format!("query($a: {}", "[".repeat(1_600))] {
        let refusal = refusal(&text);
        assert!(refusal.starts_with("QUERY_TOO_COMPLEX 1:"), "{refusal}");
        assert!(refusal.ends_with("the document nests more than 32 levels"), "{refusal}");
    }
}

#[tokio::test]
async fn as_many_levels_as_are_allowed_can_be_executed() {
    let levels = |n: usize| format!("{{ me {}{{ name }}{} }}", "{ friend ".repeat(n), "}".repeat(n));
    assert_eq!(run(&levels(30), value!({})).await, value!({"me": {"friend": {"friend": null}}}));
    assert!(refusal(&levels(31)).starts_with("QUERY_TOO_COMPLEX"));
}

#[test]
fn a_fragment_bomb_is_refused() {
    let level = |n: usize| format!("fragment F{n} on Query {{ ...F{next} ...F{next} }} ", next = n + 1);
    let levels: String = (0..28).map(level).collect();
    let refusal = refusal(&format!("{{ ...F0 }} {levels} fragment F28 on Query {{ __typename }}"));
    assert!(refusal.starts_with("QUERY_TOO_COMPLEX"), "{refusal}");
    assert!(refusal.contains("more than 5000 fields"), "{refusal}");
}

#[test]
fn a_long_chain_of_fragments_is_too_deep() {
    let level = |n: usize| format!("fragment F{n} on Query {{ ...F{} }} ", n + 1);
    let levels: String = (0..1_000).map(level).collect();
    let refusal = refusal(&format!("{levels} fragment F1000 on Query {{ __typename }} {{ ...F0 }}"));
    assert!(refusal.ends_with("the document nests more than 32 levels"), "{refusal}");
}

#[test]
fn a_fragment_cannot_spread_itself() {
    let text = "{ ...A }\nfragment A on Query { ...B }\nfragment B on Query { ...A }";
    assert_eq!(refusal(text), "GRAPHQL_VALIDATION_FAILED 3:23 the fragment `A` spreads itself");
}

#[test]
fn texts_of_too_many_bytes_or_tokens_are_refused() {
    assert_eq!(refusal(&" ".repeat(70_000)), "QUERY_TOO_COMPLEX the document is longer than 65536 bytes");
    let many = format!("{{ {} }}", "a ".repeat(15_000));
    assert_eq!(refusal(&many), "QUERY_TOO_COMPLEX the document has more than 20000 tokens");
}

#[test]
fn introspection_cannot_go_in_circles() {
    let text = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    assert_eq!(refusal(text), "QUERY_TOO_COMPLEX 1:54 introspection is nested too deep");
}

#[test]
fn one_syntax_error_is_reported_in_plain_words() {
    assert_eq!(refusal(""), "GRAPHQL_PARSE_FAILED 1:1 syntax error: Unexpected <EOF>");
    assert_eq!(refusal("{ me\n { name ] }"), "GRAPHQL_PARSE_FAILED 2:9 syntax error: expected `}`");
    assert_eq!(refusal("{ me { } }"), "GRAPHQL_PARSE_FAILED 1:3 a selection set must select something");
    let on = refusal("{ ...on } fragment on on Query { __typename }");
    assert!(on.starts_with("GRAPHQL_PARSE_FAILED"), "{on}");
}

#[test]
fn what_does_not_fit_the_schema_is_reported_with_its_place() {
    let expected = "GRAPHQL_VALIDATION_FAILED 2:3 type `Person` does not have a field `nmae`\n\
                    GRAPHQL_VALIDATION_FAILED 3:9 the argument `txt` is not supported by `Query.echo`";
    assert_eq!(refusal("{ me {\n  nmae }\n   echo(txt: \"\") }"), expected);
}

#[test]
fn an_input_field_is_given_once() {
    let refusal = refusal("{ wish(wish: {name: \"a\", more: [{name: \"b\", name: \"c\"}]}) }");
    assert_eq!(refusal, "GRAPHQL_VALIDATION_FAILED 1:45 the input field `name` is given more than once");
}

#[test]
fn the_operation_is_chosen_by_its_name() {
    let both = || asked("query A { me { name } } query B { echo }", value!({}));
    let named = |name: &str| Asked { operation_name: Some(name.to_owned()), ..both() };
    let prepared = prepared(named("B")).unwrap();
    assert_eq!(prepared.kind, OperationType::Query);
    assert_eq!(prepared.name.as_deref(), Some("B"));
    let unknown = "GRAPHQL_VALIDATION_FAILED the document has no operation named `C`";
    assert_eq!(refusal_of(named("C")), unknown);
    let several =
        "GRAPHQL_VALIDATION_FAILED the document has several operations, operationName must say which";
    assert_eq!(refusal("query A { me { name } } query B { echo }"), several);
}

#[tokio::test]
async fn the_language_of_2025_is_understood() {
    let text = "\"what it is for\" query A(\"why\" $t: String = \"\\u{1F600}\") { echo(text: $t) b: echo(text: \"\\uD83D\\uDE00\") }";
    assert_eq!(run(text, value!({})).await, value!({"echo": "😀", "b": "😀"}));
}

#[test]
fn a_converted_document_is_what_the_parser_of_the_executor_makes_of_it() {
    let text = "query A($n: Int = -3, $w: [Wish!]! = [{name: \"a\", colour: RED}], $yes: Boolean!) {
        who: me { ...F ... on Person @include(if: $yes) { friend { ... { name } } } }
        given(number: $n) echo(text: \"\"\"
            block \"quoted\"
              text\"\"\")
        wish(wish: {name: \"é\", count: 4, colour: null, more: [{name: \"b\"}, {name: \"c\", count: $n}]})
        all: wish(wish: {name: \"\\u00e9\", more: $w})
    } fragment F on Person { name @skip(if: false) friend { name } }";
    let prepared = prepared(asked(text, value!({"yes": true}))).unwrap();
    let converted = &prepared.document;
    let own = async_graphql::parser::parse_query(text).unwrap();
    assert_eq!(comparable(converted), comparable(&own));
}

/// The tree as JSON, without the places of two kinds of nodes that the first parser does not tell.
fn comparable(document: &ExecutableDocument) -> serde_json::Value {
    fn strip(value: &mut serde_json::Value) {
        for name in ["selection_set", "type_condition"] {
            if let Some(placed) = value.get_mut(name).and_then(|node| node.as_object_mut()) {
                placed.remove("pos");
            }
        }
        match value {
            serde_json::Value::Array(items) => items.iter_mut().for_each(strip),
            serde_json::Value::Object(fields) => fields.values_mut().for_each(strip),
            _ => {}
        }
    }
    let mut tree = serde_json::to_value(document).unwrap();
    strip(&mut tree);
    tree
}

#[test]
fn a_text_is_read_once_whatever_becomes_of_it() {
    let documents = documents();
    let text = "{ echo }";
    let first = documents.of_text(text).unwrap();
    assert!(Arc::ptr_eq(&first, &documents.of_text(text).unwrap()));
    for text in ["{ ech }", "{ echo"] {
        let refusals = documents.of_text(text).err();
        assert!(refusals.is_some());
        let known = documents.known.get(&TextHash::of(text)).unwrap();
        assert_eq!(known.err(), refusals, "{text}");
    }
}
