//! A tree written is the tree read, and nothing but what was written is ever read.
#![cfg(feature = "write")]
#![allow(clippy::unwrap_used, missing_docs)]

use std::cell::RefCell;
use std::collections::BTreeMap;

use khizana_format::*;

#[derive(Default)]
struct Memory(RefCell<BTreeMap<String, Vec<u8>>>);

impl Fetch for &Memory {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        self.0
            .borrow()
            .get(path)
            .cloned()
            .ok_or_else(|| FetchError::NotFound(path.into()))
    }
}

fn write(entries: &[(Vec<u8>, Vec<u8>)]) -> (Memory, TreeRef) {
    let memory = Memory::default();
    let mut store = |hash: khizana_model::Hash, bytes: Vec<u8>| {
        memory.0.borrow_mut().insert(object_path(&hash), bytes);
        Ok(())
    };
    let mut writer = TreeWriter::new(&mut store, Shape::NARROW);
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
fn every_entry_comes_back_and_no_other() {
    for n in [0, 1, 2, 500, 60_000] {
        let entries = entries(n);
        let (memory, tree) = write(&entries);
        assert_eq!(tree.entries, n);
        pollster::block_on(async {
            let archive = Archive::open(&memory).await.unwrap();
            for (key, value) in entries.iter().step_by(1 + entries.len() / 50) {
                assert_eq!(
                    archive.value(&tree, key).await.unwrap().as_ref(),
                    Some(value)
                );
            }
            assert_eq!(archive.value(&tree, &n.to_be_bytes()).await.unwrap(), None);
            assert_eq!(archive.range(&tree, b"").await.unwrap(), entries);
        });
    }
}

#[test]
fn a_changed_entry_changes_the_leaf_it_is_in_and_the_way_to_it() {
    let before = entries(20_000);
    let mut after = before.clone();
    after[7_000].1.extend_from_slice(b" and something more");
    let (one, _) = write(&before);
    let (other, _) = write(&after);
    let (one, other) = (one.0.into_inner(), other.0.into_inner());
    let new = other.keys().filter(|path| !one.contains_key(*path)).count();
    assert!(one.len() > 20, "{} objects", one.len());
    assert_eq!(new, 2, "a leaf and the top");
}

#[test]
fn a_damaged_object_is_refused_at_every_byte() {
    let entries = entries(300);
    let (memory, tree) = write(&entries);
    let path = memory
        .0
        .borrow()
        .keys()
        .find(|path| path.starts_with("o/"))
        .unwrap()
        .clone();
    let whole = memory.0.borrow()[&path].clone();
    for at in (0..whole.len()).step_by(97) {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        memory.0.borrow_mut().insert(path.clone(), damaged);
        let read = pollster::block_on(async {
            Archive::open(&memory)
                .await
                .unwrap()
                .range(&tree, b"")
                .await
        });
        assert!(
            matches!(read, Err(ReadError::Object(ObjectError::Damaged { .. }))),
            "{at}: {read:?}"
        );
    }
    memory.0.borrow_mut().remove(&path);
    let read = pollster::block_on(async {
        Archive::open(&memory)
            .await
            .unwrap()
            .range(&tree, b"")
            .await
    });
    assert_eq!(read, Err(ReadError::Fetch(FetchError::NotFound(path))));
}

#[test]
fn keys_that_do_not_rise_are_refused() {
    let mut store = |_, _| Ok(());
    let mut writer = TreeWriter::new(&mut store, Shape::NARROW);
    writer.push(b"b", vec![]).unwrap();
    assert!(matches!(writer.push(b"b", vec![]), Err(WriteError::Order)));
}

#[test]
fn a_root_of_another_format_is_refused() {
    let (memory, _) = write(&[]);
    let root = String::from_utf8(memory.0.borrow()["archive.json"].clone()).unwrap();
    memory.0.borrow_mut().insert(
        "archive.json".into(),
        root.replace("khizana/1", "khizana/9").into_bytes(),
    );
    let read = pollster::block_on(Archive::open(&memory)).map(|_| ());
    assert_eq!(read, Err(ReadError::Format("khizana/9".into())));
}
