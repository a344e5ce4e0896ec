//! Lists over a simulated server that changes between requests, with random rows, page sizes and edits.

mod support;

use pluvo_sdk::transport::Request;
use pluvo_sdk::{Client, ErrorKind, List, Position};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex};
use support::{Wire, body, lock, ok};

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
}

/// What happens to the rows before a request is answered.
#[derive(Debug, Clone, Copy)]
enum Edit {
    Nothing,
    Insert(u32),
    Remove(u32),
    /// A row gets another key: what renaming a person does to a list sorted by name. The count stays.
    Move(u32, u32),
}

/// A list sorted by key, whose cursors are keys.
#[derive(Debug, Clone)]
struct Simulated {
    rows: BTreeSet<u32>,
    /// Edits, one before each request, until there are none left.
    edits: Vec<Edit>,
    /// The most rows it gives at once.
    cap: usize,
    /// Every so many pages it gives an empty one first, at the same place.
    empty_every: Option<usize>,
    requests: usize,
}

impl Simulated {
    fn new(rows: BTreeSet<u32>) -> Self {
        Self {
            rows,
            edits: Vec::new(),
            cap: 50,
            empty_every: None,
            requests: 0,
        }
    }

    fn answer(&mut self, request: &Request) -> Value {
        match self.edits.pop().unwrap_or(Edit::Nothing) {
            Edit::Nothing => {}
            Edit::Insert(key) => drop(self.rows.insert(key)),
            Edit::Remove(key) => drop(self.rows.remove(&key)),
            Edit::Move(from, to) => {
                if self.rows.remove(&from) {
                    self.rows.insert(to);
                }
            }
        }
        self.requests += 1;
        let variables = &body(request)["variables"];
        let number = |name: &str| variables[name].as_u64().map(|n| usize::try_from(n).unwrap());
        let first = number("first").unwrap().min(self.cap);
        let rest: Vec<u32> = match variables["after"].as_str() {
            Some(cursor) => {
                let (key, _) = cursor.split_once('.').unwrap();
                self.rows
                    .range(key.parse::<u32>().unwrap() + 1..)
                    .copied()
                    .collect()
            }
            None => self
                .rows
                .iter()
                .copied()
                .skip(number("offset").unwrap_or(0))
                .collect(),
        };
        let empty = variables["offset"].is_null()
            && !rest.is_empty()
            && self
                .empty_every
                .is_some_and(|every| self.requests.is_multiple_of(every));
        let page: Vec<u32> = rest.iter().copied().take(if empty { 0 } else { first }).collect();
        let has_next = rest.len() > page.len();
        let last = page.last().copied().unwrap_or_else(|| {
            // An empty page's cursor moves on all the same; keys begin at 1.
            variables["after"]
                .as_str()
                .map_or(0, |cursor| cursor.split_once('.').unwrap().0.parse().unwrap())
        });
        let edges: Vec<_> = page
            .iter()
            .map(|id| json!({"node": {"id": id.to_string()}}))
            .collect();
        json!({"data": {"paginatedUsers": {
            "pageInfo": {"hasNextPage": has_next, "endCursor": format!("{last}.{}", self.requests)},
            "count": self.rows.len(),
            "edges": edges,
        }}})
    }
}

fn client(server: &Arc<Mutex<Simulated>>) -> Client {
    let server = Arc::clone(server);
    Wire::new(move |request, _| Ok(ok(lock(&server).answer(request)))).client()
}

fn serve(server: Simulated) -> (Arc<Mutex<Simulated>>, Client) {
    let server = Arc::new(Mutex::new(server));
    let client = client(&server);
    (server, client)
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

fn keys(rows: &[Row]) -> Vec<u32> {
    rows.iter().map(|row| row.id.parse().unwrap()).collect()
}

/// Polls work so often, with a turn for others in between, and gives it up then.
async fn give_up_after<T>(polls: usize, mut work: impl Future<Output = T> + Unpin) -> Option<T> {
    for _ in 0..polls {
        let done = std::future::poll_fn(|context| match std::pin::Pin::new(&mut work).poll(context) {
            std::task::Poll::Ready(value) => std::task::Poll::Ready(Some(value)),
            std::task::Poll::Pending => std::task::Poll::Ready(None),
        });
        if let Some(value) = done.await {
            return Some(value);
        }
        tokio::task::yield_now().await;
    }
    None
}

/// The keys that a raw reading hands over.
async fn raw_keys<A: serde::Serialize>(list: List<Row, A>) -> pluvo_sdk::Result<Vec<u32>> {
    #[derive(Deserialize)]
    struct Edge {
        node: Row,
    }
    let mut pager = list.raw_pager()?;
    let mut read = Vec::new();
    while let Some(page) = pager.next_page().await? {
        let edges: Vec<Edge> = serde_json::from_slice(&page.edges()).unwrap();
        read.extend(edges.iter().map(|edge| edge.node.id.parse::<u32>().unwrap()));
    }
    Ok(read)
}

fn rows(max: usize) -> impl Strategy<Value = BTreeSet<u32>> {
    prop::collection::btree_set(1_u32..400, 0..max)
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let one = prop_oneof![
        Just(Edit::Nothing),
        (1_u32..400).prop_map(Edit::Insert),
        (1_u32..400).prop_map(Edit::Remove),
        (1_u32..400, 1_u32..400).prop_map(|(from, to)| Edit::Move(from, to)),
    ];
    prop::collection::vec(one, 0..12)
}

/// The rows that no edit touches: whoever reads the list must see each of them.
fn untouched(server: &Simulated) -> Vec<u32> {
    let touched: HashSet<u32> = server
        .edits
        .iter()
        .flat_map(|edit| match edit {
            Edit::Nothing => vec![],
            Edit::Insert(key) | Edit::Remove(key) => vec![*key],
            Edit::Move(from, to) => vec![*from, *to],
        })
        .collect();
    server
        .rows
        .iter()
        .copied()
        .filter(|key| !touched.contains(key))
        .collect()
}

/// Every row once, and none of the untouched ones missing.
fn assert_whole(read: &[u32], server: &Simulated) -> Result<(), TestCaseError> {
    let distinct: HashSet<_> = read.iter().collect();
    prop_assert_eq!(distinct.len(), read.len(), "a row came twice: {:?}", read);
    let missing: Vec<_> = untouched(server)
        .into_iter()
        .filter(|key| !distinct.contains(key))
        .collect();
    prop_assert!(missing.is_empty(), "missing: {:?} of {:?}", missing, server.rows);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_quiet_list_is_read_exactly_however_it_is_read(
        rows in rows(120), size in 1_u32..=50, cap in 1_usize..=50, empty_every in prop::option::of(2_usize..5),
        parallel in 1_usize..6, prefetch: bool,
    ) {
        let server = Simulated { cap, empty_every, ..Simulated::new(rows.clone()) };
        let (_, client) = serve(server);
        let expected: Vec<u32> = rows.into_iter().collect();
        let list = client.users().list().select::<Row>("id").page_size(size).prefetch(prefetch).parallel(parallel);
        let read = block_on(list.clone().to_vec()).unwrap();
        prop_assert_eq!(&keys(&read), &expected);
        prop_assert_eq!(block_on(raw_keys(list)).unwrap(), expected);
    }

    #[test]
    fn a_list_that_changes_is_as_good_as_its_cursors(
        rows in rows(120), edits in edits(), size in 1_u32..=50, empty_every in prop::option::of(2_usize..5),
        prefetch: bool,
    ) {
        let server = Simulated { edits, empty_every, ..Simulated::new(rows) };
        let (_, client) = serve(server.clone());
        let list = client.users().list().select::<Row>("id").page_size(size).prefetch(prefetch).parallel(1);
        let read = keys(&block_on(list.to_vec()).unwrap());
        assert_whole(&read, &server)?;
        prop_assert!(read.is_sorted(), "in order: {:?}", read);
    }

    #[test]
    fn a_list_that_changes_is_read_whole_in_parallel_or_not_at_all(
        rows in rows(200), edits in edits(), size in 1_u32..=50, cap in 1_usize..=50, parallel in 2_usize..6,
    ) {
        let server = Simulated { edits, cap, ..Simulated::new(rows) };
        let (_, client) = serve(server.clone());
        let list = client.users().list().select::<Row>("id").page_size(size).parallel(parallel);
        match block_on(list.to_vec()) {
            Ok(read) => assert_whole(&keys(&read), &server)?,
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Pagination),
        }
    }

    #[test]
    fn a_list_that_changes_is_read_whole_without_decoding_too(
        rows in rows(200), edits in edits(), size in 1_u32..=50, cap in 1_usize..=50, parallel in 1_usize..6,
    ) {
        let server = Simulated { edits, cap, ..Simulated::new(rows) };
        let (_, client) = serve(server.clone());
        let list = client.users().list().select::<Row>("id").page_size(size).parallel(parallel);
        match block_on(raw_keys(list)) {
            Ok(read) => assert_whole(&read, &server)?,
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Pagination),
        }
    }

    #[test]
    fn giving_up_waiting_for_a_page_loses_no_row(
        rows in rows(200), size in 2_u32..=20, parallel in 1_usize..6, prefetch: bool, polls in prop::collection::vec(0_usize..4, 0..20),
    ) {
        let (_, client) = serve(Simulated::new(rows.clone()));
        let list = client.users().list().select::<Row>("id").page_size(size).prefetch(prefetch).parallel(parallel);
        let read = block_on(async {
            let mut pager = list.pager().unwrap();
            let mut read = Vec::new();
            for polls in polls {
                if let Some(page) = give_up_after(polls, Box::pin(pager.next_page())).await {
                    read.extend(page.unwrap().map_or_else(Vec::new, |page| keys(&page.items)));
                }
            }
            while let Some(page) = pager.next_page().await.unwrap() {
                read.extend(keys(&page.items));
            }
            read
        });
        prop_assert_eq!(read, rows.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_limit_is_the_beginning_of_the_list(
        rows in rows(120), size in 1_u32..=50, limit in 0_u64..130, parallel in 1_usize..6, prefetch: bool,
    ) {
        let (server, client) = serve(Simulated::new(rows.clone()));
        let list = client.users().list().select::<Row>("id").page_size(size).limit(limit);
        let list = list.prefetch(prefetch).parallel(parallel);
        let raw = block_on(raw_keys(list.clone())).unwrap();
        lock(&server).requests = 0;
        let read = block_on(list.to_vec()).unwrap();
        let limit = usize::try_from(limit).unwrap();
        let expected: Vec<u32> = rows.into_iter().take(limit).collect();
        prop_assert_eq!(&keys(&read), &expected);
        prop_assert_eq!(raw, expected);
        if parallel == 1 {
            let pages = limit.div_ceil(usize::try_from(size).unwrap());
            prop_assert!(lock(&server).requests <= pages, "no page is asked for in vain");
        }
    }

    #[test]
    fn from_the_position_after_any_page_the_rest_is_read(
        rows in rows(120), size in 1_u32..=50, other in 1_u32..=50, pages in 0_usize..8, prefetch: bool,
    ) {
        let (_, client) = serve(Simulated::new(rows.clone()));
        let list = || client.users().list().select::<Row>("id").prefetch(prefetch);
        let (read, rest) = block_on(async {
            let mut read = Vec::new();
            let mut pager = list().page_size(size).pager().unwrap();
            for _ in 0..pages {
                read.extend(pager.next_page().await.unwrap().map_or_else(Vec::new, |page| keys(&page.items)));
            }
            let kept = pager.position().map(|position| position.to_string());
            let rest = match kept {
                // As it would be kept: as text, for a list of another page size.
                Some(kept) => {
                    let position = kept.parse::<Position>().unwrap();
                    keys(&list().page_size(other).after(position).to_vec().await.unwrap())
                }
                None if read.is_empty() => keys(&list().page_size(other).to_vec().await.unwrap()),
                None => Vec::new(),
            };
            (read, rest)
        });
        let expected: Vec<u32> = rows.into_iter().collect();
        prop_assert_eq!([read, rest].concat(), expected);
    }

    #[test]
    fn what_is_not_a_position_is_refused_and_never_panics(text in ".{0,60}") {
        if let Err(error) = text.parse::<Position>() {
            prop_assert_eq!(error.kind(), ErrorKind::Pagination);
        }
    }
}

#[tokio::test]
async fn a_position_of_another_list_is_refused_before_anything_is_sent() {
    let (server, client) = serve(Simulated::new((1..200).collect()));
    let mut pager = client.users().list().select::<Row>("id").pager().unwrap();
    pager.next_page().await.unwrap();
    let position = pager.position().unwrap();
    let sent = lock(&server).requests;
    let refused = [
        client
            .users()
            .list()
            .archived(true)
            .after(position.clone())
            .pager()
            .map(drop),
        client
            .users()
            .list()
            .q("x")
            .after(position.clone())
            .pager()
            .map(drop),
        client.groups().list().after(position.clone()).pager().map(drop),
        client
            .trainings()
            .list()
            .after(position.clone())
            .pager()
            .map(drop),
    ];
    for outcome in refused {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Pagination);
    }
    let elsewhere = Client::builder("other").token("a-token").build().unwrap();
    let outcome = elsewhere.users().list().after(position.clone()).pager();
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Pagination);
    assert_eq!(lock(&server).requests, sent);
    let json = serde_json::to_string(&position).unwrap();
    assert_eq!(serde_json::from_str::<Position>(&json).unwrap(), position);
}

/// A server that answers with these `pageInfo`s in turn, the last one for ever.
fn with_infos(infos: Vec<Value>) -> Wire {
    Wire::new(move |_, index| {
        let info = &infos[index.min(infos.len() - 1)];
        Ok(ok(json!({"data": {"paginatedUsers": {
            "pageInfo": info, "count": 9, "edges": [{"node": {"id": index.to_string()}}]
        }}})))
    })
}

#[tokio::test]
async fn a_cursor_that_does_not_advance_is_an_error_and_not_a_loop() {
    let next = |cursor: Value| json!({"hasNextPage": true, "endCursor": cursor});
    let stuck = [
        vec![next(json!("a"))],
        vec![next(json!("a")), next(json!("b")), next(json!("b"))],
        vec![next(json!(null))],
        vec![next(json!("a")), json!({"hasNextPage": true})],
    ];
    for infos in stuck {
        for prefetch in [true, false] {
            let pages = infos.len();
            let wire = with_infos(infos.clone());
            let list = wire.client().users().list().prefetch(prefetch).parallel(1);
            let error = list.to_vec().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Pagination, "{error:?}");
            assert!(wire.sent().len() <= pages + 1, "{infos:?}");
        }
    }
}

#[tokio::test]
async fn after_an_error_the_pager_stands_where_it_stood() {
    let server = Arc::new(Mutex::new(Simulated::new((1..=200).collect())));
    let answers = Arc::clone(&server);
    let wire = Wire::new(move |request, index| {
        if index == 2 {
            Ok(support::answer(400, &[], "no"))
        } else {
            Ok(ok(lock(&answers).answer(request)))
        }
    });
    for prefetch in [true, false] {
        let mut items = wire
            .client()
            .users()
            .list()
            .select::<Row>("id")
            .prefetch(prefetch)
            .items();
        let (mut read, mut errors) = (Vec::new(), 0);
        while let Some(row) = items.next().await {
            match row {
                Ok(row) => read.push(row.id.parse::<u32>().unwrap()),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Invalid);
                    errors += 1;
                }
            }
        }
        assert_eq!(read, (1..=200).collect::<Vec<_>>());
        assert_eq!(errors, usize::from(prefetch));
    }
}

/// Rows and ids are found by two readers; where these could see different rows, none may be lost or get another's id.
#[tokio::test]
async fn an_edge_whose_node_is_in_doubt_fails_instead_of_losing_a_row() {
    for edge in [
        r#"{"node":{"id":"2"},"node":{"id":"3"}}"#,
        r#"{"n\u006fde":{"id":"2"}}"#,
    ] {
        let page = format!(
            r#"{{"data":{{"paginatedUsers":{{"pageInfo":{{"hasNextPage":false}},"count":3,
               "edges":[{{"node":{{"id":"1"}}}},{edge},{{"node":{{"id":"4"}}}}]}}}}}}"#
        );
        let wire = Wire::new(move |_, _| Ok(ok(&page)));
        let list = wire.client().users().list().select::<Row>("id").parallel(2);
        let error = list.clone().to_vec().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{edge}: {error:?}");
        let error = list.raw_pager().unwrap().next_page().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{edge}: {error:?}");
    }
}

#[tokio::test]
async fn one_page_is_fetched_ahead_of_the_caller_and_no_more() {
    let server = Arc::new(Mutex::new(Simulated::new((1..=500).collect())));
    let answers = Arc::clone(&server);
    let wire = Wire::new(move |request, _| Ok(ok(lock(&answers).answer(request))));
    let mut pager = wire.client().users().list().select::<Row>("id").pager().unwrap();
    for page in 1..=9 {
        assert!(pager.next_page().await.unwrap().is_some());
        // Whatever runs meanwhile has all the time that it wants.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(wire.sent().len(), page + 1);
    }
}
