//! HEIC and AVIF, through the program that libheif brings, where this machine has it.
//!
//! The program runs as a process of its own, with a limit of time and of what it writes, and writes a
//! PNG into a folder of ours. It cuts, turns and mirrors the picture as the file says; what EXIF says of
//! that is the same once more, and is left out.

mod boxes;
mod program;

use std::path::{Path, PathBuf};
use std::time::Duration;

use image::metadata::Orientation;

use super::rows::Upright;
use super::{Header, generic, not_rendered, open, png};
use crate::kind::Format;
use crate::limits::Claim;
use crate::not_rendered::NotRendered;
use crate::{Limits, MediaError};

/// How long the program may take, and how many pixels give it a second more.
const PATIENCE: u64 = 10;
const PIXELS_A_SECOND: u64 = 4_000_000;

/// The most bytes that the program may write for each pixel: four samples of 16 bits.
const WRITTEN: u64 = 8;
/// And besides, as smaller pictures in the file may be written too.
const BESIDES: u64 = 64 << 20;

/// The most pictures in one file that are looked through for the one that it shows first.
const PICTURES: u32 = 100;

/// Whether this machine has the program.
pub(crate) fn is_here() -> bool {
    program::find().is_some()
}

pub(super) fn header(path: &Path) -> Result<Header, MediaError> {
    let (width, height) =
        boxes::size(open(path)?).ok_or_else(|| not_rendered(path, NotRendered::HeifForm))?;
    let claim = Claim {
        width,
        height,
        // In the program: the picture as it is stored, and in colours.
        decoded_bytes: 8,
        stored_bits: 24,
    };
    Ok(Header {
        claim,
        orientation: Orientation::NoTransforms,
    })
}

pub(super) fn rows(
    path: &Path,
    claim: &Claim,
    limits: &Limits,
    upright: Upright,
) -> Result<(), MediaError> {
    let program = program::find().ok_or_else(|| not_rendered(path, NotRendered::NoHeif))?;
    through(&program, path, claim, limits, upright)
}

/// Reads a file through a program.
fn through(
    program: &Path,
    path: &Path,
    claim: &Claim,
    limits: &Limits,
    upright: Upright,
) -> Result<(), MediaError> {
    let failed = || not_rendered(path, NotRendered::HeifFailed);
    let folder = tempfile::tempdir().map_err(|e| MediaError::unreadable(path, e))?;
    let pixels = u64::from(claim.width) * u64::from(claim.height);
    let patience = Duration::from_secs(PATIENCE + pixels / PIXELS_A_SECOND);
    let most = pixels.saturating_mul(WRITTEN).saturating_add(BESIDES);
    program::run(program, path, folder.path(), patience, most)
        .map_err(|why| not_rendered(path, why))?;

    let png = written(folder.path(), claim).ok_or_else(failed)?;
    let bytes = std::fs::metadata(&png).map_err(|_| failed())?.len();
    // The program is believed no more than a file that was handed in.
    let header = generic::header(&png, Format::Png).map_err(|_| failed())?;
    header
        .claim
        .weigh(path, Format::Png, bytes, limits)
        .map_err(|_| failed())?;
    png::rows(&png, limits, upright).map_err(|_| failed())
}

/// The picture that the program wrote. Of a file with several it writes each, with a number; the one
/// that is shown is known by its size.
fn written(folder: &Path, claim: &Claim) -> Option<PathBuf> {
    let only = folder.join(program::PNG);
    if only.is_file() {
        return Some(only);
    }
    let stem = program::PNG.trim_end_matches(".png");
    (1..=PICTURES)
        .map(|number| folder.join(format!("{stem}-{number}.png")))
        .take_while(|png| png.is_file())
        .find(|png| {
            let size = generic::header(png, Format::Png).map(|own| own.claim);
            size.is_ok_and(|own| (own.width, own.height) == (claim.width, claim.height))
        })
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use super::super::rows::Together;
    use super::program::tests::{alone, script};
    use super::*;
    use crate::Picture;

    const CLAIM: Claim = Claim {
        width: 48,
        height: 32,
        decoded_bytes: 8,
        stored_bits: 24,
    };

    fn fixtures(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures")
            .join(name)
    }

    /// What comes of a file through a program that does this.
    fn shown(does: &str) -> Result<Picture, &'static str> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.heic");
        fs::write(&file, b"a photograph").unwrap();
        let _alone = alone();
        let program = script(dir.path(), "heif-dec", does);
        let mut together = Together::default();
        let upright = Upright::new(&file, Orientation::NoTransforms, &mut together);
        let read = through(&program, &file, &CLAIM, &Limits::default(), upright);
        assert_eq!(fs::read(&file).unwrap(), b"a photograph");
        match read {
            Ok(()) => Ok(together.picture().unwrap()),
            Err(MediaError::NotRendered { why, .. }) => Err(why.reason()),
            Err(error) => Err(error.code()),
        }
    }

    #[test]
    fn what_the_program_writes_is_the_picture() {
        let png = fixtures("palette.png");
        let copy = |to: &str| format!("/bin/cp '{}' {to}", png.display());
        let picture = shown(&copy("\"$2\"")).unwrap();
        assert_eq!((picture.width(), picture.height()), (48, 32));
    }

    #[test]
    fn of_several_pictures_the_one_of_its_size_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        let other = dir.path().join("other.png");
        image::GrayImage::new(32, 48).save(&other).unwrap();
        let several = format!(
            "/bin/cp '{}' picture-1.png; /bin/cp '{}' picture-2.png",
            other.display(),
            fixtures("palette.png").display()
        );
        let picture = shown(&several).unwrap();
        assert_eq!((picture.width(), picture.height()), (48, 32));
    }

    #[test]
    fn a_program_that_makes_no_picture_leaves_the_file_as_one_that_is_kept() {
        let failed = NotRendered::HeifFailed.reason();
        for does in [
            "exit 1",
            "exit 0",
            "echo no picture > \"$2\"",
            // A picture that says it is larger than any may be.
            "printf '\\211PNG\\r\\n\\032\\n\\000\\000\\000\\015IHDR\\000\\020\\000\\000\\000\\020\\000\\000\\010\\002\\000\\000\\000' > \"$2\"",
        ] {
            assert_eq!(shown(does).map(|_| ()), Err(failed), "{does}");
        }
    }
}
