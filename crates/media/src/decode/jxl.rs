//! JPEG XL: its first frame.

use std::io::Read;
use std::path::Path;

use image::metadata::Orientation;
use jxl_oxide::{
    AllocTracker, EnumColourEncoding, InitializeResult, JxlImage, JxlThreadPool, PixelFormat,
    RenderingIntent,
};

use super::{Header, Raw, divide_by_alpha, open};
use crate::colour::Samples;
use crate::limits::Claim;
use crate::{Limits, MediaError};

/// Bytes that a pixel takes for each channel while it is decoded: the frame as numbers of 32 bits,
/// what the filters make of it, and what the colours are converted into.
const WORK: u64 = 12;

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

pub(super) fn header(path: &Path) -> Result<Header, MediaError> {
    let image = begin(path)?;
    let samples = form(path, &image)?;
    let metadata = &image.image_header().metadata;
    let channels = (samples.channels().max(3) + metadata.ec_info.len()) as u64;
    let claim = Claim {
        // The decoder turns the picture upright itself.
        width: image.width(),
        height: image.height(),
        decoded_bytes: channels * WORK,
        stored_bits: samples.channels() as u64 * 8,
    };
    Ok(Header {
        claim,
        orientation: Orientation::NoTransforms,
    })
}

pub(super) fn read(path: &Path, limits: &Limits) -> Result<Raw, MediaError> {
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
    let render = image.render_frame(0).map_err(|e| failed(path, &e))?;
    let mut stream = render.stream();
    let (width, height) = (stream.width(), stream.height());
    if stream.channels() as usize != samples.channels() {
        return Err(MediaError::undecodable(
            path,
            "it has other channels than it declares",
        ));
    }
    let mut pixels = vec![0_u8; width as usize * height as usize * samples.channels()];
    let written = stream.write_to_buffer(&mut pixels);
    pixels.truncate(written);
    if multiplied && matches!(samples, Samples::GreyAlpha | Samples::Rgba) {
        divide_by_alpha(&mut pixels, samples.channels());
    }
    Ok(Raw {
        width,
        height,
        samples,
        pixels,
        icc: by_profile.then(|| image.rendered_icc()),
    })
}
