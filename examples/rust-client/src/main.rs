//! The three steps of Sequelize's guide, sent to the server whose address is the argument.

mod client;
mod documents;

use std::env;

use anyhow::Result;
use client::Client;
use documents::{
    AttachProfile, CreateCustomer, CreateProfile, FindCustomers, attach_profile, create_customer,
    create_profile, find_customers,
};

const NAME: &str = "Pavitar Singh";

fn main() -> Result<()> {
    let server = env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8000".to_owned());
    let client = Client::new(&server);
    let customer = create(&client)?;
    find(&client)?;
    let profile = create_singer(&client)?;
    attach(&client, &customer, &profile, "active")?;
    attach(&client, &customer, &profile, "paused")
}

/// Step 1: a customer, a profile, and the association between them, with one request.
fn create(client: &Client) -> Result<String> {
    use create_customer::{
        CreateCustomerInput, CustomerProfileInput, ProfileData, ProfileNodeInput, Variables,
    };

    let developer = CustomerProfileInput {
        status: Some("active".to_owned()),
        node: ProfileNodeInput::Create(ProfileData { name: "Developer".to_owned() }),
    };
    let input = CreateCustomerInput {
        name: NAME.to_owned(),
        phone_number: Some("1234566700".to_owned()),
        profiles: vec![developer],
    };
    let customer = client.send::<CreateCustomer>(Variables { input })?.create_customer.customer;
    for edge in customer.profiles.edges {
        println!("created {}: {}, {} as {}", customer.id, customer.name, edge.status, edge.node.name);
    }
    Ok(customer.id)
}

/// Step 2: the customer by its name, with the profiles and the status of each.
fn find(client: &Client) -> Result<()> {
    let variables = find_customers::Variables { name: NAME.to_owned() };
    for customer in client.send::<FindCustomers>(variables)?.customers.nodes {
        let phone_number = customer.phone_number.as_deref().unwrap_or("no phone number");
        for edge in customer.profiles.edges {
            println!("found {}: {phone_number}, {} as {}", customer.id, edge.status, edge.node.name);
        }
    }
    Ok(())
}

/// Another profile, which nobody has yet.
fn create_singer(client: &Client) -> Result<String> {
    use create_profile::{CreateProfileInput, Variables};

    let input = CreateProfileInput { name: "Singer".to_owned(), customers: Vec::new() };
    Ok(client.send::<CreateProfile>(Variables { input })?.create_profile.profile.id)
}

/// Step 3: an association between two that exist; where there is one, it gets the status.
fn attach(client: &Client, customer: &str, profile: &str, status: &str) -> Result<()> {
    use attach_profile::{AttachProfileInput, OnExisting, Variables};

    let input = AttachProfileInput {
        customer_id: customer.to_owned(),
        profile_id: profile.to_owned(),
        status: Some(status.to_owned()),
        on_existing: OnExisting::Update,
    };
    let attached = client.send::<AttachProfile>(Variables { input })?.attach_profile;
    let edge = attached.customer_profile_edge;
    println!("{:?} {customer} and {profile}: {}, version {}", attached.outcome, edge.status, edge.version);
    Ok(())
}
