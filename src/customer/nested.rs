//! Customers in the input of other nouns: existing ones and new ones.

use async_graphql::{ID, InputObject, OneofObject};

use super::{Customer, store};
use crate::{
    database::Db,
    error::{Error, Faults, Place},
    id, input, load,
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
    /// The name: 1 to 255 characters, none of them a control character; white space and
    /// invisible characters around it are dropped.
    pub name: String,
    /// The phone number: 1 to 64 characters, none of them a control character; white space and
    /// invisible characters around it are dropped. Left out or null, the customer has none.
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

/// The keys of the customers that an input names at these places. New ones are added.
pub async fn resolve(db: &Db, ends: &[(CustomerEnd, Place)]) -> Result<Vec<i64>, Error> {
    let (mut keys, mut new) = (Vec::new(), Vec::new());
    for (end, place) in ends {
        match end {
            CustomerEnd::Existing(key) => keys.push((*key, place.key("id"))),
            CustomerEnd::New(fields) => new.push(fields.clone()),
        }
    }
    load::require::<Customer>(db, &keys).await?;
    let mut added = store::insert(db, &new).await?.into_iter();
    let mut key = |end: &CustomerEnd| match end {
        CustomerEnd::Existing(key) => Ok(*key),
        CustomerEnd::New(_) => added.next().ok_or(NOT_ADDED),
    };
    ends.iter().map(|(end, _)| key(end)).collect()
}

const NOT_ADDED: Error = Error::Internal("fewer customers were added than asked for");
