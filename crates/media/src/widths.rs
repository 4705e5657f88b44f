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
pub(crate) fn is_untiled(width: u32, height: u32, widest: u32) -> bool {
    let pixels = u64::from(width) * u64::from(height);
    pixels <= MAX_UNTILED_PIXELS || is_replaced_by_full_size(width, height, widest)
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
pub(crate) fn rendition_widths(
    (width, height): (u32, u32),
    requested: &[u32],
    has_few_greys: bool,
) -> Vec<u32> {
    let mut widths: Vec<u32> = requested.iter().copied().filter(|w| *w > 0).collect();
    widths.sort_unstable();
    widths.dedup();
    let (Some(smallest), Some(widest)) = (widths.first().copied(), widths.last().copied()) else {
        return widths;
    };
    let is_close = |candidate: u32| match has_few_greys {
        true => u64::from(candidate) * 5 > u64::from(width) * 3,
        false => just_above(candidate) >= width,
    };
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
            ((2_400, 90_000), &[320, 800, 1_600, 2_400]),
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
        assert!(is_untiled(2_400, 90_000, 2_400));
        assert!(is_untiled(5_000, 600, 2_400));
    }
}
