//! Recovery from an interrupted ingest.

use std::fmt::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::support::{Archive, khizana};

const ITEMS: u64 = 40;

/// Writes a source with incompressible files of 512 KB, so that the ingest takes some time.
fn write_source(source: &Path) {
    std::fs::create_dir(source).unwrap();
    let mut table = String::from("id,title@en,file\n");
    let mut state = 1u64;
    for n in 0..ITEMS {
        let mut content = Vec::with_capacity(512 << 10);
        while content.len() < 512 << 10 {
            // Knuth's linear congruential generator. Zstandard cannot compress its high bytes.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            content.extend_from_slice(&state.to_be_bytes()[..4]);
        }
        std::fs::write(source.join(format!("{n}.bin")), content).unwrap();
        writeln!(table, "item-{n},Item {n},{n}.bin").unwrap();
    }
    std::fs::write(source.join("metadata.csv"), table).unwrap();
}

#[test]
fn a_killed_ingest_leaves_a_valid_store_and_can_be_repeated() {
    let archive = Archive::new();
    let source = archive.sibling("many");
    write_source(&source);
    let mut killed = 0;
    for milliseconds in [5, 20, 40, 80, 120, 160] {
        let mut child = khizana()
            .arg("ingest")
            .arg(&source)
            .arg("--archive")
            .arg(archive.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        // SIGKILL on Unix, which the program cannot handle.
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        if archive.path().join("store").exists() {
            let report = archive.json(0, &["verify"]);
            assert!(report["objects"].is_u64(), "{report}");
        }
    }
    assert!(killed > 0, "every run completed before it was killed");
    let summary = archive.json(0, &["ingest", source.to_str().unwrap()]);
    assert_eq!(summary["items"], ITEMS);
    archive.ok(&["verify"]);
    archive.ok(&["publish"]);
}
