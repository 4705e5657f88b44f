//! Decoding of the first frame of a JPEG XL file. Large frames are decoded in bands of rows.

use khizana_messages::message;
use std::io::Read;
use std::path::Path;

use image::metadata::Orientation;
use jxl_oxide::{
    AllocTracker, CropInfo, EnumColourEncoding, InitializeResult, JxlImage, JxlThreadPool,
    PixelFormat, RenderingIntent,
};

use super::rows::RowConverter;
use super::{Header, open, unpremultiply, with_large_decode_lock};
use crate::colour::SampleLayout;
use crate::limits::{DeclaredSize, Decoding};
use crate::{Limits, MediaError};

/// Number of bytes of memory per pixel and channel during decoding: 32-bit samples of the frame, of
/// the output of the filters, and of the output of the colour conversion. The measured value is 10.
const BYTES_PER_SAMPLE: u64 = 12;

/// Height of the groups of a frame in pixels.
const GROUP_HEIGHT: u32 = 256;

type JxlError = Box<dyn std::error::Error + Send + Sync>;

fn failed(path: &Path, error: &JxlError) -> MediaError {
    let error: &(dyn std::error::Error + 'static) = &**error;
    if error.to_string().contains("end of") {
        return MediaError::truncated(path, error.to_string());
    }
    MediaError::while_decoding(path, error)
}

/// Reads the file up to the end of the image header.
fn read_header(path: &Path) -> Result<JxlImage, MediaError> {
    let mut file = open(path)?;
    let mut image = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .build_uninit();
    let mut buffer = [0; 4096];
    let mut filled = 0;
    loop {
        let free = buffer.get_mut(filled..).unwrap_or_default();
        let count = file
            .read(free)
            .map_err(|e| MediaError::unreadable(path, e))?;
        if count == 0 {
            return Err(MediaError::truncated(
                path,
                message!("it ends within its header"),
            ));
        }
        filled += count;
        let consumed = image
            .feed_bytes(buffer.get(..filled).unwrap_or_default())
            .map_err(|e| failed(path, &e))?;
        buffer.copy_within(consumed..filled, 0);
        filled -= consumed;
        image = match image.try_init().map_err(|e| failed(path, &e))? {
            InitializeResult::NeedMoreData(more) => more,
            InitializeResult::Initialized(image) => return Ok(image),
        };
    }
}

/// Returns the layout of the rendered samples.
fn sample_layout(path: &Path, image: &JxlImage) -> Result<SampleLayout, MediaError> {
    Ok(match image.pixel_format() {
        PixelFormat::Gray => SampleLayout::Grey,
        PixelFormat::Graya => SampleLayout::GreyAlpha,
        PixelFormat::Rgb => SampleLayout::Rgb,
        PixelFormat::Rgba => SampleLayout::Rgba,
        PixelFormat::Cmyk | PixelFormat::Cmyka => {
            return Err(MediaError::unsupported(
                path,
                message!("JPEG XL with CMYK colours"),
            ));
        }
    })
}

/// Returns the number of bytes of memory per row during decoding.
fn row_bytes(image: &JxlImage, samples: SampleLayout) -> u64 {
    let extra = image.image_header().metadata.ec_info.len();
    u64::from(image.width()) * (samples.channels().max(3) + extra) as u64 * BYTES_PER_SAMPLE
}

/// Returns the number of rows per band. This is the height of the image if the limits permit it,
/// and otherwise a multiple of the group height.
fn band_height(image: &JxlImage, samples: SampleLayout, limits: &Limits) -> u32 {
    let rows = limits.max_alloc / row_bytes(image, samples).max(1);
    if rows >= image.height().into() {
        return image.height();
    }
    // Rows above and below the band are also decoded, because the filters need them.
    let rows = u32::try_from(rows / 2).unwrap_or(u32::MAX);
    (rows / GROUP_HEIGHT * GROUP_HEIGHT).max(GROUP_HEIGHT)
}

pub(super) fn header(path: &Path, limits: &Limits) -> Result<Header, MediaError> {
    let image = read_header(path)?;
    let samples = sample_layout(path, &image)?;
    let rows = band_height(&image, samples, limits);
    let memory = u64::from(rows) * row_bytes(&image, samples);
    // The decoder applies the orientation.
    let (width, height) = (image.width(), image.height());
    let pixels = u64::from(width) * u64::from(height);
    let declared = DeclaredSize {
        width,
        height,
        decoded_bytes: memory.div_ceil(pixels.max(1)),
        stored_bits: samples.channels() as u64 * 8,
        decoding: Decoding::Whole,
    };
    Ok(Header {
        declared,
        orientation: Orientation::NoTransforms,
    })
}

pub(super) fn rows(
    path: &Path,
    limits: &Limits,
    mut converter: RowConverter,
) -> Result<(), MediaError> {
    let max_bytes = usize::try_from(limits.max_alloc).unwrap_or(usize::MAX);
    // A single thread is used, because other threads decode other images.
    let mut image = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .alloc_tracker(AllocTracker::with_limit(max_bytes))
        .read(open(path)?)
        .map_err(|e| failed(path, &e))?;
    if !image.is_loading_done() {
        return Err(MediaError::truncated(
            path,
            message!("its last frame is incomplete"),
        ));
    }
    let metadata = &image.image_header().metadata;
    let uses_profile = image.original_icc().is_some() && !metadata.xyb_encoded;
    let is_premultiplied = metadata
        .ec_info
        .iter()
        .find_map(|channel| channel.alpha_associated())
        .unwrap_or(false);
    if !uses_profile {
        let intent = RenderingIntent::Relative;
        image.request_color_encoding(if metadata.grayscale() {
            EnumColourEncoding::gray_srgb(intent)
        } else {
            EnumColourEncoding::srgb(intent)
        });
    }
    let samples = sample_layout(path, &image)?;
    let icc = uses_profile.then(|| image.rendered_icc());
    let (width, height) = (image.width(), image.height());
    if converter
        .begin(width, height, samples, icc.as_deref())
        .is_break()
    {
        return Ok(());
    }
    let band_height = band_height(&image, samples, limits);
    let row_bytes = row_bytes(&image, samples);
    let is_premultiplied =
        is_premultiplied && matches!(samples, SampleLayout::GreyAlpha | SampleLayout::Rgba);
    for top in (0..height).step_by(band_height as usize) {
        let count = band_height.min(height - top);
        if band_height < height {
            image.set_image_region(CropInfo {
                width,
                height: count,
                left: 0,
                top,
            });
        }
        let mut pixels = with_large_decode_lock(u64::from(count) * row_bytes, || {
            render(path, &image, samples, (width, count), limits)
        })?;
        if is_premultiplied {
            unpremultiply(&mut pixels, samples.channels());
        }
        if converter.push_rows(&mut pixels).is_break() {
            return Ok(());
        }
    }
    converter.finish()
}

/// Renders the selected region of the first frame.
fn render(
    path: &Path,
    image: &JxlImage,
    samples: SampleLayout,
    size: (u32, u32),
    limits: &Limits,
) -> Result<Vec<u8>, MediaError> {
    let render = image.render_frame(0).map_err(|e| {
        // The error of the allocation tracker can be recognised only by its message.
        if !e.to_string().contains("allocate") {
            return failed(path, &e);
        }
        MediaError::TooLarge {
            path: path.into(),
            width: image.width(),
            height: image.height(),
            reason: message!("the memory limit is {max} bytes", max = limits.max_alloc),
        }
    })?;
    let mut stream = render.stream();
    if (stream.width(), stream.height()) != size || stream.channels() as usize != samples.channels()
    {
        return Err(MediaError::undecodable(
            path,
            message!("its dimensions or channels differ from those in its header"),
        ));
    }
    let mut pixels = vec![0; size.0 as usize * size.1 as usize * samples.channels()];
    let length = stream.write_to_buffer(&mut pixels);
    pixels.truncate(length);
    Ok(pixels)
}
