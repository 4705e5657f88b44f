//! Deployments to a folder.

use super::*;
use crate::remote::Remote;
use crate::remote::folder::{Folder, UPLOADS};

async fn deploy_to(folder: &Path, site: &Path) -> Result<Summary, DeployError> {
    let site = LocalSite::open(site)?;
    let folder: Arc<dyn Remote> = Arc::new(Folder::open(folder, true)?);
    let result = run().deploy(&site, folder.clone(), &NoProgress).await;
    folder.close().await;
    result
}

#[tokio::test]
async fn a_folder_has_the_files_of_the_site() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    let target = dir.path().join("www/archive");
    deploy_to(&target, &site).await.unwrap();
    publish(dir.path(), 2);
    let summary = deploy_to(&target, &site).await.unwrap();
    assert_eq!(summary.deleted, 1);
    for path in LocalSite::open(&site).unwrap().files.keys() {
        let (local, deployed) = (
            std::fs::read(site.join(path)),
            std::fs::read(target.join(path)),
        );
        assert!(local.unwrap() == deployed.unwrap(), "{path}");
    }
    assert!(!target.join("en/item/1").exists() && !target.join(UPLOADS).exists());
    let again = deploy_to(&target, &site).await.unwrap();
    assert_eq!((again.uploaded, again.requests.read), (0, 2));
}

#[tokio::test]
async fn files_without_content_after_a_power_failure_are_uploaded_again() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    let target = dir.path().join("www");
    deploy_to(&target, &site).await.unwrap();
    // The record of a deployment that was interrupted, and an object whose content did not reach the disk.
    let record = target.join(RECORD);
    let mut claim = Record::decode(&std::fs::read(&record).unwrap()).unwrap();
    let object = "f/large/tiles.bin";
    claim.files.remove(object).unwrap();
    claim.running = Some("other".to_owned());
    claim.pending = vec![object.to_owned()];
    std::fs::write(&record, claim.encode()).unwrap();
    let length = std::fs::metadata(target.join(object)).unwrap().len();
    std::fs::write(target.join(object), vec![0; length.try_into().unwrap()]).unwrap();
    deploy_to(&target, &site).await.unwrap();
    let deployed = std::fs::read(target.join(object)).unwrap();
    assert!(deployed == std::fs::read(site.join(object)).unwrap());
}

#[tokio::test]
async fn a_change_that_keeps_size_and_time_is_repaired() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    let target = dir.path().join("www");
    deploy_to(&target, &site).await.unwrap();
    let page = target.join("en/index.html");
    let metadata = std::fs::metadata(&page).unwrap();
    let length = usize::try_from(metadata.len()).unwrap();
    std::fs::write(&page, vec![b'x'; length]).unwrap();
    let file = std::fs::File::options().write(true).open(&page).unwrap();
    file.set_modified(metadata.modified().unwrap()).unwrap();
    let repair = Run {
        repairs: true,
        ..run()
    };
    let folder = Arc::new(Folder::open(&target, true).unwrap());
    let local = LocalSite::open(&site).unwrap();
    let summary = repair.deploy(&local, folder, &NoProgress).await.unwrap();
    assert_eq!(summary.uploaded, 1);
    assert!(std::fs::read(&page).unwrap() == std::fs::read(site.join("en/index.html")).unwrap());
}

#[tokio::test]
async fn a_folder_is_locked() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    let target = dir.path().join("www");
    let lock = Folder::open(&target, true).unwrap();
    let conflict = deploy_to(&target, &site).await;
    assert_eq!(code(conflict), "deploy-conflict");
    drop(lock);
    deploy_to(&target, &site).await.unwrap();
}

#[tokio::test]
#[cfg(unix)]
async fn nothing_behind_a_link_is_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let outside = dir.path().join("outside");
    let target = dir.path().join("www");
    for folder in [&outside, &target] {
        std::fs::create_dir(folder).unwrap();
    }
    std::fs::write(outside.join("a.html"), b"precious").unwrap();
    std::os::unix::fs::symlink(&outside, target.join("en")).unwrap();
    let folder = Folder::open(&target, true).unwrap();
    folder.delete("en/a.html").await.unwrap();
    assert!(outside.join("a.html").exists());
}

#[test]
fn a_file_in_the_place_of_the_folder_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, b"x").unwrap();
    let error = Folder::open(&file.join("www"), true).err().unwrap();
    assert_eq!(error.code(), "deploy-refused");
}

#[test]
fn the_site_is_not_deployed_into_itself() {
    let dir = tempfile::tempdir().unwrap();
    let site = publish(dir.path(), 1);
    for target in [site.clone(), site.join("new/folder")] {
        let error = crate::check_is_outside(&target, &site).unwrap_err();
        assert_eq!(error.code(), "deploy-target-is-site");
    }
    assert!(crate::check_is_outside(&dir.path().join("new"), &site).is_ok());
}
