//! Rendering of pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, InterpreterWarning, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::kurbo::Rect;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use khizana_media::Picture;

use crate::content::PageContent;
use crate::{Page, PdfError, limits, lines};

/// Default number of pixels per point (1/72 inch). It corresponds to 200 dots per inch, the
/// resolution of a typical book scan.
const DEFAULT_SCALE: f64 = 200.0 / 72.0;

/// Maximum number of pixels in a picture. Larger pages are scaled down.
const MAX_PIXELS: f64 = 64e6;

/// Maximum width and height of a picture in pixels.
const MAX_SIDE: f64 = 16_000.0;

/// Maximum total number of dashes in all stroked paths of a page. A map may have tens of thousands.
const MAX_DASHES: f64 = 1e6;

/// Renders a page and extracts its text.
pub fn render_page(pdf: &Pdf, number: usize) -> Result<Page, PdfError> {
    let page = pdf.pages().get(number).ok_or(PdfError::NoSuchPage)?;
    limits::check_page(page)?;
    let is_incomplete = Arc::new(AtomicBool::new(false));
    let has_warning = is_incomplete.clone();
    let settings = InterpreterSettings {
        warning_sink: Arc::new(move |warning| {
            if matches!(
                warning,
                InterpreterWarning::UnsupportedFont | InterpreterWarning::ImageDecodeFailure
            ) {
                has_warning.store(true, Ordering::Relaxed);
            }
        }),
        ..InterpreterSettings::default()
    };
    let (width, height) = page.render_dimensions();
    let size = (f64::from(width), f64::from(height));

    let cache = InterpreterCache::new();
    let page_area = Rect::new(0.0, 0.0, size.0, size.1);
    let upright = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(upright, page_area, &cache, page.xref(), settings.clone());
    let mut content = PageContent::default();
    interpret_page(page, &mut context, &mut content);
    if content.dashes > MAX_DASHES {
        return Err(PdfError::MemoryLimit);
    }
    let text = lines::group_glyphs(&content.glyphs, size);

    let scale = scale(size, &content);
    let pixmap = render(
        page,
        &RenderCache::new(),
        &settings,
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: integral_scale(size.0, scale),
            y_scale: integral_scale(size.1, scale),
            bg_color: WHITE,
        },
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    // The background is opaque, so the alpha channel can be dropped.
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for pixel in pixmap.data_as_u8_slice().chunks_exact(4) {
        pixels.extend_from_slice(pixel.get(..3).unwrap_or_default());
    }
    let picture = Picture::from_rgb(width, height, pixels).ok_or(PdfError::NoSuchPage)?;
    Ok(Page {
        picture,
        text,
        is_incomplete: is_incomplete.load(Ordering::Relaxed),
    })
}

/// Returns the scale, close to `scale`, at which a side has an integral number of pixels. The
/// renderer would crop a partial pixel.
fn integral_scale(side: f64, scale: f64) -> f32 {
    (((side * scale).round().max(1.0) + 0.01) / side) as f32
}

/// Returns the number of pixels per point at which a page is rendered. A scanned page, that is, a
/// page covered by an image, is rendered at the resolution of the image.
fn scale((width, height): (f64, f64), content: &PageContent) -> f64 {
    let page = Rect::new(0.0, 0.0, width, height);
    let covers = |area: Rect| area.intersect(page).area() >= 0.9 * page.area();
    let scans = content.images.iter().filter(|image| covers(image.area));
    // Rotating an image exchanges its width and height, so the longer sides are compared.
    let scan_scale = scans.map(|image| {
        let image_side = f64::from(image.width.max(image.height));
        image_side / image.area.width().max(image.area.height())
    });
    let scan_scale = scan_scale
        .filter(|scale| scale.is_finite())
        .reduce(f64::max);
    let scale = match scan_scale {
        // Vector content on top of the scan must stay legible.
        Some(scan_scale) if content.has_vector_content => scan_scale.max(DEFAULT_SCALE),
        Some(scan_scale) => scan_scale.max(1.0),
        None => DEFAULT_SCALE,
    };
    let max_by_pixels = (MAX_PIXELS / (width * height)).sqrt();
    let max_by_side = MAX_SIDE / width.max(height);
    // The shorter side has at least one pixel.
    scale
        .min(max_by_pixels)
        .min(max_by_side)
        .max(1.0 / width.min(height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::PlacedImage;

    fn scan(width: u32, height: u32, has_vector_content: bool) -> PageContent {
        PageContent {
            images: vec![PlacedImage {
                width,
                height,
                area: Rect::new(0.0, 0.0, 595.0, 842.0),
            }],
            has_vector_content,
            ..PageContent::default()
        }
    }

    #[test]
    fn scanned_page_has_the_resolution_of_its_image() {
        let a4 = (595.0, 842.0);
        assert_eq!(scale(a4, &PageContent::default()), DEFAULT_SCALE);
        assert_eq!(scale(a4, &scan(2_480, 3_368, false)), 4.0);
        assert_eq!(scale(a4, &scan(893, 1_263, false)), 1.5);
        assert_eq!(scale(a4, &scan(893, 1_263, true)), DEFAULT_SCALE);
        let half_page_image = PageContent {
            images: vec![PlacedImage {
                area: Rect::new(0.0, 0.0, 595.0, 400.0),
                ..scan(9_000, 9_000, false).images[0]
            }],
            ..PageContent::default()
        };
        assert_eq!(scale(a4, &half_page_image), DEFAULT_SCALE);
    }

    #[test]
    fn large_page_is_scaled_down() {
        for size in [(14_400.0, 14_400.0), (14_400.0, 10.0), (3.0, 14_400.0)] {
            let scale = scale(size, &PageContent::default());
            let (width, height) = (size.0 * scale, size.1 * scale);
            assert!(width * height <= MAX_PIXELS * 1.001, "{size:?}");
            assert!(width.max(height) <= MAX_SIDE * 1.001, "{size:?}");
            assert!(width.min(height) >= 1.0, "{size:?}");
        }
    }
}
