//! The widths of the renditions of an image, and which images are tiled.

/// Number of pixels up to which an image has no tiles, because loading the whole image takes no
/// longer.
const MAX_UNTILED_PIXELS: u64 = 3_000_000;

/// Maximum number of pixels of an image whose widest rendition is replaced by one of full size. A
/// browser takes four bytes per pixel for it.
const MAX_FULL_SIZE_PIXELS: u64 = 16_000_000;

/// Returns the largest width that makes no noticeable difference to `width` when it is displayed in
/// its place: it is a quarter larger.
pub(crate) fn just_above(width: u32) -> u32 {
    width.saturating_add(width / 4)
}

/// Returns `true` if a rendition that is `widest` pixels wide is so close to the size of the image
/// that it is replaced by a rendition of full size.
fn is_replaced_by_full_size(width: u32, height: u32, widest: u32) -> bool {
    let pixels = u64::from(width) * u64::from(height);
    width <= widest || (width <= just_above(widest) && pixels <= MAX_FULL_SIZE_PIXELS)
}

/// Returns `true` if an image has no tiles. `widest` is the largest requested width.
///
/// This is the case if it has a rendition of full size or up to three megapixels.
fn is_untiled(width: u32, height: u32, widest: u32) -> bool {
    let pixels = u64::from(width) * u64::from(height);
    !is_huge(width, height)
        && (pixels <= MAX_UNTILED_PIXELS || is_replaced_by_full_size(width, height, widest))
}

/// Returns `true` if an image has more than 400 megapixels, or a side that is too long for JPEG. The
/// renditions of such an image are limited, because they could be as large as the image.
fn is_huge(width: u32, height: u32) -> bool {
    u64::from(width) * u64::from(height) > 400_000_000 || width.max(height) > MAX_JPEG_SIDE
}

/// Maximum width and height in pixels of a JPEG.
const MAX_JPEG_SIDE: u32 = 65_535;

/// Maximum number of pixels of the smallest level of a huge image.
const MAX_SMALLEST_PIXELS: u64 = 24_000_000;

/// The smallest level of the pyramid of an image, from which its renditions are scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SmallestLevel {
    /// Number of the level.
    pub number: u32,
    /// Number of levels that are tiled, starting with the image itself.
    pub tiled: u32,
    /// Width of the widest rendition in pixels.
    pub widest: u32,
}

/// Returns the smallest level of the pyramid of an image, or `None` if the image has no tiles.
/// `widest` is the largest requested width.
///
/// Level 0 is the image itself. Each further level is half as wide and half as high as the
/// preceding one, rounded up. The smallest level is the last one that is wider than the widest
/// rendition. If this level of a huge image has too many pixels, the next one is used, and the widest
/// rendition has its size.
pub(crate) fn smallest_level(width: u32, height: u32, widest: u32) -> Option<SmallestLevel> {
    if is_untiled(width, height, widest) {
        return None;
    }
    let scaled = |side: u32, level: u32| side.div_ceil(1 << level);
    let count_wider_than = |limit: u32| {
        let is_wider = |level: &u32| scaled(width, *level) > limit.max(1);
        (0..u32::BITS).take_while(is_wider).count() as u32
    };
    let number = count_wider_than(widest).max(1) - 1;
    let fits = |level: &u32| {
        let (width, height) = (scaled(width, *level), scaled(height, *level));
        u64::from(width) * u64::from(height) <= MAX_SMALLEST_PIXELS
            && width.max(height) <= MAX_JPEG_SIDE
    };
    if is_huge(width, height)
        && let Some(fitting) = (0..u32::BITS).find(fits)
        && fitting > number
    {
        return Some(SmallestLevel {
            number: fitting,
            tiled: fitting,
            widest: widest.min(scaled(width, fitting)),
        });
    }
    Some(SmallestLevel {
        number,
        tiled: count_wider_than(just_above(widest)).max(1),
        widest,
    })
}

/// Returns the widths of the renditions of an image in ascending order, without duplicates. `width`
/// and `height` are those of the image.
///
/// Images are never enlarged. If the widest requested rendition would have almost the size of the
/// image, it has exactly this size instead, and other widths that are close to it are omitted.
///
/// If the image has few grey values, the lossless image or its tiles take fewer bytes than a scaled
/// rendition with intermediate grey values. Therefore renditions that are more than 3/5 as wide as the
/// image are omitted.
///
/// The widest rendition of a huge image is at most as wide as the smallest level.
pub(crate) fn rendition_widths(
    (width, height): (u32, u32),
    requested: &[u32],
    has_few_greys: bool,
) -> Vec<u32> {
    let mut widths: Vec<u32> = requested.iter().copied().filter(|w| *w > 0).collect();
    widths.sort_unstable();
    if let Some(widest) = widths.last().copied()
        && let Some(smallest) = smallest_level(width, height, widest)
    {
        for width in &mut widths {
            *width = smallest.widest.min(*width);
        }
    }
    widths.dedup();
    let (Some(smallest), Some(widest)) = (widths.first().copied(), widths.last().copied()) else {
        return widths;
    };
    let is_close = |candidate: u32| match has_few_greys {
        true => u64::from(candidate) * 5 > u64::from(width) * 3,
        false => just_above(candidate) >= width,
    };
    if is_huge(width, height) {
        return widths;
    }
    if is_replaced_by_full_size(width, height, widest) {
        widths.retain(|candidate| !is_close(*candidate));
        widths.push(width);
    } else if has_few_greys {
        widths.retain(|candidate| *candidate == smallest || !is_close(*candidate));
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUESTED: &[u32] = &[2_400, 320, 800, 1_600, 320, 0];

    #[test]
    fn replaces_widths_close_to_the_full_size() {
        for (size, expected) in [
            ((10_000, 10_000), &[320, 800, 1_600, 2_400][..]),
            ((3_001, 2_000), &[320, 800, 1_600, 2_400]),
            ((3_000, 2_000), &[320, 800, 1_600, 3_000]),
            // The image has too many pixels.
            ((3_000, 5_500), &[320, 800, 1_600, 2_400]),
            ((2_400, 60_000), &[320, 800, 1_600, 2_400]),
            ((2_001, 2_000), &[320, 800, 1_600, 2_001]),
            ((2_000, 2_000), &[320, 800, 2_000]),
            ((1_000, 2_000), &[320, 1_000]),
            ((400, 1), &[400]),
            ((1, 1), &[1]),
        ] {
            assert_eq!(
                rendition_widths(size, REQUESTED, false),
                expected,
                "{size:?}"
            );
        }
        assert!(rendition_widths((10, 10), &[0], false).is_empty());
    }

    #[test]
    fn limits_the_renditions_of_huge_images() {
        for (size, expected) in [
            ((40_000, 30_000), &[320, 800, 1_600, 2_400][..]),
            ((300_000, 13_333), &[320, 800, 1_600, 2_400]),
            ((36_000, 54_000), &[320, 800, 1_600, 2_250]),
            ((13_333, 300_000), &[320, 800, 834]),
            ((2_000, 300_000), &[250]),
            ((1, 65_536), &[1]),
        ] {
            for has_few_greys in [false, true] {
                let widths = rendition_widths(size, REQUESTED, has_few_greys);
                assert_eq!(widths, expected, "{size:?}");
            }
        }
    }

    #[test]
    fn omits_large_renditions_of_images_with_few_greys() {
        for (size, expected) in [
            ((10_000, 10_000), &[320, 800, 1_600, 2_400][..]),
            ((3_408, 5_452), &[320, 800, 1_600]),
            ((3_000, 2_000), &[320, 800, 1_600, 3_000]),
            ((2_480, 3_508), &[320, 800, 2_480]),
            ((400, 1), &[400]),
        ] {
            assert_eq!(
                rendition_widths(size, REQUESTED, true),
                expected,
                "{size:?}"
            );
        }
        assert_eq!(rendition_widths((3_408, 5_452), &[2_400], true), [2_400]);
    }

    #[test]
    fn tiles_images_that_are_larger_than_their_renditions() {
        assert!(!is_untiled(3_408, 5_452, 2_400));
        assert!(!is_untiled(3_000, 5_500, 2_400));
        assert!(is_untiled(3_000, 5_000, 2_400));
        assert!(is_untiled(2_400, 60_000, 2_400));
        assert!(!is_untiled(2_400, 90_000, 2_400));
        assert!(is_untiled(5_000, 600, 2_400));
    }
}
