//! Random sequences of requests, whose every answer and whole state is compared with a model of the rules.

mod compare;
mod edges;
mod generate;
mod mutation;
mod request;
mod rules;
mod world;

use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, TestCaseError, TestError, TestRunner},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use self::{
    compare::{Expected, Times, now, same, take_times},
    request::{Request, with_fragments},
    rules::Checked,
    world::{Side, World},
};
use crate::{
    app::TestApp,
    backend::{backend, set_next_key},
};

/// How many sequences there are at least; `PROPTEST_CASES` may ask for more.
const SEQUENCES: u32 = 1000;

/// How many servers share them, so that one computes while another waits for its disk.
const SERVERS: u32 = 4;

#[test]
fn every_answer_and_all_that_is_kept_are_what_the_rules_say() {
    let runtime = Runtime::new().unwrap();
    let sequences = Config::default().cases.max(SEQUENCES);
    thread::scope(|scope| {
        for _ in 0..SERVERS {
            scope.spawn(|| check(&runtime, sequences.div_ceil(SERVERS)));
        }
    });
}

/// Checks that many sequences on a server of its own. Panics with the shortest one that fails.
fn check(runtime: &Runtime, sequences: u32) {
    let server = runtime.block_on(Server::start());
    let config = Config { cases: sequences, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&generate::sequence(), |requests| {
        runtime.block_on(server.check(&requests)).map_err(TestCaseError::fail)
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(abort) => panic!("{abort}"),
    }
}

#[test]
fn the_sequences_come_to_everything_that_can_become_of_each_mutation() {
    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeMap::<String, BTreeSet<String>>::new();
    for _ in 0..SEQUENCES {
        let mut world = World::default();
        for request in generate::sequence().new_tree(&mut runner).unwrap().current() {
            let mut after = world.clone();
            for field in &request.fields {
                let applied = after.apply(field);
                reached.entry(field.mutation.name()).or_default().extend(kinds(&applied));
                if applied.is_err() {
                    after = world;
                    break;
                }
            }
            world = after;
        }
    }
    let (create, change) = ("BAD_USER_INPUT NOT_FOUND ok", "BAD_USER_INPUT NOT_FOUND VERSION_CONFLICT ok");
    let attach = "ALREADY_ATTACHED ATTACHED BAD_USER_INPUT NOT_FOUND UNCHANGED UPDATED ok";
    let set = "ATTACHED BAD_USER_INPUT NOT_FOUND UNCHANGED UPDATED ok";
    for (mutation, reached) in reached {
        let all = match mutation.as_str() {
            "updateCustomerProfile" => "BAD_USER_INPUT NOT_ATTACHED VERSION_CONFLICT ok",
            name if name.starts_with("create") || name.starts_with("detach") => create,
            name if name.starts_with("attach") => attach,
            name if name.starts_with("set") => set,
            _ => change,
        };
        assert_eq!(reached.into_iter().collect::<Vec<_>>().join(" "), all, "{mutation}");
    }
}

/// The codes of a field that failed, or the outcomes of one that did not.
fn kinds(applied: &Checked<Value>) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    match applied {
        Err(faults) => faults.iter().map(|fault| text(&fault.extensions["code"])).collect(),
        Ok(payload) => {
            let attached = payload["attached"].as_array().into_iter().flatten();
            let outcomes = attached.chain([payload]).filter_map(|attached| attached.get("outcome"));
            outcomes.map(text).chain(["ok".to_owned()]).collect()
        }
    }
}

/// A server, and its database as another application has it open.
struct Server {
    app: TestApp,
    connection: DatabaseConnection,
}

impl Server {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let connection = app.connect().await;
        Server { app, connection }
    }

    /// Sends the requests to an empty server. Fails with what was wrong and the requests up to there.
    async fn check(&self, requests: &[Request]) -> Result<(), String> {
        let empty = "DELETE FROM customer; DELETE FROM profile";
        self.connection.execute_unprepared(empty).await.unwrap();
        self.set_next_keys(&World::default()).await;
        let (mut world, mut times) = (World::default(), Times::new());
        for (index, request) in requests.iter().enumerate() {
            self.step(request, &mut world, &mut times).await.map_err(|difference| {
                let sent: Vec<_> = requests[..=index].iter().map(Request::to_string).collect();
                format!("{difference}\n\nafter these requests:\n\n{}", sent.join("\n\n"))
            })?;
        }
        Ok(())
    }

    async fn set_next_keys(&self, world: &World) {
        for side in [Side::Customer, Side::Profile] {
            set_next_key(&self.connection, &side.field(), world.next_key(side)).await;
        }
    }

    async fn step(&self, request: &Request, world: &mut World, times: &mut Times) -> Result<(), String> {
        let mut after = world.clone();
        let expected = after.run(request);
        let is_undone = matches!(expected, Expected::Errors(..));
        if is_undone {
            after = world.clone();
        }
        let (document, variables) = request.written();
        let sent = now();
        let answer = self.app.graphql(&document, variables).await;
        let answered = now();
        compare::answer(&expected, answer)?;
        // Servers do not give the keys of what was undone again.
        if is_undone && backend() != DbBackend::Sqlite {
            self.set_next_keys(&after).await;
        }

        let mut found = Times::new();
        let mut state = self.state().await;
        take_times(&mut state, &mut found)?;
        let whole = json!({ "customers": after.all(Side::Customer), "profiles": after.all(Side::Profile) });
        same("what is kept", &whole, &state)?;
        compare::times((world, times), (&after, &found), (sent, answered))?;
        (*world, *times) = (after, found);
        Ok(())
    }

    /// Everything there is, read from both sides.
    async fn state(&self) -> Value {
        let read = "{
            customers(first: 100) { totalCount nodes { ...Customer } }
            profiles(first: 100) { totalCount nodes { ...Profile } }
        }";
        self.app.data(&with_fragments(read.to_owned()), json!({})).await
    }
}
