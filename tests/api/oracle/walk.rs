//! Walks over all pages of a connection, from either end.

use std::collections::{BTreeSet, HashSet};

use proptest::{prelude::*, prop_assert, prop_assert_eq, test_runner::TestCaseError};

use super::{
    answer::{Answered, ask},
    change::{Change, Changing},
    data::{Data, Pick, picked, picks},
    database::Writer,
    model,
    request::{Bound, Page, Request},
};
use crate::app::TestApp;

/// How a connection is walked over.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// The one of the connections by whose cursors the walk goes, where a request has several.
    focus: Pick,
    /// Two of the rows that the walk came by, between which it looks once more.
    between: (Pick, Pick),
    backward: bool,
}

pub fn ways() -> impl Strategy<Value = Way> {
    let picks = (picks(), picks(), picks());
    (picks, any::<bool>()).prop_map(|((focus, one, other), backward)| Way {
        focus,
        between: (one, other),
        backward,
    })
}

impl Way {
    /// The owner of the connection to walk over: one whose connection has rows, if there is any.
    fn focus(&self, data: &Data, request: &Request) -> Option<Option<i64>> {
        let owners = model::near_keys(data, request.connection);
        let has_rows = |owner: &Option<i64>| !model::rows(data, request, *owner).is_empty();
        let filled: Vec<_> = owners.iter().copied().filter(has_rows).collect();
        let among = if filled.is_empty() { owners } else { filled };
        picked(&among, self.focus).copied()
    }
}

/// Walks to the end in both directions, and looks between two rows.
pub async fn walk(app: &TestApp, data: &Data, request: &Request, way: &Way) -> Result<(), TestCaseError> {
    let Some(near) = way.focus(data, request) else {
        return ask(app, data, request, &Page::next(false, None)).await.map(drop);
    };
    let mut met = Vec::new();
    for backward in [false, true] {
        met.extend(walk_to_end(app, data, request, near, backward).await?);
    }
    let (after, before) = way.between;
    let (after, before) = (picked(&met, after).cloned(), picked(&met, before).cloned());
    let page = Page { backward: way.backward, after, before };
    ask(app, data, request, &page).await.map(drop)
}

async fn walk_to_end(
    app: &TestApp,
    data: &Data,
    request: &Request,
    near: Option<i64>,
    backward: bool,
) -> Result<Vec<Bound>, TestCaseError> {
    let (mut keys, mut met) = (Vec::new(), Vec::new());
    let mut page = Page::next(backward, None);
    loop {
        let pages = ask(app, data, request, &page).await?;
        let Some(focus) = pages.into_iter().find(|page| page.near == near) else { break };
        let end = focus.end(backward);
        let Answered { keys: page_keys, bounds, more, .. } = focus;
        keys = if backward { [page_keys, keys].concat() } else { [keys, page_keys].concat() };
        met.extend(bounds);
        if !more || end.is_none() {
            break;
        }
        page = Page::next(backward, end);
    }
    let rows = model::rows(data, request, near);
    let expected: Vec<i64> = rows.iter().map(|(_, row)| row.node.key).collect();
    if request.size > 0 {
        prop_assert_eq!(keys, expected, "the pages of {:?}, put together", near);
    }
    Ok(met)
}

/// Walks to the end in one direction while rows come and go after each page.
pub async fn walk_while_changing(
    app: &TestApp,
    writer: &Writer,
    data: Data,
    request: &Request,
    way: &Way,
    rounds: &[Vec<Change>],
) -> Result<(), TestCaseError> {
    let Some(near) = way.focus(&data, request) else { return Ok(()) };
    let mut changing = Changing::of(data);
    let (mut seen, mut steady) = (Vec::new(), None::<BTreeSet<i64>>);
    let mut rounds = rounds.iter();
    let mut page = Page::next(way.backward, None);
    loop {
        let rows = model::rows(&changing.data, request, near);
        let present: BTreeSet<i64> = rows.iter().map(|(_, row)| row.node.key).collect();
        steady = Some(steady.map_or(present.clone(), |steady| &steady & &present));

        let pages = ask(app, &changing.data, request, &page).await?;
        let Some(focus) = pages.into_iter().find(|page| page.near == near) else { return Ok(()) };
        seen.extend(focus.keys.iter().copied());
        let Some(end) = focus.end(way.backward).filter(|_| focus.more) else { break };
        let last = if way.backward { focus.keys.first() } else { focus.keys.last() };
        let cursor_row = last.map(|far| (request.connection.far(), near, *far));
        for change in rounds.next().into_iter().flatten() {
            let sql = changing.apply(change, cursor_row);
            writer.run(&sql).await;
        }
        page = Page::next(way.backward, Some(end));
    }
    let once: HashSet<i64> = seen.iter().copied().collect();
    prop_assert_eq!(once.len(), seen.len(), "of {:?} a row came twice: {:?}", near, seen);
    let missing: Vec<i64> = steady.into_iter().flatten().filter(|key| !once.contains(key)).collect();
    prop_assert!(missing.is_empty(), "of {:?} rows were skipped: {:?}", near, missing);
    Ok(())
}
