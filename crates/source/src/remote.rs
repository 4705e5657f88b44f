//! URLs of images. Whether a URL is that of an image is decided without a request.

use khizana_model::{RemoteImage, RemoteKind};
use url::Url;

/// Extensions of images in the path of a URL.
const IMAGES: [&str; 14] = [
    "jpg", "jpeg", "jpe", "png", "tif", "tiff", "webp", "gif", "bmp", "jp2", "jxl", "avif", "heic",
    "svg",
];

/// Extensions of other files. The URL of such a file in a column of images is that of a page about the
/// image, or of another medium.
const OTHERS: [&str; 14] = [
    "html", "htm", "xhtml", "pdf", "json", "xml", "txt", "csv", "zip", "mp3", "wav", "ogg", "mp4",
    "webm",
];

/// Returns the image at an HTTP or HTTPS URL, or `None` if the URL is not that of an image.
///
/// A URL is that of an image if the path ends with the extension of one, if it is a URL of the IIIF Image
/// API, or if it is in a column of images and does not have the extension of another kind of file.
pub(super) fn image(text: &str, is_in_image_column: bool) -> Option<RemoteImage> {
    let mut url = parse(text)?;
    url.set_fragment(None);
    remove_credentials(&mut url);
    if let Some(service) = service(&url) {
        return Some(RemoteImage {
            url: service,
            kind: RemoteKind::Service,
        });
    }
    let is_image = match extension(&url).as_deref() {
        Some(extension) if IMAGES.contains(&extension) => true,
        Some(extension) if OTHERS.contains(&extension) => false,
        _ => is_in_image_column,
    };
    is_image.then(|| RemoteImage {
        url: url.into(),
        kind: RemoteKind::File,
    })
}

/// Removes the user name and the password from a URL. Returns `None` if it contains neither.
pub(super) fn without_credentials(text: &str) -> Option<String> {
    let mut url = parse(text)?;
    remove_credentials(&mut url).then(|| url.into())
}

fn parse(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

fn remove_credentials(url: &mut Url) -> bool {
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    // Both succeed for a URL with a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    has_credentials
}

fn extension(url: &Url) -> Option<String> {
    let name = url.path().rsplit('/').next()?;
    let (_, extension) = name.rsplit_once('.')?;
    Some(extension.to_ascii_lowercase())
}

/// Returns the base URI of the IIIF image service to which a URL belongs: `{base}/info.json`,
/// `{base}/{region}/{size}/{rotation}/{quality}.{format}`, or `{base}` with a segment `iiif`.
fn service(url: &Url) -> Option<String> {
    if url.query().is_some() {
        return None;
    }
    let path = url.path().trim_end_matches('/');
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let base = match segments.as_slice() {
        [base @ .., "info.json"] => base.len(),
        [base @ .., region, size, rotation, file]
            if is_region(region) && is_size(size) && is_rotation(rotation) && is_quality(file) =>
        {
            base.len()
        }
        [base @ .., identifier] if is_base(base, identifier) => segments.len(),
        _ => return None,
    };
    if base == 0 {
        return None;
    }
    let mut service = url.clone();
    service.set_path(&segments.get(..base)?.join("/"));
    Some(service.into())
}

fn is_region(text: &str) -> bool {
    matches!(text, "full" | "square") || text.starts_with("pct:") || is_numbers(text)
}

fn is_size(text: &str) -> bool {
    let text = text.trim_start_matches(['^', '!']);
    matches!(text, "full" | "max") || text.starts_with("pct:") || is_numbers(text)
}

fn is_rotation(text: &str) -> bool {
    let text = text.trim_start_matches('!');
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

fn is_quality(text: &str) -> bool {
    let quality = text.split_once('.').map(|(quality, _)| quality);
    quality.is_some_and(|quality| {
        [
            "default", "native", "color", "colour", "gray", "grey", "bitonal",
        ]
        .contains(&quality)
    })
}

/// Returns `true` for numbers that are separated by commas. Some of them may be missing: `600,`.
fn is_numbers(text: &str) -> bool {
    text.contains(',') && text.bytes().all(|b| b.is_ascii_digit() || b == b',')
}

/// Returns `true` if a path is the base URI of an image service, as opposed to a manifest.
fn is_base(folders: &[&str], identifier: &str) -> bool {
    let is_iiif = |segment: &str| segment.to_ascii_lowercase().starts_with("iiif");
    let is_presentation = |segment: &str| {
        let segment = segment.to_ascii_lowercase();
        [
            "manifest",
            "presentation",
            "collection",
            "canvas",
            "annotation",
            "sequence",
            "range",
        ]
        .iter()
        .any(|resource| segment.starts_with(resource))
    };
    folders.iter().any(|segment| is_iiif(segment))
        && !folders.iter().any(|segment| is_presentation(segment))
        && !is_presentation(identifier)
        && !identifier.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_recognised_by_extension_column_and_iiif() {
        let file = |url: &str| Some((url.to_owned(), RemoteKind::File));
        let service = |url: &str| Some((url.to_owned(), RemoteKind::Service));
        let base = "https://e.org/iiif/2/b1";
        for (url, in_column, expected) in [
            ("HTTPS://E.org/a.JPG#x", false, file("https://e.org/a.JPG")),
            (
                "https://e.org/a b.png?x=1",
                false,
                file("https://e.org/a%20b.png?x=1"),
            ),
            (
                "https://e.org/صورة.jpg",
                false,
                file("https://e.org/%D8%B5%D9%88%D8%B1%D8%A9.jpg"),
            ),
            (
                "https://u:p@e.org/a.jpg",
                false,
                file("https://e.org/a.jpg"),
            ),
            ("https://e.org/image?id=1", false, None),
            (
                "https://e.org/image?id=1",
                true,
                file("https://e.org/image?id=1"),
            ),
            ("https://e.org/image.html", true, None),
            ("https://e.org/watch", false, None),
            ("https://e.org/iiif/2/b1/info.json", false, service(base)),
            ("https://e.org/iiif/2/b1/", false, service(base)),
            (
                "https://e.org/iiif/2/b1/full/600,/0/default.jpg",
                false,
                service(base),
            ),
            (
                "https://e.org/x/b1/full/!9,9/90/color.png",
                false,
                service("https://e.org/x/b1"),
            ),
            (
                "https://e.org/x/b1/0,0,5,5/max/!1.5/gray.jpg",
                true,
                service("https://e.org/x/b1"),
            ),
            (
                "https://e.org/a%2Fb/info.json",
                false,
                service("https://e.org/a%2Fb"),
            ),
            ("https://e.org/iiif/b1/manifest", false, None),
            ("https://e.org/iiif/presentation/b1", false, None),
            ("https://e.org/iiif/b1/manifest.json", true, None),
            ("https://e.org/info.json", false, None),
            ("ftp://e.org/a.jpg", true, None),
            ("https://", true, None),
        ] {
            let image = image(url, in_column).map(|image| (image.url, image.kind));
            assert_eq!(image, expected, "{url}");
        }
    }

    #[test]
    fn credentials_are_removed() {
        for (url, expected) in [
            ("https://u:p@e.org/v", Some("https://e.org/v")),
            ("https://u@e.org/v", Some("https://e.org/v")),
            ("https://e.org/v@1", None),
        ] {
            assert_eq!(without_credentials(url).as_deref(), expected, "{url}");
        }
    }
}
