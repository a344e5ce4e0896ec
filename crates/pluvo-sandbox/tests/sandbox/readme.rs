//! The README's JSON is what the sandbox reads.

use pluvo_sandbox::{Edit, Effect, Fault};
use serde_json::Value;

/// The pieces of code in the README that are JSON objects.
fn objects() -> impl Iterator<Item = Value> {
    let readme = include_str!("../../README.md");
    let pieces = readme.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    pieces
        .filter(|piece| piece.starts_with('{'))
        .filter_map(|piece| serde_json::from_str(piece).ok())
}

#[test]
fn every_fault_effect_and_edit_is_read() {
    let (mut faults, mut effects, mut edits) = (0, std::collections::BTreeSet::new(), 0);
    for object in objects() {
        let read = if let Some(kind) = object["kind"].as_str() {
            effects.insert(kind.to_owned());
            serde_json::from_value::<Effect>(object.clone()).map(drop)
        } else if !object["do"].is_null() {
            faults += 1;
            serde_json::from_value::<Fault>(object.clone()).map(drop)
        } else if !object["path"].is_null() {
            edits += 1;
            serde_json::from_value::<Edit>(object.clone()).map(drop)
        } else {
            Ok(())
        };
        if let Err(error) = read {
            panic!("{object}: {error}");
        }
    }
    assert!(faults > 15 && edits > 5, "{faults} faults, {edits} edits");
    assert_eq!(effects.len(), 26, "{effects:?}");
}
