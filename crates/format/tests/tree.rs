//! Tests that write trees and read them back, both intact and corrupted.
#![cfg(feature = "write")]
#![allow(clippy::unwrap_used, missing_docs)]

use std::cell::RefCell;
use std::collections::BTreeMap;

use khizana_format::*;

/// The files of an archive in memory, by path.
#[derive(Default)]
struct MemoryArchive(RefCell<BTreeMap<String, Vec<u8>>>);

impl Fetch for &MemoryArchive {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        self.0
            .borrow()
            .get(path)
            .cloned()
            .ok_or_else(|| FetchError::NotFound(path.into()))
    }
}

fn write_archive(entries: &[(Vec<u8>, Vec<u8>)]) -> (MemoryArchive, TreeRef) {
    let memory = MemoryArchive::default();
    let mut store = |hash: khizana_model::Hash, bytes: Vec<u8>| {
        memory.0.borrow_mut().insert(object_path(&hash), bytes);
        Ok(())
    };
    let mut writer = TreeWriter::new(&mut store, LeafSize::SMALL);
    for (key, value) in entries {
        writer.push(key, value.clone()).unwrap();
    }
    let tree = writer.finish().unwrap();
    let root = format!(
        r#"{{"format":"khizana/1","snapshot":"","languages":["ar"],"pages":"items","viewer":"v/","items":0,"collections":[],
        "records":{tree},"ids":{tree},"search":{{"terms":{tree},"positions":{tree},"pairs":{tree},"spelling":{tree},"fields":[],"years":{tree}}}}}"#,
        tree = serde_json::to_string(&tree).unwrap()
    );
    memory
        .0
        .borrow_mut()
        .insert("archive.json".into(), root.into_bytes());
    (memory, tree)
}

fn entries(n: u32) -> Vec<(Vec<u8>, Vec<u8>)> {
    (0..n)
        .map(|i| {
            (
                i.to_be_bytes().to_vec(),
                format!("{{\"record\":{i},\"x\":\"{}\"}}", hash_of(&i.to_be_bytes())).into_bytes(),
            )
        })
        .collect()
}

#[test]
fn tree_round_trips() {
    for n in [0, 1, 2, 500, 60_000] {
        let entries = entries(n);
        let (memory, tree) = write_archive(&entries);
        assert_eq!(tree.entries, n);
        pollster::block_on(async {
            let archive = Archive::open(&memory).await.unwrap();
            for (key, value) in entries.iter().step_by(1 + entries.len() / 50) {
                assert_eq!(archive.get(&tree, key).await.unwrap().as_ref(), Some(value));
            }
            assert_eq!(archive.get(&tree, &n.to_be_bytes()).await.unwrap(), None);
            assert_eq!(
                archive.entries_with_prefix(&tree, b"").await.unwrap(),
                entries
            );
        });
    }
}

#[test]
fn changed_entry_changes_only_the_path_to_its_leaf() {
    let before = entries(20_000);
    let mut after = before.clone();
    after[7_000].1.extend_from_slice(b" and more");
    let before = write_archive(&before).0.0.into_inner();
    let after = write_archive(&after).0.0.into_inner();
    let new_objects = after
        .keys()
        .filter(|path| !before.contains_key(*path))
        .count();
    assert!(before.len() > 20, "{} objects", before.len());
    assert_eq!(new_objects, 2, "a leaf and the top node");
}

#[test]
fn damaged_and_missing_objects_are_errors() {
    let entries = entries(300);
    let (memory, tree) = write_archive(&entries);
    let path = memory
        .0
        .borrow()
        .keys()
        .find(|path| path.starts_with("o/"))
        .unwrap()
        .clone();
    let intact = memory.0.borrow()[&path].clone();
    for offset in (0..intact.len()).step_by(97) {
        let mut damaged = intact.clone();
        damaged[offset] ^= 1;
        memory.0.borrow_mut().insert(path.clone(), damaged);
        let result = pollster::block_on(async {
            Archive::open(&memory)
                .await
                .unwrap()
                .entries_with_prefix(&tree, b"")
                .await
        });
        assert!(
            matches!(result, Err(ReadError::Object(ObjectError::Damaged { .. }))),
            "byte {offset}: {result:?}"
        );
    }
    memory.0.borrow_mut().remove(&path);
    let result = pollster::block_on(async {
        Archive::open(&memory)
            .await
            .unwrap()
            .entries_with_prefix(&tree, b"")
            .await
    });
    assert_eq!(result, Err(ReadError::Fetch(FetchError::NotFound(path))));
}

#[test]
fn keys_out_of_order_are_rejected() {
    let mut store = |_, _| Ok(());
    let mut writer = TreeWriter::new(&mut store, LeafSize::SMALL);
    writer.push(b"b", vec![]).unwrap();
    assert!(matches!(writer.push(b"b", vec![]), Err(WriteError::Order)));
}

#[test]
fn unsupported_format_is_rejected() {
    let (memory, _) = write_archive(&[]);
    let root = String::from_utf8(memory.0.borrow()["archive.json"].clone()).unwrap();
    memory.0.borrow_mut().insert(
        "archive.json".into(),
        root.replace("khizana/1", "khizana/9").into_bytes(),
    );
    let result = pollster::block_on(Archive::open(&memory)).map(|_| ());
    assert_eq!(result, Err(ReadError::Format("khizana/9".into())));
}
