//! The transfer of a file from its host.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::time::Instant;

use khizana_model::{RemoteImage, RemoteKind};
use ureq::Body;
use ureq::http::header::{self, HeaderMap};
use ureq::http::{Response, StatusCode};

use super::client::{Client, Rest, text};
use super::error::FetchError;
use super::partial::Download;
use super::service;
use super::settings::FetchSettings;

/// Fetches a file to a folder, or continues an interrupted transfer. Does nothing if the file is already
/// there and complete.
///
/// # Errors
/// Returns an error if the file cannot be fetched. What was received is kept if the transfer can be
/// continued.
pub fn fetch(
    client: &Client,
    image: &RemoteImage,
    folder: &Path,
    settings: &FetchSettings,
) -> Result<Download, FetchError> {
    let mut download = Download::open(folder, &image.url);
    if download.is_complete()? {
        return Ok(download);
    }
    let url = match image.kind {
        RemoteKind::File => image.url.clone(),
        RemoteKind::Service => service::image_url(client, &image.url)?,
    };
    let rest = download
        .received()
        .map(|(from, validator)| (from, validator.to_owned()));
    let rest = rest.as_ref().map(|(from, validator)| Rest {
        from: *from,
        if_range: validator,
    });
    let mut response = client.get(&url, rest.as_ref())?;
    let from = match rest {
        Some(rest) if response.status() != StatusCode::OK => {
            if !continues(&response, &rest, download.description.bytes) {
                download.remove();
                return Err(FetchError::unreachable(
                    "the server does not continue the transfer that was interrupted",
                ));
            }
            rest.from
        }
        _ => {
            download.remove();
            download.description.validator = validator(response.headers());
            0
        }
    };
    check_headers(response.headers())?;
    let length = text(response.headers(), header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.parse::<u64>().ok());
    let announced = length.map(|length| from.saturating_add(length));
    if from == 0 {
        download.description.bytes = announced;
    }
    // A server may answer the request for the rest with a part of it.
    let total = download
        .description
        .bytes
        .or_else(|| length_of_range(response.headers()))
        .or(announced);
    if total.is_some_and(|total| total > settings.max_bytes) {
        return Err(FetchError::TooLarge(settings.max_bytes));
    }
    let mut part = download.begin(from > 0)?;
    let received = receive(&mut response, (&mut part, download.part()), from, settings);
    let received = match received {
        Ok(received) => received,
        Err(FetchError::TooLarge(bytes)) => {
            download.remove();
            return Err(FetchError::TooLarge(bytes));
        }
        Err(error) => return Err(error),
    };
    if let Some(announced) = total.filter(|total| *total != received) {
        return Err(FetchError::Length {
            announced,
            received,
        });
    }
    part.sync_all()
        .map_err(FetchError::local(download.part()))?;
    drop(part);
    download.complete()?;
    Ok(download)
}

/// Copies the body of a response to a part, of which `from` bytes are there. Returns the number of bytes
/// of the part.
fn receive(
    response: &mut Response<Body>,
    (part, path): (&mut File, &Path),
    from: u64,
    settings: &FetchSettings,
) -> Result<u64, FetchError> {
    let start = Instant::now();
    let length = text(response.headers(), header::CONTENT_LENGTH);
    let announced = length.and_then(|length| length.parse::<u64>().ok());
    let mut body = response.body_mut().as_reader();
    let mut received = from;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = match body.read(&mut buffer) {
            Ok(0) => return Ok(received),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                return Err(match announced {
                    Some(announced) => FetchError::Length {
                        announced: from.saturating_add(announced),
                        received,
                    },
                    None => FetchError::unreachable(error),
                });
            }
            Err(error) => return Err(FetchError::unreachable(error)),
        };
        let bytes = buffer.get(..count).unwrap_or_default();
        part.write_all(bytes).map_err(FetchError::local(path))?;
        received = received.saturating_add(count as u64);
        if received > settings.max_bytes {
            return Err(FetchError::TooLarge(settings.max_bytes));
        }
        if start.elapsed() > settings.max_time {
            let seconds = settings.max_time.as_secs();
            let reason = format!("the transfer took more than {seconds} seconds");
            return Err(FetchError::unreachable(reason));
        }
    }
}

/// Returns the length of the whole file from `Content-Range: bytes 4-9/10`.
fn length_of_range(headers: &HeaderMap) -> Option<u64> {
    let (_, length) = text(headers, header::CONTENT_RANGE)?.split_once('/')?;
    length.parse().ok()
}

/// Returns `true` if a response is the requested rest of a file: `Content-Range: bytes 4-9/10`.
fn continues(response: &Response<Body>, rest: &Rest<'_>, total: Option<u64>) -> bool {
    let range = text(response.headers(), header::CONTENT_RANGE);
    let range = range.and_then(|range| range.strip_prefix("bytes ")?.split_once('/'));
    let Some((range, length)) = range.filter(|_| response.status() == StatusCode::PARTIAL_CONTENT)
    else {
        return false;
    };
    let from = range
        .split_once('-')
        .and_then(|(from, _)| from.parse().ok());
    let is_same_length = total.is_none() || length == "*" || length.parse().ok() == total;
    from == Some(rest.from) && is_same_length
}

/// Returns the strong validator of a file, with which the rest of it can be requested.
fn validator(headers: &HeaderMap) -> Option<String> {
    let tag = text(headers, header::ETAG).filter(|tag| !tag.starts_with("W/"));
    let validator = tag.or(text(headers, header::LAST_MODIFIED))?;
    Some(validator.to_owned())
}

/// Refuses a page before it is received, and content in an encoding that was not requested.
fn check_headers(headers: &HeaderMap) -> Result<(), FetchError> {
    let media_type = text(headers, header::CONTENT_TYPE).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if ["text/html", "application/xhtml+xml"]
        .iter()
        .any(|page| media_type.eq_ignore_ascii_case(page))
    {
        return Err(FetchError::NotMedia("an HTML page".to_owned()));
    }
    let encoding = text(headers, header::CONTENT_ENCODING).unwrap_or("identity");
    if !encoding.eq_ignore_ascii_case("identity") {
        let content = format!("a file in the encoding {encoding}, which was not requested");
        return Err(FetchError::NotMedia(content));
    }
    Ok(())
}
