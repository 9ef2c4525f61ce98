//! What each mutation does to the world, and what it answers.

use serde_json::{Value, json};

use super::{
    edges::Outcomes,
    request::{Field, Mutation, Verb},
    rules::{Checked, Fault, NewEdge, Reader, at, none},
    world::{Side, World},
};

impl World {
    /// Does what the field says, or tells everything that is wrong with it and leaves the world in between.
    pub fn apply(&mut self, Field { mutation, input }: &Field) -> Checked<Value> {
        let place = json!(["input"]);
        match *mutation {
            Mutation::AttachProfile => self.attach_pair(input, &place),
            Mutation::UpdateCustomerProfile => self.update_pair(input, &place),
            Mutation::Of(Verb::Create, side) => {
                let key = self.create(side, &[(input, place)])?[0];
                let node = self.node(side, key);
                Ok(json!({ side.field(): node, format!("{}Edge", side.field()): { "node": node } }))
            }
            Mutation::Of(Verb::CreateMany, side) => {
                let place = at(&place, side.list());
                let inputs = input[side.list()].as_array().unwrap().iter().enumerate();
                let inputs: Vec<_> = inputs.map(|(index, input)| (input, at(&place, index))).collect();
                let keys = self.create(side, &inputs)?;
                let nodes: Vec<_> = keys.iter().map(|key| self.node(side, *key)).collect();
                Ok(json!({ side.list(): nodes }))
            }
            Mutation::Of(Verb::Update, side) => self.update(side, input, &place),
            Mutation::Of(Verb::Delete, side) => self.delete(side, input, &place),
            Mutation::Of(Verb::Attach, side) => self.attach(side, input, &place),
            Mutation::Of(Verb::Set, side) => self.set(side, input, &place),
            Mutation::Of(Verb::Detach, side) => self.detach(side, input, &place),
        }
    }

    fn create(&mut self, side: Side, inputs: &[(&Value, Value)]) -> Checked<Vec<i64>> {
        let mut reader = Reader::default();
        let mut checked = Vec::new();
        for (input, place) in inputs {
            let name = reader.name(input, place);
            let phone_number = reader.phone_number(input, place);
            let (far, list) = (side.other(), side.other().list());
            checked.push((name, phone_number, reader.edges(far, input.get(&list), &at(place, list.clone()))));
        }
        none(reader.faults)?;

        let (mut keys, mut lists) = (Vec::new(), Vec::new());
        for (name, phone_number, edges) in checked {
            let key = self.add(side, &name, phone_number);
            keys.push(key);
            lists.push((key, edges));
        }
        self.write_edges(side, &lists, "ERROR")?;
        Ok(keys)
    }

    fn update(&mut self, side: Side, input: &Value, place: &Value) -> Checked<Value> {
        let mut reader = Reader::default();
        let key = reader.key(side, &input["id"], at(place, "id"));
        let name = match input.get("name") {
            None => None,
            Some(Value::Null) => {
                reader.faults.push(Fault::invalid(at(place, "name")));
                None
            }
            Some(_) => Some(reader.name(input, place)),
        };
        let phone_number = input.get("phoneNumber").map(|_| reader.phone_number(input, place));
        none(reader.faults)?;

        self.exists(side, key, at(place, "id"))?;
        let row = self.nodes_mut(side).get_mut(&key).unwrap();
        expect_version(input, row.version, place)?;
        let name = name.unwrap_or_else(|| row.text.clone());
        let phone_number = phone_number.unwrap_or_else(|| row.phone_number.clone());
        if (&name, &phone_number) != (&row.text, &row.phone_number) {
            row.version += 1;
            (row.text, row.phone_number) = (name, phone_number);
        }
        Ok(json!({ side.field(): self.node(side, key) }))
    }

    fn delete(&mut self, side: Side, input: &Value, place: &Value) -> Checked<Value> {
        let mut reader = Reader::default();
        let key = reader.key(side, &input["id"], at(place, "id"));
        none(reader.faults)?;
        self.exists(side, key, at(place, "id"))?;
        expect_version(input, self.nodes(side)[&key].version, place)?;

        let far = self.far_keys(side, key);
        for far in &far {
            self.edges.remove(&side.pair(key, *far));
        }
        self.nodes_mut(side).remove(&key);
        Ok(json!({
            format!("deleted{side:?}Id"): side.id(key),
            format!("detached{:?}Count", side.other()): far.len(),
        }))
    }

    fn attach(&mut self, near: Side, input: &Value, place: &Value) -> Checked<Value> {
        let (key, edges) = self.near_and_edges(near, input, place)?;
        let on_existing = input["onExisting"].as_str().unwrap_or("UPDATE");
        let outcomes = self.write_edges(near, &[(key, edges)], on_existing)?.remove(0);
        Ok(json!({ near.field(): self.node(near, key), "attached": self.attached(near, key, &outcomes) }))
    }

    fn set(&mut self, near: Side, input: &Value, place: &Value) -> Checked<Value> {
        let (key, edges) = self.near_and_edges(near, input, place)?;
        let before = self.far_keys(near, key);
        let outcomes = self.write_edges(near, &[(key, edges)], "UPDATE")?.remove(0);
        let kept: Vec<i64> = outcomes.iter().map(|(far, _)| *far).collect();
        let gone: Vec<i64> = before.into_iter().filter(|far| !kept.contains(far)).collect();
        for far in &gone {
            self.edges.remove(&near.pair(key, *far));
        }
        Ok(json!({
            near.field(): self.node(near, key),
            "attached": self.attached(near, key, &outcomes),
            format!("detached{:?}Ids", near.other()): ids(near.other(), &gone),
        }))
    }

    fn detach(&mut self, near: Side, input: &Value, place: &Value) -> Checked<Value> {
        let mut reader = Reader::default();
        let field = format!("{}Id", near.field());
        let key = reader.key(near, &input[&field], at(place, field.clone()));
        let list = format!("{}Ids", near.other().field());
        let (items, listed) = (input[&list].as_array().unwrap(), at(place, list));
        let items = items.iter().enumerate();
        let far = items.map(|(index, id)| reader.key(near.other(), id, at(&listed, index)));
        let mut gone: Vec<i64> = far.collect();
        none(reader.faults)?;
        self.exists(near, key, at(place, field))?;

        gone.retain(|far| self.edges.remove(&near.pair(key, *far)).is_some());
        Ok(json!({
            near.field(): self.node(near, key),
            format!("detached{:?}Ids", near.other()): ids(near.other(), &gone),
        }))
    }

    fn attach_pair(&mut self, input: &Value, place: &Value) -> Checked<Value> {
        let (customer, profile, status) = pair(input, place)?;
        let ends = [(Side::Customer, customer, "customerId"), (Side::Profile, profile, "profileId")];
        let missing = ends.map(|(side, key, field)| self.exists(side, key, at(place, field)).err());
        none(missing.into_iter().flatten().flatten().collect())?;
        let on_existing = input["onExisting"].as_str().unwrap_or("UPDATE");
        let outcome = self.write_edge((customer, profile), status.as_deref(), on_existing);
        let outcome = outcome.ok_or_else(|| vec![Fault::new("ALREADY_ATTACHED", place.clone())])?;
        let mut payload = self.both_edges(customer, profile);
        payload["outcome"] = json!(outcome);
        payload["customer"] = self.node(Side::Customer, customer);
        payload["profile"] = self.node(Side::Profile, profile);
        Ok(payload)
    }

    fn update_pair(&mut self, input: &Value, place: &Value) -> Checked<Value> {
        let (customer, profile, status) = pair(input, place)?;
        let Some(edge) = self.edges.get(&(customer, profile)) else {
            return Err(vec![Fault::new("NOT_ATTACHED", place.clone())]);
        };
        expect_version(input, edge.version, place)?;
        self.write_edge((customer, profile), status.as_deref(), "UPDATE");
        Ok(self.both_edges(customer, profile))
    }

    fn both_edges(&self, customer: i64, profile: i64) -> Value {
        json!({
            "customerProfileEdge": self.edge(Side::Customer, customer, profile),
            "profileCustomerEdge": self.edge(Side::Profile, profile, customer),
        })
    }

    fn attached(&self, near: Side, key: i64, outcomes: &Outcomes) -> Value {
        let item =
            |&(far, outcome): &(i64, &str)| json!({ "outcome": outcome, "edge": self.edge(near, key, far) });
        outcomes.iter().map(item).collect()
    }

    pub fn exists(&self, side: Side, key: i64, place: Value) -> Checked<()> {
        match self.nodes(side).contains_key(&key) {
            true => Ok(()),
            false => Err(vec![Fault::not_found(side, key, place)]),
        }
    }

    fn near_and_edges(&self, near: Side, input: &Value, place: &Value) -> Checked<(i64, Vec<NewEdge>)> {
        let mut reader = Reader::default();
        let field = format!("{}Id", near.field());
        let key = reader.key(near, &input[&field], at(place, field.clone()));
        let list = near.other().list();
        let edges = reader.edges(near.other(), input.get(&list), &at(place, list.clone()));
        none(reader.faults)?;
        self.exists(near, key, at(place, field))?;
        Ok((key, edges))
    }
}

fn pair(input: &Value, place: &Value) -> Checked<(i64, i64, Option<String>)> {
    let mut reader = Reader::default();
    let customer = reader.key(Side::Customer, &input["customerId"], at(place, "customerId"));
    let profile = reader.key(Side::Profile, &input["profileId"], at(place, "profileId"));
    let status = reader.status(input, place);
    none(reader.faults)?;
    Ok((customer, profile, status))
}

fn expect_version(input: &Value, current: i64, place: &Value) -> Checked<()> {
    match input["expectedVersion"].as_i64() {
        Some(expected) if expected != current => {
            let mut fault = Fault::new("VERSION_CONFLICT", at(place, "expectedVersion"));
            fault.extensions["currentVersion"] = json!(current);
            Err(vec![fault])
        }
        _ => Ok(()),
    }
}

fn ids(side: Side, keys: &[i64]) -> Vec<String> {
    keys.iter().map(|key| side.id(*key)).collect()
}
