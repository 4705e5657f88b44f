//! Rendering of SVG to pixels. SVG files are never published themselves, because they may contain
//! scripts.
//!
//! A drawing must be self-contained. A drawing that needs a font or an external file is not
//! rendered, because the result would depend on the machine, or would be incomplete without an
//! error.

use khizana_messages::message;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use image::metadata::Orientation;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{
    self, Group, ImageHrefResolver, ImageKind, Node, Options, Paint, Tree, roxmltree,
};

use super::{Header, RawImage, not_rendered, svg_markers};
use crate::catch_panic::catch_panic;
use crate::colour::SampleLayout;
use crate::limits::{DeclaredSize, Decoding};
use crate::not_rendered::NotRendered;
use crate::{Limits, MediaError};

/// Minimum and maximum length of the longer side of the rendered image, in pixels.
const LONGER_SIDE: (f32, f32) = (2400.0, 4096.0);

/// Maximum length of a file in bytes. Larger files mostly contain an embedded photograph.
const MAX_FILE_BYTES: u64 = 32 << 20;

/// Maximum number of elements in a drawing.
const MAX_ELEMENTS: u32 = 200_000;

/// Maximum number of elements to which markers expand. Each of them takes a few kilobytes and is
/// rendered individually.
const MAX_MARKER_ELEMENTS: u64 = 100_000;

/// Maximum number of pixels in an embedded image.
const MAX_EMBEDDED_PIXELS: u64 = 25_000_000;

/// Maximum total size of nested layers in bytes.
const MAX_LAYER_BYTES: f64 = 512e6;

/// Time limit for rendering.
///
/// Filters and patterns can be crafted to take days. A thread cannot be terminated, so a thread
/// that exceeds the limit is abandoned, and its result is discarded.
const TIME_LIMIT: Duration = Duration::from_secs(9);

/// Stack size of the rendering thread in bytes. The parser and the renderer are recursive.
const STACK_BYTES: usize = 64 << 20;

/// Runs `work` on a separate thread, with a time limit.
fn with_timeout<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce(&Path) -> Result<T, MediaError> + Send + 'static,
) -> Result<T, MediaError> {
    let (sender, receiver) = mpsc::channel();
    let thread_path = path.to_owned();
    std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(move || {
            let result = catch_panic(|| work(&thread_path)).unwrap_or_else(|reason| {
                Err(MediaError::CodecPanic {
                    path: thread_path.clone(),
                    reason,
                })
            });
            let _ = sender.send(result);
        })
        .map_err(|e| MediaError::unreadable(path, e))?;
    receiver.recv_timeout(TIME_LIMIT).unwrap_or_else(|_| {
        Err(MediaError::TooSlow {
            path: path.to_owned(),
            seconds: TIME_LIMIT.as_secs(),
        })
    })
}

fn read_text(path: &Path) -> Result<String, MediaError> {
    let unreadable = |e| MediaError::unreadable(path, e);
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > MAX_FILE_BYTES {
        let reason = message!(
            "SVG of {bytes} bytes; the maximum is {max}",
            bytes = length,
            max = MAX_FILE_BYTES
        );
        return Err(MediaError::unsupported(path, reason));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|e| MediaError::undecodable(path, e.to_string()))
}

/// Parses a drawing. Returns an error if the drawing is not self-contained or exceeds a limit.
fn parse(path: &Path) -> Result<Tree, MediaError> {
    let text = read_text(path)?;
    let options = roxmltree::ParsingOptions {
        // DTDs are allowed because drawing programs declare entities for namespaces. External
        // entities are never loaded.
        allow_dtd: true,
        nodes_limit: MAX_ELEMENTS * 4,
        ..roxmltree::ParsingOptions::default()
    };
    let document = roxmltree::Document::parse_with_options(&text, options)
        .map_err(|e| MediaError::undecodable(path, e.to_string()))?;
    let mut elements = 0;
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        elements += 1;
        let has_text = || {
            node.descendants()
                .any(|node| node.is_text() && node.text().is_some_and(|t| !t.trim().is_empty()))
        };
        match node.tag_name().name() {
            "text" if has_text() => return Err(not_rendered(path, NotRendered::SvgText)),
            "foreignObject" => return Err(not_rendered(path, NotRendered::SvgReference)),
            "use"
                if node
                    .attributes()
                    .any(|a| a.name() == "href" && !a.value().starts_with('#')) =>
            {
                return Err(not_rendered(path, NotRendered::SvgReference));
            }
            _ => {}
        }
    }
    if elements > MAX_ELEMENTS {
        let reason = message!(
            "SVG with {count} elements; the maximum is {max}",
            count = elements,
            max = MAX_ELEMENTS
        );
        return Err(MediaError::unsupported(path, reason));
    }
    let markers = svg_markers::count_elements(&document, MAX_MARKER_ELEMENTS);
    if markers > MAX_MARKER_ELEMENTS {
        let reason = message!(
            "SVG whose markers expand to more than {max} elements",
            max = MAX_MARKER_ELEMENTS
        );
        return Err(MediaError::unsupported(path, reason));
    }

    let has_missing_image = Arc::new(AtomicBool::new(false));
    let (external, unreadable) = (has_missing_image.clone(), has_missing_image.clone());
    let options = Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(move |_, data, _| {
                let kind = embedded_image(data);
                unreadable.fetch_or(kind.is_none(), Ordering::Relaxed);
                kind
            }),
            resolve_string: Box::new(move |_, _| {
                external.store(true, Ordering::Relaxed);
                None
            }),
        },
        ..Options::default()
    };
    let tree = Tree::from_xmltree(&document, &options)
        .map_err(|e| MediaError::undecodable(path, e.to_string()))?;
    if has_missing_image.load(Ordering::Relaxed) {
        return Err(not_rendered(path, NotRendered::SvgReference));
    }
    Ok(tree)
}

/// Returns an embedded image, whose format is recognised from its content. Returns `None` if the
/// image is too large, damaged, an SVG, or in another unsupported format.
///
/// The image is decoded as a check, because the renderer omits damaged images without an error.
fn embedded_image(data: Arc<Vec<u8>>) -> Option<ImageKind> {
    let reader = || {
        let reader = image::ImageReader::new(std::io::Cursor::new(&**data));
        reader.with_guessed_format().ok()
    };
    let check_size =
        |width: u64, height: u64| (width * height <= MAX_EMBEDDED_PIXELS).then_some(());
    let kind: fn(Arc<Vec<u8>>) -> ImageKind = match reader()?.format()? {
        image::ImageFormat::Png => ImageKind::PNG,
        image::ImageFormat::Gif => ImageKind::GIF,
        image::ImageFormat::WebP => ImageKind::WEBP,
        image::ImageFormat::Jpeg => {
            let mut decoder = jpeg_decoder::Decoder::new(data.as_slice());
            decoder.read_info().ok()?;
            let info = decoder.info()?;
            check_size(info.width.into(), info.height.into())?;
            decoder.decode().ok()?;
            return Some(ImageKind::JPEG(data));
        }
        _ => return None,
    };
    let (width, height) = reader()?.into_dimensions().ok()?;
    check_size(width.into(), height.into())?;
    reader()?.decode().ok()?;
    Some(kind(data))
}

/// Returns the scale at which a drawing is rendered, and the width and height of the rendered image
/// in pixels.
fn measure(path: &Path, tree: &Tree) -> Result<(f32, u32, u32), MediaError> {
    let size = tree.size();
    let longer = size.width().max(size.height());
    let scale = longer.clamp(LONGER_SIDE.0, LONGER_SIDE.1) / longer;
    let side = |side: f32| (side * scale).round().max(1.0) as u32;
    let (width, height) = (side(size.width()), side(size.height()));
    if width.min(height) == 1 && width.max(height) > 1000 {
        return Err(MediaError::undecodable(
            path,
            message!("the drawing is too thin to be rendered"),
        ));
    }
    Ok((scale, width, height))
}

/// Returns the total size, in bytes, of the layers that are allocated while a group is rendered.
/// Each isolated group is rendered to a layer before it is composited.
fn layer_bytes(group: &Group, canvas: f64, scale: f64, depth: u32) -> f64 {
    if depth == 0 {
        return f64::INFINITY;
    }
    let isolated_bytes = if group.should_isolate() {
        let area = group.abs_layer_bounding_box();
        let pixels = f64::from(area.width()) * scale * f64::from(area.height()) * scale;
        // A filter region may exceed the canvas by a factor of at most four. Each filter primitive
        // and each mask allocates further layers.
        let filters: usize = group.filters().iter().map(|f| f.primitives().len()).sum();
        let masks = usize::from(group.mask().is_some()) + usize::from(group.clip_path().is_some());
        pixels.min(canvas * 4.0) * 4.0 * (1 + 2 * filters + 2 * masks) as f64
    } else {
        0.0
    };
    let mut inner: f64 = 0.0;
    for node in group.children() {
        if let Node::Group(group) = node {
            inner = inner.max(layer_bytes(group, canvas, scale, depth - 1));
        }
        node.subroots(|root| inner = inner.max(layer_bytes(root, canvas, scale, depth - 1)));
        if let Node::Path(path) = node {
            let paints = [
                path.fill().map(usvg::Fill::paint),
                path.stroke().map(usvg::Stroke::paint),
            ];
            for paint in paints.into_iter().flatten() {
                if matches!(paint, Paint::Pattern(_)) {
                    inner = inner.max(canvas * 4.0);
                }
            }
        }
    }
    isolated_bytes + inner
}

pub(super) fn header(path: &Path) -> Result<Header, MediaError> {
    with_timeout(path, |path| {
        let (_, width, height) = measure(path, &parse(path)?)?;
        let declared = DeclaredSize {
            width,
            height,
            // This includes the image and the usual size of its layers.
            decoded_bytes: 32,
            // A short file may draw a full page. With one bit, the ratio is not checked.
            stored_bits: 1,
            decoding: Decoding::Whole,
        };
        Ok(Header {
            declared,
            orientation: Orientation::NoTransforms,
        })
    })
}

pub(super) fn read(path: &Path, limits: &Limits) -> Result<RawImage, MediaError> {
    let max_bytes = limits.max_alloc as f64;
    with_timeout(path, move |path| {
        let tree = parse(path)?;
        let (scale, width, height) = measure(path, &tree)?;
        let canvas = f64::from(width) * f64::from(height);
        if layer_bytes(tree.root(), canvas, scale.into(), 1024) > MAX_LAYER_BYTES.min(max_bytes) {
            return Err(MediaError::TooLarge {
                path: path.to_owned(),
                width,
                height,
                reason: message!("its nested layers need too much memory"),
            });
        }
        let mut pixmap = Pixmap::new(width, height)
            .ok_or_else(|| MediaError::undecodable(path, message!("the drawing has no size")))?;
        // The background is white, which makes the result opaque.
        pixmap.fill(resvg::tiny_skia::Color::WHITE);
        resvg::render(
            &tree,
            Transform::from_scale(scale, scale),
            &mut pixmap.as_mut(),
        );
        let mut pixels = pixmap.take();
        let count = pixels.len() / 4;
        for i in 0..count {
            pixels.copy_within(4 * i..4 * i + 3, 3 * i);
        }
        pixels.truncate(count * 3);
        pixels.shrink_to_fit();
        Ok(RawImage {
            width,
            height,
            samples: SampleLayout::Rgb,
            pixels,
            icc: None,
        })
    })
}
