//! Random values for every argument of the schema, right and wrong: no request fails by one while it runs.

use std::fmt::Write;

use apollo_compiler::{
    Node, Schema,
    ast::{InputValueDefinition, Type},
    schema::{ExtendedType, FieldDefinition, InputObjectType},
    validation::Valid,
};
use fastrand::Rng;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::app::TestApp;

/// What stands where something else belongs, as GraphQL writes it and as JSON does.
const WRONG: [(&str, &str); 12] = [
    ("true", "true"),
    ("12", "12"),
    ("-0", "-0"),
    ("1.5", "1.5"),
    ("99999999999999999999", "99999999999999999999"),
    ("\"nope\"", "\"nope\""),
    ("NOPE", "\"NOPE\""),
    ("[]", "[]"),
    ("[null]", "[null]"),
    ("[[\"a\"]]", "[[\"a\"]]"),
    ("{}", "{}"),
    ("{ nope: 1 }", "{\"nope\":1}"),
];

/// A request as it grows.
struct Builder<'a> {
    schema: &'a Schema,
    rng: Rng,
    declarations: String,
    variables: Map<String, Value>,
    count: usize,
    /// One in so many values is wrong; none, if it is 0.
    wrong: u32,
    /// Whether something in it may be refused.
    is_doubtful: bool,
}

impl Builder<'_> {
    fn once_in(&mut self, times: u32) -> bool {
        times > 0 && self.rng.u32(..times) == 0
    }

    fn arguments(&mut self, field: &FieldDefinition) -> String {
        let mut written = String::new();
        for argument in &field.arguments {
            if argument.is_required() || self.rng.bool() {
                let value = self.place(argument, 0);
                write!(written, "{}: {value} ", argument.name).unwrap();
            }
        }
        if written.is_empty() { written } else { format!("({written})") }
    }

    /// What stands in an argument or an input field: a literal, or a variable.
    fn place(&mut self, definition: &InputValueDefinition, depth: usize) -> String {
        let has_default = definition.default_value.is_some();
        self.literal_or_variable(&definition.ty, has_default, depth)
    }

    fn literal_or_variable(&mut self, ty: &Type, has_default: bool, depth: usize) -> String {
        if self.rng.u8(..4) == 0 { self.variable(ty, has_default, depth) } else { self.literal(ty, depth) }
    }

    fn variable(&mut self, ty: &Type, has_default: bool, depth: usize) -> String {
        let name = format!("v{}", self.count);
        self.count += 1;
        let may_be_null = !ty.is_non_null() || has_default || self.rng.bool();
        let declared = if may_be_null { ty.clone().nullable() } else { ty.clone() };
        // Otherwise the variable could not stand here.
        let needs_default = may_be_null && ty.is_non_null() && !has_default;
        let default = if needs_default || self.once_in(4) {
            format!(" = {}", self.constant(&declared.clone().non_null(), depth))
        } else {
            String::new()
        };
        write!(self.declarations, "${name}: {declared}{default} ").unwrap();
        let may_be_absent = may_be_null || !default.is_empty();
        if may_be_null && self.once_in(6) {
            self.is_doubtful = true;
            self.variables.insert(name.clone(), Value::Null);
        } else if !(may_be_absent && self.rng.bool()) {
            let value = self.json(&declared, depth);
            self.variables.insert(name.clone(), value);
        }
        format!("${name}")
    }

    fn constant(&mut self, ty: &Type, depth: usize) -> String {
        let value = self.json(ty, depth);
        self.written(ty, &value)
    }

    /// A value of JSON as GraphQL writes it, where it is one of that type.
    fn written(&self, ty: &Type, value: &Value) -> String {
        match value {
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| self.written(ty.item_type(), item)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Object(fields) => {
                let object = match self.schema.types.get(ty.inner_named_type()) {
                    Some(ExtendedType::InputObject(object)) => Some(object),
                    _ => None,
                };
                let fields = fields.iter().map(|(name, value)| {
                    let field = object.and_then(|object| object.fields.get(name.as_str()));
                    let ty = field.map_or(ty, |field| &field.ty);
                    format!("{name}: {}", self.written(ty, value))
                });
                format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
            }
            Value::String(text) if self.enum_values(ty).contains(text) => text.clone(),
            other => other.to_string(),
        }
    }

    fn enum_values(&self, ty: &Type) -> Vec<String> {
        match self.schema.types.get(ty.inner_named_type()) {
            Some(ExtendedType::Enum(values)) => values.values.keys().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    }

    fn literal(&mut self, ty: &Type, depth: usize) -> String {
        if !ty.is_non_null() && self.once_in(12) {
            self.is_doubtful = true;
            return "null".to_owned();
        }
        if self.once_in(self.wrong) {
            self.is_doubtful = true;
            return WRONG[self.rng.usize(..WRONG.len())].0.to_owned();
        }
        if ty.is_list() {
            let items =
                (0..self.rng.usize(..3)).map(|_| self.literal_or_variable(ty.item_type(), false, depth));
            let items: Vec<_> = items.collect();
            return format!("[{}]", items.join(" "));
        }
        match self.schema.types.get(ty.inner_named_type()) {
            Some(ExtendedType::InputObject(object)) => {
                let mut fields = String::new();
                for field in self.fields(object, depth) {
                    // A variable there has a type that is never null.
                    let value = if object.is_one_of() {
                        self.literal_or_variable(&field.ty.as_ref().clone().non_null(), false, depth + 1)
                    } else {
                        self.place(&field, depth + 1)
                    };
                    write!(fields, "{}: {value} ", field.name).unwrap();
                }
                format!("{{ {fields}}}")
            }
            _ => self.constant(&ty.clone().non_null(), depth),
        }
    }

    fn json(&mut self, ty: &Type, depth: usize) -> Value {
        if !ty.is_non_null() && self.once_in(12) {
            self.is_doubtful = true;
            return Value::Null;
        }
        if self.once_in(self.wrong) {
            self.is_doubtful = true;
            return serde_json::from_str(WRONG[self.rng.usize(..WRONG.len())].1).unwrap();
        }
        if ty.is_list() {
            return (0..self.rng.usize(..3)).map(|_| self.json(ty.item_type(), depth)).collect();
        }
        match self.schema.types.get(ty.inner_named_type()) {
            Some(ExtendedType::InputObject(object)) => {
                let mut fields = Map::new();
                for field in self.fields(object, depth) {
                    let ty = if object.is_one_of() {
                        field.ty.as_ref().clone().non_null()
                    } else {
                        (*field.ty).clone()
                    };
                    fields.insert(field.name.to_string(), self.json(&ty, depth + 1));
                }
                Value::Object(fields)
            }
            Some(ExtendedType::Enum(_)) => {
                let values = self.enum_values(ty);
                json!(values[self.rng.usize(..values.len())])
            }
            _ => self.scalar(ty.inner_named_type()),
        }
    }

    fn scalar(&mut self, name: &str) -> Value {
        let values = match name {
            "Int" => vec![json!(0), json!(1), json!(7)],
            "Boolean" => vec![json!(true), json!(false)],
            "ID" => vec![json!("Customer:1"), json!("Profile:1"), json!("x"), json!(1)],
            "DateTime" => vec![json!("2024-02-29T00:00:00Z"), json!("2016-12-31t23:59:60.123456789-00:00")],
            _ => vec![json!("a"), json!(""), json!("\u{200b}"), json!("Ada")],
        };
        values[self.rng.usize(..values.len())].clone()
    }

    /// The fields that an object gets: one if it takes one, else those it needs and some others.
    fn fields(&mut self, object: &InputObjectType, depth: usize) -> Vec<Node<InputValueDefinition>> {
        let all: Vec<_> = object.fields.values().cloned().collect();
        if object.is_one_of() {
            return vec![all[self.rng.usize(..all.len())].clone()];
        }
        let wanted =
            |field: &Node<InputValueDefinition>| field.is_required() || (depth < 4 && self.rng.u8(..3) == 0);
        all.into_iter().filter(wanted).collect()
    }
}

/// A request, and whether its values are what the schema asks for.
fn request(schema: &Schema, seed: u64) -> (Value, bool) {
    let mut rng = Rng::with_seed(seed);
    let wrong = [0, 6, 20][rng.usize(..3)];
    let count = 0;
    let (declarations, variables) = (String::new(), Map::new());
    let mut builder = Builder { schema, rng, declarations, variables, count, wrong, is_doubtful: false };
    let fields: Vec<_> = ["Query", "Mutation", "Customer", "Profile"]
        .iter()
        .flat_map(|of| schema.get_object(of).unwrap().fields.values().map(move |field| (*of, field)))
        .filter(|(_, field)| !field.arguments.is_empty())
        .collect();
    let (of, field) = fields[builder.rng.usize(..fields.len())];
    let arguments = builder.arguments(field);
    let below = if field.ty.inner_named_type().ends_with("Connection") { "totalCount" } else { "__typename" };
    let field = format!("{}{arguments} {{ {below} }}", field.name);
    let (kind, selection) = match of {
        "Query" => ("query", field),
        "Mutation" => ("mutation", field),
        _ => ("query", format!("{}s {{ nodes {{ {field} }} }}", of.to_lowercase())),
    };
    let declarations = match builder.declarations.as_str() {
        "" => String::new(),
        declarations => format!("({declarations})"),
    };
    let query = format!("{kind} {declarations} {{ {selection} }}");
    (json!({ "query": query, "variables": builder.variables }), !builder.is_doubtful)
}

#[test]
fn no_value_is_refused_by_its_type_while_the_request_runs() {
    let runtime = Runtime::new().unwrap();
    let app = runtime.block_on(async {
        let app = TestApp::start().await;
        app.seed(2, 2).await;
        app
    });
    let schema: Valid<Schema> = Schema::parse_and_validate(customer_graph::schema::sdl(), "schema").unwrap();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(seed in any::<u64>())| {
        let (request, is_right) = request(&schema, seed);
        let answer = runtime.block_on(async {
            let headers = [("content-type", "application/json")];
            app.post(request.to_string(), &headers).await.json::<Value>().await.unwrap()
        });
        let errors = answer["errors"].as_array().cloned().unwrap_or_default();
        for error in &errors {
            let (code, field) = (error["extensions"]["code"].as_str(), &error["extensions"]["field"]);
            prop_assert!(code.is_some() && code != Some("INTERNAL_SERVER_ERROR"), "{} {}", request, answer);
            prop_assert!(code != Some("BAD_USER_INPUT") || field.is_array(), "{} {}", request, answer);
        }
        if is_right {
            prop_assert!(answer.get("data").is_some(), "{} {}", request, answer);
        }
    });
}
