//! Pages of other origins.

use reqwest::{Response, StatusCode};

use super::{JSON, WELL_FORMED, header};
use crate::app::TestApp;

const OURS: &str = "https://app.example";
const SENT: &str = "content-type,authorization,idempotency-key,apollographql-client-name,apollographql-client-version,apollo-require-preflight,graphql-client-name,if-none-match,traceparent";

async fn preflight(app: &TestApp, origin: &str) -> Response {
    let request = app.request("OPTIONS", "/graphql").header("origin", origin);
    let request = request.header("access-control-request-method", "POST");
    request.header("access-control-request-headers", SENT).send().await.unwrap()
}

async fn allowed(app: &TestApp) -> Vec<String> {
    let response = preflight(app, OURS).await;
    header(&response, "access-control-allow-headers").split(',').map(str::to_owned).collect()
}

#[tokio::test]
async fn what_tracing_and_error_reporting_add_may_be_sent() {
    let app = TestApp::with(&["--cors-origins", OURS]).await;
    let allowed = allowed(&app).await;
    for name in [
        "sentry-trace",
        "baggage",
        "traceparent",
        "tracestate",
        "x-request-id",
        "b3",
        "x-b3-traceid",
        "x-b3-spanid",
        "x-b3-parentspanid",
        "x-b3-sampled",
        "uber-trace-id",
        "x-datadog-trace-id",
        "x-datadog-parent-id",
        "x-datadog-origin",
        "x-datadog-sampling-priority",
        "newrelic",
        "elastic-apm-traceparent",
        "x-amzn-trace-id",
        "x-cloud-trace-context",
        "request-id",
        "x-requested-with",
        "last-event-id",
        "accept",
        "x-apollo-operation-name",
    ] {
        assert!(allowed.iter().any(|one| one == name), "{name}");
    }
    assert!(!allowed.iter().any(|one| one == "x-tenant"), "{allowed:?}");
}

#[tokio::test]
async fn other_headers_may_be_sent_if_they_are_listed() {
    let app = TestApp::with(&["--cors-origins", OURS, "--cors-headers", "X-Tenant, x-csrf-token"]).await;
    let allowed = allowed(&app).await;
    for name in ["x-tenant", "x-csrf-token", "sentry-trace"] {
        assert!(allowed.iter().any(|one| one == name), "{name}");
    }
}

#[tokio::test]
async fn no_other_origin_is_let_in_unless_it_is_listed() {
    let app = TestApp::start().await;
    assert_eq!(preflight(&app, OURS).await.status(), StatusCode::METHOD_NOT_ALLOWED);
    let response = app.post(WELL_FORMED, &[JSON, ("origin", OURS)]).await;
    assert_eq!(header(&response, "access-control-allow-origin"), "");

    let app = TestApp::with(&["--cors-origins", OURS]).await;
    for other in ["https://evil.example", "https://app.example.evil.example", "http://app.example", "null"] {
        assert_eq!(header(&preflight(&app, other).await, "access-control-allow-origin"), "", "{other}");
        let response = app.post(WELL_FORMED, &[JSON, ("origin", other)]).await;
        assert_eq!(header(&response, "access-control-allow-origin"), "", "{other}");
    }
}

#[tokio::test]
async fn a_listed_origin_may_send_what_graphql_clients_send() {
    let app = TestApp::with(&["--cors-origins", "http://localhost:3000,https://app.example"]).await;
    for origin in ["http://localhost:3000", OURS] {
        let response = preflight(&app, origin).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, "access-control-allow-origin"), origin);
        assert_eq!(header(&response, "access-control-allow-credentials"), "true");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert!(header(&response, "vary").contains("origin"), "{response:?}");
        let methods = header(&response, "access-control-allow-methods");
        assert!(["GET", "POST"].iter().all(|method| methods.contains(method)), "{methods}");
        let allowed: Vec<_> = header(&response, "access-control-allow-headers").split(',').collect();
        assert!(SENT.split(',').all(|sent| allowed.contains(&sent)), "{allowed:?}");
    }
}

#[tokio::test]
async fn a_listed_origin_may_read_the_answer_and_the_headers_that_help() {
    let app = TestApp::with(&["--cors-origins", OURS]).await;
    for body in [WELL_FORMED, "{"] {
        let response = app.post(body, &[JSON, ("origin", OURS)]).await;
        assert_eq!(header(&response, "access-control-allow-origin"), OURS);
        assert_eq!(header(&response, "access-control-expose-headers"), "x-request-id,retry-after,etag");
        let vary: Vec<_> =
            response.headers().get_all("vary").iter().map(|vary| vary.to_str().unwrap()).collect();
        let vary = vary.join(", ");
        assert!(vary.contains("accept") && vary.contains("origin"), "{vary}");
    }
}

#[tokio::test]
async fn every_origin_may_be_let_in_but_without_credentials() {
    let app = TestApp::with(&["--cors-origins", "*"]).await;
    for response in [preflight(&app, OURS).await, app.post(WELL_FORMED, &[JSON, ("origin", OURS)]).await] {
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, "access-control-allow-origin"), "*");
        assert_eq!(header(&response, "access-control-allow-credentials"), "");
    }
}
