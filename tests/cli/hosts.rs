//! The settings of web servers in the documentation: each server is started with them, and `verify --site` finds nothing
//! wrong.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Archive, copy_dir, fixture};
use crate::trust::text;

/// A running server, which is stopped at the end of the test.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGKILL would leave the worker processes of nginx and Apache behind.
        let _ = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        let _ = self.child.wait();
    }
}

/// Starts a server, and waits until it accepts connections.
fn start(command: &mut Command, port: u16) -> Server {
    // System programs are not on the `PATH` of all users.
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{path}:/usr/sbin"));
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let child = child.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut server = Server {
        child,
        address: format!("http://127.0.0.1:{port}/archive/"),
    };
    let deadline = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let status = server.child.try_wait().unwrap();
        assert!(status.is_none(), "{command:?} ended: {status:?}");
        assert!(Instant::now() < deadline, "{command:?} does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
    server
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Returns the first code block of a language in the documentation of servers.
fn documented(language: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/servers.md");
    let page = fs::read_to_string(path).unwrap();
    let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("\n```").unwrap().0.to_owned()
}

/// Returns an archive whose site is in `www/archive` next to it, and the folder `www`.
fn published() -> (Archive, PathBuf) {
    let archive = Archive::new();
    let config = archive.path().join("khizana.toml");
    let settings = fs::read_to_string(&config).unwrap();
    fs::write(
        &config,
        format!("url = \"http://127.0.0.1/archive/\"\n{settings}"),
    )
    .unwrap();
    for name in ["cabinet", "recordings"] {
        archive.ok(&["ingest", text(&fixture(name))]);
    }
    archive.ok(&["publish"]);
    let www = archive.sibling("www");
    copy_dir(&archive.site(), &www.join("archive"));
    (archive, www)
}

/// Verifies the site on a server, and returns the codes and the files of the problems.
fn problems(archive: &Archive, server: &Server) -> Vec<(String, String)> {
    let report = archive.json(0, &["verify", "--site", &server.address]);
    let problems = report["problems"].as_array().unwrap().iter();
    let member = |problem: &Value, name: &str| problem[name].as_str().unwrap().to_owned();
    problems
        .map(|problem| (member(problem, "code"), member(problem, "file")))
        .collect()
}

fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

#[test]
fn nginx_serves_a_site_as_documented() {
    let (archive, www) = published();
    let port = free_port();
    let work = archive.sibling("nginx");
    let settings = documented("nginx")
        .replace("listen 80", &format!("listen 127.0.0.1:{port}"))
        .replace("/var/www", text(&www));
    let folder = text(&work);
    let main = format!(
        "daemon off; pid {folder}/pid; error_log stderr; worker_processes 1;\nevents {{}}\nhttp {{\n\
         include /etc/nginx/mime.types; access_log off;\nclient_body_temp_path {folder}/a; proxy_temp_path {folder}/b; \
         fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;\n{settings}\n}}\n"
    );
    write(&work.join("nginx.conf"), &main);
    let mut command = Command::new("nginx");
    command
        .arg("-p")
        .arg(&work)
        .arg("-c")
        .arg(work.join("nginx.conf"));
    // The server drops privileges if it is started by root, and must be able to read the site.
    make_readable(&archive.sibling(""));
    let server = start(&mut command, port);
    assert_eq!(problems(&archive, &server), []);
}

#[test]
fn caddy_serves_a_site_as_documented() {
    let (archive, www) = published();
    let port = free_port();
    let work = archive.sibling("caddy");
    let settings = documented("caddyfile")
        .replace("example.org {", &format!("http://127.0.0.1:{port} {{"))
        .replace("/var/www", text(&www));
    let file = work.join("Caddyfile");
    write(
        &file,
        &format!("{{\n\tadmin off\n\tauto_https off\n}}\n{settings}\n"),
    );
    let mut command = Command::new("caddy");
    command
        .args(["run", "--adapter", "caddyfile", "--config"])
        .arg(&file);
    command.env("HOME", &work);
    let server = start(&mut command, port);
    assert_eq!(problems(&archive, &server), []);
}

#[test]
fn apache_serves_a_site_as_documented() {
    let (archive, www) = published();
    let port = free_port();
    let work = archive.sibling("apache");
    fs::create_dir_all(&work).unwrap();
    write(&www.join("archive/.htaccess"), &documented("apache"));
    let modules = [
        "mpm_event",
        "authz_core",
        "dir",
        "mime",
        "headers",
        "filter",
        "deflate",
    ];
    let modules: String = modules
        .iter()
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
        .collect();
    let (folder, www) = (text(&work), text(&www));
    let main = format!(
        "{modules}Listen 127.0.0.1:{port}\nServerName 127.0.0.1\nPidFile {folder}/pid\nErrorLog {folder}/error.log\n\
         DefaultRuntimeDir {folder}\nMutex posixsem\nTypesConfig /etc/mime.types\nDocumentRoot {www}\n\
         <Directory {www}>\nAllowOverride All\nRequire all granted\n</Directory>\n"
    );
    write(&work.join("apache.conf"), &main);
    let mut command = Command::new("apache2");
    command
        .args(["-D", "FOREGROUND", "-f"])
        .arg(work.join("apache.conf"));
    make_readable(&archive.sibling(""));
    let server = start(&mut command, port);
    assert_eq!(problems(&archive, &server), []);
}

#[test]
fn a_server_without_settings_is_reported() {
    let (archive, www) = published();
    let port = free_port();
    let mut command = Command::new("python3");
    command.args(["-m", "http.server", "--bind", "127.0.0.1", "--directory"]);
    command
        .arg(&www)
        .arg(port.to_string())
        .stderr(Stdio::null());
    let server = start(&mut command, port);
    let found = problems(&archive, &server);
    let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
    for code in [
        "host-cache",
        "host-compression",
        "host-headers",
        "host-not-found",
        "host-ranges",
    ] {
        assert!(codes.contains(&code), "{code}: {found:?}");
    }
    assert!(
        codes.iter().all(|code| code.starts_with("host-")),
        "{found:?}"
    );
    let output = archive.run(&["verify", "--site", &server.address]);
    assert!(output.stderr.contains("immutable"), "{}", output.stderr);
}

/// Lets every user read a folder and what it contains, as a web server may run as another user.
fn make_readable(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
}
