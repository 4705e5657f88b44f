//! At what size a film in MP4 or QuickTime is presented (ISO/IEC 14496-12, `tkhd`).
//!
//! The demuxer gives the size at which frames are coded. A telephone films upright with a sensor that
//! lies on its side, and says in the header of the track that the picture is to be turned.

use std::io::{Read, Seek, SeekFrom};

/// So many boxes are looked at, and no more.
const MOST_BOXES: u32 = 4_096;

/// Width and height in pixels, upright, of the first track that has a picture.
pub(crate) fn size(file: &mut (impl Read + Seek)) -> Option<(u32, u32)> {
    let end = file.seek(SeekFrom::End(0)).ok()?;
    let mut left = MOST_BOXES;
    let mut found = None;
    each(
        file,
        0,
        end,
        &mut left,
        &mut |file, name, from, to, left| {
            if name != b"moov" {
                return Some(());
            }
            each(file, from, to, left, &mut |file, name, from, to, left| {
                if name != b"trak" || found.is_some() {
                    return Some(());
                }
                each(file, from, to, left, &mut |file, name, from, _, _| {
                    if name == b"tkhd" {
                        found = found.or(presented(file, from));
                    }
                    Some(())
                })
            })
        },
    );
    found
}

/// Called with the name of a box, where its content begins and ends, and how many more boxes are
/// looked at.
type Visit<'a, F> = dyn FnMut(&mut F, &[u8; 4], u64, u64, &mut u32) -> Option<()> + 'a;

fn each<F: Read + Seek>(
    file: &mut F,
    mut at: u64,
    end: u64,
    left: &mut u32,
    visit: &mut Visit<'_, F>,
) -> Option<()> {
    while at.checked_add(8)? <= end {
        *left = left.checked_sub(1)?;
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut head = [0; 8];
        file.read_exact(&mut head).ok()?;
        let [a, b, c, d, name @ ..] = head;
        let (length, header) = match u32::from_be_bytes([a, b, c, d]) {
            // To the end of what it lies in.
            0 => (end - at, 8),
            1 => {
                let mut long = [0; 8];
                file.read_exact(&mut long).ok()?;
                (u64::from_be_bytes(long), 16)
            }
            length => (u64::from(length), 8),
        };
        if length < header {
            return None;
        }
        let next = at.checked_add(length)?;
        visit(file, &name, at + header, next.min(end), left)?;
        at = next;
    }
    Some(())
}

/// The size in the header of a track; none where it has no picture.
fn presented(file: &mut (impl Read + Seek), at: u64) -> Option<(u32, u32)> {
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut header = [0; 96];
    let mut have = 0;
    while have < header.len() {
        match file.read(header.get_mut(have..)?) {
            Ok(0) | Err(_) => break,
            Ok(more) => have += more,
        }
    }
    // Version 1 has times of 64 bits.
    let matrix = match header[0] {
        0 => 40,
        1 => 52,
        _ => return None,
    };
    if have < matrix + 44 {
        return None;
    }
    let number = |index: usize| -> Option<i32> {
        let from = matrix + index * 4;
        let bytes = header.get(from..from + 4)?;
        Some(i32::from_be_bytes(bytes.try_into().ok()?))
    };
    let pixels = |index| Some((number(index)? as u32) >> 16).filter(|pixels| *pixels > 0);
    let (width, height) = (pixels(9)?, pixels(10)?);
    // The matrix is a b u / c d v / x y w; turned by a quarter, a and d are 0.
    let turned = number(0)? == 0 && number(4)? == 0 && number(1)? != 0 && number(3)? != 0;
    Some(if turned {
        (height, width)
    } else {
        (width, height)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn boxed(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let mut out = (content.len() as u32 + 8).to_be_bytes().to_vec();
        out.extend(name);
        out.extend(content);
        out
    }

    fn track(matrix: [i32; 9], width: u32, height: u32) -> Vec<u8> {
        let mut head = vec![0; 40];
        for number in matrix {
            head.extend(number.to_be_bytes());
        }
        head.extend((width << 16).to_be_bytes());
        head.extend((height << 16).to_be_bytes());
        boxed(b"trak", &boxed(b"tkhd", &head))
    }

    const ONE: i32 = 0x1_0000;
    const UPRIGHT: [i32; 9] = [ONE, 0, 0, 0, ONE, 0, 0, 0, 0x4000_0000];
    const TURNED: [i32; 9] = [0, ONE, 0, -ONE, 0, 0, 0, 0, 0x4000_0000];

    fn read(tracks: &[Vec<u8>]) -> Option<(u32, u32)> {
        let mut film = boxed(b"ftyp", b"isom");
        film.extend(boxed(b"moov", &tracks.concat()));
        size(&mut Cursor::new(film))
    }

    #[test]
    fn a_film_that_was_held_upright_is_higher_than_wide() {
        assert_eq!(read(&[track(UPRIGHT, 1920, 1080)]), Some((1920, 1080)));
        assert_eq!(read(&[track(TURNED, 1920, 1080)]), Some((1080, 1920)));
    }

    #[test]
    fn the_track_of_the_sound_has_no_size() {
        let sound = track(UPRIGHT, 0, 0);
        assert_eq!(read(std::slice::from_ref(&sound)), None);
        assert_eq!(read(&[sound, track(UPRIGHT, 64, 48)]), Some((64, 48)));
    }

    #[test]
    fn boxes_that_lie_about_their_length_end_the_search() {
        for film in [
            &b"\0\0\0\x04moov"[..],
            b"\0\0\0\x01moov\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\0\0\0\0moov\0\0\0\0trak\0\0\0\0tkhd\x01",
            b"\0\0\0",
        ] {
            assert_eq!(size(&mut Cursor::new(film)), None, "{film:?}");
        }
        let many = boxed(b"free", b"").repeat(MOST_BOXES as usize + 1);
        let film = [many, boxed(b"moov", &track(UPRIGHT, 64, 48))].concat();
        assert_eq!(size(&mut Cursor::new(film)), None);
    }
}
