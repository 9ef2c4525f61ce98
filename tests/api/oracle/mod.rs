//! Random requests over random rows, answered by the server as by a plain model of what is promised.

mod answer;
mod change;
mod comparison;
mod data;
mod database;
mod filter;
mod model;
mod moment;
mod order;
mod request;
mod text;
mod walk;
mod wheres;

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, FileFailurePersistence, TestError, TestRunner},
};
use tokio::runtime::{Builder, Runtime};

use self::{
    change::rounds,
    data::{Data, crowds, data},
    database::Writer,
    request::{Request, requests, requests_by_edges},
    walk::{Way, walk, walk_while_changing, ways},
};
use crate::app::TestApp;

/// How many requests a case makes of the same rows at most; on average it makes half as many.
const REQUESTS: usize = 16;

/// A server for all cases of a test, and the connection that changes its rows.
struct Served {
    runtime: Runtime,
    app: TestApp,
    writer: Writer,
}

impl Served {
    fn start() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (app, writer) = runtime.block_on(async {
            let app = TestApp::start().await;
            let writer = Writer::of(&app).await;
            (app, writer)
        });
        Served { runtime, app, writer }
    }
}

/// Runs so many times 256 cases, or so many times what `PROPTEST_CASES` says. Cases that failed once are
/// kept and run first.
fn runner(times: f64) -> TestRunner {
    let config = Config::default();
    let persistence = FileFailurePersistence::Direct("tests/api/oracle/regressions.txt");
    TestRunner::new(Config {
        cases: (times * f64::from(config.cases)) as u32,
        failure_persistence: Some(Box::new(persistence)),
        max_shrink_iters: 10_000,
        max_shrink_time: 60_000,
        ..config
    })
}

#[test]
fn nodes_are_found_by_edges_to_few_and_to_many() {
    assert_walks((vec((requests_by_edges(), ways()), REQUESTS), crowds()), 1.0 / 32.0);
}

#[test]
fn every_walk_over_the_pages_meets_the_rows_that_the_model_has_in_its_order() {
    assert_walks((vec((requests(), ways()), 1..=REQUESTS), data()), 1.0);
}

fn assert_walks(cases: impl Strategy<Value = (Vec<(Request, Way)>, Data)>, times: f64) {
    let served = Served::start();
    let mut runner = runner(times);
    let outcome = runner.run(&cases, |(requests, data)| {
        served.runtime.block_on(async {
            served.writer.replace(&data).await;
            for (request, way) in &requests {
                walk(&served.app, &data, request, way).await?;
            }
            Ok(())
        })
    });
    assert_held(&runner, outcome);
}

#[test]
fn rows_that_come_and_go_make_no_page_repeat_or_skip_a_row() {
    let served = Served::start();
    let small = (requests(), 1..=3_usize).prop_map(|(request, size)| Request { size, ..request });
    let cases = (rounds(), small, ways(), data());
    let mut runner = runner(4.0);
    let outcome = runner.run(&cases, |(rounds, request, way, data)| {
        served.runtime.block_on(async {
            served.writer.replace(&data).await;
            walk_while_changing(&served.app, &served.writer, data, &request, &way, &rounds).await
        })
    });
    assert_held(&runner, outcome);
}

fn assert_held<T: std::fmt::Debug>(runner: &TestRunner, outcome: Result<(), TestError<T>>) {
    if let Err(error) = outcome {
        panic!("{error}\n{runner}");
    }
}

/// None, one or two of these, one as a rule.
fn few<T: std::fmt::Debug + 'static>(items: BoxedStrategy<T>) -> impl Strategy<Value = Vec<T>> {
    prop_oneof![1 => vec(items.clone(), 0), 12 => vec(items.clone(), 1), 4 => vec(items, 2)]
}
