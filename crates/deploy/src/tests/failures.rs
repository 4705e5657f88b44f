//! Deployments that are stopped, or that meet another one.

use super::*;

#[tokio::test]
async fn the_site_is_complete_at_every_moment_and_a_stopped_deployment_continues() {
    let dir = tempfile::tempdir().unwrap();
    let old_folder = publish(&dir.path().join("old"), 1);
    let new_folder = publish(&dir.path().join("new"), 3);
    let (old, new) = (
        LocalSite::open(&old_folder).unwrap(),
        LocalSite::open(&new_folder).unwrap(),
    );
    let mut stopped = 0;
    for changes in 0.. {
        let memory = Arc::new(Memory::new());
        deploy(&run(), &old_folder, &memory).await.unwrap();
        memory.with(|state| {
            state.requests.clear();
            state.keeps_history = true;
            state.changes_left = Some(changes);
        });
        let first = deploy(&run(), &new_folder, &memory).await;
        memory.with(|state| state.changes_left = None);
        let is_done = first.is_ok();
        let next = Run {
            id: "next".to_owned(),
            ..run()
        };
        deploy(&next, &new_folder, &memory).await.unwrap();
        assert_deployed(&memory, &new_folder);
        memory.with(|state| {
            assert!(!state.history.is_empty());
            for files in &state.history {
                assert_complete(files, &[&old, &new]);
            }
            // Objects that were uploaded before are not uploaded again, and few pages are.
            let repeated = |prefix: &str| {
                let mut requests: Vec<&String> = state.requests.iter().collect();
                requests.retain(|request| request.starts_with(prefix));
                let count = requests.len();
                requests.sort();
                requests.dedup();
                count - requests.len()
            };
            assert_eq!(repeated("put o/"), 0);
            assert!(repeated("put en/") <= 5, "{:?}", state.requests);
        });
        if is_done {
            break;
        }
        stopped += 1;
    }
    assert!(stopped > 14, "{stopped}");
}

#[tokio::test]
async fn another_site_after_a_stopped_deployment_leaves_no_files_behind() {
    let dir = tempfile::tempdir().unwrap();
    let sites: Vec<_> = (1..4)
        .map(|version| publish(&dir.path().join(version.to_string()), version))
        .collect();
    for changes in 0..13 {
        let memory = Arc::new(Memory::new());
        deploy(&run(), &sites[0], &memory).await.unwrap();
        memory.with(|state| state.changes_left = Some(changes));
        deploy(&run(), &sites[1], &memory).await.unwrap_err();
        memory.with(|state| state.changes_left = None);
        deploy(&run(), &sites[2], &memory).await.unwrap();
        assert_deployed(&memory, &sites[2]);
        let late = Run {
            now: 2000 * DAY,
            ..run()
        };
        deploy(&late, &sites[2], &memory).await.unwrap();
        let expected = LocalSite::open(&sites[2]).unwrap().files.len() + 2;
        assert_eq!(memory.with(|state| state.files.len()), expected);
    }
}

#[tokio::test]
async fn of_two_deployments_at_once_one_wins() {
    let dir = tempfile::tempdir().unwrap();
    let sites: Vec<_> = (1..4)
        .map(|version| publish(&dir.path().join(version.to_string()), version))
        .collect();
    let memory = Arc::new(Memory::new());
    deploy(&run(), &sites[0], &memory).await.unwrap();
    let other = Run {
        id: "other".to_owned(),
        ..run()
    };
    let first = run();
    let (a, b) = tokio::join!(
        deploy(&first, &sites[1], &memory),
        deploy(&other, &sites[2], &memory)
    );
    let winner = if a.is_ok() { &sites[1] } else { &sites[2] };
    let mut codes = [code(a), code(b)];
    codes.sort_unstable();
    assert_eq!(codes, ["deploy-conflict", "ok"]);
    assert_deployed(&memory, winner);
}

#[tokio::test]
async fn a_deployment_that_was_overtaken_does_not_replace_the_root() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    let memory = Arc::new(Memory::new());
    deploy(&run(), &site, &memory).await.unwrap();
    let old = memory.content(ROOT);
    publish(dir.path(), 2);
    memory.with(|state| state.claimed_at = Some("en/index.html".to_owned()));
    assert_eq!(
        code(deploy(&run(), &site, &memory).await),
        "deploy-conflict"
    );
    assert_eq!(memory.content(ROOT), old);
    // The next deployment repairs the pages.
    deploy(&run(), &site, &memory).await.unwrap();
    assert_deployed(&memory, &site);
}

#[tokio::test]
async fn a_lost_answer_to_the_root_is_not_a_conflict() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    let memory = Arc::new(Memory::new());
    memory.with(|state| state.loses_answer = true);
    deploy(&run(), &site, &memory).await.unwrap();
    assert_deployed(&memory, &site);
}

#[tokio::test]
async fn a_full_target_keeps_the_old_site_and_continues_later() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (
        publish(&dir.path().join("old"), 1),
        publish(&dir.path().join("new"), 4),
    );
    let memory = Arc::new(Memory::new());
    deploy(&run(), &old, &memory).await.unwrap();
    memory.with(|state| {
        state.full_at = Some("en/item/8/index.html".to_owned());
        state.keeps_history = true;
    });
    let error = deploy(&run(), &new, &memory).await.unwrap_err();
    assert_eq!(error.code(), "deploy-target-full");
    assert!(error.to_string().contains("memory/en/item/8"), "{error}");
    memory.with(|state| state.full_at = None);
    deploy(&run(), &new, &memory).await.unwrap();
    assert_deployed(&memory, &new);
    let (old, new) = (
        LocalSite::open(&old).unwrap(),
        LocalSite::open(&new).unwrap(),
    );
    memory.with(|state| {
        for files in &state.history {
            assert_complete(files, &[&old, &new]);
        }
    });
}

#[tokio::test]
async fn a_server_without_conditional_writes_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    let memory = Arc::new(Memory::new());
    memory.with(|state| state.is_unconditional = true);
    let summary = deploy(&run(), &site, &memory).await.unwrap();
    let codes: Vec<_> = summary
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(codes, ["deploy-unconditional"]);
    assert_deployed(&memory, &site);
}

#[tokio::test]
async fn an_incomplete_or_damaged_site_is_not_deployed() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    let memory = Arc::new(Memory::new());
    let page = site.join("en/item/2/index.html");
    let content = std::fs::read(&page).unwrap();
    std::fs::remove_file(&page).unwrap();
    let error = deploy(&run(), &site, &memory).await.unwrap_err();
    assert_eq!(error.code(), "deploy-site-incomplete");
    assert!(error.to_string().contains("item/2"), "{error}");
    std::fs::write(&page, &content[1..]).unwrap();
    let incomplete = deploy(&run(), &site, &memory).await;
    assert_eq!(code(incomplete), "deploy-site-incomplete");
    assert!(memory.with(|state| state.requests.is_empty()));

    // The same size is noticed when the file is read.
    std::fs::write(&page, vec![b'x'; content.len()]).unwrap();
    let damaged = deploy(&run(), &site, &memory).await;
    assert_eq!(code(damaged), "deploy-site-damaged");
    assert_eq!(memory.content(ROOT), None);
    std::fs::write(&page, content).unwrap();
    let large = site.join("f/large/tiles.bin");
    std::fs::write(&large, vec![8; crate::remote::CHUNK + 100]).unwrap();
    let memory = Arc::new(Memory::new());
    let damaged = deploy(&run(), &site, &memory).await;
    assert_eq!(code(damaged), "deploy-site-damaged");
    assert_eq!(memory.content("f/large/tiles.bin"), None);
    std::fs::remove_dir_all(&site).unwrap();
    assert_eq!(code(deploy(&run(), &site, &memory).await), "site-missing");
}
