//! One request from its document to its answer, in one transaction where it mutates.

use std::{sync::Arc, time::Duration};

use async_graphql::{Request, Response, ServerError, parser::types::OperationType};

use crate::{
    database::{self, Database},
    document::{Documents, InvalidSchema, Limits, Prepared},
    error::{Error, publish},
    schema::{self, Schema},
};

/// A transaction that lost to another one is run again after a pause of up to one of these, in turn.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(5), Duration::from_millis(20), Duration::from_millis(80)];

/// What a request came to.
pub enum Answer {
    /// Nothing was executed; the answer has no `data` entry.
    Refused(Vec<ServerError>),
    /// The operation ran.
    Executed(Response),
}

/// The graph over one database, ready to answer.
pub struct Graph {
    database: Database,
    schema: Schema,
    documents: Documents,
}

impl Graph {
    /// The graph over a database whose schema is up to date.
    pub fn new(database: Database, limits: Limits) -> Result<Self, InvalidSchema> {
        let documents = Documents::new(&schema::sdl(), limits)?;
        Ok(Graph { database, schema: schema::build(), documents })
    }

    /// Answers one request. `request_id` names it in the log and in internal errors.
    pub async fn execute(&self, request: Request, request_id: &str) -> Answer {
        let prepared = match self.documents.prepare(request) {
            Ok(prepared) => prepared,
            Err(refusals) => return Answer::Refused(refusals),
        };
        let mut response = match prepared.kind {
            OperationType::Mutation => self.mutate(&prepared).await,
            _ => self.query(prepared).await,
        };
        response.errors = publish(response.errors, request_id);
        Answer::Executed(response)
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> bool {
        self.database.answers().await
    }

    async fn query(&self, prepared: Prepared) -> Response {
        self.schema.execute(Request::from(prepared).data(self.database.reading())).await
    }

    async fn mutate(&self, prepared: &Prepared) -> Response {
        for pause in PAUSES {
            let response = self.attempt(prepared).await;
            if !response.errors.iter().any(lost_to_another) {
                return response;
            }
            tracing::warn!("a transaction lost to another one, running the request again");
            tokio::time::sleep(pause.mul_f64(fastrand::f64())).await;
        }
        self.attempt(prepared).await
    }

    /// Runs all fields of the request in one transaction: everything is kept, or nothing is.
    async fn attempt(&self, prepared: &Prepared) -> Response {
        let transaction = match self.database.begin().await {
            Ok(transaction) => transaction,
            Err(failure) => return failed(failure.into()),
        };
        let request = Request::from(prepared.clone()).data(transaction.handle());
        let response = self.schema.execute(request).await;
        if response.is_err() {
            if let Err(failure) = transaction.rollback().await {
                tracing::warn!(error = %failure, "rolling back failed");
            }
            return Response::from_errors(response.errors);
        }
        match transaction.commit().await {
            Ok(()) => response,
            Err(failure) => failed(failure.into()),
        }
    }
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
