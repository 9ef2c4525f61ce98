//! The requests of a sequence, and their text.

use std::fmt;

use serde_json::{Map, Value, json};

use super::world::Side;

/// What a mutation does to one of the nouns, or to the edges of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Create,
    CreateMany,
    Update,
    Delete,
    Attach,
    Set,
    Detach,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    Of(Verb, Side),
    AttachProfile,
    UpdateCustomerProfile,
}

impl Mutation {
    /// Its field of the mutation root.
    pub fn name(self) -> String {
        let Mutation::Of(verb, side) = self else {
            return if self == Mutation::AttachProfile { "attachProfile" } else { "updateCustomerProfile" }
                .to_owned();
        };
        match verb {
            Verb::Create => format!("create{side:?}"),
            Verb::CreateMany => format!("create{side:?}s"),
            Verb::Update => format!("update{side:?}"),
            Verb::Delete => format!("delete{side:?}"),
            Verb::Attach => format!("attach{:?}s", side.other()),
            Verb::Set => format!("set{:?}s", side.other()),
            Verb::Detach => format!("detach{:?}s", side.other()),
        }
    }

    fn input_type(self) -> String {
        let name = self.name();
        format!("{}{}Input!", name[..1].to_uppercase(), &name[1..])
    }

    /// Everything that its payload has.
    fn selection(self) -> String {
        let pair = "customerProfileEdge { ...CustomerEdge } profileCustomerEdge { ...ProfileEdge }";
        let (verb, side) = match self {
            Mutation::Of(verb, side) => (verb, side),
            Mutation::AttachProfile => {
                return format!("outcome customer {{ ...Customer }} profile {{ ...Profile }} {pair}");
            }
            Mutation::UpdateCustomerProfile => return pair.to_owned(),
        };
        let (field, other) = (side.field(), side.other());
        let node = format!("{field} {{ ...{side:?} }}");
        let attached = format!("attached {{ outcome edge {{ ...{side:?}Edge }} }}");
        match verb {
            Verb::Create => format!("{node} {field}Edge {{ node {{ ...{side:?} }} }}"),
            Verb::CreateMany => format!("{field}s {{ ...{side:?} }}"),
            Verb::Update => node,
            Verb::Delete => format!("deleted{side:?}Id detached{other:?}Count"),
            Verb::Attach => format!("{node} {attached}"),
            Verb::Set => format!("{node} {attached} detached{other:?}Ids"),
            Verb::Detach => format!("{node} detached{other:?}Ids"),
        }
    }

    /// The input's fields that may be left out, each with the type of a variable that may stand there.
    fn optional(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Mutation::Of(Verb::Create, Side::Customer) => &[("phoneNumber", "String")],
            Mutation::Of(Verb::Update, Side::Customer) => {
                &[("name", "String"), ("phoneNumber", "String"), ("expectedVersion", "Int")]
            }
            Mutation::Of(Verb::Update, Side::Profile) => &[("name", "String"), ("expectedVersion", "Int")],
            Mutation::Of(Verb::Delete, _) | Mutation::UpdateCustomerProfile => &[("expectedVersion", "Int")],
            Mutation::Of(Verb::Attach, _) => &[("onExisting", "OnExisting")],
            Mutation::AttachProfile => &[("status", "String"), ("onExisting", "OnExisting")],
            _ => &[],
        }
    }
}

/// One field of the mutation root.
#[derive(Clone, Debug)]
pub struct Field {
    pub mutation: Mutation,
    pub input: Value,
}

/// How the inputs stand in a request.
#[derive(Clone, Copy, Debug)]
pub enum Style {
    /// Each is a variable.
    Variables,
    /// Each stands in the document.
    Literals,
    /// As literals, and what is left out is a variable that is left out.
    Omitted,
}

/// One request. Its fields have the aliases `m0`, `m1` and so on.
#[derive(Clone, Debug)]
pub struct Request {
    pub fields: Vec<Field>,
    pub style: Style,
}

const FRAGMENTS: [(&str, &str); 4] = [
    (
        "Customer",
        "Customer { id name phoneNumber version createdAt updatedAt
            profiles(first: 100) { totalCount edges { ...CustomerEdge } } }",
    ),
    (
        "Profile",
        "Profile { id name version createdAt updatedAt
            customers(first: 100) { totalCount edges { ...ProfileEdge } } }",
    ),
    ("CustomerEdge", "CustomerProfileEdge { id status version createdAt updatedAt node { id name } }"),
    ("ProfileEdge", "ProfileCustomerEdge { id status version createdAt updatedAt node { id name } }"),
];

/// The document with the fragments that it needs.
pub fn with_fragments(mut document: String) -> String {
    for (name, fragment) in FRAGMENTS {
        if document.contains(&format!("...{name} ")) {
            document += &format!("\nfragment {name} on {fragment}");
        }
    }
    document
}

impl Request {
    /// The document and the variables.
    pub fn written(&self) -> (String, Value) {
        let (mut declared, mut variables, mut fields) = (Vec::new(), Map::new(), String::new());
        for (index, Field { mutation, input }) in self.fields.iter().enumerate() {
            let name = format!("m{index}");
            let argument = match self.style {
                Style::Variables => {
                    declared.push(format!("${name}: {}", mutation.input_type()));
                    variables.insert(name.clone(), input.clone());
                    format!("${name}")
                }
                Style::Literals => literal(input, None),
                Style::Omitted => literal(input, Some(mutation.optional())),
            };
            let selection = mutation.selection();
            fields += &format!("\n  {name}: {}(input: {argument}) {{ {selection} }}", mutation.name());
        }
        for ty in ["String", "Int", "OnExisting"] {
            if fields.contains(&format!("$absent{ty}")) {
                declared.push(format!("$absent{ty}: {ty}"));
            }
        }
        let declared =
            if declared.is_empty() { String::new() } else { format!(" ({})", declared.join(", ")) };
        (with_fragments(format!("mutation{declared} {{{fields}\n}}")), json!(variables))
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (document, variables) = self.written();
        let document = document.split("\nfragment").next().unwrap_or_default();
        match self.style {
            Style::Variables => write!(f, "{document}\nvariables {variables:#}"),
            Style::Literals | Style::Omitted => f.write_str(document),
        }
    }
}

/// A value as GraphQL writes it. Where there is a list of optional fields, an object has the absent ones of
/// them, each as a variable that is left out; so has every edge below it.
fn literal(value: &Value, optional: Option<&[(&str, &str)]>) -> String {
    match value {
        Value::Object(fields) => {
            let is_edge = fields.contains_key("node");
            let optional = if is_edge { optional.and(Some(&[("status", "String")][..])) } else { optional };
            let below = optional.and(Some(&[][..]));
            let mut written: Vec<_> = fields.iter().map(|(name, value)| entry(name, value, below)).collect();
            let absent = optional.unwrap_or_default().iter().filter(|(name, _)| !fields.contains_key(*name));
            written.extend(absent.map(|(name, ty)| format!("{name}: $absent{ty}")));
            format!("{{ {} }}", written.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| literal(item, optional)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::String(text) => {
            let escaped = |character: char| match character {
                '"' | '\\' => format!("\\{character}"),
                _ if character.is_control() => format!("\\u{:04x}", character as u32),
                _ => character.to_string(),
            };
            format!("\"{}\"", text.chars().map(escaped).collect::<String>())
        }
        other => other.to_string(),
    }
}

fn entry(name: &str, value: &Value, optional: Option<&[(&str, &str)]>) -> String {
    match value.as_str() {
        Some(value) if name == "onExisting" => format!("{name}: {value}"),
        _ => format!("{name}: {}", literal(value, optional)),
    }
}
