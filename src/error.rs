//! Errors: what can go wrong, the code each has, and what a client is told of it.

mod echo;
mod publish;

use async_graphql::{ErrorExtensionValues, Pos, ServerError, Value};

pub use self::echo::echo;
pub use self::publish::{internal, publish, say_outcome};
use crate::{database::Failure, id::GlobalId};

/// At most this many errors are reported for one request.
pub const MAX_ERRORS: usize = 20;

/// The stable name of a kind of error: `extensions.code` of every error a client sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The document is no GraphQL.
    ParseFailed,
    /// The document does not fit the schema.
    ValidationFailed,
    /// A value of the request breaks a rule; `extensions.field` says which.
    BadUserInput,
    /// An ID in the input names nothing that exists.
    NotFound,
    /// `onExisting: ERROR` met a pair that is attached already.
    AlreadyAttached,
    /// The input changes an association that is not there.
    NotAttached,
    /// `expectedVersion` is not the version of the row; `extensions.currentVersion` is.
    VersionConflict,
    /// Other transactions kept winning over this one; the request may be sent again.
    Conflict,
    /// A document is asked for by a hash or an ID that the server does not know; its text may be sent.
    PersistedQueryNotFound,
    /// A document is asked for by a hash or an ID, where only texts are served.
    PersistedQueryNotSupported,
    /// The document is not one of the manifest, where no others are served.
    DocumentNotTrusted,
    /// The document is larger, deeper or expands further than the server allows.
    QueryTooComplex,
    /// The request took too long and was stopped, or the database did not say in time whether it was kept.
    Timeout,
    /// The server has more to do than it can, or its database is unavailable; the request may be sent again
    /// later.
    Overloaded,
    /// Anything that is not the client's business; the log knows more.
    Internal,
}

impl Code {
    /// The code as clients read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Code::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Code::BadUserInput => "BAD_USER_INPUT",
            Code::NotFound => "NOT_FOUND",
            Code::AlreadyAttached => "ALREADY_ATTACHED",
            Code::NotAttached => "NOT_ATTACHED",
            Code::VersionConflict => "VERSION_CONFLICT",
            Code::Conflict => "CONFLICT",
            Code::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Code::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
            Code::DocumentNotTrusted => "DOCUMENT_NOT_TRUSTED",
            Code::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Code::Timeout => "TIMEOUT",
            Code::Overloaded => "OVERLOADED",
            Code::Internal => "INTERNAL_SERVER_ERROR",
        }
    }

    /// An error of this code, at a place of the document if it has one.
    pub fn error(self, message: impl Into<String>, at: Option<Pos>) -> ServerError {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", self.as_str());
        let message = echo::shortened(&message.into(), echo::MAX_MESSAGE).into_owned();
        ServerError { extensions: Some(extensions), ..ServerError::new(message, at) }
    }
}

/// Where in a field's arguments a value stands, as in `["input", "profiles", 2, "node", "id"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place(Vec<Value>);

impl Place {
    /// The argument of that name.
    pub fn argument(name: &'static str) -> Self {
        Place::default().key(name)
    }

    /// The entry `name` of the object at this place.
    pub fn key(&self, name: &'static str) -> Self {
        self.and(Value::String(name.to_owned()))
    }

    /// The item at `index` of the list at this place.
    pub fn index(&self, index: usize) -> Self {
        self.and(Value::from(index))
    }

    fn and(&self, segment: Value) -> Self {
        Place(self.0.iter().cloned().chain([segment]).collect())
    }
}

/// What is wrong with one value of a request.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Reason {
    #[error("{0}")]
    Invalid(String),
    #[error("{0}")]
    TooComplex(String),
    #[error("there is no `{0}`")]
    NotFound(GlobalId),
    #[error("`Customer:{customer}` and `Profile:{profile}` are attached already")]
    AlreadyAttached { customer: i64, profile: i64 },
    #[error("`Customer:{customer}` and `Profile:{profile}` are not attached")]
    NotAttached { customer: i64, profile: i64 },
    #[error("the version is {current}, not {expected}")]
    VersionConflict { expected: i32, current: i32 },
}

impl Reason {
    fn code(&self) -> Code {
        match self {
            Reason::Invalid(_) => Code::BadUserInput,
            Reason::TooComplex(_) => Code::QueryTooComplex,
            Reason::NotFound(_) => Code::NotFound,
            Reason::AlreadyAttached { .. } => Code::AlreadyAttached,
            Reason::NotAttached { .. } => Code::NotAttached,
            Reason::VersionConflict { .. } => Code::VersionConflict,
        }
    }
}

/// One faulty value of a request: where it stands and what is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub place: Place,
    pub reason: Reason,
}

impl Fault {
    /// A value that breaks a rule, said in `message`.
    pub fn invalid(place: Place, message: impl Into<String>) -> Self {
        Fault { place, reason: Reason::Invalid(message.into()) }
    }

    fn told(&self, at: Option<Pos>) -> ServerError {
        let mut error = self.reason.code().error(self.reason.to_string(), at);
        if let Some(extensions) = &mut error.extensions {
            extensions.set("field", Value::List(self.place.0.clone()));
            if let Reason::VersionConflict { current, .. } = self.reason {
                extensions.set("currentVersion", current);
            }
        }
        error
    }
}

/// Gathers everything that is wrong with an input, so that all of it is reported at once.
#[derive(Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// The value, or a default in its place: [`Faults::none`] lets nobody see it.
    pub fn unless<T: Default>(&mut self, checked: Result<T, Fault>) -> T {
        checked.unwrap_or_else(|fault| {
            self.0.push(fault);
            T::default()
        })
    }

    /// Adds one.
    pub fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Adds those of another part of the input.
    pub fn append(&mut self, mut others: Faults) {
        self.0.append(&mut others.0);
    }

    /// How many there were so far.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Fails if there was any.
    pub fn none(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Faults(self.0)) }
    }
}

/// What a resolver or a store can fail with.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The request's own fault: every faulty value that was found, at least one.
    #[error("the input has {} fault(s)", .0.len())]
    Faults(Vec<Fault>),
    /// An argument that its type refuses.
    #[error("{0}")]
    Argument(ServerError),
    /// What another field of the document did, found while the field above it looked ahead.
    #[error("{1}")]
    At(Pos, Box<Error>),
    /// The database refused or failed.
    #[error(transparent)]
    Database(#[from] Failure),
    /// Something that this program takes for impossible.
    #[error("{0}")]
    Internal(&'static str),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Error::Faults(vec![fault])
    }
}

impl From<ServerError> for Error {
    fn from(refusal: ServerError) -> Self {
        Error::Argument(refusal)
    }
}
