//! Random requests about a few customers and profiles, most of which succeed.

use proptest::{
    collection::vec,
    option::{of, weighted},
    prelude::*,
    sample::select,
};
use serde_json::{Map, Value, json};

use super::{
    request::{Field, Mutation, Request, Style, Verb},
    world::Side,
};

/// Up to twelve requests, most often on what a first one makes.
pub fn sequence() -> impl Strategy<Value = Vec<Request>> {
    (prop::bool::weighted(0.9), vec(request(), 1..=12)).prop_map(|(is_seeded, mut requests)| {
        if is_seeded {
            requests.insert(0, seed());
        }
        requests
    })
}

/// Three customers and four profiles, two of one name, and half of the pairs.
fn seed() -> Request {
    let profile = |name: &str| json!({ "name": name });
    let profiles = ["Developer", "Writer", "Developer", "1"].map(profile);
    let attached =
        |(key, status): (i64, &str)| json!({ "status": status, "node": { "id": Side::Profile.id(key) } });
    let (few, many) =
        ([(1, "active"), (2, "done")], [(1, "planned"), (2, "active"), (3, "done"), (4, "done")]);
    let customers = json!({ "customers": [
        { "name": "Ada", "profiles": few.map(attached) },
        { "name": "Grace", "phoneNumber": "123", "profiles": many.map(attached) },
        { "name": "Ada" },
    ] });
    let create = |side, input| Field { mutation: Mutation::Of(Verb::CreateMany, side), input };
    let profiles = create(Side::Profile, json!({ "profiles": profiles }));
    Request { fields: vec![profiles, create(Side::Customer, customers)], style: Style::Literals }
}

fn request() -> impl Strategy<Value = Request> {
    let style = select(vec![Style::Variables, Style::Variables, Style::Literals, Style::Omitted]);
    let fields = prop_oneof![3 => vec(field(), 1), 2 => vec(field(), 2), 1 => vec(field(), 3)];
    (fields, style).prop_map(|(fields, style)| Request { fields, style })
}

fn field() -> impl Strategy<Value = Field> {
    let side = || select(vec![Side::Customer, Side::Profile]);
    let of = |verb: Verb, input: fn(Side) -> BoxedStrategy<Value>| {
        side().prop_flat_map(move |side| {
            input(side).prop_map(move |input| Field { mutation: Mutation::Of(verb, side), input })
        })
    };
    let pair = |mutation, input: BoxedStrategy<Value>| input.prop_map(move |input| Field { mutation, input });
    prop_oneof![
        1 => of(Verb::Create, new),
        1 => of(Verb::CreateMany, |side| object([(side.list(), always(list(new(side), 3)))])),
        2 => of(Verb::Update, update),
        1 => of(Verb::Delete, |side| {
            object([("id".to_owned(), always(id(side))), ("expectedVersion".to_owned(), version())])
        }),
        3 => of(Verb::Attach, |near| object([near_id(near), edges(near), on_existing()])),
        2 => of(Verb::Set, |near| object([near_id(near), edges(near)])),
        2 => of(Verb::Detach, |near| {
            let list_name = format!("{}Ids", near.other().field());
            object([near_id(near), (list_name, always(list(id(near.other()), 4)))])
        }),
        2 => pair(Mutation::AttachProfile, object([
            near_id(Side::Customer), near_id(Side::Profile), optional_status(), on_existing(),
        ])),
        2 => pair(Mutation::UpdateCustomerProfile, object([
            near_id(Side::Customer),
            near_id(Side::Profile),
            ("status".to_owned(), always(status())),
            ("expectedVersion".to_owned(), version()),
        ])),
    ]
}

/// A field of an input object, and the values it may have; none where it is left out.
type Entry = (String, BoxedStrategy<Option<Value>>);

fn object<const N: usize>(fields: [Entry; N]) -> BoxedStrategy<Value> {
    let (names, values): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
    let object = move |values: Vec<Option<Value>>| {
        let fields = names.iter().cloned().zip(values);
        Value::Object(fields.filter_map(|(name, value)| Some((name, value?))).collect::<Map<_, _>>())
    };
    values.prop_map(object).boxed()
}

fn always(value: BoxedStrategy<Value>) -> BoxedStrategy<Option<Value>> {
    value.prop_map(Some).boxed()
}

fn list(item: BoxedStrategy<Value>, most: usize) -> BoxedStrategy<Value> {
    vec(item, 0..=most).prop_map(Value::Array).boxed()
}

fn new(side: Side) -> BoxedStrategy<Value> {
    let (name, edges) = (("name".to_owned(), always(name())), edges(side));
    let edges = (edges.0, weighted(0.7, edges.1).prop_map(Option::flatten).boxed());
    match side {
        Side::Customer => object([name, ("phoneNumber".to_owned(), phone_number()), edges]),
        Side::Profile => object([name, edges]),
    }
}

fn update(side: Side) -> BoxedStrategy<Value> {
    let id = ("id".to_owned(), always(id(side)));
    let name = prop_oneof![8 => of(name()), 1 => Just(Some(Value::Null))].boxed();
    let (name, version) = (("name".to_owned(), name), ("expectedVersion".to_owned(), version()));
    match side {
        Side::Customer => object([id, name, ("phoneNumber".to_owned(), phone_number()), version]),
        Side::Profile => object([id, name, version]),
    }
}

fn near_id(near: Side) -> Entry {
    (format!("{}Id", near.field()), always(id(near)))
}

/// The edges of a near end: most often none of them twice.
fn edges(near: Side) -> Entry {
    let far = near.other();
    let created = match far {
        Side::Customer => {
            object([("name".to_owned(), always(name())), ("phoneNumber".to_owned(), phone_number())])
        }
        Side::Profile => object([("name".to_owned(), always(name()))]),
    };
    let existing = id(far).prop_map(|id| json!({ "id": id }));
    let create = created.clone().prop_map(|data| json!({ "create": data }));
    let node = match far {
        Side::Customer => prop_oneof![4 => existing, 1 => create].boxed(),
        Side::Profile => {
            let named = created.prop_map(|data| json!({ "findOrCreate": data }));
            prop_oneof![4 => existing, 1 => create, 2 => named].boxed()
        }
    };
    let edge = object([optional_status(), ("node".to_owned(), always(node))]);
    let edges = (vec(edge, 0..=4), prop::bool::weighted(0.8)).prop_map(|(mut edges, is_distinct)| {
        let mut seen = Vec::new();
        edges.retain(|edge| {
            let is_new = !seen.contains(&edge["node"]);
            seen.push(edge["node"].clone());
            is_new || !is_distinct
        });
        Some(Value::Array(edges))
    });
    (far.list(), edges.boxed())
}

fn optional_status() -> Entry {
    ("status".to_owned(), weighted(0.8, status()).boxed())
}

fn on_existing() -> Entry {
    let values = of(select(vec![json!("UPDATE"), json!("KEEP"), json!("ERROR")]));
    ("onExisting".to_owned(), values.boxed())
}

fn version() -> BoxedStrategy<Option<Value>> {
    let right = prop_oneof![4 => Just(1), 2 => Just(2), 1 => Just(3)];
    let wrong = select(vec![0, -1, 99, i32::MIN, i32::MAX]);
    prop_oneof![
        6 => Just(None),
        2 => Just(Some(Value::Null)),
        6 => right.prop_map(|version| Some(json!(version))),
        1 => wrong.prop_map(|version| Some(json!(version))),
    ]
    .boxed()
}

fn id(side: Side) -> BoxedStrategy<Value> {
    let no_ids = [
        "",
        "1",
        "Customer",
        "Profile:",
        "Customer:0",
        "Profile:01",
        "Customer:+1",
        "Profile:-1",
        "Customer:1 ",
        " Profile:1",
        "customer:1",
        "Profile:9223372036854775808",
        "Customer:1:1",
        "Customer:1\0",
        "Order:1",
        "CustomerProfileEdge:1:1",
        "Profile:١",
    ];
    prop_oneof![
        100 => (1..=3i64).prop_map(move |key| side.id(key)),
        10 => (4..=6i64).prop_map(move |key| side.id(key)),
        1 => select(vec![99, i64::MAX]).prop_map(move |key| side.id(key)),
        1 => (1..=3i64).prop_map(move |key| side.other().id(key)),
        2 => select(no_ids.to_vec()).prop_map(str::to_owned),
    ]
    .prop_map(Value::String)
    .boxed()
}

fn name() -> BoxedStrategy<Value> {
    text(&["Ada", "Grace", "Developer", "Writer", "1"], 255)
}

fn status() -> BoxedStrategy<Value> {
    text(&["active", "planned", "done"], 255)
}

fn phone_number() -> BoxedStrategy<Option<Value>> {
    let number = text(&["123", "+49 30 1"], 64);
    prop_oneof![2 => Just(None), 1 => Just(Some(Value::Null)), 2 => number.prop_map(Some)].boxed()
}

/// One of these, most often; else the same with white space around it, another that may be kept, or one that
/// breaks a rule.
fn text(usual: &[&str], most: usize) -> BoxedStrategy<Value> {
    let usual: Vec<String> = usual.iter().map(|text| (*text).to_owned()).collect();
    let spaced = select(usual.clone()).prop_map(|text| format!("\t\u{3000}\u{feff}{text}\u{a0}\u{200b}\n"));
    let odd = [
        "aCTIVE",
        "developer",
        "%_\\",
        "a\"b'c",
        "null",
        "1.0",
        "{\"a\":[1]}",
        "👩\u{200d}🚀",
        "\u{2764}\u{fe0f}",
        "a\u{200b}b",
    ];
    let odd = odd.map(str::to_owned).into_iter().chain([format!(" {} ", "é".repeat(most))]);
    let bad = [
        "",
        " \t\u{2003}\u{85}",
        "\u{feff}",
        "\u{200b}\u{2060}\u{ad}",
        "a\u{2028}b",
        "a\0b",
        "\0",
        "a\nb",
        "\u{1b}[2J",
        "a\u{7f}",
        "a\u{9f}b",
    ];
    let bad = bad.map(str::to_owned).into_iter().chain([format!(" {}", "é".repeat(most + 1))]);
    prop_oneof![
        60 => select(usual),
        4 => spaced,
        4 => select(odd.collect::<Vec<_>>()),
        1 => select(bad.collect::<Vec<_>>()),
    ]
    .prop_map(Value::String)
    .boxed()
}
