//! Checks that the annotated bytes in `docs/src/format.md` are the bytes that the code writes.
#![cfg(feature = "write")]
#![allow(clippy::unwrap_used, missing_docs)]

use khizana_format::*;

const FORMAT_PAGE: &str = include_str!("../../../docs/src/format.md");

/// Returns the section of the page below the given heading.
fn section(heading: &str) -> &'static str {
    let (_, rest) = FORMAT_PAGE
        .split_once(&format!("\n### {heading}\n"))
        .unwrap();
    rest.split_once("\n##").map_or(rest, |(section, _)| section)
}

/// Returns the bytes in the code block of a section, which are written as two hexadecimal digits
/// each, to the left of `|`.
fn documented_bytes(section: &str) -> Vec<u8> {
    let (_, block) = section.split_once("```text\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let bytes = block.lines().flat_map(|line| {
        line.split('|')
            .next()
            .unwrap_or_default()
            .split_whitespace()
    });
    bytes
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect()
}

#[test]
fn documented_object_is_what_the_tree_writer_writes() {
    let mut objects = Vec::new();
    let mut store = |hash: khizana_model::Hash, bytes: Vec<u8>| {
        objects.push((hash, bytes));
        Ok(())
    };
    let mut writer = TreeWriter::new(&mut store, LeafSize::SMALL);
    for (number, id) in (0u8..).zip(["astrolabe", "astrolabe-plate", "treatise"]) {
        writer.push(id.as_bytes(), vec![number]).unwrap();
    }
    let tree = writer.finish().unwrap();
    let [(hash, bytes)] = &objects[..] else {
        panic!("{} objects", objects.len());
    };
    assert_eq!((tree.top, tree.height, tree.entries), (Some(*hash), 1, 3));
    let section = section("Example: an object");
    assert_eq!(documented_bytes(section), *bytes);
    assert!(section.contains(&format!("`{hash}`")), "{hash}");
}

#[test]
fn documented_index_is_what_the_pack_writer_writes() {
    let tiles: Vec<Vec<u8>> = (1..=8u8).map(|n| vec![n; 50]).collect();
    let entries: Vec<_> = tiles.iter().map(|tile| tile_entry(tile).unwrap()).collect();
    let index = write_tile_index((1_025, 600), 512, 2, &entries);
    let section = section("Example: the index of a pack");
    assert_eq!(documented_bytes(section), index);
    let hash = hash_of(&index);
    assert!(section.contains(&format!("`{hash}`")), "{hash}");
    let read = TileIndex::read(&index).unwrap();
    assert_eq!((read.len, read.tile(0, 2, 0).unwrap().offset), (147, 347));
}
