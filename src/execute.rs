//! One request from its document to its answer, in one transaction where it mutates.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::{Request, Response, ServerError, parser::types::OperationType};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::{
    budget::{Budget, MemoryPool},
    config::Config,
    cpu::Cpu,
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
    /// What it may spend, which is kept until its answer is sent.
    pub budget: Budget,
}

/// The graph over one database, ready to answer.
pub struct Graph {
    database: Database,
    schema: Schema,
    documents: Arc<Documents>,
    keys_kept: Duration,
    patience: Duration,
    /// How long after its first attempt has begun a request may be run again.
    tries_for: Duration,
    /// One for each request that may be worked on at once.
    places: Semaphore,
    memory: MemoryPool,
    /// Where large requests are read and large answers are written.
    cpu: Cpu,
    /// Where large requests run on a database that has no threads of its own: they compute for long, which would keep
    /// others waiting for the threads that serve connections.
    apart: Cpu,
}

impl Graph {
    /// The graph over a database whose schema is up to date.
    pub fn new(database: Database, config: &Config) -> Result<Self, SetupError> {
        let documents = Documents::new(&schema::sdl(), config.limits(), &config.documents)?;
        Ok(Graph {
            database,
            schema: schema::build(),
            documents: Arc::new(documents),
            keys_kept: Duration::from_secs(config.idempotency_seconds),
            patience: Duration::from_secs(config.request_seconds),
            tries_for: Duration::from_secs(config.database.acquire_seconds),
            places: Semaphore::new(config.max_requests),
            memory: MemoryPool::new(config.max_answer_bytes),
            cpu: Cpu::new(1),
            apart: Cpu::new(2),
        })
    }

    /// A budget for one request.
    pub fn budget(&self) -> Budget {
        self.memory.budget()
    }

    /// Where what takes long is computed.
    pub fn cpu(&self) -> &Cpu {
        &self.cpu
    }

    /// Answers one request, if there is a place for it.
    pub async fn execute(&self, asked: Asked, terms: &Terms) -> Answer {
        let answer = match self.places.try_acquire() {
            Ok(place) => self.answer(asked, terms, place).await,
            Err(_) => Answer::Executed(failed(Failure::Exhausted.into())),
        };
        match answer {
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

    /// Answers as long as there is time. Whatever still runs after that is stopped.
    async fn answer(&self, asked: Asked, terms: &Terms, _place: SemaphorePermit<'_>) -> Answer {
        let answer = async {
            let prepared = match self.prepare(asked, terms.reads_only).await {
                Ok(prepared) => prepared,
                Err(refusal) => return refusal.into(),
            };
            match prepared.kind {
                OperationType::Mutation => self.mutate(&prepared, terms).await,
                _ => Answer::Executed(self.query(prepared, terms).await),
            }
        };
        let in_time = timeout(self.patience, answer).await;
        in_time.unwrap_or_else(|_| Answer::Executed(failed(Failure::GivenUp.into())))
    }

    /// The operation of a request, ready to be executed.
    async fn prepare(&self, asked: Asked, reads_only: bool) -> Result<Prepared, Unprepared> {
        if asked.is_large() {
            let documents = self.documents.clone();
            return self.cpu.run(move || prepare(&documents, asked, reads_only)).await;
        }
        prepare(&self.documents, asked, reads_only)
    }

    async fn query(&self, prepared: Prepared, terms: &Terms) -> Response {
        let (schema, budget) = (self.schema.clone(), terms.budget.clone());
        let is_large = prepared.is_large() && !self.database.has_threads();
        let query = async move |db: Db| execute(&schema, prepared.into(), &db.within(&budget)).await;
        let response = if is_large {
            let database = self.database.clone();
            self.apart.drive(async move { database.read(query).await }).await
        } else {
            self.database.read(query).await
        };
        response.unwrap_or_else(|failure| failed(failure.into()))
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
        let budget = terms.budget.clone();
        let key = terms.key.clone().filter(|_| !dry_run).map(|key| (key, self.keys_kept));
        let mutation = async move |db: Db| match perform(&schema, request, key, db.within(&budget)).await {
            Ok(Answer::Executed(response)) if response.is_ok() && !dry_run => {
                Outcome::Keep(Ok(Answer::Executed(response)))
            }
            undone => Outcome::Undo(undone),
        };
        let written = self.database.write(mutation);
        if prepared.is_large() && !self.database.has_threads() {
            return self.apart.drive_in_place(written).await?;
        }
        written.await?
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
    let response = execute(schema, request, db).await;
    if let Some(Err(refusal)) = db.budget().map(|budget| budget.allow(&response.data)) {
        return failed(Failure::from(refusal).into());
    }
    if response.is_err() { Response::from_errors(response.errors) } else { response }
}

/// Executes the request, unless it spends more than it may.
async fn execute(schema: &Schema, request: Request, db: &Db) -> Response {
    let response = schema.execute(request.data(db.clone())).await;
    match db.budget().and_then(Budget::refusal) {
        Some(refusal) => failed(Failure::from(refusal).into()),
        None => response,
    }
}

/// Why an operation is not executed.
enum Unprepared {
    Refused(Vec<ServerError>),
    Mutates,
}

impl From<Unprepared> for Answer {
    fn from(unprepared: Unprepared) -> Self {
        match unprepared {
            Unprepared::Refused(errors) => Answer::Refused(errors),
            Unprepared::Mutates => Answer::Mutates,
        }
    }
}

fn prepare(documents: &Documents, asked: Asked, reads_only: bool) -> Result<Prepared, Unprepared> {
    let chosen = documents.choose(&asked).map_err(Unprepared::Refused)?;
    if reads_only && chosen.kind() == OperationType::Mutation {
        return Err(Unprepared::Mutates);
    }
    documents.prepare(&chosen, asked.variables).map_err(Unprepared::Refused)
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
