//! Whether what the server answers is what the rules say, and whether its clock keeps to them.

use std::collections::BTreeMap;

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};

use super::{request::Request, rules::Fault, world::World};

/// When each object was created and when it last changed, by its ID. As texts they compare as moments do.
pub type Times = BTreeMap<String, (String, String)>;

/// The present moment as the server writes it.
pub fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// What a request has to be answered.
pub enum Expected {
    /// Each field's payload, by its alias.
    Data(Value),
    /// The errors of the field of that alias, the first that fails.
    Errors(String, Vec<Fault>),
    /// So many errors of names that are null, before anything runs.
    Refused(usize),
}

impl World {
    /// Does what the request says. After errors there is nothing left to do with the world.
    pub fn run(&mut self, request: &Request) -> Expected {
        let cleared = request.fields.iter().filter(|field| field.input.get("name") == Some(&Value::Null));
        if let count @ 1.. = cleared.count() {
            return Expected::Refused(count);
        }
        let mut data = json!({});
        for (index, field) in request.fields.iter().enumerate() {
            let alias = format!("m{index}");
            match self.apply(field) {
                Ok(payload) => data[alias] = payload,
                Err(faults) => return Expected::Errors(alias, faults),
            }
        }
        Expected::Data(data)
    }
}

/// Compares an answer with what is expected.
pub fn answer(expected: &Expected, mut answer: Value) -> Result<(), String> {
    match expected {
        Expected::Data(data) => {
            take_times(&mut answer, &mut Times::new())?;
            same("the answer", &json!({ "data": data }), &answer)
        }
        Expected::Refused(count) => {
            let name = json!(["BAD_USER_INPUT", "name"]);
            let told = answer["errors"].as_array().ok_or("the answer has no errors, but should")?;
            let of = |error: &Value| {
                let field = error["extensions"]["field"].as_array().and_then(|field| field.last());
                json!([error["extensions"]["code"], field])
            };
            same("`data`", &Value::Null, &answer["data"])?;
            same("the errors", &json!(vec![name; *count]), &told.iter().map(of).collect())
        }
        Expected::Errors(alias, faults) => {
            same("`data`", &Value::Null, &answer["data"])?;
            errors(alias, &faults[..faults.len().min(20)], &answer["errors"])
        }
    }
}

fn errors(alias: &str, faults: &[Fault], told: &Value) -> Result<(), String> {
    let told = told.as_array().ok_or("the answer has no errors, but should")?;
    let of = |error: &Value| json!([error["path"], error["extensions"]]);
    let expected: Value = faults.iter().map(|fault| json!([[alias], fault.extensions])).collect();
    same("the errors", &expected, &told.iter().map(of).collect())?;
    for (fault, error) in faults.iter().zip(told) {
        if !format!("{} ", error["message"].as_str().unwrap_or_default()).contains(&fault.says) {
            return Err(format!("a message does not say `{}`: {error}", fault.says));
        }
    }
    Ok(())
}

/// Fails with each place where the two differ.
pub fn same(what: &str, expected: &Value, found: &Value) -> Result<(), String> {
    let mut differences = Vec::new();
    compare(what, expected, found, &mut differences);
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

fn compare(place: &str, expected: &Value, found: &Value, differences: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
            for (key, expected) in one {
                compare(&format!("{place}.{key}"), expected, &other[key], differences);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (expected, found)) in one.iter().zip(other).enumerate() {
                compare(&format!("{place}[{index}]"), expected, found, differences);
            }
        }
        _ if expected == found => {}
        _ => differences.push(format!("{place} should be {expected} and is {found}")),
    }
}

/// Moves the times out of all objects. What is shown in several places has the same ones everywhere.
pub fn take_times(value: &mut Value, times: &mut Times) -> Result<(), String> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(|item| take_times(item, times)),
        Value::Object(fields) => {
            if let (Some(created), Some(updated)) = (fields.remove("createdAt"), fields.remove("updatedAt")) {
                let text = |moment: &Value| moment.as_str().unwrap_or_default().to_owned();
                let (id, found) = (text(&fields["id"]), (text(&created), text(&updated)));
                if found.0 > found.1 {
                    return Err(format!("{id} was created after it was changed: {found:?}"));
                }
                times.entry(id).or_insert(found);
            }
            fields.values_mut().try_for_each(|field| take_times(field, times))
        }
        _ => Ok(()),
    }
}

/// Compares the times of the rows there are with those they had before a request that was sent and answered
/// between these moments.
pub fn times(
    (before, old): (&World, &Times),
    (after, new): (&World, &Times),
    (sent, answered): (String, String),
) -> Result<(), String> {
    let rows = before.rows();
    for (id, row) in after.rows() {
        let (created, updated) = new.get(&id).ok_or(format!("{id} shows no times"))?;
        let same_life = rows.get(&id).filter(|old| old.life == row.life).zip(old.get(&id));
        let is_right = match same_life {
            Some((was, old)) if was.version == row.version => (created, updated) == (&old.0, &old.1),
            Some((_, old)) => *created == old.0 && (&sent).max(&old.1) <= updated && *updated <= answered,
            None if row.version == 1 => sent <= *created && created == updated && *updated <= answered,
            None => sent <= *created && *updated <= answered,
        };
        if !is_right {
            let old = old.get(&id);
            return Err(format!(
                "{id} has the times {created} and {updated}, and had {old:?}; \
                 the request was sent at {sent} and answered at {answered}"
            ));
        }
    }
    Ok(())
}
