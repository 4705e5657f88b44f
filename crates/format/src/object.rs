//! Objects: zstd frames that are named by the SHA-256 of their bytes.

use khizana_model::{Hash, Message, message};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use sha2::{Digest, Sha256};

#[cfg(feature = "write")]
use crate::write_error::WriteError;

// With `--cfg fuzzing`, objects are not verified (see `verify`). Nothing that publishes an archive
// or is published with one may be built with this setting: neither the writer nor the viewer nor a
// release.
#[cfg(all(
    fuzzing,
    any(feature = "write", target_family = "wasm", not(debug_assertions))
))]
compile_error!(
    "`--cfg fuzzing` disables the verification of objects; only `cargo fuzz` may set it"
);

/// Maximum size of the content of an object, in bytes. A low-end phone can hold this amount in
/// memory.
pub(crate) const MAX_OBJECT: usize = 64 << 20;

/// Compression level of zstd. Levels 11 to 13 take two to six times as long and save less than 1 % of the bytes; level 19
/// would save 3.6 %, but take 30 times as long.
#[cfg(feature = "write")]
const COMPRESSION_LEVEL: i32 = 10;

/// An error in an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// The digest of the received bytes differs from the name of the object.
    #[error("object {expected} was damaged or replaced: its SHA-256 is {actual}")]
    Damaged {
        /// The name of the object, which is the expected digest.
        expected: Hash,
        /// The digest of the received bytes.
        actual: Hash,
    },
    /// The object is not a zstd frame, or its content is larger than 64 MiB.
    #[error(
        "cannot decompress object {0}: it is not a zstd frame, or its content is larger than 64 MiB"
    )]
    Undecodable(Hash),
}

impl ObjectError {
    /// Returns the description of the error, without a full stop. The viewer, which does not translate it, displays
    /// the error itself and needs no messages.
    pub fn message(&self) -> Message {
        match self {
            ObjectError::Damaged { expected, actual } => message!(
                "object {expected} was damaged or replaced: its SHA-256 is {actual}",
                expected,
                actual
            ),
            ObjectError::Undecodable(hash) => message!(
                "cannot decompress object {hash}: it is not a zstd frame, or its content is larger than 64 MiB",
                hash
            ),
        }
    }
}

/// Returns the SHA-256 of `bytes`.
pub fn hash_of(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// Returns the path of an object relative to the root of the site: `o/ab/ab…`.
pub fn object_path(hash: &Hash) -> String {
    let name = hash.to_string();
    format!("o/{}/{name}", name.get(..2).unwrap_or_default())
}

/// Verifies that the SHA-256 of `bytes` is `hash`.
///
/// # Errors
/// Returns [`ObjectError::Damaged`] if it is not.
pub(crate) fn verify(hash: &Hash, bytes: &[u8]) -> Result<(), ObjectError> {
    // A fuzzer cannot produce objects that match a given digest. With this check, it would never
    // reach the code that parses their content.
    if cfg!(fuzzing) {
        return Ok(());
    }
    let actual = hash_of(bytes);
    if actual != *hash {
        return Err(ObjectError::Damaged {
            expected: *hash,
            actual,
        });
    }
    Ok(())
}

/// Decompresses the bytes of a verified object: one zstd frame (RFC 8878).
///
/// # Errors
/// Returns [`ObjectError::Undecodable`] if the bytes are not a zstd frame, or if the content is
/// larger than [`MAX_OBJECT`].
pub(crate) fn decompress(hash: &Hash, bytes: &[u8]) -> Result<Vec<u8>, ObjectError> {
    // This is skipped for the same reason as in `verify`: frames also contain a checksum. The
    // decoder is fuzzed by its authors.
    if cfg!(fuzzing) {
        return Ok(bytes.to_vec());
    }
    decode_frame(bytes).ok_or(ObjectError::Undecodable(*hash))
}

/// Decodes a zstd frame whose content has at most [`MAX_OBJECT`] bytes.
///
/// The reason for a failure is discarded. The digest has already shown that the bytes are as
/// published, so the reason concerns only the publisher, and the error messages would add 8 KB to
/// the viewer.
fn decode_frame(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = FrameDecoder::new();
    decoder.init(&mut bytes).ok()?;
    let mut content = Vec::new();
    loop {
        let is_last = decoder
            .decode_blocks(&mut bytes, BlockDecodingStrategy::UptoBytes(1 << 20))
            .ok()?;
        content.append(&mut decoder.collect().unwrap_or_default());
        if content.len() > MAX_OBJECT {
            return None;
        }
        if is_last {
            return Some(content);
        }
    }
}

/// Verifies the bytes of an object and returns its content.
///
/// # Errors
/// Returns an error if the SHA-256 of `bytes` is not `hash`, if `bytes` is not a zstd frame, or if
/// its content is larger than 64 MiB.
#[cfg(feature = "write")]
pub fn decode_object(hash: &Hash, bytes: &[u8]) -> Result<Vec<u8>, ObjectError> {
    verify(hash, bytes)?;
    decompress(hash, bytes)
}

/// Compresses `content` and returns the bytes of an object: one zstd frame that declares its
/// content size and ends with a checksum. The name of the object is the [`hash_of`] these bytes.
///
/// # Errors
/// Returns an error if zstd fails.
#[cfg(feature = "write")]
pub fn encode_object(content: &[u8]) -> Result<Vec<u8>, WriteError> {
    let mut compressor =
        zstd::bulk::Compressor::new(COMPRESSION_LEVEL).map_err(WriteError::Encode)?;
    compressor
        .include_checksum(true)
        .map_err(WriteError::Encode)?;
    compressor.compress(content).map_err(WriteError::Encode)
}
