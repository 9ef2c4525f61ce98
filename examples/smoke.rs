use customer_graph::{database::Database, execute::{Answer, Graph}};
#[tokio::main]
async fn main() {
    let a = std::env::args().nth(1);
    if a.as_deref()==Some("sdl") { print!("{}", customer_graph::schema::sdl()); return; }
    let _ = std::fs::remove_file("/tmp/smoke.db");
    let db = Database::open("sqlite:/tmp/smoke.db").await.unwrap();
    println!("{:?}", db.migrations().await);
    db.migrate_up().await.unwrap();
    println!("{:?}", db.migrations().await);
    db.migrate_up().await.unwrap();
    let g = Graph::new(db.clone()).unwrap();
    for q in [
      r#"mutation { createCustomer(input: {name: "Pavitar Singh", phoneNumber: "1234566700", profiles: [{status: "active", node: {create: {name: "Developer"}}}]}) { customer { id name phoneNumber profiles { edges { status node { id name } } } } customerEdge { cursor } } }"#,
      r#"{ customers(where: {name: {eq: "Pavitar Singh"}}) { totalCount nodes { id name phoneNumber createdAt profiles { totalCount pageInfo {hasNextPage startCursor} edges { id status version createdAt node { id name customers { edges { status node { name } } } } } } } } }"#,
      r#"mutation { createProfile(input: {name: "Singer", customers: [{node: {create: {name: "X"}}}]}) { profile { id customers { nodes { name } } } } attachProfile(input: {customerId: "Customer:1", profileId: "Profile:2", status: "paused"}) { outcome customer { name profiles { nodes { name }}} profileCustomerEdge { id node { name } } customerProfileEdge { id status version node { name }} } }"#,
      r#"mutation { attachProfile(input: {customerId: "Customer:1", profileId: "Profile:2", status: "x"}) { outcome } b: attachProfile(input: {customerId: "Customer:1", profileId: "Profile:2", status: "x"}) { outcome customerProfileEdge { version } } c: attachProfile(input: {customerId: "Customer:9", profileId: "Profile:2", status: "x"}) { outcome } }"#,
      r#"{ node(id: "Customer:1") { __typename id ... on Customer { name a: profiles(first: 1) { nodes { name } pageInfo { hasNextPage } } b: profiles(last: 1) { nodes { name } pageInfo { hasPreviousPage} } profile(id: "Profile:2") { status } n: profile(id: "Profile:77") { status } } } nodes(ids: ["Profile:1", "Customer:77", "Customer:2"]) { id } customer(id: "Profile:1") { id } }"#,
      r#"mutation { createCustomer(input: {name: " ", profiles: [{node: {id: "Profile:99"}}, {node: {id: "Profile:99"}}, {node: {id: "x"}}]}) { customer { id } } }"#,
      r#"mutation { createCustomer(input: {name: "Y", profiles: [{node: {id: "Profile:99"}}, {node: {findOrCreate: {name: "Singer"}}}, {node: {findOrCreate: {name: "New"}}}]}) { customer { id } } }"#,
      r#"mutation { createCustomer(input: {name: "Y", profiles: [{node: {findOrCreate: {name: "Singer"}}}, {node: {findOrCreate: {name: "New"}}}]}) { customer { id profiles { nodes { id name } } } } }"#,
      r#"{ customers(first: -1) { nodes { id } } }"#,
      r#"{ customers { nodes { profiles(first: 101) { nodes { id } } } } }"#,
    ] {
        let before = db.statement_count();
        match g.execute(async_graphql::Request::new(q), "r1").await {
            Answer::Refused(e) => println!("REFUSED {}", serde_json::to_string(&e).unwrap()),
            Answer::Executed(r) => println!("{} {}", db.statement_count()-before, serde_json::to_string(&r).unwrap()),
        }
    }
}
