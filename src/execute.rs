//! One request from its document to its answer, in one transaction where it mutates.

mod perform;
mod prepare;
mod progress;
mod retries;
#[cfg(test)]
mod tests;

use std::{
    mem,
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::{Response, ServerError, Value, parser::types::OperationType};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{sleep, timeout_at},
};

use self::{
    perform::{execute, failed, is_uncertain, perform},
    prepare::{Operation, Unprepared, choose, prepare},
    retries::Retries,
};
use crate::{
    budget::{Budget, MemoryPool},
    config::Config,
    cpu::Cpu,
    database::{Answers, Database, Db, Failure, Outcome},
    document::{Asked, Documents, Prepared, SetupError},
    error::{Error, publish, say_outcome},
    idempotency::{self, Key, KeyError},
    schema::{self, Schema},
};

pub use progress::Progress;

/// What a request came to.
pub enum Answer {
    /// Nothing was executed; the answer has no `data` entry.
    Refused(Vec<ServerError>),
    /// Nothing was executed: the operation would write, and the terms let it only read.
    Mutates,
    /// Nothing was executed: the operation would write, and its key cannot be told from others.
    KeyRefused(KeyError),
    /// The operation ran.
    Executed(Response),
}

/// What a request is executed under, besides its own text.
pub struct Terms {
    /// Names the request in the log and in internal errors.
    pub request_id: String,
    /// Under which it is performed once, if it writes.
    pub key: Result<Option<Key>, KeyError>,
    /// Whether nothing is to be kept of it.
    pub dry_run: bool,
    /// Whether it may only read.
    pub reads_only: bool,
    /// What it may spend, which is kept until its answer is sent.
    pub budget: Budget,
    /// How far it has come.
    pub progress: Progress,
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
    /// Forgets keys beside the requests, until the graph goes.
    _forgetting: JoinSet<()>,
}

impl Graph {
    /// The graph over a database whose schema is up to date. It is made within the runtime that it is to work in.
    pub fn new(database: Database, config: &Config) -> Result<Self, SetupError> {
        Ok(Graph::with_documents(database, Graph::documents(config)?, config))
    }

    /// The documents that the settings name, which are read before there is a database.
    pub fn documents(config: &Config) -> Result<Documents, SetupError> {
        Documents::new(&schema::declared_sdl(), schema::VALUE_RULES, config.limits(), &config.documents)
    }

    /// As [`Graph::new`], with these documents.
    pub fn with_documents(database: Database, documents: Documents, config: &Config) -> Self {
        let keys_kept = Duration::from_secs(config.idempotency_seconds);
        let mut forgetting = JoinSet::new();
        forgetting.spawn(idempotency::forget(database.uncounted(), keys_kept));
        Graph {
            database,
            schema: schema::build(),
            documents: Arc::new(documents),
            keys_kept,
            patience: Duration::from_secs(config.request_seconds),
            tries_for: Duration::from_secs(config.database.acquire_seconds),
            places: Semaphore::new(config.max_requests),
            memory: MemoryPool::new(config.max_answer_bytes),
            cpu: Cpu::new(1),
            apart: Cpu::new(2),
            _forgetting: forgetting,
        }
    }

    /// A budget for one request.
    pub fn budget(&self) -> Budget {
        self.memory.budget()
    }

    /// Where what takes long is computed.
    pub fn cpu(&self) -> &Cpu {
        &self.cpu
    }

    /// Whether the database answers in that time.
    pub async fn ready(&self, patience: Duration) -> Answers {
        self.database.answers(patience).await
    }

    /// Answers one request, if there is a place for it and as long as there is time.
    pub async fn execute(&self, asked: Asked, terms: &Terms) -> Answer {
        terms.progress.may_write(!terms.reads_only);
        let Ok(_place) = self.places.try_acquire() else {
            let mutates = self.may_mutate(&asked, terms);
            return Answer::Executed(publish_all(failed(Failure::Exhausted.into()), mutates, terms));
        };
        let deadline = Instant::now() + self.patience;
        let operation = match timeout_at(deadline.into(), self.prepare(asked, terms)).await {
            Ok(Ok(operation)) => operation,
            Ok(Err(refusal)) => return refusal.into(),
            Err(_) => {
                let late = failed(Failure::GivenUp.into());
                return Answer::Executed(publish_all(late, !terms.reads_only, terms));
            }
        };
        let mutates = operation.prepared.kind == OperationType::Mutation;
        terms.progress.may_write(mutates);
        if let (true, Err(error)) = (mutates, &terms.key) {
            return Answer::KeyRefused(*error);
        }
        let answer = match mutates {
            true => self.mutate(operation, terms, deadline).await,
            false => self.query(operation.prepared, terms, deadline).await,
        };
        match answer {
            Answer::Executed(response) => Answer::Executed(publish_all(response, mutates, terms)),
            refused => refused,
        }
    }

    /// Whether a request that is not even read would write. A large one is taken for such without a look.
    fn may_mutate(&self, asked: &Asked, terms: &Terms) -> bool {
        let mutates =
            || self.documents.choose(asked).is_ok_and(|chosen| chosen.kind() == OperationType::Mutation);
        !terms.reads_only && (asked.is_large() || mutates())
    }

    /// The operation of a request, ready to be executed.
    async fn prepare(&self, asked: Asked, terms: &Terms) -> Result<Operation, Unprepared> {
        let (documents, reads_only) = (self.documents.clone(), terms.reads_only);
        let key = terms.key.clone().ok().flatten().filter(|_| !terms.dry_run);
        if asked.is_large() {
            let prepare = move || {
                let chosen = choose(&documents, &asked, reads_only)?;
                prepare(&documents, chosen, asked, key)
            };
            return self.cpu.run(prepare).await;
        }
        let chosen = choose(&documents, &asked, reads_only)?;
        if chosen.introspects() {
            return self.cpu.run(move || prepare(&documents, chosen, asked, key)).await;
        }
        prepare(&documents, chosen, asked, key)
    }

    async fn query(&self, mut prepared: Prepared, terms: &Terms, deadline: Instant) -> Answer {
        let introspected = mem::take(&mut prepared.introspected);
        let answer = async {
            if !self.database.may_lose_reads() {
                return self.read(prepared, terms).await;
            }
            let mut retries = self.retries(deadline);
            loop {
                let response = self.read(prepared.clone(), terms).await;
                match retries.pause_after(&response) {
                    Some(pause) => sleep(pause).await,
                    None => return response,
                }
            }
        };
        let in_time = timeout_at(deadline.into(), answer).await;
        let mut response = in_time.unwrap_or_else(|_| failed(Failure::GivenUp.into()));
        match introspected.complete(&mut response, &terms.budget) {
            Ok(()) => Answer::Executed(response),
            Err(refusal) => Answer::Executed(failed(Failure::from(refusal).into())),
        }
    }

    async fn read(&self, prepared: Prepared, terms: &Terms) -> Response {
        let (schema, budget) = (self.schema.clone(), terms.budget.clone());
        let runs_apart = self.runs_apart(&prepared);
        let query = async move |db: Db| execute(&schema, prepared.into(), &db.within(&budget)).await;
        let response = if runs_apart {
            let database = self.database.clone();
            self.apart.drive(async move { database.read(query).await }).await
        } else {
            self.database.read(query).await
        };
        response.unwrap_or_else(|failure| failed(failure.into()))
    }

    async fn mutate(&self, operation: Operation, terms: &Terms, deadline: Instant) -> Answer {
        let (operation, mut retries) = (Arc::new(operation), self.retries(deadline));
        loop {
            let answer = match self.transact(&operation, terms, deadline).await {
                Ok(answer) => answer,
                Err(failure) => Answer::Executed(failed(failure)),
            };
            let pause = match &answer {
                Answer::Executed(response) => retries.pause_after(response),
                _ => None,
            };
            match pause {
                Some(pause) => sleep(pause).await,
                None => return answer,
            }
        }
    }

    fn retries(&self, deadline: Instant) -> Retries {
        // One that has waited so long for a lock would do so again.
        Retries::new(deadline.min(Instant::now() + self.tries_for))
    }

    /// Runs all fields of the request in one transaction: everything is kept, or nothing is.
    async fn transact(
        &self,
        operation: &Arc<Operation>,
        terms: &Terms,
        deadline: Instant,
    ) -> Result<Answer, Error> {
        let (schema, dry_run, budget) = (self.schema.clone(), terms.dry_run, terms.budget.clone());
        let (progress, keys_kept) = (terms.progress.clone(), self.keys_kept);
        let runs_apart = self.runs_apart(&operation.prepared);
        let operation = operation.clone();
        let mutation = async move |db: Db| {
            progress.run();
            let Operation { prepared, key } = &*operation;
            let key = key.as_ref().map(|key| (key, keys_kept));
            match perform(&schema, prepared.clone().into(), key, db.within(&budget)).await {
                Ok(Answer::Executed(response)) if response.is_ok() && !dry_run => {
                    progress.keep();
                    Outcome::Keep(Ok(Answer::Executed(response)))
                }
                undone => Outcome::Undo(undone),
            }
        };
        let written = self.database.write_by(deadline, mutation);
        if runs_apart { self.apart.drive_in_place(written).await? } else { written.await? }
    }

    fn runs_apart(&self, prepared: &Prepared) -> bool {
        prepared.is_large() && !self.database.has_threads()
    }
}

/// Leaves of the errors what the client may know, and has those of a mutation say what became of it.
fn publish_all(mut response: Response, mutates: bool, terms: &Terms) -> Response {
    let is_uncertain = response.errors.iter().any(is_uncertain);
    response.errors = publish(response.errors, &terms.request_id);
    if mutates && response.data == Value::Null {
        say_outcome(&mut response.errors, is_uncertain);
    }
    if terms.dry_run {
        response.extensions.insert("dryRun".to_owned(), true.into());
    }
    response
}
