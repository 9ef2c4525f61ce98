//! Global IDs: the type and the key of an object in one text, as in `Customer:1`.

use std::fmt;

use crate::error::{Fault, Place, echo};

/// Names one object of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GlobalId {
    Customer(i64),
    Profile(i64),
}

impl GlobalId {
    /// Reads an ID; none where the text is not one that this server gives out.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, key) = text.split_once(':')?;
        let canonical = key.starts_with(|first: char| ('1'..='9').contains(&first))
            && key.bytes().all(|byte| byte.is_ascii_digit());
        let key = key.parse().ok().filter(|_| canonical)?;
        match kind {
            "Customer" => Some(GlobalId::Customer(key)),
            "Profile" => Some(GlobalId::Profile(key)),
            _ => None,
        }
    }

    /// Reads the ID that stands at `place` of the input.
    pub fn read(text: &str, place: &Place) -> Result<Self, Fault> {
        GlobalId::parse(text).ok_or_else(|| not_an_id(text, "an ID", "`Customer:1` or `Profile:1`", place))
    }
}

impl fmt::Display for GlobalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GlobalId::Customer(key) => write!(f, "Customer:{key}"),
            GlobalId::Profile(key) => write!(f, "Profile:{key}"),
        }
    }
}

/// Names one edge of the graph, by the keys of its near and its far end. The sides have different names,
/// because a cache keeps them as different objects.
#[derive(Clone, Copy, Debug)]
pub enum EdgeId {
    CustomerProfile(i64, i64),
    ProfileCustomer(i64, i64),
}

impl fmt::Display for EdgeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EdgeId::CustomerProfile(customer, profile) => {
                write!(f, "CustomerProfileEdge:{customer}:{profile}")
            }
            EdgeId::ProfileCustomer(profile, customer) => {
                write!(f, "ProfileCustomerEdge:{profile}:{customer}")
            }
        }
    }
}

/// The key of the customer that the ID at `place` names.
pub fn customer(text: &str, place: &Place) -> Result<i64, Fault> {
    match GlobalId::parse(text) {
        None => Err(not_an_id(text, "a customer's ID", "`Customer:1`", place)),
        Some(GlobalId::Customer(key)) => Ok(key),
        Some(GlobalId::Profile(_)) => {
            Err(Fault::invalid(place.clone(), format!("`{text}` is the ID of a profile, not of a customer")))
        }
    }
}

/// The key of the profile that the ID at `place` names.
pub fn profile(text: &str, place: &Place) -> Result<i64, Fault> {
    match GlobalId::parse(text) {
        None => Err(not_an_id(text, "a profile's ID", "`Profile:1`", place)),
        Some(GlobalId::Profile(key)) => Ok(key),
        Some(GlobalId::Customer(_)) => {
            Err(Fault::invalid(place.clone(), format!("`{text}` is the ID of a customer, not of a profile")))
        }
    }
}

/// A text that names no object, where `what` is expected, which is written as in `example`.
fn not_an_id(text: &str, what: &str, example: &str, place: &Place) -> Fault {
    let found = match text.split_once(':') {
        None if text.is_empty() => "an empty text is not an ID".to_owned(),
        Some(("CustomerProfileEdge" | "ProfileCustomerEdge", _)) => {
            format!("`{}` is the ID of an edge, not of an object", echo(text))
        }
        _ => format!("`{}` is not an ID", echo(text)),
    };
    Fault::invalid(place.clone(), format!("{found}; {what} is written as in {example}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        for id in [GlobalId::Customer(1), GlobalId::Profile(i64::MAX)] {
            assert_eq!(GlobalId::parse(&id.to_string()), Some(id));
        }
    }

    #[test]
    fn only_the_written_form_is_an_id() {
        let others =
            ["", "1", "Customer", "Customer:", "Customer:0", "Customer:01", "Customer:+1", "Customer:-1"];
        let more = ["customer:1", "Order:1", "Customer:1 ", "Customer:1:2", "Customer:9223372036854775808"];
        for text in others.iter().chain(&more) {
            assert_eq!(GlobalId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_id_of_the_other_type_says_so() {
        let place = Place::argument("id");
        assert!(customer("Profile:1", &place).unwrap_err().reason.to_string().contains("of a profile"));
        assert!(profile("Customer:1", &place).unwrap_err().reason.to_string().contains("of a customer"));
    }

    #[test]
    fn a_text_is_an_id_if_and_only_if_it_is_written_as_one() {
        let texts = prop_oneof![any::<String>(), "(Customer|Profile|customer)?:?[-+0-9]{0,20}"];
        proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }, |(text in texts)| {
            if let Some(id) = GlobalId::parse(&text) {
                prop_assert_eq!(id.to_string(), text);
            }
        });
    }
}
