//! Decoding of HEIC and AVIF with the command-line tool of libheif, if it is installed.
//!
//! The tool runs as a child process with limits on its time and output, and writes a PNG to a
//! temporary directory. It applies the crop, rotation and mirroring in the HEIF properties. The
//! EXIF orientation repeats these properties and is therefore ignored.

mod boxes;
mod program;

use std::path::{Path, PathBuf};
use std::time::Duration;

use image::metadata::Orientation;

use super::rows::RowConverter;
use super::{Header, image_crate, not_rendered, open, png};
use crate::limits::{DeclaredSize, Decoding};
use crate::not_rendered::NotRendered;
use crate::recognise::Format;
use crate::{Limits, MediaError};

/// Base of the time limit in seconds.
const BASE_SECONDS: u64 = 10;
/// Number of pixels for which one second is added to the time limit.
const PIXELS_PER_SECOND: u64 = 4_000_000;

/// Maximum size of the output in bytes per pixel: four samples of 16 bits each.
const MAX_OUTPUT_PER_PIXEL: u64 = 8;
/// Additional size of the output in bytes, because the tool may also write thumbnails.
const EXTRA_OUTPUT: u64 = 64 << 20;

/// Maximum number of images in a file that are searched for the primary image.
const MAX_IMAGES: u32 = 100;

/// Returns `true` if the tool is installed.
pub(crate) fn is_available() -> bool {
    program::find().is_some()
}

/// Returns the path of the command-line tool of libheif, which decodes HEIC and AVIF images, if it is installed.
pub fn program_path() -> Option<std::path::PathBuf> {
    program::find()
}

pub(super) fn header(path: &Path) -> Result<Header, MediaError> {
    let (width, height) =
        boxes::read_size(open(path)?).ok_or_else(|| not_rendered(path, NotRendered::HeifForm))?;
    let declared = DeclaredSize {
        width,
        height,
        // The child process holds the image both in YCbCr and in RGB.
        decoded_bytes: 8,
        stored_bits: 24,
        decoding: Decoding::Whole,
    };
    Ok(Header {
        declared,
        orientation: Orientation::NoTransforms,
    })
}

pub(super) fn rows(
    path: &Path,
    declared: &DeclaredSize,
    limits: &Limits,
    converter: RowConverter,
) -> Result<(), MediaError> {
    let program = program::find().ok_or_else(|| not_rendered(path, NotRendered::NoHeif))?;
    decode_with(&program, path, declared, limits, converter)
}

/// Decodes the file at `path` with the given program.
fn decode_with(
    program: &Path,
    path: &Path,
    declared: &DeclaredSize,
    limits: &Limits,
    converter: RowConverter,
) -> Result<(), MediaError> {
    let failed = || not_rendered(path, NotRendered::HeifFailed);
    let output_dir = tempfile::tempdir().map_err(|e| MediaError::unreadable(path, e))?;
    let pixels = u64::from(declared.width) * u64::from(declared.height);
    let time_limit = Duration::from_secs(BASE_SECONDS + pixels / PIXELS_PER_SECOND);
    let max_output = pixels
        .saturating_mul(MAX_OUTPUT_PER_PIXEL)
        .saturating_add(EXTRA_OUTPUT);
    program::run(program, path, output_dir.path(), time_limit, max_output)
        .map_err(|reason| not_rendered(path, reason))?;

    let png = find_output(output_dir.path(), declared).ok_or_else(failed)?;
    let bytes = std::fs::metadata(&png).map_err(|_| failed())?.len();
    // The output is checked like any input file.
    let header = image_crate::header(&png, Format::Png).map_err(|_| failed())?;
    header
        .declared
        .check(path, Format::Png, bytes, limits)
        .map_err(|_| failed())?;
    png::rows(&png, limits, converter).map_err(|_| failed())
}

/// Returns the path of the PNG of the primary image. If the file has several images, the tool
/// writes a numbered PNG for each of them. The PNG of the primary image is then identified by its
/// dimensions.
fn find_output(output_dir: &Path, declared: &DeclaredSize) -> Option<PathBuf> {
    let single = output_dir.join(program::OUTPUT_NAME);
    if single.is_file() {
        return Some(single);
    }
    let stem = program::OUTPUT_NAME.trim_end_matches(".png");
    (1..=MAX_IMAGES)
        .map(|number| output_dir.join(format!("{stem}-{number}.png")))
        .take_while(|png| png.is_file())
        .find(|png| {
            let size = image_crate::header(png, Format::Png).map(|header| header.declared);
            size.is_ok_and(|size| (size.width, size.height) == (declared.width, declared.height))
        })
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use super::super::rows::RowCollector;
    use super::program::tests::{lock_scripts, script};
    use super::*;
    use crate::Picture;

    const DECLARED: DeclaredSize = DeclaredSize {
        width: 48,
        height: 32,
        decoded_bytes: 8,
        stored_bits: 24,
        decoding: Decoding::Whole,
    };

    fn fixture(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures")
            .join(name)
    }

    /// Decodes a file with a shell script that replaces the tool.
    fn decode_with_script(body: &str) -> Result<Picture, String> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.heic");
        fs::write(&file, b"a photograph").unwrap();
        let _lock = lock_scripts();
        let program = script(dir.path(), "heif-dec", body);
        let mut collector = RowCollector::default();
        let converter = RowConverter::new(&file, Orientation::NoTransforms, &mut collector);
        let result = decode_with(&program, &file, &DECLARED, &Limits::default(), converter);
        assert_eq!(fs::read(&file).unwrap(), b"a photograph");
        match result {
            Ok(()) => Ok(collector.into_picture().unwrap()),
            Err(MediaError::NotRendered { reason, .. }) => Err(reason.reason().to_string()),
            Err(error) => Err(error.code().to_owned()),
        }
    }

    #[test]
    fn returns_the_output_of_the_tool() {
        let png = fixture("palette.png");
        let copy = |to: &str| format!("/bin/cp '{}' {to}", png.display());
        let picture = decode_with_script(&copy("\"$2\"")).unwrap();
        assert_eq!((picture.width(), picture.height()), (48, 32));
    }

    #[test]
    fn selects_the_output_with_the_primary_dimensions() {
        let dir = tempfile::tempdir().unwrap();
        let other = dir.path().join("other.png");
        image::GrayImage::new(32, 48).save(&other).unwrap();
        let several = format!(
            "/bin/cp '{}' picture-1.png; /bin/cp '{}' picture-2.png",
            other.display(),
            fixture("palette.png").display()
        );
        let picture = decode_with_script(&several).unwrap();
        assert_eq!((picture.width(), picture.height()), (48, 32));
    }

    #[test]
    fn reports_missing_or_invalid_output_as_not_rendered() {
        let failed = NotRendered::HeifFailed.reason().to_string();
        for body in [
            "exit 1",
            "exit 0",
            "echo no picture > \"$2\"",
            // A PNG header that declares excessive dimensions.
            "printf '\\211PNG\\r\\n\\032\\n\\000\\000\\000\\015IHDR\\000\\020\\000\\000\\000\\020\\000\\000\\010\\002\\000\\000\\000' > \"$2\"",
        ] {
            assert_eq!(
                decode_with_script(body).map(|_| ()),
                Err(failed.clone()),
                "{body}"
            );
        }
    }
}
