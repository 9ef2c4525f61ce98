//! Many clients at once, with one server and with two on one file: what holds whoever comes first.

use std::collections::BTreeMap;

use sea_orm::DbBackend;
use serde_json::{Value, json};

use crate::{
    app::faults,
    backend::backend,
    servers::{CLIENTS, Servers},
};

/// The status and the version of every edge, by the IDs at its ends. Both sides have to show the same,
/// and the rows have to be sound.
async fn edges(servers: &Servers) -> BTreeMap<String, (String, i64)> {
    assert_eq!(servers.rows(broken()).await, Vec::<String>::new());
    let query = "{
            customers(first: 100) { nodes { id far: profiles(first: 100) { edges { ...C } } } }
            profiles(first: 100) { nodes { id far: customers(first: 100) { edges { ...P } } } }
        }
        fragment C on CustomerProfileEdge { status version node { id } }
        fragment P on ProfileCustomerEdge { status version node { id } }";
    let data = servers.send(0, query).await["data"].take();
    let [one, other] = ["customers", "profiles"].map(|side| {
        let nodes = data[side]["nodes"].as_array().unwrap().iter();
        let edges = nodes.flat_map(|node| {
            let edges = node["far"]["edges"].as_array().unwrap().iter();
            edges.map(|edge| (pair(&node["id"], &edge["node"]["id"]), status_and_version(edge)))
        });
        edges.collect::<BTreeMap<_, _>>()
    });
    assert_eq!(one, other);
    one
}

/// What is wrong with the rows themselves.
fn broken() -> &'static str {
    match backend() {
        DbBackend::Sqlite => {
            "SELECT \"table\" FROM pragma_foreign_key_check
             UNION ALL SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check != 'ok'"
        }
        _ => {
            "SELECT CONCAT(customer_id, '-', profile_id) FROM customer_profile
             WHERE customer_id NOT IN (SELECT id FROM customer) OR profile_id NOT IN (SELECT id FROM profile)"
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn status_and_version(edge: &Value) -> (String, i64) {
    (text(&edge["status"]), edge["version"].as_i64().unwrap())
}

/// Both IDs of a pair, whichever end is the near one.
fn pair(near: &Value, far: &Value) -> String {
    let mut ends = [text(near), text(far)];
    ends.sort();
    ends.join(" ")
}

/// A request that attaches, sets or detaches the far ends of these keys, and shows what became of them.
fn write(verb: &str, near: &str, key: usize, far_keys: &[usize], status: &str) -> String {
    let far = if near == "Customer" { "Profile" } else { "Customer" };
    let (near_field, far_field) = (near.to_lowercase(), far.to_lowercase());
    let id = |key: &usize| format!("\"{far}:{key}\"");
    let edge = |key: &usize| format!("{{ status: \"{status}\", node: {{ id: {} }} }}", id(key));
    let attached = "attached { outcome edge { status version node { id } } }";
    let gone = format!("gone: detached{far}Ids");
    let (list, items, payload) = match verb {
        "attach" => ("s", far_keys.iter().map(edge).collect::<Vec<_>>(), attached.to_owned()),
        "set" => ("s", far_keys.iter().map(edge).collect(), format!("{attached} {gone}")),
        _ => ("Ids", far_keys.iter().map(id).collect(), gone),
    };
    format!(
        "mutation {{ written: {verb}{far}s(input: {{
            {near_field}Id: \"{near}:{key}\", {far_field}{list}: [{}]
        }}) {{ near: {near_field} {{ id }} {payload} }} }}",
        items.join(", ")
    )
}

/// What was acknowledged of one pair.
#[derive(Default)]
struct Told {
    detached: usize,
    /// The statuses that were written, by the versions that they made.
    written: BTreeMap<i64, Vec<String>>,
}

/// What these answers acknowledge, by pairs.
fn told(answers: &[Value]) -> BTreeMap<String, Told> {
    let mut told = BTreeMap::<_, Told>::new();
    for written in answers.iter().map(|answer| &answer["data"]["written"]) {
        for attached in written["attached"].as_array().into_iter().flatten() {
            let edge = &attached["edge"];
            let (status, version) = status_and_version(edge);
            assert_eq!(attached["outcome"], if version == 1 { "ATTACHED" } else { "UPDATED" });
            let pair = told.entry(pair(&written["near"]["id"], &edge["node"]["id"])).or_default();
            pair.written.entry(version).or_default().push(status);
        }
        for far in written["gone"].as_array().into_iter().flatten() {
            told.entry(pair(&written["near"]["id"], far)).or_default().detached += 1;
        }
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn pairs_that_many_attach_set_and_detach_are_there_as_often_as_it_was_told() {
    for count in [1, 2] {
        let servers = Servers::start(count).await;
        let answers = servers
            .race(|client| {
                let request = |number: usize| {
                    let verb = ["attach", "set", "attach", "detach", "set"][(client + number) % 5];
                    let near = ["Customer", "Profile"][(client / 2 + number) % 2];
                    let far = [(client + 2 * number) % 3 + 1, (client + number + 1) % 3 + 1];
                    let far = if far[0] == far[1] { &far[..1] } else { &far };
                    write(verb, near, number % 3 + 1, far, &format!("{client}-{number}"))
                };
                (0..15).map(request).collect()
            })
            .await;
        let (told, edges) = (told(&answers), edges(&servers).await);
        for (pair, Told { detached, written }) in told {
            let times: Vec<_> = written.values().map(Vec::len).collect();
            let is_there = usize::from(edges.contains_key(&pair));
            assert_eq!(times[0], detached + is_there, "{pair} was attached and detached");
            assert!(
                times.is_sorted_by(|before, after| before >= after),
                "{pair} skipped a version: {times:?}"
            );
            assert!(written.keys().copied().eq(1..=written.len() as i64), "{pair} skipped a version");
            if let Some((status, version)) = edges.get(&pair) {
                assert!(written[version].contains(status), "{pair} is not as anybody was told");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_write_the_same_edges_in_opposite_order_all_do_and_never_by_halves() {
    const ROUNDS: usize = 8;
    for count in [1, 2] {
        let servers = Servers::start(count).await;
        let read = "{ customer(id: \"Customer:1\") { profiles { edges { status } } } }";
        let answers = servers
            .race(|client| {
                let order = if client % 2 == 0 { [1, 2, 3] } else { [3, 2, 1] };
                let request = |number: usize| match client {
                    0 | 1 => read.to_owned(),
                    _ => write("attach", "Customer", 1, &order, &format!("{client}-{number}")),
                };
                (0..ROUNDS).map(request).collect()
            })
            .await;
        let (read, written): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|answer| answer["data"]["customer"].is_object());
        for answer in read {
            let edges = answer["data"]["customer"]["profiles"]["edges"].as_array().unwrap().clone();
            assert!(edges.is_empty() || edges == vec![edges[0].clone(); 3], "{edges:?}");
        }
        let (told, edges) = (told(&written), edges(&servers).await);
        assert_eq!(written.len(), (CLIENTS - 2) * ROUNDS);
        let last = edges.values().next().unwrap();
        assert_eq!((edges.len(), last.1 as usize), (3, written.len()));
        for (pair, Told { written, .. }) in told {
            assert_eq!(edges[&pair], *last, "all three are those of one request");
            assert_eq!(written[&last.1], std::slice::from_ref(&last.0));
            assert!(written.values().all(|statuses| statuses.len() == 1), "each change is a version");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_many_look_for_become_one_profile_each() {
    for count in [1, 2] {
        let servers = Servers::start(count).await;
        let edge = |name: &str| format!("{{ node: {{ findOrCreate: {{ name: \"{name}\" }} }} }}");
        let answers = servers
            .race(|client| {
                let names = ["x", "y", "z"].map(edge);
                let (one, other) = (&names[client % 3], &names[(client + 1) % 3]);
                vec![
                    format!("mutation {{ createCustomers(input: {{ customers: [
                        {{ name: \"new\", profiles: [{one}, {other}] }}, {{ name: \"new\", profiles: [{other}] }}
                    ] }}) {{ customers {{ id }} }} }}"),
                    format!("mutation {{ attachProfiles(input: {{
                        customerId: \"Customer:1\", onExisting: KEEP, profiles: [{other}, {one}]
                    }}) {{ attached {{ outcome }} }} }}"),
                ]
            })
            .await;
        assert!(answers.iter().all(|answer| answer.get("errors").is_none()), "{answers:?}");
        let attached =
            answers.iter().flat_map(|answer| answer["data"]["attachProfiles"]["attached"].as_array());
        let new = attached.flatten().filter(|attached| attached["outcome"] == "ATTACHED").count();
        assert_eq!(new, 3);
        assert_eq!(
            servers.rows("SELECT name FROM profile ORDER BY name").await,
            ["1", "2", "3", "x", "y", "z"]
        );
        assert_eq!(servers.rows("SELECT name FROM customer WHERE name = 'new'").await.len(), 2 * CLIENTS);
        assert_eq!(edges(&servers).await.len(), 3 * CLIENTS + 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_expect_the_same_version_one_wins() {
    for count in [1, 2] {
        let servers = Servers::start(count).await;
        servers.send(0, &write("attach", "Customer", 1, &[1], "new")).await;
        for version in 1..=4 {
            for (mutation, ids, field, text) in [
                ("updateCustomer", "id: \"Customer:1\"", "customer", "name"),
                ("updateProfile", "id: \"Profile:1\"", "profile", "name"),
                (
                    "updateCustomerProfile",
                    "customerId: \"Customer:1\", profileId: \"Profile:1\"",
                    "customerProfileEdge",
                    "status",
                ),
            ] {
                let request = |client| {
                    vec![format!(
                        "mutation {{ {mutation}(input: {{
                    {ids}, {text}: \"{version}-{client}\", expectedVersion: {version}
                }}) {{ row: {field} {{ version {text} }} }} }}"
                    )]
                };
                let answers = servers.race(request).await;
                let (won, lost): (Vec<_>, Vec<_>) =
                    answers.into_iter().partition(|answer| answer.get("errors").is_none());
                assert_eq!(won.len(), 1, "{won:?}");
                let row = &won[0]["data"][mutation]["row"];
                assert_eq!(row["version"], version + 1);
                for answer in lost {
                    let conflict = json!([["VERSION_CONFLICT", ["input", "expectedVersion"]]]);
                    assert_eq!(faults(&answer), conflict);
                    assert_eq!(answer["errors"][0]["extensions"]["currentVersion"], version + 1);
                }
                let kept = servers
                    .rows(
                        "SELECT name FROM customer WHERE id = 1 UNION ALL
                    SELECT name FROM profile WHERE id = 1 UNION ALL SELECT status FROM customer_profile",
                    )
                    .await;
                assert!(kept.contains(&row[text].as_str().unwrap().to_owned()), "{kept:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_that_is_deleted_while_others_attach_to_it_takes_along_what_they_attached() {
    for count in [1, 2] {
        let servers = Servers::start(count).await;
        for customer in 1..=3 {
            let answers = servers
                .race(|client| match client {
                    5 => vec![format!(
                        "mutation {{ deleteCustomer(input: {{ id: \"Customer:{customer}\" }}) {{
                        detachedProfileCount
                    }} }}"
                    )],
                    _ => vec![format!(
                        "mutation {{ attachProfiles(input: {{
                        customerId: \"Customer:{customer}\",
                        profiles: [{{ node: {{ create: {{ name: \"of {customer}\" }} }} }}]
                    }}) {{ attached {{ outcome }} }} }}"
                    )],
                })
                .await;
            let mut attached = 0;
            for answer in answers.iter().filter(|answer| answer["data"]["deleteCustomer"].is_null()) {
                match answer.get("errors") {
                    Some(_) => assert_eq!(faults(answer), json!([["NOT_FOUND", ["input", "customerId"]]])),
                    None => attached += 1,
                }
            }
            let deleted = answers
                .iter()
                .find_map(|answer| answer["data"]["deleteCustomer"]["detachedProfileCount"].as_u64());
            assert_eq!(deleted, Some(attached));
            let kept = format!("SELECT name FROM profile WHERE name = 'of {customer}'");
            assert_eq!(servers.rows(&kept).await.len() as u64, attached, "a refused request keeps nothing");
            assert_eq!(edges(&servers).await, BTreeMap::new());
        }
    }
}
