//! Deployments to a folder and to an SSH server.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Archive, khizana, read_files};
use crate::trust::text;

/// The record of a deployment on its target.
const RECORD: &str = "deployment.json.zst";

/// Checks that a folder contains the files of the site and the record.
fn assert_deployed(site: &Path, target: &Path) {
    let (local, mut deployed) = (read_files(site), read_files(target));
    assert!(deployed.remove(RECORD).is_some());
    let (expected, found): (Vec<_>, Vec<_>) = (local.keys().collect(), deployed.keys().collect());
    assert_eq!(found, expected);
    assert!(local == deployed);
}

#[test]
fn a_site_is_deployed_to_a_folder_and_checked() {
    let archive = Archive::published();
    let target = archive.sibling("www");
    let target = text(&target);
    let dry = archive.json(0, &["deploy", target, "--dry-run"]);
    assert!(!Path::new(target).exists());
    let first = archive.json(0, &["deploy", target]);
    assert_eq!(first["uploaded"], first["files"]);
    assert_eq!(first["uploaded"], dry["uploaded"]);
    assert_deployed(&archive.site(), Path::new(target));
    let output = archive.ok(&["deploy", target]);
    assert!(output.stdout.contains("is up to date"), "{}", output.stdout);
    archive.ok(&["verify", "--site", target]);

    let page = Path::new(target).join("en/index.html");
    fs::write(&page, "by hand").unwrap();
    let report = archive.json(1, &["deploy", target, "--check"]);
    assert_eq!(report["problems"][0]["code"], "deploy-file-changed");
    assert_eq!(report["problems"][0]["file"], "en/index.html");
    archive.ok(&["deploy", target, "--repair"]);
    archive.ok(&["deploy", target, "--check"]);
    assert_deployed(&archive.site(), Path::new(target));
}

#[test]
fn deployments_that_cannot_run_name_the_remedy() {
    let archive = Archive::published();
    let fails = |arguments: &[&str], code: &str| {
        let error = &archive.json(2, arguments)["error"];
        assert_eq!(error["code"], code, "{error}");
        assert!(!error["hint"].as_str().unwrap().is_empty());
    };
    fails(&["deploy", "ftp://host/path"], "deploy-target");
    let site = archive.site();
    fails(&["deploy", text(&site)], "deploy-target-is-site");
    let other = archive.sibling("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("index.html"), "another site").unwrap();
    fails(&["deploy", text(&other)], "deploy-target-occupied");
    let empty = archive.sibling("empty");
    fails(&["deploy", text(&empty), "--check"], "deploy-missing");
    fails(
        &["deploy", text(&empty), "--site", "/nowhere"],
        "site-missing",
    );
    fs::remove_file(site.join("404.html")).unwrap();
    fails(&["deploy", text(&empty)], "deploy-site-incomplete");
    assert!(!empty.exists());
}

#[test]
fn missing_and_unreachable_servers_of_a_bucket_are_reported() {
    let archive = Archive::published();
    // A port on which nothing listens.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let endpoint = format!("http://127.0.0.1:{port}");
    let run = |variables: &[(&str, &str)]| -> Value {
        let output = khizana()
            .args(["deploy", "s3://bucket/x", "--json", "--endpoint", &endpoint])
            .arg("--archive")
            .arg(archive.path())
            .env("HOME", archive.sibling("home"))
            .env_remove("AWS_ACCESS_KEY_ID")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let all = [output.stdout.clone(), output.stderr].concat();
        assert!(!String::from_utf8_lossy(&all).contains("very-secret"));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert_eq!(run(&[])["error"]["code"], "deploy-credentials-missing");
    let key = [
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "very-secret"),
    ];
    assert_eq!(run(&key)["error"]["code"], "deploy-unreachable");
}

/// A server of SSH with the keys of a user in a temporary home.
struct Ssh {
    child: Child,
    home: PathBuf,
    port: u16,
}

impl Drop for Ssh {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ssh {
    fn start(folder: &Path) -> Ssh {
        let home = folder.join("home");
        let keys = home.join(".ssh");
        fs::create_dir_all(&keys).unwrap();
        for name in ["id_ed25519", "host_key"] {
            let status = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(keys.join(name))
                .status();
            assert!(status.unwrap().success());
        }
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let key = |name: &str| fs::read_to_string(keys.join(name)).unwrap();
        fs::write(keys.join("authorized_keys"), key("id_ed25519.pub")).unwrap();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {keys}/host_key\nAuthorizedKeysFile {keys}/authorized_keys\n\
             PidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\nSubsystem sftp internal-sftp\n",
            keys = keys.display()
        );
        let file = folder.join("sshd_config");
        fs::write(&file, config).unwrap();
        // The server requires this folder if it is run by root.
        let _ = fs::create_dir("/run/sshd");
        let mut child = Command::new("/usr/sbin/sshd")
            .args(["-D", "-f"])
            .arg(&file)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert_eq!(child.try_wait().unwrap(), None, "sshd ended");
            assert!(Instant::now() < deadline, "sshd does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ssh { child, home, port }
    }

    /// Runs `deploy` to a folder, and returns the exit status and the document.
    fn deploy(&self, archive: &Archive, folder: &Path, options: &[&str]) -> (Option<i32>, Value) {
        let target = format!("sftp://127.0.0.1:{}{}", self.port, folder.display());
        let user = Command::new("id").arg("-un").output().unwrap().stdout;
        let output = khizana()
            .args(["deploy", &target, "--json"])
            .args(options)
            .arg("--archive")
            .arg(archive.path())
            .env("HOME", &self.home)
            .env("USER", String::from_utf8(user).unwrap().trim())
            .env_remove("SSH_AUTH_SOCK")
            .output()
            .unwrap();
        let document = serde_json::from_slice(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        (
            output.status.code(),
            document.unwrap_or_else(|_| panic!("{stderr}")),
        )
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_site_is_deployed_to_an_ssh_server_whose_key_is_known() {
    let archive = Archive::published();
    let ssh = Ssh::start(&archive.sibling("ssh"));
    let target = archive.sibling("www");
    let (status, document) = ssh.deploy(&archive, &target, &[]);
    assert_eq!(
        (status, &document["error"]["code"]),
        (Some(2), &"deploy-host-unknown".into())
    );
    let keys = ssh.home.join(".ssh");
    let key = fs::read_to_string(keys.join("host_key.pub")).unwrap();
    let known = keys.join("known_hosts");
    let other = fs::read_to_string(keys.join("id_ed25519.pub")).unwrap();
    let host = format!("[127.0.0.1]:{}", ssh.port);
    fs::write(&known, format!("{host} {other}")).unwrap();
    let (_, document) = ssh.deploy(&archive, &target, &[]);
    assert_eq!(document["error"]["code"], "deploy-host-changed");
    assert!(!target.exists());

    fs::write(&known, format!("{host} {key}")).unwrap();
    let (status, document) = ssh.deploy(&archive, &target, &[]);
    assert_eq!(status, Some(0), "{document}");
    assert_deployed(&archive.site(), &target);
    let (_, again) = ssh.deploy(&archive, &target, &[]);
    assert_eq!(again["uploaded"], 0);
    assert_eq!(again["requests"]["read"], 2);

    fs::write(target.join("404.html"), "by hand").unwrap();
    let (status, report) = ssh.deploy(&archive, &target, &["--check"]);
    assert_eq!(
        (status, &report["problems"][0]["file"]),
        (Some(1), &"404.html".into())
    );
    ssh.deploy(&archive, &target, &["--repair"]);
    assert_deployed(&archive.site(), &target);

    let nowhere = archive.sibling("nowhere/www");
    let (_, document) = ssh.deploy(&archive, &nowhere, &[]);
    assert_eq!(document["error"]["code"], "deploy-target-missing");
    fs::write(keys.join("authorized_keys"), "").unwrap();
    let (_, document) = ssh.deploy(&archive, &target, &[]);
    assert_eq!(document["error"]["code"], "deploy-credentials-rejected");
    fs::remove_file(keys.join("id_ed25519")).unwrap();
    let (_, document) = ssh.deploy(&archive, &target, &[]);
    assert_eq!(document["error"]["code"], "deploy-credentials-missing");
}
