//! IIIF image services (Image API 2 and 3).

use std::io::Read;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::client::Client;
use super::error::FetchError;

/// Maximum length of `info.json` in bytes.
const MAX_INFO_BYTES: u64 = 1 << 20;
/// Maximum time for the transfer of `info.json`.
const MAX_INFO_TIME: Duration = Duration::from_secs(60);

/// Returns the URL of the largest image that a service provides, according to its `info.json`.
///
/// # Errors
/// Returns an error if `info.json` cannot be fetched, or does not describe an image service.
pub fn image_url(client: &Client, service: &str) -> Result<String, FetchError> {
    let mut response = client.get(&format!("{service}/info.json"), None)?;
    let mut info = Vec::new();
    let mut body = response.body_mut().as_reader().take(MAX_INFO_BYTES);
    let start = Instant::now();
    let mut buffer = [0; 4096];
    loop {
        match body.read(&mut buffer).map_err(FetchError::unreachable)? {
            0 => break,
            count => info.extend_from_slice(buffer.get(..count).unwrap_or_default()),
        }
        // Each read has a time limit, but a server can send single bytes.
        if start.elapsed() > MAX_INFO_TIME {
            return Err(FetchError::unreachable(
                "the server sends info.json too slowly",
            ));
        }
    }
    let size = size(&info).map_err(FetchError::Service)?;
    Ok(format!("{service}/full/{size}/0/default.jpg"))
}

/// Returns the size parameter for the whole image, which depends on the version of the API.
fn size(info: &[u8]) -> Result<&'static str, String> {
    let info: Value = serde_json::from_slice(info)
        .map_err(|error| format!("its info.json cannot be read: {error}"))?;
    let is_number = |name: &str| info.get(name).is_some_and(Value::is_u64);
    if !is_number("width") || !is_number("height") {
        return Err("its info.json has no width and height".to_owned());
    }
    let context = info.get("@context").map(Value::to_string);
    let context = context.unwrap_or_default();
    let is_third = info.get("type").is_some_and(|kind| kind == "ImageService3")
        || context.contains("/image/3/");
    // `full` is also valid in version 1. Version 2.1 deprecates it, but servers of version 2.0 know
    // only `full`.
    Ok(if is_third { "max" } else { "full" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_depends_on_the_version() {
        for (info, expected) in [
            (
                r#"{"@context":"http://iiif.io/api/image/3/context.json","width":1,"height":1}"#,
                Ok("max"),
            ),
            (
                r#"{"type":"ImageService3","width":1,"height":1}"#,
                Ok("max"),
            ),
            (
                r#"{"@context":"http://iiif.io/api/image/2/context.json","width":1,"height":1}"#,
                Ok("full"),
            ),
            (
                r#"{"type":"Manifest"}"#,
                Err("its info.json has no width and height".to_owned()),
            ),
        ] {
            assert_eq!(size(info.as_bytes()), expected, "{info}");
        }
        assert!(size(b"<html>").is_err_and(|error| error.contains("cannot be read")));
    }
}
