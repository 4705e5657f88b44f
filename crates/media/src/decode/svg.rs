//! SVG, drawn as a picture: what is published is never the drawing itself, which may hold scripts.
//!
//! A drawing has to be whole in itself. One that wants a typeface or another file is kept and not
//! drawn: what came out would depend on the machine, or would lack a part without saying so.

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

use super::{Header, Raw, not_rendered, svg_markers};
use crate::colour::Samples;
use crate::limits::Claim;
use crate::not_rendered::NotRendered;
use crate::quiet::quietly;
use crate::{Limits, MediaError};

/// The longer side of what is drawn, in pixels: at least, and at most.
const SIDE: (f32, f32) = (2400.0, 4096.0);

/// The longest file that is read, in bytes. What is larger is a photograph in disguise.
const LONGEST: u64 = 32 << 20;

/// The most elements, with what is used several times counted as often.
const ELEMENTS: u32 = 200_000;

/// The most elements that markers become: each takes some kilobytes, and is laid down by itself.
const MARKERS: u64 = 100_000;

/// The most pixels of a picture within the drawing.
const EMBEDDED: u64 = 25_000_000;

/// The most bytes that layers within layers may take.
const LAYERS: f64 = 512e6;

/// How long a drawing may take. Filters and patterns can be made to take days, and a thread cannot
/// be ended: one that is late is left behind, and what it draws is thrown away.
const PATIENCE: Duration = Duration::from_secs(9);

/// Threads are given as much, as drawings are read and drawn from within themselves.
const STACK: usize = 64 << 20;

/// Runs `work` on a thread of its own.
fn apart<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce(&Path) -> Result<T, MediaError> + Send + 'static,
) -> Result<T, MediaError> {
    let (done, wait) = mpsc::channel();
    let own = path.to_owned();
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            let result = quietly(|| work(&own)).unwrap_or_else(|reason| {
                Err(MediaError::CodecPanic {
                    path: own.clone(),
                    reason,
                })
            });
            let _ = done.send(result);
        })
        .map_err(|e| MediaError::unreadable(path, e))?;
    wait.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        Err(MediaError::TooSlow {
            path: path.to_owned(),
            seconds: PATIENCE.as_secs(),
        })
    })
}

fn text(path: &Path) -> Result<String, MediaError> {
    let unreadable = |e| MediaError::unreadable(path, e);
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > LONGEST {
        let reason = format!("SVG of {length} bytes");
        return Err(MediaError::unsupported(path, reason));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|e| MediaError::undecodable(path, e))
}

/// The drawing, where it is whole in itself.
fn tree(path: &Path) -> Result<Tree, MediaError> {
    let text = text(path)?;
    let options = roxmltree::ParsingOptions {
        // Drawing programs declare entities for namespaces; those of other files are never read.
        allow_dtd: true,
        nodes_limit: ELEMENTS * 4,
        ..roxmltree::ParsingOptions::default()
    };
    let document = roxmltree::Document::parse_with_options(&text, options)
        .map_err(|e| MediaError::undecodable(path, e))?;
    let mut elements = 0;
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        elements += 1;
        let has_text = || {
            node.descendants()
                .any(|part| part.is_text() && part.text().is_some_and(|t| !t.trim().is_empty()))
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
    if elements > ELEMENTS {
        let reason = format!("SVG of {elements} elements");
        return Err(MediaError::unsupported(path, reason));
    }
    let markers = svg_markers::elements(&document, MARKERS);
    if markers > MARKERS {
        let reason = format!("SVG whose markers are {markers} elements");
        return Err(MediaError::unsupported(path, reason));
    }

    let lacks = Arc::new(AtomicBool::new(false));
    let (elsewhere, other) = (lacks.clone(), lacks.clone());
    let options = Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(move |_, data, _| {
                let kind = embedded(data);
                other.fetch_or(kind.is_none(), Ordering::Relaxed);
                kind
            }),
            resolve_string: Box::new(move |_, _| {
                elsewhere.store(true, Ordering::Relaxed);
                None
            }),
        },
        ..Options::default()
    };
    let tree =
        Tree::from_xmltree(&document, &options).map_err(|e| MediaError::undecodable(path, e))?;
    if lacks.load(Ordering::Relaxed) {
        return Err(not_rendered(path, NotRendered::SvgReference));
    }
    Ok(tree)
}

/// A picture within the drawing, by its content; `None` where it cannot be shown, and where it is
/// a drawing itself. It is decoded to be sure: the renderer would leave a damaged one out.
fn embedded(data: Arc<Vec<u8>>) -> Option<ImageKind> {
    let reader = || {
        let reader = image::ImageReader::new(std::io::Cursor::new(&**data));
        reader.with_guessed_format().ok()
    };
    let within = |width: u64, height: u64| (width * height <= EMBEDDED).then_some(());
    let kind: fn(Arc<Vec<u8>>) -> ImageKind = match reader()?.format()? {
        image::ImageFormat::Png => ImageKind::PNG,
        image::ImageFormat::Gif => ImageKind::GIF,
        image::ImageFormat::WebP => ImageKind::WEBP,
        image::ImageFormat::Jpeg => {
            let mut decoder = jpeg_decoder::Decoder::new(data.as_slice());
            decoder.read_info().ok()?;
            let info = decoder.info()?;
            within(info.width.into(), info.height.into())?;
            decoder.decode().ok()?;
            return Some(ImageKind::JPEG(data));
        }
        _ => return None,
    };
    let (width, height) = reader()?.into_dimensions().ok()?;
    within(width.into(), height.into())?;
    reader()?.decode().ok()?;
    Some(kind(data))
}

/// By how much the drawing is enlarged, and what it measures then, in pixels.
fn measure(path: &Path, tree: &Tree) -> Result<(f32, u32, u32), MediaError> {
    let size = tree.size();
    let longer = size.width().max(size.height());
    let scale = longer.clamp(SIDE.0, SIDE.1) / longer;
    let side = |side: f32| (side * scale).round().max(1.0) as u32;
    let (width, height) = (side(size.width()), side(size.height()));
    if width.min(height) == 1 && width.max(height) > 1000 {
        return Err(MediaError::undecodable(path, "it is a line without width"));
    }
    Ok((scale, width, height))
}

/// The bytes that layers take while a group is drawn: each that is put onto what lies below it as a
/// whole is a picture of its own until then.
fn layers(group: &Group, canvas: f64, scale: f64, depth: u32) -> f64 {
    if depth == 0 {
        return f64::INFINITY;
    }
    let own = if group.should_isolate() {
        let area = group.abs_layer_bounding_box();
        let pixels = f64::from(area.width()) * scale * f64::from(area.height()) * scale;
        // A region may be larger than what is seen of it, four times at most; each filter has
        // pictures of its own.
        let filters: usize = group.filters().iter().map(|f| f.primitives().len()).sum();
        let masks = usize::from(group.mask().is_some()) + usize::from(group.clip_path().is_some());
        pixels.min(canvas * 4.0) * 4.0 * (1 + 2 * filters + 2 * masks) as f64
    } else {
        0.0
    };
    let mut inner: f64 = 0.0;
    for node in group.children() {
        if let Node::Group(group) = node {
            inner = inner.max(layers(group, canvas, scale, depth - 1));
        }
        node.subroots(|root| inner = inner.max(layers(root, canvas, scale, depth - 1)));
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
    own + inner
}

pub(super) fn header(path: &Path) -> Result<Header, MediaError> {
    apart(path, |path| {
        let (_, width, height) = measure(path, &tree(path)?)?;
        let claim = Claim {
            width,
            height,
            // Itself, and what its layers take beside it as a rule.
            decoded_bytes: 32,
            // A drawing may be a few words and fill a page.
            stored_bits: 1,
        };
        Ok(Header {
            claim,
            orientation: Orientation::NoTransforms,
        })
    })
}

pub(super) fn read(path: &Path, limits: &Limits) -> Result<Raw, MediaError> {
    let most = limits.max_alloc as f64;
    apart(path, move |path| {
        let tree = tree(path)?;
        let (scale, width, height) = measure(path, &tree)?;
        let canvas = f64::from(width) * f64::from(height);
        if layers(tree.root(), canvas, scale.into(), 1024) > LAYERS.min(most) {
            return Err(MediaError::TooLarge {
                path: path.to_owned(),
                width,
                height,
                reason: "its layers within layers take too much memory".to_owned(),
            });
        }
        let mut pixmap = Pixmap::new(width, height)
            .ok_or_else(|| MediaError::undecodable(path, "it has no size"))?;
        // What nothing is drawn on is white, as on paper; so nothing is transparent afterwards.
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
        Ok(Raw {
            width,
            height,
            samples: Samples::Rgb,
            pixels,
            icc: None,
        })
    })
}
