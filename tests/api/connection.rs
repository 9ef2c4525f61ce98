//! The four connections of the schema, as tests ask for their pages.

use serde_json::{Value, json};

use crate::app::TestApp;

/// A connection: the field it hangs on, if any, and its own.
pub struct Connection {
    above: Option<&'static str>,
    pub field: &'static str,
}

pub const CUSTOMERS: Connection = Connection { above: None, field: "customers" };
pub const PROFILES: Connection = Connection { above: None, field: "profiles" };
pub const OF_CUSTOMER: Connection =
    Connection { above: Some(r#"customer(id: "Customer:1")"#), field: "profiles" };
pub const OF_PROFILE: Connection =
    Connection { above: Some(r#"profile(id: "Profile:1")"#), field: "customers" };
pub const ALL: [Connection; 4] = [CUSTOMERS, PROFILES, OF_CUSTOMER, OF_PROFILE];

impl Connection {
    fn query(&self) -> String {
        let field = self.field;
        let page = format!(
            "page: {field}(first: $first, after: $after, last: $last, before: $before) {{
               totalCount
               pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
               edges {{ cursor node {{ id }} }}
               nodes {{ id }}
             }}"
        );
        let selected = match self.above {
            Some(above) => format!("above: {above} {{ {page} }}"),
            None => page,
        };
        format!("query ($first: Int, $after: String, $last: Int, $before: String) {{ {selected} }}")
    }

    pub async fn page(&self, app: &TestApp, arguments: Value) -> Value {
        let mut data = app.data(&self.query(), arguments).await;
        match self.above {
            Some(_) => data["above"]["page"].take(),
            None => data["page"].take(),
        }
    }

    pub async fn errors(&self, app: &TestApp, arguments: Value) -> Value {
        app.errors(&self.query(), arguments).await
    }

    /// The IDs of all pages of this size in the order of the list, and the number of pages.
    pub async fn walk(&self, app: &TestApp, forward: bool, size: usize) -> (Vec<String>, usize) {
        let (count, from, more, cursor) = match forward {
            true => ("first", "after", "hasNextPage", "endCursor"),
            false => ("last", "before", "hasPreviousPage", "startCursor"),
        };
        let (mut walked, mut pages, mut at) = (Vec::new(), 0, Value::Null);
        loop {
            let page = self.page(app, json!({ count: size, from: at })).await;
            pages += 1;
            walked.splice(if forward { walked.len()..walked.len() } else { 0..0 }, ids(&page));
            if page["pageInfo"][more] == false {
                return (walked, pages);
            }
            at = page["pageInfo"][cursor].clone();
        }
    }
}

/// The IDs of a page, which its edges and its nodes agree about.
pub fn ids(page: &Value) -> Vec<String> {
    let id = |node: &Value| node["id"].as_str().unwrap().to_owned();
    let nodes: Vec<_> = page["nodes"].as_array().unwrap().iter().map(id).collect();
    let edges = page["edges"].as_array().unwrap();
    assert_eq!(edges.iter().map(|edge| id(&edge["node"])).collect::<Vec<_>>(), nodes);
    assert_eq!(page["pageInfo"]["startCursor"], edges.first().map_or(Value::Null, |e| e["cursor"].clone()));
    assert_eq!(page["pageInfo"]["endCursor"], edges.last().map_or(Value::Null, |e| e["cursor"].clone()));
    nodes
}

/// Whether there are edges before a page and after it, as it says itself.
pub fn beyond(page: &Value) -> (bool, bool) {
    let said = |name: &str| page["pageInfo"][name].as_bool().unwrap();
    (said("hasPreviousPage"), said("hasNextPage"))
}
