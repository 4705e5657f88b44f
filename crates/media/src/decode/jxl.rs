//! JPEG XL: its first frame; of a large one some rows at a time.

use std::io::Read;
use std::path::Path;

use image::metadata::Orientation;
use jxl_oxide::{
    AllocTracker, CropInfo, EnumColourEncoding, InitializeResult, JxlImage, JxlThreadPool,
    PixelFormat, RenderingIntent,
};

use super::rows::Upright;
use super::{Header, alone, divide_by_alpha, open};
use crate::colour::Samples;
use crate::limits::Claim;
use crate::{Limits, MediaError};

/// Bytes that a pixel takes for each channel while it is decoded: the frame as numbers of 32 bits,
/// what the filters make of it, and what the colours are converted into. (Measured: 10.)
const WORK: u64 = 12;

/// The groups in which a frame is coded are as high, in pixels.
const GROUP: u32 = 256;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn failed(path: &Path, error: &Failure) -> MediaError {
    let error: &(dyn std::error::Error + 'static) = &**error;
    if error.to_string().contains("end of") {
        return MediaError::truncated(path, error);
    }
    MediaError::while_decoding(path, error)
}

/// Reads as much of the file as says what is in it.
fn begin(path: &Path) -> Result<JxlImage, MediaError> {
    let mut file = open(path)?;
    let mut image = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .build_uninit();
    let mut buffer = [0; 4096];
    let mut held = 0;
    loop {
        let free = buffer.get_mut(held..).unwrap_or_default();
        let count = file
            .read(free)
            .map_err(|e| MediaError::unreadable(path, e))?;
        if count == 0 {
            return Err(MediaError::truncated(path, "it ends within its header"));
        }
        held += count;
        let used = image
            .feed_bytes(buffer.get(..held).unwrap_or_default())
            .map_err(|e| failed(path, &e))?;
        buffer.copy_within(used..held, 0);
        held -= used;
        image = match image.try_init().map_err(|e| failed(path, &e))? {
            InitializeResult::NeedMoreData(more) => more,
            InitializeResult::Initialized(image) => return Ok(image),
        };
    }
}

/// What the samples are once rendered.
fn form(path: &Path, image: &JxlImage) -> Result<Samples, MediaError> {
    Ok(match image.pixel_format() {
        PixelFormat::Gray => Samples::Grey,
        PixelFormat::Graya => Samples::GreyAlpha,
        PixelFormat::Rgb => Samples::Rgb,
        PixelFormat::Rgba => Samples::Rgba,
        PixelFormat::Cmyk | PixelFormat::Cmyka => {
            return Err(MediaError::unsupported(path, "JPEG XL in inks (CMYK)"));
        }
    })
}

/// Bytes that one row takes while it is decoded.
fn row(image: &JxlImage, samples: Samples) -> u64 {
    let extra = image.image_header().metadata.ec_info.len();
    u64::from(image.width()) * (samples.channels().max(3) + extra) as u64 * WORK
}

/// How many rows are decoded at once: all where that is within the limits, else whole groups.
fn band(image: &JxlImage, samples: Samples, limits: &Limits) -> u32 {
    let rows = limits.max_alloc / row(image, samples).max(1);
    if rows >= image.height().into() {
        return image.height();
    }
    // What is beside the rows, for filters, is decoded too.
    let rows = u32::try_from(rows / 2).unwrap_or(u32::MAX);
    (rows / GROUP * GROUP).max(GROUP)
}

pub(super) fn header(path: &Path, limits: &Limits) -> Result<Header, MediaError> {
    let image = begin(path)?;
    let samples = form(path, &image)?;
    let rows = band(&image, samples, limits);
    let memory = u64::from(rows) * row(&image, samples);
    // The decoder turns the picture upright itself.
    let (width, height) = (image.width(), image.height());
    let pixels = u64::from(width) * u64::from(height);
    let claim = Claim {
        width,
        height,
        decoded_bytes: memory.div_ceil(pixels.max(1)),
        stored_bits: samples.channels() as u64 * 8,
    };
    Ok(Header {
        claim,
        orientation: Orientation::NoTransforms,
    })
}

pub(super) fn rows(path: &Path, limits: &Limits, mut upright: Upright) -> Result<(), MediaError> {
    let most = usize::try_from(limits.max_alloc).unwrap_or(usize::MAX);
    // On this thread alone: others decode other pictures meanwhile.
    let mut image = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .alloc_tracker(AllocTracker::with_limit(most))
        .read(open(path)?)
        .map_err(|e| failed(path, &e))?;
    if !image.is_loading_done() {
        return Err(MediaError::truncated(path, "its last frame is not whole"));
    }
    let metadata = &image.image_header().metadata;
    let by_profile = image.original_icc().is_some() && !metadata.xyb_encoded;
    let multiplied = metadata
        .ec_info
        .iter()
        .find_map(|channel| channel.alpha_associated())
        .unwrap_or(false);
    if !by_profile {
        let intent = RenderingIntent::Relative;
        image.request_color_encoding(if metadata.grayscale() {
            EnumColourEncoding::gray_srgb(intent)
        } else {
            EnumColourEncoding::srgb(intent)
        });
    }
    let samples = form(path, &image)?;
    let icc = by_profile.then(|| image.rendered_icc());
    let (width, height) = (image.width(), image.height());
    if upright
        .begin(width, height, samples, icc.as_deref())
        .is_break()
    {
        return Ok(());
    }
    let (high, row) = (band(&image, samples, limits), row(&image, samples));
    let multiplied = multiplied && matches!(samples, Samples::GreyAlpha | Samples::Rgba);
    for top in (0..height).step_by(high as usize) {
        let count = high.min(height - top);
        if high < height {
            image.set_image_region(CropInfo {
                width,
                height: count,
                left: 0,
                top,
            });
        }
        let mut pixels = alone(u64::from(count) * row, || {
            render(path, &image, samples, (width, count), limits)
        })?;
        if multiplied {
            divide_by_alpha(&mut pixels, samples.channels());
        }
        if upright.rows(&mut pixels).is_break() {
            return Ok(());
        }
    }
    upright.end()
}

/// The pixels of the region that was chosen.
fn render(
    path: &Path,
    image: &JxlImage,
    samples: Samples,
    size: (u32, u32),
    limits: &Limits,
) -> Result<Vec<u8>, MediaError> {
    let render = image.render_frame(0).map_err(|e| {
        // The tracker of memory says it in words only.
        if !e.to_string().contains("allocate") {
            return failed(path, &e);
        }
        MediaError::TooLarge {
            path: path.into(),
            width: image.width(),
            height: image.height(),
            reason: format!("the most memory allowed is {} bytes", limits.max_alloc),
        }
    })?;
    let mut stream = render.stream();
    if (stream.width(), stream.height()) != size || stream.channels() as usize != samples.channels()
    {
        return Err(MediaError::undecodable(
            path,
            "it is not as large as it declares, or has other channels",
        ));
    }
    let mut pixels = vec![0; size.0 as usize * size.1 as usize * samples.channels()];
    let written = stream.write_to_buffer(&mut pixels);
    pixels.truncate(written);
    Ok(pixels)
}
