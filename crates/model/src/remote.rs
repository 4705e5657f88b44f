//! Images on other hosts.

use serde::{Deserialize, Serialize};

/// The width and the height in pixels within which the image of a IIIF image service is requested for
/// display.
const DISPLAYED_SIZE: u32 = 1600;

/// An image on another host, to which a source refers by its URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteImage {
    /// The URL of the file, or the base URI of the service without a trailing slash. It has the scheme
    /// `http` or `https`, contains neither credentials nor a fragment, and is ASCII.
    pub url: String,
    /// The resource at the URL.
    #[serde(default, skip_serializing_if = "RemoteKind::is_file")]
    pub kind: RemoteKind,
}

/// The resource at the URL of a [`RemoteImage`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RemoteKind {
    /// The file of an image.
    #[default]
    File,
    /// A service of the IIIF Image API, version 2 or 3.
    Service,
}

impl RemoteKind {
    fn is_file(&self) -> bool {
        *self == RemoteKind::File
    }
}

impl RemoteImage {
    /// Returns the URL from which a browser displays the image, if `hosts` contains its host.
    ///
    /// `http` is replaced by `https`, because browsers do not display images over HTTP on a page that
    /// was fetched over HTTPS. An image over HTTP at another port is not displayed.
    pub fn display_url(&self, hosts: &[String]) -> Option<String> {
        let (scheme, rest) = self.url.split_once("://")?;
        let authority = rest.split(['/', '?']).next().unwrap_or(rest);
        let default_port = if scheme == "https" { ":443" } else { ":80" };
        let host = authority.strip_suffix(default_port).unwrap_or(authority);
        let is_displayable = scheme == "https" || !host.contains(':');
        if !is_displayable || !hosts.iter().any(|named| named == host) {
            return None;
        }
        let path = rest.get(authority.len()..).unwrap_or_default();
        Some(match self.kind {
            RemoteKind::File => format!("https://{host}{path}"),
            RemoteKind::Service => format!(
                "https://{host}{path}/full/!{DISPLAYED_SIZE},{DISPLAYED_SIZE}/0/default.jpg"
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_displayed_from_a_named_host_over_https() {
        let hosts = ["a.example".to_owned(), "b.example:8443".to_owned()];
        for (url, kind, expected) in [
            (
                "https://a.example/1.jpg",
                RemoteKind::File,
                Some("https://a.example/1.jpg"),
            ),
            (
                "http://a.example/1.jpg",
                RemoteKind::File,
                Some("https://a.example/1.jpg"),
            ),
            (
                "http://a.example:80/1.jpg",
                RemoteKind::File,
                Some("https://a.example/1.jpg"),
            ),
            (
                "https://a.example:443?id=1",
                RemoteKind::File,
                Some("https://a.example?id=1"),
            ),
            (
                "https://b.example:8443/1.jpg",
                RemoteKind::File,
                Some("https://b.example:8443/1.jpg"),
            ),
            ("http://b.example:8443/1.jpg", RemoteKind::File, None),
            ("https://b.example/1.jpg", RemoteKind::File, None),
            ("https://a.example.org/1.jpg", RemoteKind::File, None),
            (
                "https://a.example/iiif/x",
                RemoteKind::Service,
                Some("https://a.example/iiif/x/full/!1600,1600/0/default.jpg"),
            ),
        ] {
            let image = RemoteImage {
                url: url.to_owned(),
                kind,
            };
            assert_eq!(image.display_url(&hosts).as_deref(), expected, "{url}");
        }
    }
}
