//! One request from its document to its answer, in one transaction where it mutates.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::{Request, Response, ServerError, parser::types::OperationType};
use tokio::{sync::Semaphore, time::timeout};

use crate::{
    config::Config,
    database::{Answers, Database, Db, Failure, Outcome},
    document::{Asked, Documents, Prepared, SetupError},
    error::{Error, publish},
    idempotency::{self, Key, Known},
    schema::{self, Schema},
};

/// A transaction that lost to another one is run again after a pause of up to one of these, in turn.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(5),
    Duration::from_millis(20),
    Duration::from_millis(80),
    Duration::from_millis(160),
    Duration::from_millis(320),
];

/// What a request came to.
pub enum Answer {
    /// Nothing was executed; the answer has no `data` entry.
    Refused(Vec<ServerError>),
    /// Nothing was executed: the operation would write, and the terms let it only read.
    Mutates,
    /// The operation ran.
    Executed(Response),
}

/// What a request is executed under, besides its own text.
pub struct Terms {
    /// Names the request in the log and in internal errors.
    pub request_id: String,
    /// Under which it is performed once, if it writes.
    pub key: Option<Key>,
    /// Whether nothing is to be kept of it.
    pub dry_run: bool,
    /// Whether it may only read.
    pub reads_only: bool,
}

/// The graph over one database, ready to answer.
pub struct Graph {
    database: Database,
    schema: Schema,
    documents: Documents,
    keys_kept: Duration,
    patience: Duration,
    /// How long after its first attempt has begun a request may be run again.
    tries_for: Duration,
    /// One for each request that may be worked on at once.
    places: Semaphore,
}

impl Graph {
    /// The graph over a database whose schema is up to date.
    pub fn new(database: Database, config: &Config) -> Result<Self, SetupError> {
        let documents =
            Documents::new(&schema::declared_sdl(), schema::VALUE_RULES, config.limits(), &config.documents)?;
        Ok(Graph {
            database,
            schema: schema::build(),
            documents,
            keys_kept: Duration::from_secs(config.idempotency_seconds),
            patience: Duration::from_secs(config.request_seconds),
            tries_for: Duration::from_secs(config.database.acquire_seconds),
            places: Semaphore::new(config.max_requests),
        })
    }

    /// Answers one request.
    pub async fn execute(&self, asked: Asked, terms: &Terms) -> Answer {
        let chosen = match self.documents.choose(&asked) {
            Ok(chosen) => chosen,
            Err(refusals) => return Answer::Refused(refusals),
        };
        if terms.reads_only && chosen.kind() == OperationType::Mutation {
            return Answer::Mutates;
        }
        let prepared = match self.documents.prepare(&chosen, asked.variables) {
            Ok(prepared) => prepared,
            Err(refusals) => return Answer::Refused(refusals),
        };
        match self.answer(prepared, terms).await {
            Answer::Executed(mut response) => {
                response.errors = publish(response.errors, &terms.request_id);
                if terms.dry_run {
                    response.extensions.insert("dryRun".to_owned(), true.into());
                }
                Answer::Executed(response)
            }
            refused => refused,
        }
    }

    /// Whether the database answers in that time.
    pub async fn ready(&self, patience: Duration) -> Answers {
        self.database.answers(patience).await
    }

    /// Answers as long as there is a place and time. Whatever still runs after that is stopped.
    async fn answer(&self, prepared: Prepared, terms: &Terms) -> Answer {
        let Ok(_place) = self.places.try_acquire() else {
            return Answer::Executed(failed(Failure::Exhausted.into()));
        };
        let answer = async {
            match prepared.kind {
                OperationType::Mutation => self.mutate(&prepared, terms).await,
                _ => Answer::Executed(self.query(prepared).await),
            }
        };
        let in_time = timeout(self.patience, answer).await;
        in_time.unwrap_or_else(|_| Answer::Executed(failed(Failure::GivenUp.into())))
    }

    async fn query(&self, mut prepared: Prepared) -> Response {
        let schema = self.schema.clone();
        let introspected = std::mem::take(&mut prepared.introspected);
        let query = async move |db: Db| schema.execute(Request::from(prepared).data(db)).await;
        let mut response = self.database.read(query).await.unwrap_or_else(|failure| failed(failure.into()));
        introspected.complete(&mut response);
        response
    }

    async fn mutate(&self, prepared: &Prepared, terms: &Terms) -> Answer {
        let begun = Instant::now();
        for pause in PAUSES {
            let answer = self.attempt(prepared, terms).await;
            // One that has waited so long for a lock would do so again.
            if !has_lost(&answer) || begun.elapsed() >= self.tries_for {
                return answer;
            }
            tracing::warn!("a transaction lost to another one, running the request again");
            tokio::time::sleep(pause.mul_f64(fastrand::f64())).await;
        }
        self.attempt(prepared, terms).await
    }

    async fn attempt(&self, prepared: &Prepared, terms: &Terms) -> Answer {
        match self.transact(prepared, terms).await {
            Ok(answer) => answer,
            Err(failure) => Answer::Executed(failed(failure)),
        }
    }

    /// Runs all fields of the request in one transaction: everything is kept, or nothing is.
    async fn transact(&self, prepared: &Prepared, terms: &Terms) -> Result<Answer, Error> {
        let (schema, request, dry_run) = (self.schema.clone(), prepared.clone().into(), terms.dry_run);
        let key = terms.key.clone().filter(|_| !dry_run).map(|key| (key, self.keys_kept));
        let mutation = async move |db| match perform(&schema, request, key, db).await {
            Ok(Answer::Executed(response)) if response.is_ok() && !dry_run => {
                Outcome::Keep(Ok(Answer::Executed(response)))
            }
            undone => Outcome::Undo(undone),
        };
        self.database.write(mutation).await?
    }
}

/// Runs the request, unless it has a key that is known.
async fn perform(
    schema: &Schema,
    request: Request,
    key: Option<(Key, Duration)>,
    db: Db,
) -> Result<Answer, Error> {
    let Some((key, kept)) = key else {
        return Ok(Answer::Executed(run(schema, request, &db).await));
    };
    match key.known(&db, kept).await? {
        Known::New => {}
        Known::Performed(response) => return Ok(Answer::Executed(*response)),
        Known::OfAnother => return Ok(Answer::Refused(idempotency::used_by_another())),
    }
    let response = run(schema, request, &db).await;
    if response.is_ok() {
        key.keep(&db, &response).await?;
    }
    Ok(Answer::Executed(response))
}

/// Nothing is kept of a request that failed, and nothing is pretended.
async fn run(schema: &Schema, request: Request, db: &Db) -> Response {
    let response = schema.execute(request.data(db.clone())).await;
    if response.is_err() { Response::from_errors(response.errors) } else { response }
}

/// Whether another transaction got in the way.
fn has_lost(answer: &Answer) -> bool {
    let lost = |error: &ServerError| matches!(error.source::<Error>(), Some(Error::Database(Failure::Lost)));
    matches!(answer, Answer::Executed(response) if response.errors.iter().any(lost))
}

/// The answer to a request that failed as a whole.
fn failed(error: Error) -> Response {
    let message = error.to_string();
    Response::from_errors(vec![ServerError {
        source: Some(Arc::new(error)),
        ..ServerError::new(message, None)
    }])
}
