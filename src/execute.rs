//! One request from its document to its answer, in one transaction where it mutates.

use std::{sync::Arc, time::Duration};

use async_graphql::{Request, Response, ServerError, parser::types::OperationType};

use crate::{
    config::Config,
    database::{self, Database},
    document::{Documents, InvalidSchema, Prepared},
    error::{Error, publish},
    idempotency::{self, Key, Known},
    schema::{self, Schema},
};

/// A transaction that lost to another one is run again after a pause of up to one of these, in turn.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(5), Duration::from_millis(20), Duration::from_millis(80)];

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
}

impl Graph {
    /// The graph over a database whose schema is up to date.
    pub fn new(database: Database, config: &Config) -> Result<Self, InvalidSchema> {
        let documents = Documents::new(&schema::sdl(), config.limits())?;
        let keys_kept = Duration::from_secs(config.idempotency_seconds);
        Ok(Graph { database, schema: schema::build(), documents, keys_kept })
    }

    /// Answers one request.
    pub async fn execute(&self, request: Request, terms: &Terms) -> Answer {
        if terms.reads_only && self.documents.mutates(&request) {
            return Answer::Mutates;
        }
        let prepared = match self.documents.prepare(request) {
            Ok(prepared) => prepared,
            Err(refusals) => return Answer::Refused(refusals),
        };
        let answer = match prepared.kind {
            OperationType::Mutation => self.mutate(&prepared, terms).await,
            _ => Answer::Executed(self.query(prepared).await),
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

    /// Whether the database answers.
    pub async fn ready(&self) -> bool {
        self.database.answers().await
    }

    async fn query(&self, prepared: Prepared) -> Response {
        self.schema.execute(Request::from(prepared).data(self.database.reading())).await
    }

    async fn mutate(&self, prepared: &Prepared, terms: &Terms) -> Answer {
        for pause in PAUSES {
            match self.attempt(prepared, terms).await {
                Answer::Executed(response) if response.errors.iter().any(lost_to_another) => {}
                answer => return answer,
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

    /// Runs all fields of the request in one transaction: everything is kept, or nothing is. A request
    /// whose key is known is not run.
    async fn transact(&self, prepared: &Prepared, terms: &Terms) -> Result<Answer, Error> {
        let transaction = self.database.begin().await?;
        let key = terms.key.as_ref().filter(|_| !terms.dry_run);
        if let Some(key) = key {
            match key.known(&transaction.handle(), self.keys_kept).await? {
                Known::New => {}
                Known::Performed(response) => return Ok(Answer::Executed(*response)),
                Known::OfAnother => return Ok(Answer::Refused(idempotency::used_by_another())),
            }
        }
        let request = Request::from(prepared.clone()).data(transaction.handle());
        let response = self.schema.execute(request).await;
        if response.is_err() || terms.dry_run {
            transaction.rollback().await?;
            return Ok(Answer::Executed(without_data_if_failed(response)));
        }
        if let Some(key) = key {
            key.keep(&transaction.handle(), &response).await?;
        }
        transaction.commit().await?;
        Ok(Answer::Executed(response))
    }
}

/// Nothing is kept of a request that failed, and nothing is pretended.
fn without_data_if_failed(response: Response) -> Response {
    if response.is_err() { Response::from_errors(response.errors) } else { response }
}

fn lost_to_another(error: &ServerError) -> bool {
    matches!(error.source::<Error>(), Some(Error::Database(cause)) if database::lost_to_another(cause))
}

/// The answer to a request that failed as a whole.
fn failed(error: Error) -> Response {
    let message = error.to_string();
    Response::from_errors(vec![ServerError {
        source: Some(Arc::new(error)),
        ..ServerError::new(message, None)
    }])
}
