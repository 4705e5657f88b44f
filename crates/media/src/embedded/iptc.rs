//! IPTC-NAA Information Interchange Model, version 4: records of data sets.

use super::{Embedded, date, worded};

/// The most values of a data set.
const VALUES: usize = 100;

/// Data sets of record 2, the application record.
const TITLE: u8 = 5;
const DATE_CREATED: u8 = 55;
const BY_LINE: u8 = 80;
const COPYRIGHT: u8 = 116;
const CAPTION: u8 = 120;

/// Data sets one after another: `1C`, record, data set, length, value. Texts that are not UTF-8 are
/// passed over: the model says in which of many character sets they are, and writers rarely do.
pub(super) fn read(block: &[u8]) -> Embedded {
    let mut found = Embedded::default();
    let mut rest = block;
    while let [0x1c, record, set, high, low, after @ ..] = rest {
        let length = u16::from_be_bytes([*high, *low]);
        // Longer ones have the length of their length here; none of those that are read is so long.
        let length = usize::from(length & 0x7fff) + usize::from(length >> 15) * after.len();
        let Some((value, next)) = after.split_at_checked(length) else {
            break;
        };
        rest = next;
        let Ok(text) = std::str::from_utf8(value) else {
            continue;
        };
        let list = match (*record, *set) {
            (2, TITLE) => &mut found.title,
            (2, BY_LINE) => &mut found.creator,
            (2, COPYRIGHT) => &mut found.rights,
            (2, CAPTION) => &mut found.description,
            (2, DATE_CREATED) => {
                found.date = found.date.or_else(|| date(text));
                continue;
            }
            _ => continue,
        };
        if list.len() < VALUES {
            list.extend(worded(None, text));
        }
    }
    found
}

/// The data sets within Photoshop's image resources: `8BIM`, number, name, length, value.
pub(super) fn of_photoshop(block: &[u8]) -> Option<Vec<u8>> {
    const IPTC: u16 = 0x0404;
    let mut rest = block;
    while let [b'8', b'B', b'I', b'M', high, low, name, after @ ..] = rest {
        let number = u16::from_be_bytes([*high, *low]);
        // The name and its length take an even number of bytes; so does the value.
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
    fn title_creators_and_date() {
        let block = [
            set(TITLE, "صفحة".as_bytes()),
            set(BY_LINE, b"A"),
            set(BY_LINE, b"B"),
            set(DATE_CREATED, b"19060225"),
            // Latin-1: nobody knows whether it is that.
            set(CAPTION, b"caf\xe9"),
        ]
        .concat();
        let found = read(&block);
        assert_eq!(found.title[0].text, "صفحة");
        assert_eq!(found.creator.len(), 2);
        assert_eq!(found.date.as_deref(), Some("1906-02-25"));
        assert!(found.description.is_empty());

        let mut resources = b"8BIM\x04\x25\0\0\0\0\0\x03abc\0".to_vec();
        resources.extend(b"8BIM\x04\x04\x03own\0\0\0");
        resources.push(block.len() as u8);
        resources.extend(&block);
        assert_eq!(of_photoshop(&resources), Some(block));
    }

    #[test]
    fn what_breaks_off_says_what_came_before() {
        let mut block = set(TITLE, b"Page");
        block.extend([0x1c, 2, CAPTION, 0x7f, 0xff, b'a']);
        assert_eq!(read(&block).title.len(), 1);
        block = set(TITLE, b"Page");
        block.extend([0x1c, 2, CAPTION, 0xff, 0xff, b'a']);
        assert_eq!(read(&block).title.len(), 1);
        for cut in 0..20 {
            assert_eq!(
                of_photoshop(&b"8BIM\x04\x04\0\0\0\0\0\x08abcdefg"[..cut.min(19)]),
                None
            );
        }
    }
}
