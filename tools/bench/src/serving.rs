//! The requests per second of the local server and of nginx, for the same files.

use std::path::Path;
use std::process::Command;

use xtask::failure::Failure;
use xtask::project::Project;
use xtask::{files, process};

use super::khizana;
use super::server::Server;

/// The ports of the two servers.
const PORT: u16 = 8931;
const NGINX_PORT: u16 = 8932;
/// Number of files that are requested in turns.
const FILES: usize = 500;
/// Maximum size of these files, in bytes.
const MAX_SIZE: u64 = 64 << 10;
/// Number of measurements of each server, in turns. The medians are reported.
const REPETITIONS: u32 = 3;

/// Requests per second of both servers.
pub struct Rates {
    pub khizana: f64,
    pub nginx: f64,
}

/// Measures both servers. `folder` is for temporary files.
pub fn measure(project: &Project, site: &Path, folder: &Path) -> Result<Rates, Failure> {
    let script = folder.join("requests.lua");
    write(&script, &requests(&paths(site)?))?;
    let config = folder.join("nginx.conf");
    write(&config, &nginx_config(site, folder))?;
    let mut nginx = process::program(project, "nginx");
    nginx.arg("-c").arg(&config).args(["-g", "daemon off;"]);
    let _nginx = Server::start(nginx, NGINX_PORT)?;
    let mut serve = khizana::command(project);
    serve.args(["serve", "--addr", &format!("127.0.0.1:{PORT}")]);
    serve.arg(site);
    let _serve = Server::start(serve, PORT)?;
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..REPETITIONS {
        ours.push(rate(project, &script, PORT)?);
        peer.push(rate(project, &script, NGINX_PORT)?);
    }
    Ok(Rates {
        khizana: median(ours),
        nginx: median(peer),
    })
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}

/// Returns the paths of small files, distributed over the site.
fn paths(site: &Path) -> Result<Vec<String>, Failure> {
    let mut all = Vec::new();
    for file in files::below(site, &[])? {
        let size = file.metadata().map_err(Failure::file(&file))?.len();
        let path = file.strip_prefix(site).unwrap_or(&file).to_string_lossy();
        // The names of other files would have to be encoded.
        let is_plain = path
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"/-_.".contains(&b));
        if size <= MAX_SIZE && is_plain && !path.starts_with('_') {
            let folder = path.strip_suffix("index.html");
            all.push(format!("/{}", folder.unwrap_or(&path)));
        }
    }
    let step = all.len().div_ceil(FILES).max(1);
    Ok(all.into_iter().step_by(step).collect())
}

/// Returns the script for wrk that requests the paths in turns.
fn requests(paths: &[String]) -> String {
    let list: Vec<String> = paths.iter().map(|path| format!("{path:?}")).collect();
    format!(
        "local paths = {{{}}}\nlocal number = 0\nrequest = function()\n  number = number % #paths + 1\n  \
         return wrk.format(\"GET\", paths[number])\nend\n",
        list.join(",")
    )
}

fn nginx_config(site: &Path, folder: &Path) -> String {
    let folder = folder.display();
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temporary: Vec<String> = kinds
        .iter()
        .map(|kind| format!("{kind}_temp_path {folder}/{kind};"))
        .collect();
    format!(
        "worker_processes auto;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nevents {{}}\nhttp {{\n\
         include /etc/nginx/mime.types;\naccess_log off;\nsendfile on;\nkeepalive_requests 10000000;\n{}\n\
         server {{ listen 127.0.0.1:{NGINX_PORT}; root {}; index index.html; }}\n}}\n",
        temporary.join("\n"),
        site.display()
    )
}

/// Returns the requests per second of a server.
fn rate(project: &Project, script: &Path, port: u16) -> Result<f64, Failure> {
    let mut wrk: Command = process::program(project, "wrk");
    wrk.args(["-t1", "-c16", "-d5s", "-s"]).arg(script);
    wrk.arg(format!("http://127.0.0.1:{port}/"));
    let output = wrk.output().map_err(process::not_started(&wrk))?;
    process::check_status(&wrk, output.status)?;
    let text = String::from_utf8_lossy(&output.stdout);
    parse_rate(&text).ok_or_else(|| Failure::malformed(script, format!("wrk printed {text}")))
}

/// Returns the rate in the output of wrk. Returns `None` if responses failed.
fn parse_rate(text: &str) -> Option<f64> {
    if text.contains("Non-2xx") {
        return None;
    }
    let rate = text
        .lines()
        .find_map(|line| line.strip_prefix("Requests/sec:"))?;
    rate.trim().parse().ok()
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(Failure::file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_rate_unless_responses_failed() {
        let text = "Running 5s test\nRequests/sec:  26993.29\nTransfer/sec: 338.03MB\n";
        assert_eq!(parse_rate(text), Some(26_993.29));
        let failed = format!("  Non-2xx or 3xx responses: 975\n{text}");
        assert_eq!(parse_rate(&failed), None);
        assert_eq!(parse_rate(""), None);
    }
}
