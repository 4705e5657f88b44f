//! The license of a font: the permissions in its table `OS/2`, and the texts in its table `name`.

use khizana_model::message;
use read_fonts::tables::name::Name;
use read_fonts::types::NameId;
use read_fonts::{FontData, FontRead};

use super::super::image::Refusal;
use super::font::Font;

/// Bits of `fsType` in the table `OS/2` (OpenType 1.9).
mod embedding {
    /// The font must not be embedded.
    pub(super) const RESTRICTED: u16 = 0x0002;
    /// Documents for reading and printing, and documents for editing.
    pub(super) const PERMITTED: u16 = 0x0004 | 0x0008;
    /// Subsets must not be made.
    pub(super) const NO_SUBSETTING: u16 = 0x0100;
    /// Only bitmaps may be embedded, and no outlines.
    pub(super) const BITMAPS_ONLY: u16 = 0x0200;
}

/// Maximum number of characters of a text of the license.
const MAX_TEXT: usize = 20_000;

/// The parts of the font that may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permission {
    /// A subset of the characters.
    Subset,
    /// Only the complete font.
    Complete,
}

/// Checks that the license of a font permits its publication.
pub(super) fn check(font: &Font<'_>) -> Result<Permission, Refusal> {
    let table = font.table("OS/2").unwrap_or_default();
    let number = |at: usize| {
        let bytes = table.get(at..at + 2)?;
        Some(u16::from_be_bytes(bytes.try_into().ok()?))
    };
    // A font without this table states no restrictions.
    let version = number(0).unwrap_or_default();
    let bits = number(8).unwrap_or_default();
    // Before version 3, several bits could be set, and the least restrictive one counts.
    let is_permitted = version < 3 && bits & embedding::PERMITTED != 0;
    let forbidden = if bits & embedding::RESTRICTED != 0 && !is_permitted {
        Some(message!(
            "The license of the font forbids embedding ({bits}).",
            bits = "OS/2 fsType 0x0002"
        ))
    } else if bits & embedding::BITMAPS_ONLY != 0 {
        Some(message!(
            "The license of the font permits the embedding of bitmaps only ({bits}).",
            bits = "OS/2 fsType 0x0200"
        ))
    } else {
        None
    };
    if let Some(message) = forbidden {
        return Err(Refusal {
            code: "typeface-license",
            message,
            hint: message!(
                "Use another font, or obtain from its maker a license and a file for websites."
            ),
        });
    }
    Ok(match bits & embedding::NO_SUBSETTING {
        0 => Permission::Subset,
        _ => Permission::Complete,
    })
}

/// The copyright notice, the trademark, the license and its address. A subset has these.
pub(super) const NOTICES: [NameId; 4] = [
    NameId::COPYRIGHT_NOTICE,
    NameId::TRADEMARK,
    NameId::LICENSE_DESCRIPTION,
    NameId::LICENSE_URL,
];

/// Returns the name of a font and its notices, those of them that it contains.
pub(super) fn texts(font: &Font<'_>) -> Vec<String> {
    let table = font.table("name");
    let Some(Ok(names)) = table.map(|table| Name::read(FontData::new(table))) else {
        return Vec::new();
    };
    let ids = [NameId::FULL_NAME].into_iter().chain(NOTICES);
    ids.filter_map(|id| text(&names, id)).collect()
}

/// Returns a text, in English if there are several.
pub(super) fn text(names: &Name<'_>, id: NameId) -> Option<String> {
    let records = || {
        let records = names.name_record().iter();
        records.filter(move |record| record.name_id() == id && record.is_unicode())
    };
    // The language 0x0409 of Windows is English.
    let english = records().find(|record| record.language_id() == 0x0409);
    let record = english.or_else(|| records().next())?;
    let text = record.string(names.string_data()).ok()?;
    let text: String = text
        .chars()
        .take(MAX_TEXT)
        .filter(|c| *c == '\n' || !c.is_control())
        .collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
