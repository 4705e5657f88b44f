//! The objects in which the last `verify` found damage.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

/// The name of the file in an archive that lists the damaged objects. It does not exist if there are none.
pub const DAMAGE_FILE: &str = "damaged-objects.json";

/// Writes the OCFL identifiers of damaged objects, or removes the file if there are none.
///
/// # Errors
/// Returns an error if the file cannot be written or removed.
pub(crate) fn save(archive: &Path, damaged: &BTreeSet<String>) -> io::Result<()> {
    let path = archive.join(DAMAGE_FILE);
    if damaged.is_empty() {
        return match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    let temporary = archive.join(format!("{DAMAGE_FILE}.tmp"));
    fs::write(&temporary, serde_json::to_vec_pretty(damaged)?)?;
    fs::rename(&temporary, &path)
}

/// Reads the OCFL identifiers of damaged objects. Returns an empty set if there is no readable file.
pub(crate) fn load(archive: &Path) -> BTreeSet<String> {
    let json = fs::read(archive.join(DAMAGE_FILE)).unwrap_or_default();
    serde_json::from_slice(&json).unwrap_or_default()
}
