//! Where in an argument a value stands, and the errors that say so.

use std::sync::Arc;

use apollo_compiler::Name as ParsedName;
use async_graphql::{Name, Pos, ServerError, Value};

use crate::error::Code;

/// Where a value stands: the last step of the way to it. Values share the steps that they have in common.
pub struct Path {
    parent: Option<Arc<Path>>,
    segment: Segment,
}

enum Segment {
    Key(Name),
    Index(usize),
}

impl Path {
    /// The argument or variable of that name.
    pub fn new(name: &ParsedName) -> Arc<Self> {
        Arc::new(Path { parent: None, segment: Segment::Key(Name::new(name)) })
    }

    /// The entry of the object at this place.
    pub fn key(self: &Arc<Self>, name: &ParsedName) -> Arc<Self> {
        Arc::new(Path { parent: Some(self.clone()), segment: Segment::Key(Name::new(name)) })
    }

    /// The item of the list at this place.
    pub fn index(self: &Arc<Self>, index: usize) -> Arc<Self> {
        Arc::new(Path { parent: Some(self.clone()), segment: Segment::Index(index) })
    }

    /// An error of the value at this place, which stands there in the text.
    pub fn refuse(&self, code: Code, message: String, at: Option<Pos>) -> ServerError {
        let mut error = code.error(message, at);
        if let Some(extensions) = &mut error.extensions {
            extensions.set("field", Value::List(self.segments()));
        }
        error
    }

    /// The whole way, as clients read it.
    fn segments(&self) -> Vec<Value> {
        let mut segments = self.parent.as_ref().map(|parent| parent.segments()).unwrap_or_default();
        segments.push(match &self.segment {
            Segment::Key(name) => Value::from(name.as_str()),
            Segment::Index(index) => Value::from(*index),
        });
        segments
    }
}
