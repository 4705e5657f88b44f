//! A page as a picture.

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

use crate::lines;
use crate::walk::Walk;
use crate::weigh;
use crate::{Page, PdfError};

/// Dots for each of the 72 points of an inch: as sharp as the scan of a book.
const SCALE: f64 = 200.0 / 72.0;

/// The most pixels that are drawn; a large page is drawn smaller.
const MOST_PIXELS: f64 = 64e6;

/// The longest side that is drawn, in pixels.
const LONGEST: f64 = 16_000.0;

/// The most dashes that the lines of a page are drawn in. A map has some ten thousands.
const MOST_DASHES: f64 = 1e6;

/// Draws a page and reads what is written on it.
pub fn page(pdf: &Pdf, number: usize) -> Result<Page, PdfError> {
    let page = pdf.pages().get(number).ok_or(PdfError::NoPage)?;
    weigh::page(page)?;
    let is_incomplete = Arc::new(AtomicBool::new(false));
    let told = is_incomplete.clone();
    let settings = InterpreterSettings {
        warning_sink: Arc::new(move |warning| {
            if matches!(
                warning,
                InterpreterWarning::UnsupportedFont | InterpreterWarning::ImageDecodeFailure
            ) {
                told.store(true, Ordering::Relaxed);
            }
        }),
        ..InterpreterSettings::default()
    };
    let (width, height) = page.render_dimensions();
    let size = (f64::from(width), f64::from(height));

    let cache = InterpreterCache::new();
    let whole = Rect::new(0.0, 0.0, size.0, size.1);
    let upright = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(upright, whole, &cache, page.xref(), settings.clone());
    let mut walk = Walk::default();
    interpret_page(page, &mut context, &mut walk);
    if walk.dashes > MOST_DASHES {
        return Err(PdfError::Swollen);
    }
    let text = lines::read(&walk.letters, size);

    let scale = scale(size, &walk);
    let pixmap = render(
        page,
        &RenderCache::new(),
        &settings,
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: whole_pixels(size.0, scale),
            y_scale: whole_pixels(size.1, scale),
            bg_color: WHITE,
        },
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    // Nothing is transparent, as all is drawn on white.
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for pixel in pixmap.data_as_u8_slice().chunks_exact(4) {
        pixels.extend_from_slice(pixel.get(..3).unwrap_or_default());
    }
    let picture = Picture::from_rgb(width, height, pixels).ok_or(PdfError::NoPage)?;
    Ok(Page {
        picture,
        text,
        is_incomplete: is_incomplete.load(Ordering::Relaxed),
    })
}

/// The scale at which a side has the nearest number of whole pixels; of a part of a pixel the rest would be
/// cut off.
fn whole_pixels(side: f64, scale: f64) -> f32 {
    (((side * scale).round().max(1.0) + 0.01) / side) as f32
}

/// How many pixels a point has. A scan is an image that covers its page: it is drawn in its own
/// resolution, so that nothing is lost and nothing blown up.
fn scale((width, height): (f64, f64), walk: &Walk) -> f64 {
    let page = Rect::new(0.0, 0.0, width, height);
    let covers = |area: Rect| area.intersect(page).area() >= 0.9 * page.area();
    let scan = walk.images.iter().filter(|image| covers(image.area));
    // On its side, its width is the height of what is seen: the longer sides are compared.
    let own = scan.map(|image| {
        let long = f64::from(image.width.max(image.height));
        long / image.area.width().max(image.area.height())
    });
    let own = own.filter(|own| own.is_finite()).reduce(f64::max);
    let wanted = match own {
        // What else is drawn on it wants to be read too.
        Some(own) if walk.has_marks => own.max(SCALE),
        Some(own) => own.max(1.0),
        None => SCALE,
    };
    let by_pixels = (MOST_PIXELS / (width * height)).sqrt();
    let by_side = LONGEST / width.max(height);
    // No page is less than a pixel wide.
    wanted
        .min(by_pixels)
        .min(by_side)
        .max(1.0 / width.min(height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::walk::Drawn;

    fn scan(width: u32, height: u32, has_marks: bool) -> Walk {
        Walk {
            images: vec![Drawn {
                width,
                height,
                area: Rect::new(0.0, 0.0, 595.0, 842.0),
            }],
            has_marks,
            ..Walk::default()
        }
    }

    #[test]
    fn a_page_has_200_dots_an_inch_and_a_scan_its_own() {
        let a4 = (595.0, 842.0);
        assert_eq!(scale(a4, &Walk::default()), SCALE);
        assert_eq!(scale(a4, &scan(2_480, 3_368, false)), 4.0);
        assert_eq!(scale(a4, &scan(893, 1_263, false)), 1.5);
        assert_eq!(scale(a4, &scan(893, 1_263, true)), SCALE);
        let part = Walk {
            images: vec![Drawn {
                area: Rect::new(0.0, 0.0, 595.0, 400.0),
                ..scan(9_000, 9_000, false).images[0]
            }],
            ..Walk::default()
        };
        assert_eq!(scale(a4, &part), SCALE);
    }

    #[test]
    fn a_large_page_is_drawn_smaller() {
        for size in [(14_400.0, 14_400.0), (14_400.0, 10.0), (3.0, 14_400.0)] {
            let scale = scale(size, &Walk::default());
            let (width, height) = (size.0 * scale, size.1 * scale);
            assert!(width * height <= MOST_PIXELS * 1.001, "{size:?}");
            assert!(width.max(height) <= LONGEST * 1.001, "{size:?}");
            assert!(width.min(height) >= 1.0, "{size:?}");
        }
    }
}
