//! Lists that change while they are read: rows come and go between pages, at random.

use std::collections::BTreeSet;
use std::time::Duration;

use pluvo_sandbox::{Place, Sandbox};
use pluvo_sdk::time::HeldClock;
use pluvo_sdk::{Client, ErrorKind};
use proptest::prelude::*;

/// A change of the data after so many pages.
#[derive(Debug, Clone)]
struct Edit {
    after_page: usize,
    insert: usize,
    remove: usize,
    place: Place,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let place = prop_oneof![Just(Place::Front), Just(Place::Back), Just(Place::Spread)];
    let edit = (0_usize..12, 0_usize..4, 0_usize..4, place);
    let edit = edit.prop_map(|(after_page, insert, remove, place)| Edit {
        after_page,
        insert,
        remove,
        place,
    });
    prop::collection::vec(edit, 0..6)
}

async fn ids(client: &Client) -> BTreeSet<String> {
    let users = client
        .users()
        .list()
        .to_vec()
        .await
        .expect("an undisturbed reading");
    users.into_iter().map(|user| user.id.to_string()).collect()
}

/// Reads with these edits in between, and holds what was read against what was there before and after.
async fn read(users: usize, page_size: u32, parallel: usize, edits: Vec<Edit>) -> Result<(), TestCaseError> {
    let sandbox = Sandbox::builder().users(users).start().await.expect("a sandbox");
    let client = Client::builder(sandbox.url())
        .credentials(sandbox.client_id(), sandbox.client_secret())
        .clock(HeldClock::new())
        .no_proxy()
        .build()
        .expect("a client");
    let before = ids(&client).await;
    let mut pager = client
        .users()
        .list()
        .page_size(page_size)
        .parallel(parallel)
        .pager()
        .expect("a pager");
    let (mut seen, mut page) = (Vec::new(), 0);
    loop {
        for edit in edits.iter().filter(|edit| edit.after_page == page) {
            sandbox.insert_users(edit.insert, edit.place);
            sandbox.remove_users(edit.remove, edit.place);
        }
        page += 1;
        // Not for a server that answers slowly: for a reading that would never end.
        let next = tokio::time::timeout(Duration::from_secs(60), pager.next_page()).await;
        match next.expect("the list ends") {
            Ok(Some(page)) => seen.extend(page.items.into_iter().map(|user| user.id.to_string())),
            Ok(None) => break,
            Err(error) => {
                // A parallel reading may give up, but only by saying that the list cannot be read without doubt.
                prop_assert!(parallel > 1 && error.kind() == ErrorKind::Pagination, "{error:?}");
                return Ok(());
            }
        }
    }
    let after = ids(&client).await;
    let distinct: BTreeSet<_> = seen.iter().cloned().collect();
    prop_assert_eq!(distinct.len(), seen.len(), "a row came twice");
    let lost: Vec<_> = before
        .intersection(&after)
        .filter(|id| !distinct.contains(*id))
        .collect();
    prop_assert!(
        lost.is_empty(),
        "rows that were there all along are missing: {:?}",
        lost
    );
    Ok(())
}

fn run(test: impl Future<Output = Result<(), TestCaseError>>) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(test)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn by_cursor_no_row_is_lost_or_doubled(users in 0_usize..120, page_size in 5_u32..=25, edits in edits()) {
        run(read(users, page_size, 1, edits))?;
    }

    #[test]
    fn in_parallel_no_row_is_lost_or_doubled(
        users in 0_usize..120, page_size in 5_u32..=25, parallel in 2_usize..6, edits in edits()
    ) {
        run(read(users, page_size, parallel, edits))?;
    }
}
