//! A web server for tests, which misbehaves on request.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The answer to the requests of a path.
#[derive(Clone)]
pub enum Answer {
    /// The file, with an entity tag and support for ranges.
    File(Vec<u8>),
    /// The first bytes of the file, and then the end of the connection, for the first request. Then like
    /// [`Answer::File`]. The last member is `true` if ranges are supported.
    Interrupted(Vec<u8>, usize, bool),
    /// The file, with another length than it has.
    Length(Vec<u8>, usize),
    /// A redirect.
    Redirect(String),
    /// A status, with further headers.
    Status(u16, &'static str),
    /// A status for this number of requests, and then the file.
    Busy(u16, &'static str, usize, Vec<u8>),
    /// A page.
    Html(&'static str),
    /// A page that is sent as an image.
    FakeImage,
    /// No answer.
    Hang,
}

/// A request: its path, and its headers in lower case.
#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    pub headers: BTreeMap<String, String>,
}

#[derive(Default)]
struct Shared {
    answers: Mutex<BTreeMap<String, Answer>>,
    requests: Mutex<Vec<Request>>,
    active: AtomicUsize,
    most_active: AtomicUsize,
}

pub struct Server {
    address: String,
    shared: Arc<Shared>,
}

impl Server {
    pub fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Shared::default());
        let for_thread = shared.clone();
        // The thread ends with the test.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = for_thread.clone();
                std::thread::spawn(move || respond(&shared, stream));
            }
        });
        Server { address, shared }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn answer(&self, path: &str, answer: Answer) {
        let mut answers = self.shared.answers.lock().unwrap();
        answers.insert(path.to_owned(), answer);
    }

    /// Returns the requests since the last call.
    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut *self.shared.requests.lock().unwrap())
    }

    /// Returns the largest number of requests that were not answered yet.
    pub fn most_active(&self) -> usize {
        self.shared.most_active.load(Ordering::SeqCst)
    }
}

fn respond(shared: &Shared, mut stream: TcpStream) {
    let Some(request) = read_request(&stream) else {
        return;
    };
    shared.requests.lock().unwrap().push(request.clone());
    // A client that opened more connections would do so in this time.
    let active = shared.active.fetch_add(1, Ordering::SeqCst) + 1;
    shared.most_active.fetch_max(active, Ordering::SeqCst);
    std::thread::sleep(Duration::from_millis(20));
    shared.active.fetch_sub(1, Ordering::SeqCst);
    let answer = {
        let mut answers = shared.answers.lock().unwrap();
        let answer = answers.get(&request.path).cloned();
        // What happens only once is replaced.
        let next = match &answer {
            Some(Answer::Interrupted(file, _, true)) => Some(Answer::File(file.clone())),
            Some(Answer::Interrupted(file, ..)) => Some(Answer::Length(file.clone(), file.len())),
            Some(Answer::Busy(_, _, 1, file)) => Some(Answer::File(file.clone())),
            Some(Answer::Busy(status, headers, count, file)) => {
                Some(Answer::Busy(*status, headers, count - 1, file.clone()))
            }
            _ => None,
        };
        if let Some(next) = next {
            answers.insert(request.path.clone(), next);
        }
        answer
    };
    let response = |status: &str, headers: &str, length: usize, body: &[u8]| {
        let mut response = format!(
            "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
        )
        .into_bytes();
        response.extend_from_slice(body);
        response
    };
    const TAG: &str = "ETag: \"one\"\r\n";
    let bytes = match answer {
        None => response("404 Not Found", "", 0, b""),
        Some(Answer::File(file)) => match range_start(&request) {
            Some(from) if from < file.len() => {
                let headers = format!(
                    "{TAG}Content-Range: bytes {from}-{}/{}\r\n",
                    file.len() - 1,
                    file.len()
                );
                let rest = &file[from..];
                response("206 Partial Content", &headers, rest.len(), rest)
            }
            _ => response("200 OK", TAG, file.len(), &file),
        },
        Some(Answer::Interrupted(file, sent, _)) => {
            response("200 OK", TAG, file.len(), &file[..sent])
        }
        Some(Answer::Length(file, length)) => response("200 OK", "", length, &file),
        Some(Answer::Redirect(target)) => {
            response("302 Found", &format!("Location: {target}\r\n"), 0, b"")
        }
        Some(Answer::Status(status, headers) | Answer::Busy(status, headers, ..)) => {
            response(&format!("{status} Status"), headers, 0, b"")
        }
        Some(Answer::Html(media_type)) => {
            let page = b"<!DOCTYPE html><html><body>Not here</body></html>";
            let headers = format!("Content-Type: {media_type}\r\n");
            response("200 OK", &headers, page.len(), page)
        }
        Some(Answer::FakeImage) => {
            let page = b"<!DOCTYPE html><html><body>Not here</body></html>";
            response("200 OK", "Content-Type: image/jpeg\r\n", page.len(), page)
        }
        Some(Answer::Hang) => {
            std::thread::sleep(Duration::from_secs(5));
            return;
        }
    };
    let _ = stream.write_all(&bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let _ = stream.read(&mut [0; 64]);
}

fn read_request(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers = lines.take_while(|line| !line.is_empty());
    let headers = headers.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    });
    Some(Request {
        path,
        headers: headers.collect(),
    })
}

/// Returns the first byte of the requested range, if the entity tag is that of the file.
fn range_start(request: &Request) -> Option<usize> {
    let range = request.headers.get("range")?;
    let is_same = request.headers.get("if-range")? == "\"one\"";
    let from = range.strip_prefix("bytes=")?.strip_suffix('-')?;
    from.parse().ok().filter(|_| is_same)
}
