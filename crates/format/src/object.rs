//! Objects: files named by the SHA-256 of their bytes.

use khizana_model::Hash;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use sha2::{Digest, Sha256};

// Fuzzing takes objects as they are (see `check`). Nothing that publishes an archive or is published
// with one may be built so: not the writer, not the viewer, not a release.
#[cfg(all(
    fuzzing,
    any(feature = "write", target_family = "wasm", not(debug_assertions))
))]
compile_error!(
    "`--cfg fuzzing` turns the check of objects off: build with it by `cargo fuzz` only"
);

/// The longest content of an object once it is unpacked: what a cheap phone can hold.
pub(crate) const MAX_OBJECT: usize = 64 << 20;

/// Why an object cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// The bytes are not those that were published.
    #[error("object {expected} has the SHA-256 {found}: it is damaged or was replaced")]
    Damaged {
        /// The name of the object.
        expected: Hash,
        /// What its bytes hash to.
        found: Hash,
    },
    /// Not a zstd frame, or one that claims more than [`MAX_OBJECT`].
    #[error("object {0} cannot be unpacked: it is no zstd frame of up to 64 MiB")]
    Packing(Hash),
}

/// The SHA-256 of some bytes.
pub fn hash_of(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// Where an object lies below the site's root: `o/ab/ab…`.
pub fn object_path(hash: &Hash) -> String {
    let name = hash.to_string();
    format!("o/{}/{name}", name.get(..2).unwrap_or_default())
}

/// Checks that `bytes` are what `hash` names.
///
/// # Errors
/// [`ObjectError::Damaged`] where they are not.
pub(crate) fn check(hash: &Hash, bytes: &[u8]) -> Result<(), ObjectError> {
    // A fuzzer makes up blocks, but none that have the hash by which they are asked for: with this
    // check nothing of what reads them would ever be reached.
    if cfg!(fuzzing) {
        return Ok(());
    }
    let found = hash_of(bytes);
    if found != *hash {
        return Err(ObjectError::Damaged {
            expected: *hash,
            found,
        });
    }
    Ok(())
}

/// Unpacks an object that was checked: one zstd frame (RFC 8878).
///
/// # Errors
/// [`ObjectError::Packing`] where it is no such frame, or one of more than [`MAX_OBJECT`].
pub(crate) fn unpack(hash: &Hash, bytes: &[u8]) -> Result<Vec<u8>, ObjectError> {
    // As in `check`: frames have a checksum too, and the decoder is fuzzed by those who wrote it.
    if cfg!(fuzzing) {
        return Ok(bytes.to_vec());
    }
    unpacked(bytes).ok_or(ObjectError::Packing(*hash))
}

/// The content of an object.
///
/// # Errors
/// [`ObjectError`], where the bytes are not what `hash` names, or no object.
#[cfg(feature = "write")]
pub fn open(hash: &Hash, bytes: &[u8]) -> Result<Vec<u8>, ObjectError> {
    check(hash, bytes)?;
    unpack(hash, bytes)
}

/// The bytes are those that were published, so that what ails the frame is a matter for whoever
/// published it: it is not put into words, which would cost the viewer eight kilobytes.
fn unpacked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = FrameDecoder::new();
    decoder.init(&mut bytes).ok()?;
    let mut content = Vec::new();
    loop {
        let last = decoder
            .decode_blocks(&mut bytes, BlockDecodingStrategy::UptoBytes(1 << 20))
            .ok()?;
        content.append(&mut decoder.collect().unwrap_or_default());
        if content.len() > MAX_OBJECT {
            return None;
        }
        if last {
            return Some(content);
        }
    }
}
