//! The members of a request, read from JSON: what is wrong with one is said in words of this server.

use std::fmt;

use async_graphql::{Extensions, Name, Value, Variables, indexmap::IndexMap};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::answer::Refusal;

/// The members that mean something; others are ignored.
/// <https://http-spec.graphql.org/September2026/#sec-GraphQL-over-HTTP-Request>
#[derive(Default)]
pub struct Members {
    pub query: Member,
    pub document_id: Member,
    pub operation_name: Member,
    pub variables: Member,
    pub extensions: Member,
}

/// The value of a member, as far as that matters; null counts as absent.
#[derive(Default)]
pub enum Member {
    #[default]
    Absent,
    Boolean,
    Number,
    Text(String),
    Array,
    Object(IndexMap<Name, Value>),
}

impl Member {
    /// A text, if it is there.
    pub fn text(self, name: &str) -> Result<Option<String>, Refusal> {
        match self {
            Member::Absent => Ok(None),
            Member::Text(text) => Ok(Some(text)),
            other => Err(other.refuse(name, "a string")),
        }
    }

    pub fn variables(self) -> Result<Option<Variables>, Refusal> {
        let members = self.object("variables")?;
        Ok(members.map(|members| Variables::from_value(Value::Object(members))))
    }

    pub fn extensions(self) -> Result<Option<Extensions>, Refusal> {
        let members = self.object("extensions")?;
        let named = |(name, value): (Name, Value)| (name.to_string(), value);
        Ok(members.map(|members| Extensions(members.into_iter().map(named).collect())))
    }

    fn object(self, name: &str) -> Result<Option<IndexMap<Name, Value>>, Refusal> {
        match self {
            Member::Absent => Ok(None),
            Member::Object(members) => Ok(Some(members)),
            other => Err(other.refuse(name, "an object")),
        }
    }

    fn refuse(&self, name: &str, expected: &str) -> Refusal {
        Refusal::malformed(format!("`{name}` has to be {expected} or null, not {}", self.kind()))
    }

    fn kind(&self) -> &'static str {
        match self {
            Member::Absent => "null",
            Member::Boolean => "a boolean",
            Member::Number => "a number",
            Member::Text(_) => "a string",
            Member::Array => "an array",
            Member::Object(_) => "an object",
        }
    }
}

/// What kind of value a member of an extension has, in words.
pub fn kind(value: Option<&Value>) -> &'static str {
    match value {
        None => "absent",
        Some(Value::Null) => "null",
        Some(Value::Boolean(_)) => "a boolean",
        Some(Value::Number(_)) => "a number",
        Some(Value::List(_)) => "an array",
        Some(Value::Object(_)) => "an object",
        Some(Value::String(_) | Value::Enum(_) | Value::Binary(_)) => "a string",
    }
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MemberVisitor)
    }
}

struct MemberVisitor;

impl<'de> Visitor<'de> for MemberVisitor {
    type Value = Member;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Member, E> {
        Ok(Member::Absent)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Member, E> {
        Ok(Member::Boolean)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Member, E> {
        Ok(Member::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Member, E> {
        Ok(Member::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Member, E> {
        Ok(Member::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Member, E> {
        Ok(Member::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Member, E> {
        Ok(Member::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Member, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Member::Array)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Member, A::Error> {
        Ok(Member::Object(object(map)?))
    }
}

/// The members of an object, each of which is there once.
fn object<'de, A: MapAccess<'de>>(mut map: A) -> Result<IndexMap<Name, Value>, A::Error> {
    let mut members = IndexMap::new();
    while let Some((name, Below(value))) = map.next_entry::<Name, Below>()? {
        if members.contains_key(&name) {
            return Err(A::Error::custom(format!("`{name}` is there more than once in one object")));
        }
        members.insert(name, value);
    }
    Ok(members)
}

/// A value below a member. async-graphql's own reading keeps the last of members that have one name.
struct Below(Value);

impl<'de> Deserialize<'de> for Below {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BelowVisitor)
    }
}

struct BelowVisitor;

impl<'de> Visitor<'de> for BelowVisitor {
    type Value = Below;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Below, E> {
        Ok(Below(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Below, E> {
        Ok(Below(value.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Below, E> {
        Ok(Below(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Below, E> {
        Ok(Below(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Below, E> {
        Ok(Below(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Below, E> {
        Ok(Below(text.into()))
    }

    fn visit_string<E>(self, text: String) -> Result<Below, E> {
        Ok(Below(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Below, A::Error> {
        let mut list = Vec::new();
        while let Some(Below(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Below(Value::List(list)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Below, A::Error> {
        Ok(Below(Value::Object(object(map)?)))
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Members::default();
        let mut seen = [false; 5];
        while let Some(name) = map.next_key::<String>()? {
            let (index, member) = match name.as_str() {
                "query" => (0, &mut members.query),
                "documentId" => (1, &mut members.document_id),
                "operationName" => (2, &mut members.operation_name),
                "variables" => (3, &mut members.variables),
                "extensions" => (4, &mut members.extensions),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            if std::mem::replace(&mut seen[index], true) {
                return Err(A::Error::custom(format!("`{name}` is there more than once")));
            }
            *member = map.next_value()?;
        }
        Ok(members)
    }
}
