//! Customers in the input of other nouns: existing ones and new ones.

use async_graphql::{ID, InputObject, OneofObject};

use super::store;
use crate::{
    database::Db,
    error::{Error, Fault, Faults, Place, Reason},
    id::{self, GlobalId},
    input,
};

/// The customer at an edge's end: an existing one, or a new one.
#[derive(OneofObject)]
pub enum CustomerNodeInput {
    /// An existing customer's ID.
    Id(ID),
    /// A new customer.
    Create(CustomerData),
}

/// A new customer.
#[derive(InputObject)]
pub struct CustomerData {
    /// 1 to 255 characters, without white space around them.
    pub name: String,
    /// At most 64 characters.
    pub phone_number: Option<String>,
}

/// The fields of a customer, checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CustomerFields {
    pub name: String,
    pub phone_number: Option<String>,
}

impl CustomerFields {
    /// Checks the fields of the customer at `place`.
    pub fn checked(name: &str, phone_number: Option<&str>, place: &Place, faults: &mut Faults) -> Self {
        let name = faults.unless(input::name(name, &place.key("name")));
        let phone_number = phone_number.map(|number| input::phone_number(number, &place.key("phoneNumber")));
        CustomerFields { name, phone_number: faults.unless(phone_number.transpose()) }
    }
}

/// A [`CustomerNodeInput`], checked.
#[derive(Clone, Debug, PartialEq)]
pub enum CustomerEnd {
    Existing(i64),
    New(CustomerFields),
}

impl CustomerNodeInput {
    /// Checks the customer that an edge's `node` at `place` names.
    pub fn checked(&self, place: &Place, faults: &mut Faults) -> CustomerEnd {
        match self {
            CustomerNodeInput::Id(id) => {
                CustomerEnd::Existing(faults.unless(id::customer(id, &place.key("id"))))
            }
            CustomerNodeInput::Create(data) => {
                let phone_number = data.phone_number.as_deref();
                CustomerEnd::New(CustomerFields::checked(
                    &data.name,
                    phone_number,
                    &place.key("create"),
                    faults,
                ))
            }
        }
    }
}

/// The keys of the customers at the ends of the edges listed at `place`. New ones are added.
pub async fn resolve(db: &Db, ends: &[CustomerEnd], place: &Place) -> Result<Vec<i64>, Error> {
    let (mut keys, mut new) = (Vec::new(), Vec::new());
    for end in ends {
        match end {
            CustomerEnd::Existing(key) => keys.push(*key),
            CustomerEnd::New(fields) => new.push(fields.clone()),
        }
    }
    let existing = store::existing(db, &keys).await?;
    let mut added = store::insert(db, &new).await?.into_iter();

    let mut faults = Faults::default();
    let mut resolved = Vec::with_capacity(ends.len());
    for (index, end) in ends.iter().enumerate() {
        resolved.extend(match end {
            CustomerEnd::New(_) => added.next(),
            CustomerEnd::Existing(key) => {
                if !existing.contains(key) {
                    let place = place.index(index).key("node").key("id");
                    faults.add(Fault { place, reason: Reason::NotFound(GlobalId::Customer(*key)) });
                }
                Some(*key)
            }
        });
    }
    faults.none()?;
    Ok(resolved)
}
