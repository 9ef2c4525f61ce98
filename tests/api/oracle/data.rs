//! The rows of a database: customers, profiles, and the links between them.

use std::fmt;

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{
    moment::{Times, times},
    text::{USUAL, texts},
};

/// Which of the two nouns something is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Customer,
    Profile,
}

impl Side {
    pub fn other(self) -> Side {
        match self {
            Side::Customer => Side::Profile,
            Side::Profile => Side::Customer,
        }
    }

    /// The name of its type.
    pub fn name(self) -> &'static str {
        match self {
            Side::Customer => "Customer",
            Side::Profile => "Profile",
        }
    }

    /// The field of the root, and of the other side's objects, that leads to it.
    pub fn plural(self) -> &'static str {
        match self {
            Side::Customer => "customers",
            Side::Profile => "profiles",
        }
    }

    /// The ID of the object of that key.
    pub fn id(self, key: i64) -> String {
        format!("{}:{key}", self.name())
    }
}

/// A customer or a profile. Profiles have no phone numbers.
#[derive(Clone, Debug)]
pub struct Node {
    pub key: i64,
    pub fields: Fields,
}

#[derive(Clone, Debug)]
pub struct Fields {
    pub name: String,
    pub phone_number: Option<String>,
    pub times: Times,
}

/// A customer's association with a profile.
#[derive(Clone, Debug)]
pub struct Link {
    pub customer: i64,
    pub profile: i64,
    pub fields: LinkFields,
}

#[derive(Clone, Debug)]
pub struct LinkFields {
    pub status: String,
    pub times: Times,
}

impl Link {
    /// The key of its end on that side.
    pub fn end(&self, side: Side) -> i64 {
        match side {
            Side::Customer => self.customer,
            Side::Profile => self.profile,
        }
    }
}

/// Everything in the database. No key and no pair of keys occurs twice.
#[derive(Clone, Default)]
pub struct Data {
    pub customers: Vec<Node>,
    pub profiles: Vec<Node>,
    pub links: Vec<Link>,
}

impl Data {
    pub fn nodes(&self, side: Side) -> &Vec<Node> {
        match side {
            Side::Customer => &self.customers,
            Side::Profile => &self.profiles,
        }
    }

    pub fn nodes_mut(&mut self, side: Side) -> &mut Vec<Node> {
        match side {
            Side::Customer => &mut self.customers,
            Side::Profile => &mut self.profiles,
        }
    }

    /// The node at a link's end on that side.
    pub fn end(&self, link: &Link, side: Side) -> &Node {
        self.nodes(side).iter().find(|node| node.key == link.end(side)).unwrap()
    }

    /// The links of the node of that key.
    pub fn links_of(&self, side: Side, key: i64) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(move |link| link.end(side) == key)
    }

    /// Links the two if they are not linked yet.
    pub fn link(&mut self, customer: i64, profile: i64, fields: LinkFields) -> Option<&Link> {
        if self.links.iter().any(|link| (link.customer, link.profile) == (customer, profile)) {
            return None;
        }
        self.links.push(Link { customer, profile, fields });
        self.links.last()
    }
}

/// A line for each row, so that what a failing test prints can be read.
impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = |times: Times| format!("{} {}", times.created_at.stored(), times.updated_at.stored());
        for side in [Side::Customer, Side::Profile] {
            for Node { key, fields } in self.nodes(side) {
                let phone_number = &fields.phone_number;
                writeln!(f, "{} {:?} {phone_number:?} {}", side.id(*key), fields.name, times(fields.times))?;
            }
        }
        for Link { customer, profile, fields } in &self.links {
            writeln!(f, "{customer}-{profile} {:?} {}", fields.status, times(fields.times))?;
        }
        Ok(())
    }
}

/// Chooses one of several things whose number is not yet known.
pub type Pick = usize;

pub fn picks() -> impl Strategy<Value = Pick> {
    0..64_usize
}

/// The item chosen; none where there is none to choose from.
pub fn picked<T>(items: &[T], pick: Pick) -> Option<&T> {
    items.get(pick.checked_rem(items.len())?)
}

pub fn data() -> impl Strategy<Value = Data> {
    let links = vec((picks(), picks(), link_fields()), 0..=70);
    (vec(fields(), 0..=16), vec(fields(), 0..=12), links).prop_map(|(customers, profiles, links)| {
        let mut data = Data { customers: numbered(customers), profiles: numbered(profiles), links: vec![] };
        for (customer, profile, fields) in links {
            let ends = picked(&data.customers, customer).zip(picked(&data.profiles, profile));
            if let Some((customer, profile)) = ends.map(|(customer, profile)| (customer.key, profile.key)) {
                data.link(customer, profile, fields);
            }
        }
        data
    })
}

/// Nodes of few names, every third alone and all others linked: those that are found by some of the names
/// have fewer links than are looked at one by one, those that are found by most of them have more.
pub fn crowds() -> impl Strategy<Value = Data> {
    let named = || {
        let fields = (fields(), select(&USUAL[..]));
        vec(fields.prop_map(|(fields, name)| Fields { name: name.to_owned(), ..fields }), 84)
    };
    (named(), named(), vec(link_fields(), 56 * 56)).prop_map(|(customers, profiles, fields)| {
        let (customers, profiles) = (numbered(customers), numbered(profiles));
        let linked = |nodes: &[Node]| -> Vec<i64> {
            nodes.chunks(3).flat_map(|nodes| nodes[1..].iter().map(|node| node.key)).collect()
        };
        let far = linked(&profiles);
        let pairs =
            linked(&customers).into_iter().flat_map(|customer| far.iter().map(move |far| (customer, *far)));
        let links = pairs.zip(fields).map(|((customer, profile), fields)| Link { customer, profile, fields });
        let links = links.collect();
        Data { customers, profiles, links }
    })
}

/// Keys of one, two and three digits, which sort differently as texts.
fn numbered(nodes: Vec<Fields>) -> Vec<Node> {
    (1..).zip(nodes).map(|(number, fields)| Node { key: number * number, fields }).collect()
}

pub fn fields() -> impl Strategy<Value = Fields> {
    (texts(), option::weighted(0.6, texts()), times()).prop_map(|(name, phone_number, times)| Fields {
        name,
        phone_number,
        times,
    })
}

pub fn link_fields() -> impl Strategy<Value = LinkFields> {
    (texts(), times()).prop_map(|(status, times)| LinkFields { status, times })
}
