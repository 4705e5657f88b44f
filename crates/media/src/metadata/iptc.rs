//! Reading of the IPTC-NAA Information Interchange Model (IIM), version 4.

use super::{EmbeddedMetadata, lang_string, parse_date};

/// Maximum number of values per property.
const MAX_VALUES: usize = 100;

// Data sets in record 2, the application record.
const TITLE: u8 = 5;
const DATE_CREATED: u8 = 55;
const BY_LINE: u8 = 80;
const COPYRIGHT: u8 = 116;
const CAPTION: u8 = 120;

/// Reads a sequence of data sets. Each consists of the byte `1C`, the record number, the data set
/// number, the length and the value.
///
/// Texts that are not UTF-8 are skipped: IIM can declare one of many character sets, but writers
/// rarely do so.
pub(super) fn read(block: &[u8]) -> EmbeddedMetadata {
    let mut metadata = EmbeddedMetadata::default();
    let mut rest = block;
    while let [0x1c, record, set, high, low, after @ ..] = rest {
        let length = u16::from_be_bytes([*high, *low]);
        // In an extended data set, this is the length of the length field. None of the data sets
        // that are read here is that long.
        let length = usize::from(length & 0x7fff) + usize::from(length >> 15) * after.len();
        let Some((value, next)) = after.split_at_checked(length) else {
            break;
        };
        rest = next;
        let Ok(text) = std::str::from_utf8(value) else {
            continue;
        };
        let list = match (*record, *set) {
            (2, TITLE) => &mut metadata.title,
            (2, BY_LINE) => &mut metadata.creator,
            (2, COPYRIGHT) => &mut metadata.rights,
            (2, CAPTION) => &mut metadata.description,
            (2, DATE_CREATED) => {
                metadata.date = metadata.date.or_else(|| parse_date(text));
                continue;
            }
            _ => continue,
        };
        if list.len() < MAX_VALUES {
            list.extend(lang_string(None, text));
        }
    }
    metadata
}

/// Extracts the IIM block from Photoshop image resources. Each resource consists of `8BIM`, the ID,
/// the name, the length and the value.
pub(super) fn from_photoshop(block: &[u8]) -> Option<Vec<u8>> {
    const IPTC: u16 = 0x0404;
    let mut rest = block;
    while let [b'8', b'B', b'I', b'M', high, low, name, after @ ..] = rest {
        let number = u16::from_be_bytes([*high, *low]);
        // The name (with its length byte) and the value are padded to an even number of bytes.
        let after = after.get(usize::from(*name | 1)..)?;
        let (length, after) = after.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        if number == IPTC {
            return after.get(..length).map(<[u8]>::to_vec);
        }
        rest = after.get(length.checked_add(length % 2)?..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(number: u8, value: &[u8]) -> Vec<u8> {
        let length = (value.len() as u16).to_be_bytes();
        [&[0x1c, 2, number], &length[..], value].concat()
    }

    #[test]
    fn reads_title_creators_and_date() {
        let block = [
            set(TITLE, "صفحة".as_bytes()),
            set(BY_LINE, b"A"),
            set(BY_LINE, b"B"),
            set(DATE_CREATED, b"19060225"),
            // This text is probably Latin-1, but its encoding is not declared.
            set(CAPTION, b"caf\xe9"),
        ]
        .concat();
        let metadata = read(&block);
        assert_eq!(metadata.title[0].text, "صفحة");
        assert_eq!(metadata.creator.len(), 2);
        assert_eq!(metadata.date.as_deref(), Some("1906-02-25"));
        assert!(metadata.description.is_empty());

        let mut resources = b"8BIM\x04\x25\0\0\0\0\0\x03abc\0".to_vec();
        resources.extend(b"8BIM\x04\x04\x03own\0\0\0");
        resources.push(block.len() as u8);
        resources.extend(&block);
        assert_eq!(from_photoshop(&resources), Some(block));
    }

    #[test]
    fn reads_truncated_blocks_up_to_the_damage() {
        let mut block = set(TITLE, b"Page");
        block.extend([0x1c, 2, CAPTION, 0x7f, 0xff, b'a']);
        assert_eq!(read(&block).title.len(), 1);
        block = set(TITLE, b"Page");
        block.extend([0x1c, 2, CAPTION, 0xff, 0xff, b'a']);
        assert_eq!(read(&block).title.len(), 1);
        for cut in 0..20 {
            assert_eq!(
                from_photoshop(&b"8BIM\x04\x04\0\0\0\0\0\x08abcdefg"[..cut.min(19)]),
                None
            );
        }
    }
}
