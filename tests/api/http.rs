//! GraphQL over HTTP, and the other paths.

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::app::TestApp;

const JSON: (&str, &str) = ("content-type", "application/json");
const WELL_FORMED: &str = r#"{"query":"{ __typename }"}"#;
const SYNTAX_ERROR: &str = r#"{"query":"{"}"#;
const UNKNOWN_FIELD: &str = r#"{"query":"{ nothingOfThatName }"}"#;
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

fn content_type(response: &Response) -> &str {
    response.headers()["content-type"].to_str().unwrap()
}

/// Asserts that the request was refused before GraphQL saw it; gives the message.
async fn refused(response: Response, status: StatusCode) -> String {
    assert_eq!(response.status(), status);
    assert_eq!(content_type(&response), "application/json; charset=utf-8");
    let body: Value = response.json().await.unwrap();
    let message = body["errors"][0]["message"].as_str().unwrap().to_owned();
    let error = json!({ "message": message, "extensions": { "code": "BAD_USER_INPUT" } });
    assert_eq!(body, json!({ "errors": [error] }));
    message
}

#[tokio::test]
async fn a_query_is_answered_with_data_alone() {
    let app = TestApp::start().await;
    let response = app.post(WELL_FORMED, &[JSON]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(content_type(&response), "application/json; charset=utf-8");
    assert_eq!(response.text().await.unwrap(), r#"{"data":{"__typename":"Query"}}"#);
}

#[tokio::test]
async fn every_method_but_post_is_refused() {
    let app = TestApp::start().await;
    for method in ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        let path = "/graphql?query=%7B__typename%7D";
        let response = app.request(method, path).send().await.unwrap();
        assert_eq!(response.headers()["allow"], "POST");
        let message = refused(response, StatusCode::METHOD_NOT_ALLOWED).await;
        assert_eq!(message, format!("{method} is not supported, use POST"));
    }
}

#[tokio::test]
async fn a_body_that_is_not_declared_as_json_is_refused() {
    let app = TestApp::start().await;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/jsonp",
        "text/plain; a=application/json",
        "application/json; charset=utf-16",
    ] {
        let response = app.post(WELL_FORMED, &[("content-type", content_type)]).await;
        refused(response, StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
    }
    let undeclared = app.post(WELL_FORMED, &[]).await;
    refused(undeclared, StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
}

#[tokio::test]
async fn json_may_be_declared_with_its_charset_and_in_any_case() {
    let app = TestApp::start().await;
    for content_type in ["application/json;charset=utf-8", "Application/JSON; Charset=\"UTF-8\""] {
        let response = app.post(WELL_FORMED, &[("content-type", content_type)]).await;
        assert_eq!(response.status(), StatusCode::OK, "{content_type}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let app = TestApp::start().await;
    let padded = |length: usize| format!("{WELL_FORMED}{}", " ".repeat(length - WELL_FORMED.len()));
    assert_eq!(app.post(padded(1024 * 1024), &[JSON]).await.status(), StatusCode::OK);
    let response = app.post(padded(1024 * 1024 + 1), &[JSON]).await;
    assert_eq!(refused(response, StatusCode::PAYLOAD_TOO_LARGE).await, "the body is too large");
}

#[tokio::test]
async fn malformed_json_is_refused_with_its_place() {
    let app = TestApp::start().await;
    let deep = format!(r#"{{"query":"{{a}}","variables":{{"a":{}"#, "[".repeat(100_000));
    for (body, place) in [
        ("", "line 1 column 0"),
        ("{\n\"query\": \"{a}\",\n}", "line 3 column 1"),
        (r#"{"query":"{a}"} {}"#, "line 1 column 17"),
        (r#"{"query":"\ud83d"}"#, "column 17"),
        (r#"{"query":"{a}","variables":{"name":"\udc00"}}"#, "column 42"),
        (&deep, "recursion limit exceeded at line 1 column 158"),
    ] {
        let message = refused(app.post(body.to_owned(), &[JSON]).await, StatusCode::BAD_REQUEST).await;
        assert!(message.starts_with("the body is no GraphQL request: "), "{message}");
        assert!(message.ends_with(place), "{message}");
    }
    let latin1 = b"{\"query\":\"\xe9\"}".to_vec();
    refused(app.post(latin1, &[JSON]).await, StatusCode::BAD_REQUEST).await;
}

#[tokio::test]
async fn a_batch_is_refused() {
    let app = TestApp::start().await;
    for body in [format!("[{WELL_FORMED}]"), " [ ]".to_owned(), r#"["{ __typename }"]"#.to_owned()] {
        let message = refused(app.post(body, &[JSON]).await, StatusCode::BAD_REQUEST).await;
        assert_eq!(message, "the body is an array; requests are sent one by one");
    }
}

#[tokio::test]
async fn json_that_is_no_graphql_request_is_refused() {
    let app = TestApp::start().await;
    for (body, reason) in [
        ("{}", "it has no `query`"),
        (r#"{"query":null}"#, "it has no `query`"),
        (r#"{"query":7}"#, "invalid type: integer `7`, expected a string at line 1 column 10"),
        (
            r#"{"query":"{a}","variables":"x"}"#,
            "invalid type: string \"x\", expected a map at line 1 column 30",
        ),
        (r#"{"query":"{a}","variables":[]}"#, "invalid type: sequence, expected a map at line 1 column 27"),
        (r#"{"query":"{a}","operationName":{}}"#, "invalid type: map, expected a string at line 1 column 31"),
        (
            r#"{"query":"{a}","extensions":1}"#,
            "invalid type: integer `1`, expected a map at line 1 column 29",
        ),
        (r#"{"query":"{a}","query":"{b}"}"#, "duplicate field `query` at line 1 column 22"),
        ("7", "invalid type: integer `7`, expected a JSON object at line 1 column 1"),
    ] {
        let message = refused(app.post(body, &[JSON]).await, StatusCode::BAD_REQUEST).await;
        assert_eq!(message, format!("the body is no GraphQL request: {reason}"));
    }
}

#[tokio::test]
async fn null_members_are_absent_and_unknown_ones_ignored() {
    let app = TestApp::start().await;
    let body = json!({
        "query": "{ __typename }", "operationName": null, "variables": null, "extensions": null, "id": [1],
    });
    let response = app.post(body.to_string(), &[JSON]).await;
    assert_eq!(response.text().await.unwrap(), r#"{"data":{"__typename":"Query"}}"#);
}

#[tokio::test]
async fn variables_reach_the_operation() {
    let app = TestApp::start().await;
    let query = "query ($name: String!) { __type(name: $name) { name } }";
    let answer = app.graphql(query, json!({ "name": "ID" })).await;
    assert_eq!(answer, json!({ "data": { "__type": { "name": "ID" } } }));
}

#[tokio::test]
async fn of_several_operations_the_named_one_runs() {
    let app = TestApp::start().await;
    let body =
        json!({ "query": "query A { a: __typename } query B { b: __typename }", "operationName": "B" });
    let response = app.post(body.to_string(), &[JSON]).await;
    assert_eq!(response.text().await.unwrap(), r#"{"data":{"b":"Query"}}"#);
}

#[tokio::test]
async fn json_is_answered_where_nothing_else_is_asked_for() {
    let app = TestApp::start().await;
    for accept in ["*/*", "application/*", "application/json", "text/html, application/json;q=0.5"] {
        let response = app.post(WELL_FORMED, &[JSON, ("accept", accept)]).await;
        assert_eq!(content_type(&response), "application/json; charset=utf-8", "{accept}");
    }
}

#[tokio::test]
async fn a_graphql_response_is_answered_where_it_is_preferred() {
    let app = TestApp::start().await;
    for accept in [GRAPHQL_RESPONSE, "application/json;q=0.9, application/graphql-response+json"] {
        let response = app.post(WELL_FORMED, &[JSON, ("accept", accept)]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(content_type(&response).starts_with(GRAPHQL_RESPONSE), "{accept}");
    }
}

#[tokio::test]
async fn a_client_that_takes_neither_type_is_refused() {
    let app = TestApp::start().await;
    for accept in ["text/html", "application/json;q=0", "multipart/mixed, text/event-stream"] {
        refused(app.post(WELL_FORMED, &[JSON, ("accept", accept)]).await, StatusCode::NOT_ACCEPTABLE).await;
    }
}

#[tokio::test]
async fn a_request_error_is_200_as_json_and_400_as_graphql_response_and_has_no_data() {
    let app = TestApp::start().await;
    for body in [SYNTAX_ERROR, UNKNOWN_FIELD, r#"{"query":""}"#] {
        for (accept, status) in
            [("application/json", StatusCode::OK), (GRAPHQL_RESPONSE, StatusCode::BAD_REQUEST)]
        {
            let response = app.post(body, &[JSON, ("accept", accept)]).await;
            assert_eq!(response.status(), status, "{body}");
            assert!(content_type(&response).starts_with(accept), "{body}");
            let answer: Value = response.json().await.unwrap();
            assert!(answer.get("data").is_none() && answer["errors"].is_array(), "{answer}");
        }
    }
}

#[tokio::test]
async fn a_refusal_is_never_labelled_as_a_graphql_response() {
    let app = TestApp::start().await;
    refused(app.post("{", &[JSON, ("accept", GRAPHQL_RESPONSE)]).await, StatusCode::BAD_REQUEST).await;
}

#[tokio::test]
async fn the_root_leads_to_graphiql() {
    let app = TestApp::start().await;
    let response = app.get("/").await;
    assert!(response.status().is_redirection());
    assert_eq!(response.headers()["location"], "/graphiql");
    let page = app.get("/graphiql").await;
    assert_eq!(content_type(&page), "text/html; charset=utf-8");
    assert!(page.text().await.unwrap().contains("createCustomer"));
}

#[tokio::test]
async fn the_server_says_that_it_is_alive_and_ready() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(app.get(path).await.status(), StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_schema_is_served_as_text() {
    let app = TestApp::start().await;
    let response = app.get("/schema.graphql").await;
    assert_eq!(content_type(&response), "text/plain; charset=utf-8");
    assert_eq!(response.text().await.unwrap(), customer_graph::schema::sdl());
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own_and_forbids_sniffing() {
    let app = TestApp::start().await;
    let mut ids = Vec::new();
    for path in ["/healthz", "/graphql", "/graphiql", "/nowhere"] {
        let response = app.get(path).await;
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        ids.push(response.headers()["x-request-id"].to_str().unwrap().to_owned());
    }
    assert!(ids.iter().all(|id| id.len() == 16 && id.chars().all(|digit| digit.is_ascii_hexdigit())));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

/// A connection on which a request has begun: the server waits for its body.
async fn begun(app: &TestApp) -> BufReader<TcpStream> {
    let address = app.url.strip_prefix("http://").unwrap();
    let mut connection = BufReader::new(TcpStream::connect(address).await.unwrap());
    let length = WELL_FORMED.len();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nexpect: 100-continue\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut interim = String::new();
    connection.read_line(&mut interim).await.unwrap();
    assert_eq!(interim, "HTTP/1.1 100 Continue\r\n");
    connection
}

#[tokio::test]
async fn a_request_in_flight_is_answered_before_the_server_stops() {
    let app = TestApp::start().await;
    let mut connection = begun(&app).await;
    let stopping = app.stop();
    connection.write_all(WELL_FORMED.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.ends_with(r#"{"data":{"__typename":"Query"}}"#), "{answer}");
    stopping.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_client_that_never_finishes_does_not_keep_the_server_from_stopping() {
    let app = TestApp::start().await;
    let _connection = begun(&app).await;
    let stopping = app.stop();
    tokio::time::pause();
    stopping.await.unwrap().unwrap();
}

#[tokio::test]
async fn an_idle_connection_does_not_keep_the_server_from_stopping() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/healthz").await.status(), StatusCode::OK);
    let deadline = std::time::Duration::from_secs(5);
    tokio::time::timeout(deadline, app.stop()).await.expect("stops at once").unwrap().unwrap();
}
