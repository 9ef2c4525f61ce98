//! What clients may write: texts, how they are kept, lists, and versions.

mod trim;

use crate::error::{Fault, Place, Reason};

const MAX_NAME: usize = 255;
const MAX_STATUS: usize = 255;
const MAX_PHONE_NUMBER: usize = 64;
const MAX_ITEMS: usize = 250;

/// A name without the white space and the invisible characters around it: 1 to 255 characters, none of them a
/// control character or the end of a line. Nothing else of it changes; it is not normalised.
pub fn name(text: &str, place: &Place) -> Result<String, Fault> {
    checked("a name", text, MAX_NAME, place)
}

/// A status, under the rules of a name.
pub fn status(text: &str, place: &Place) -> Result<String, Fault> {
    checked("a status", text, MAX_STATUS, place)
}

/// A phone number: 1 to 64 characters, under the rules of a name.
pub fn phone_number(text: &str, place: &Place) -> Result<String, Fault> {
    checked("a phone number", text, MAX_PHONE_NUMBER, place)
}

/// The version that a change expects, if it expects one, of a row that has the version `current`.
pub fn version(expected: Option<i32>, current: i32, place: &Place) -> Result<(), Fault> {
    match expected {
        Some(expected) if expected != current => {
            Err(Fault { place: place.clone(), reason: Reason::VersionConflict { expected, current } })
        }
        _ => Ok(()),
    }
}

/// A list of at most 250 items.
pub fn list<T>(items: &[T], place: &Place) -> Result<(), Fault> {
    if items.len() <= MAX_ITEMS {
        return Ok(());
    }
    let message = format!("a list must have at most {MAX_ITEMS} items, this one has {}", items.len());
    Err(Fault::invalid(place.clone(), message))
}

fn checked(what: &str, text: &str, max: usize, place: &Place) -> Result<String, Fault> {
    let text = trim::trimmed(text);
    let refused = |why: String| Err(Fault::invalid(place.clone(), format!("{what} must {why}")));
    match text.chars().count() {
        0 => return refused("not be blank".to_owned()),
        length if length > max => {
            return refused(format!("have at most {max} characters, this one has {length}"));
        }
        _ => {}
    }
    let is_separator = |character: char| matches!(character, '\u{2028}' | '\u{2029}');
    let kind = match text.chars().find(|character| character.is_control() || is_separator(*character)) {
        None => return Ok(text),
        Some(separator) if is_separator(separator) => ("line separators", separator),
        Some(control) => ("control characters", control),
    };
    refused(format!("not contain {}, as U+{:04X} is", kind.0, kind.1 as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        name(text, &Place::argument("name")).unwrap_err().reason.to_string()
    }

    #[test]
    fn a_name_is_kept_without_the_white_space_around_it() {
        let kept = name(" \u{a0}Ada  Lovelace\n", &Place::argument("name")).unwrap();
        assert_eq!(kept, "Ada  Lovelace");
    }

    #[test]
    fn length_is_counted_in_characters_after_trimming() {
        assert!(name(&format!(" {} ", "é".repeat(255)), &Place::argument("name")).is_ok());
        assert_eq!(refusal(&"é".repeat(256)), "a name must have at most 255 characters, this one has 256");
        assert_eq!(refusal(" \t "), "a name must not be blank");
        assert_eq!(refusal("\u{200b}"), "a name must not be blank");
    }

    #[test]
    fn control_characters_are_refused() {
        assert_eq!(refusal("a\0b"), "a name must not contain control characters, as U+0000 is");
        assert_eq!(refusal("a\u{85}b"), "a name must not contain control characters, as U+0085 is");
        assert_eq!(refusal("a\u{2028}b"), "a name must not contain line separators, as U+2028 is");
    }
}
