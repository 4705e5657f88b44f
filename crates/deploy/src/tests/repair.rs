//! Targets that something else than a deployment changed.

use super::*;
use crate::check::check;
use crate::report::CheckReport;

async fn check_memory(memory: &Arc<Memory>) -> CheckReport {
    let remote = Arc::new(memory.clone());
    check("memory", remote, NonZeroUsize::MIN, &NoProgress)
        .await
        .unwrap()
}

fn found(report: &CheckReport) -> Vec<(&'static str, &str)> {
    let problems = report.problems.iter();
    problems
        .map(|problem| (problem.code, problem.file.as_deref().unwrap_or_default()))
        .collect()
}

#[tokio::test]
async fn changes_by_hand_are_found_and_repaired() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    let memory = Arc::new(Memory::new());
    deploy(&run(), &site, &memory).await.unwrap();
    let report = check_memory(&memory).await;
    assert_eq!((found(&report), report.read), (vec![], 0));

    let same = memory.content("en/item/1/index.html").unwrap();
    memory.change("en/item/1/index.html", &same);
    let mut viewer = memory.with(|state| state.files["viewer/1/viewer.js"].0.to_vec());
    viewer[20] ^= 1;
    memory.change("viewer/1/viewer.js", &viewer);
    memory.with(|state| state.files.remove("en/item/2/index.html"));
    memory.change("notes.txt", b"by hand");
    let report = check_memory(&memory).await;
    let expected = [
        ("deploy-file-missing", "en/item/2/index.html"),
        ("deploy-file-unknown", "notes.txt"),
        ("deploy-file-changed", "viewer/1/viewer.js"),
    ];
    assert_eq!(found(&report), expected);
    // The files whose tags differ, one of which has the right content.
    assert_eq!(report.read, 2);
    assert!(!report.is_intact());

    // Without --repair, the record is trusted.
    let unchanged = deploy(&run(), &site, &memory).await.unwrap();
    assert_eq!(unchanged.uploaded, 0);
    let repair = Run {
        repairs: true,
        ..run()
    };
    let summary = deploy(&repair, &site, &memory).await.unwrap();
    assert_eq!(summary.uploaded, 3);
    memory
        .with(|state| state.files.remove("notes.txt"))
        .unwrap();
    assert_deployed(&memory, &site);
    assert_eq!(found(&check_memory(&memory).await), []);
}

#[tokio::test]
async fn a_root_that_was_changed_by_hand_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    let memory = Arc::new(Memory::new());
    deploy(&run(), &site, &memory).await.unwrap();
    memory.change(ROOT, b"{}");
    memory.change("en/index.html", b"by hand");
    let summary = deploy(&run(), &site, &memory).await.unwrap();
    let codes: Vec<_> = summary
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(codes, ["deploy-root-changed"]);
    assert_deployed(&memory, &site);
}

#[tokio::test]
async fn an_interrupted_deployment_is_reported_by_a_check() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    let memory = Arc::new(Memory::new());
    memory.with(|state| state.changes_left = Some(5));
    deploy(&run(), &site, &memory).await.unwrap_err();
    memory.with(|state| state.changes_left = None);
    let report = check_memory(&memory).await;
    assert_eq!(found(&report), [("deploy-interrupted", "")]);
}

#[tokio::test]
async fn a_target_with_other_files_is_not_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    for (path, content) in [("index.html", "hello"), (ROOT, "{\"other\": 1}")] {
        let memory = Arc::new(Memory::new());
        memory.change(path, content.as_bytes());
        let error = deploy(&run(), &site, &memory).await.unwrap_err();
        assert_eq!(error.code(), "deploy-target-occupied");
        assert!(error.to_string().contains(path), "{error}");
        assert_eq!(memory.with(|state| state.files.len()), 1);
    }
}

#[tokio::test]
async fn a_site_that_another_program_uploaded_is_taken_over() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    let memory = Arc::new(Memory::new());
    memory.change(ROOT, &std::fs::read(site.join(ROOT)).unwrap());
    memory.change("en/index.html", b"earlier");
    let summary = deploy(&run(), &site, &memory).await.unwrap();
    assert_eq!(summary.uploaded, summary.files);
    assert_deployed(&memory, &site);
}

#[tokio::test]
async fn damaged_records_stop_a_deployment() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    let memory = Arc::new(Memory::new());
    memory.change(RECORD, b"damaged");
    let damaged = deploy(&run(), &site, &memory).await;
    assert_eq!(code(damaged), "deploy-record-damaged");
    let mut later = Record::new();
    later.format = "khizana-deployment/9".to_owned();
    memory.change(RECORD, &later.encode());
    let later = deploy(&run(), &site, &memory).await;
    assert_eq!(code(later), "deploy-record-later");
    let remote = Arc::new(Arc::new(Memory::new()));
    let error = check("memory", remote, NonZeroUsize::MIN, &NoProgress).await;
    assert_eq!(error.unwrap_err().code(), "deploy-missing");
}
