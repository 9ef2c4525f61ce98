//! What the README says: its requests, answers and tables.

use clap::CommandFactory;
use customer_graph::{config::Config, connection::MAX_STATUSES, document::Limits, error::MAX_ERRORS, page};
use serde_json::json;

use crate::app::TestApp;

const README: &str = include_str!("../../README.md");
const ERRORS: &str = include_str!("../../src/error.rs");
const CURL: &str = "curl -sw '\\n' http://127.0.0.1:8000/graphql -H 'content-type: application/json' -d '";

/// The language and the text of every fenced block, in order.
pub fn blocks(text: &'static str) -> Vec<(&'static str, &'static str)> {
    let fenced = text.split("```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').unwrap()).collect()
}

/// Sends the requests of a text in order, and compares each with the answer below it.
pub async fn follow(app: &TestApp, text: &'static str) {
    let blocks = blocks(text);
    for (index, (language, text)) in blocks.iter().enumerate() {
        let answer = match *language {
            "sh" => send(app, text).await,
            "graphql" => ask(app, text).await,
            "json" => {
                assert!(matches!(blocks[index - 1].0, "sh" | "graphql"), "{text} answers nothing");
                continue;
            }
            other => {
                assert!(matches!(other, "js" | "text"), "{other}");
                continue;
            }
        };
        match blocks.get(index + 1) {
            Some(("json", expected)) => assert_eq!(format!("{answer}\n"), *expected, "{text}"),
            _ => {
                assert_eq!(*language, "graphql", "{text} has no answer");
                assert!(!answer.contains("\"errors\":"), "{text}{answer}");
            }
        }
    }
}

/// The cells of every row of the table under a heading of this column, without the backquotes.
fn table(first_column: &str) -> Vec<Vec<String>> {
    let heading = format!("\n| {first_column} |");
    let (_, below) = README.split_once(&heading).unwrap();
    let rows = below.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells =
        |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect();
    rows.map(cells).collect()
}

/// What the server answers when this command is pasted into a shell.
async fn send(app: &TestApp, command: &'static str) -> String {
    let body = command.strip_prefix(CURL).unwrap().strip_suffix("'\n").unwrap();
    assert!(!body.contains('\''), "a quote ends the body early: {body}");
    answer(app, body.to_owned()).await
}

/// What the server answers to a document alone.
async fn ask(app: &TestApp, query: &str) -> String {
    answer(app, json!({ "query": query }).to_string()).await
}

async fn answer(app: &TestApp, body: String) -> String {
    let response = app.post(body, &[("content-type", "application/json")]).await;
    response.text().await.unwrap()
}

#[tokio::test]
async fn every_request_is_answered_as_the_readme_says() {
    follow(&TestApp::start().await, README).await;
}

#[tokio::test]
async fn the_query_for_a_page_takes_three_statements() {
    let app = TestApp::start().await;
    let blocks = blocks(README);
    let (_, create) = blocks.iter().find(|(language, _)| *language == "sh").unwrap();
    send(&app, create).await;
    let (_, query) = blocks.iter().find(|(language, _)| *language == "graphql").unwrap();
    let before = app.database.statement_count();
    app.graphql(query, json!({})).await;
    assert_eq!(app.database.statement_count() - before, 3);
}

#[test]
fn the_table_of_settings_is_that_of_the_command_line() {
    let settings: Vec<_> = table("Option").into_iter().map(|row| row[..3].to_vec()).collect();
    let command = Config::command();
    let options: Vec<_> = command
        .get_arguments()
        // What is hidden is a variable of somebody else's, and no option for anybody.
        .filter(|option| !option.is_hide_set())
        .map(|option| {
            let default = option.get_default_values().first().map_or("", |value| value.to_str().unwrap());
            let variable = option.get_env().unwrap().to_str().unwrap().to_owned();
            vec![format!("--{}", option.get_long().unwrap()), variable, default.to_owned()]
        })
        .collect();
    assert_eq!(settings, options);
}

#[test]
fn the_readme_asks_where_the_server_listens() {
    let listen = table("Option").into_iter().find(|row| row[0] == "--listen").unwrap();
    assert!(CURL.contains(&format!("http://{}/graphql", listen[2])));
}

#[test]
fn the_table_of_codes_is_that_of_the_source() {
    let listed: Vec<_> = table("Code").into_iter().map(|row| row[0].clone()).collect();
    let codes = ERRORS.lines().filter_map(|line| line.trim().strip_prefix("Code::")?.split_once(" => \""));
    let codes: Vec<_> = codes.map(|(_, code)| code.trim_end_matches("\",")).collect();
    assert_eq!(listed, codes);
}

#[test]
fn the_table_of_limits_is_that_of_the_source() {
    let Limits {
        query_bytes,
        tokens,
        operations,
        selections,
        aliases,
        root_fields,
        directives,
        directives_of_one,
        ..
    } = Limits::default();
    let limits = table("What");
    for (what, most) in [
        ("rows of a page", page::MAX_SIZE as usize),
        ("statuses of statusCounts", MAX_STATUSES),
        ("bytes of a document", query_bytes),
        ("tokens of a document", tokens),
        ("operations of a document", operations),
        ("selections of a document, with its fragments spread", selections),
        ("aliases of an operation, with its fragments spread", aliases),
        ("fields of an operation's root, with its fragments spread", root_fields),
        ("directives of a document", directives),
        ("directives in one place", directives_of_one),
        ("errors of an answer", MAX_ERRORS),
    ] {
        assert!(limits.contains(&vec![what.to_owned(), most.to_string()]), "{what}: {most}");
    }
}
