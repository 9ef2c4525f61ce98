//! How many bytes values have as JSON, or a few more.

use async_graphql::Value;

/// The bytes of a value as JSON, without those of the objects in it.
pub fn shallow_size(value: &Value) -> usize {
    match value {
        Value::Object(_) => 0,
        Value::List(items) => 2 + items.iter().map(|item| 1 + shallow_size(item)).sum::<usize>(),
        Value::String(text) => text_size(text),
        Value::Enum(name) => name.len() + 2,
        Value::Number(number) if number.is_f64() => 24,
        Value::Number(_) => 12,
        Value::Boolean(_) | Value::Null => 5,
        Value::Binary(bytes) => bytes.len() * 4,
    }
}

/// The bytes of a value as JSON.
pub fn deep_size(value: &Value) -> usize {
    match value {
        Value::Object(fields) => {
            2 + fields.iter().map(|(key, value)| key.len() + 4 + deep_size(value)).sum::<usize>()
        }
        Value::List(items) => 2 + items.iter().map(|item| 1 + deep_size(item)).sum::<usize>(),
        other => shallow_size(other),
    }
}

/// The bytes of a text between its quotation marks, as serde_json escapes it.
fn text_size(text: &str) -> usize {
    let is_escaped = |byte: &&u8| **byte < b' ' || matches!(**byte, b'"' | b'\\');
    let escaped = text.as_bytes().iter().filter(is_escaped).count();
    if escaped == 0 {
        return text.len() + 2;
    }
    let more = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
        _ if byte < b' ' => 5,
        _ => 0,
    };
    text.len() + 2 + text.bytes().map(more).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    #[test]
    fn a_size_is_at_least_that_of_the_json() {
        for value in [
            value!({ "a": "\u{1f600}\n\"\\\u{1}\u{7f}é", "b": [1, -2147483648, 1.5e-300, null, true, false, "x"] }),
            value!({ "list": [{ "a": {} }, {}, []] }),
            value!("plain"),
        ] {
            let written = serde_json::to_string(&value).unwrap_or_default();
            let size = deep_size(&value);
            assert!((written.len()..=written.len() * 2 + 40).contains(&size), "{written} {size}");
        }
    }
}
