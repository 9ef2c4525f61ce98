//! Sending a typed document, and taking its typed answer.

use anyhow::{Context, Result, bail};
use graphql_client::{Error, GraphQLQuery, Response};
use ureq::Agent;

pub struct Client {
    agent: Agent,
    url: String,
}

impl Client {
    pub fn new(server: &str) -> Self {
        // An answer with another status than 200 says in its body what is wrong.
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        Self { agent, url: format!("{server}/graphql") }
    }

    pub fn send<Document: GraphQLQuery>(
        &self,
        variables: Document::Variables,
    ) -> Result<Document::ResponseData> {
        let request = Document::build_query(variables);
        let mut answer = self.agent.post(&self.url).send_json(&request).context("cannot reach the server")?;
        let Response { data, errors, .. } =
            answer.body_mut().read_json().context("the answer is not that of a GraphQL server")?;
        match errors {
            Some(errors) if !errors.is_empty() => bail!("{}", describe(&errors)),
            _ => data.context("the answer has no data"),
        }
    }
}

/// Every error with its code, as in `NOT_FOUND: there is no …`.
fn describe(errors: &[Error]) -> String {
    let describe = |error: &Error| {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code")?.as_str());
        format!("{}: {}", code.unwrap_or("no code"), error.message)
    };
    errors.iter().map(describe).collect::<Vec<_>>().join("\n")
}
