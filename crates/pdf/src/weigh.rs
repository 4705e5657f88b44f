//! What a page and the index of a file unpack to, found out before any of it is.
//!
//! The program that draws unpacks whatever it is given, whole. A few bytes can be packed so that they
//! become gigabytes, in places of which nothing is seen until they are drawn: in patterns and masks, and
//! in the list of the objects itself.

use std::collections::BTreeSet;
use std::io::{self, Read};

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Object, Stream};
use hayro::hayro_syntax::page::Page;
use memchr::memmem;

use crate::PdfError;

/// The most pixels of an image on a page. It is decoded whole.
const MOST_OF_IMAGE: u64 = 200_000_000;

/// The most bytes of what is no image: contents, typefaces, tables.
const MOST: u64 = 128 << 20;

/// Objects of a page beyond these are not looked at.
const OBJECTS: usize = 50_000;

/// Whether a page can be afforded, with all that is drawn on it.
pub fn page(page: &Page<'_>) -> Result<(), PdfError> {
    // From notes on it ways lead to other pages: only what they look like is followed.
    let notes = page.raw().get::<Array<'_>>("Annots");
    let notes = notes.iter().flat_map(|notes| notes.iter::<Dict<'_>>());
    let looks = notes.filter_map(|note| note.get::<Dict<'_>>("AP"));
    let own = page.resources();
    let resources = [
        &own.ext_g_states,
        &own.fonts,
        &own.properties,
        &own.color_spaces,
        &own.x_objects,
        &own.patterns,
        &own.shadings,
    ];
    let mut waiting: Vec<Object<'_>> = resources.into_iter().cloned().map(Object::Dict).collect();
    waiting.extend(looks.map(Object::Dict));
    waiting.extend(page.raw().get::<Object<'_>>("Contents"));

    let mut seen = BTreeSet::new();
    let mut is_new = |own: &MaybeRef<Object<'_>>| match own {
        MaybeRef::Ref(to) => seen.len() < OBJECTS && seen.insert((to.obj_number, to.gen_number)),
        MaybeRef::NotRef(_) => true,
    };
    while let Some(object) = waiting.pop() {
        let dict = match &object {
            Object::Dict(dict) => dict,
            Object::Stream(own) => {
                stream(own)?;
                own.dict()
            }
            Object::Array(array) => {
                waiting.extend(parts(array, &mut is_new));
                continue;
            }
            _ => continue,
        };
        for (name, value) in dict.entries() {
            if is_new(&value) {
                waiting.extend(dict.get::<Object<'_>>(name.as_ref()));
            }
        }
    }
    Ok(())
}

/// What is in a list and was not seen before.
fn parts<'a>(
    array: &Array<'a>,
    is_new: &mut impl FnMut(&MaybeRef<Object<'a>>) -> bool,
) -> Vec<Object<'a>> {
    let kept: Vec<bool> = array.raw_iter().map(|own| is_new(&own)).collect();
    let all = array.iter::<Object<'_>>().zip(kept);
    all.filter_map(|(own, kept)| kept.then_some(own)).collect()
}

fn stream(own: &Stream<'_>) -> Result<(), PdfError> {
    let dict = own.dict();
    let side = |name: &[u8]| dict.get::<u32>(name);
    let most = match (side(b"Width"), side(b"Height")) {
        (Some(width), Some(height)) => {
            let pixels = u64::from(width) * u64::from(height);
            if pixels > MOST_OF_IMAGE {
                return Err(PdfError::ImageTooLarge { width, height });
            }
            // Four colours of 16 bits, and a byte before each row.
            (pixels * 8 + u64::from(height)).max(1 << 20)
        }
        _ => MOST,
    };
    let filters = own.filters();
    let packed = filters
        .iter()
        .take_while(|own| **own == Filter::FlateDecode);
    match unpacks_beyond(&own.raw_data(), packed.count(), most) {
        true => Err(PdfError::Swollen),
        false => Ok(()),
    }
}

/// Whether bytes that are packed so many times over become more than `most`.
fn unpacks_beyond(bytes: &[u8], times: usize, most: u64) -> bool {
    /// A byte unpacks to no more than these.
    const EXPANSION: u64 = 1_032;

    let could_be = EXPANSION.saturating_pow(u32::try_from(times).unwrap_or(u32::MAX));
    if (bytes.len() as u64).saturating_mul(could_be) <= most {
        return false;
    }
    let has_head =
        matches!(bytes, [a, b, ..] if a & 15 == 8 && u16::from_be_bytes([*a, *b]) % 31 == 0);
    let mut reader: Box<dyn Read + '_> = match has_head {
        true => Box::new(ZlibDecoder::new(bytes)),
        false => Box::new(DeflateDecoder::new(bytes)),
    };
    for _ in 1..times {
        reader = Box::new(ZlibDecoder::new(reader));
    }
    let mut left = reader.take(most + 1);
    // What is damaged is counted up to there.
    let _ = io::copy(&mut left, &mut io::sink());
    left.limit() == 0
}

/// Whether the lists of objects in a file can be afforded, which are unpacked when it is opened.
pub fn index(file: &[u8]) -> Result<(), PdfError> {
    for kind in [&b"/XRef"[..], b"/ObjStm"] {
        for at in memmem::find_iter(file, kind) {
            if let Some((times, content)) = around(file, at)
                && unpacks_beyond(content, times, MOST)
            {
                return Err(PdfError::Swollen);
            }
        }
    }
    Ok(())
}

/// How many times over the stream is packed whose dictionary says something at a place, and its content
/// with all that follows.
fn around(file: &[u8], at: usize) -> Option<(usize, &[u8])> {
    /// A dictionary is no longer before and behind that place.
    const NEAR: usize = 4_096;

    let before = file.get(at.saturating_sub(NEAR)..at)?;
    let from = at - before.len() + memmem::rfind(before, b"obj")?;
    let behind = file.get(at..file.len().min(at + NEAR))?;
    let to = at + memmem::find(behind, b"stream")?;
    let times = memmem::find_iter(file.get(from..to)?, b"/Fl").count();
    let content = file.get(to + b"stream".len()..)?;
    let content = content.strip_prefix(b"\r").unwrap_or(content);
    let content = content.strip_prefix(b"\n").unwrap_or(content);
    (times > 0).then_some((times, content))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use hayro::hayro_syntax::Pdf;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// What becomes 200 MB where it is unpacked twice.
    fn bomb() -> Vec<u8> {
        packed(&packed(&vec![0; 200 << 20]))
    }

    /// A file of one page whose resources are these, and further objects from the fifth.
    fn file(resources: &str, objects: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = format!(
            "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
             2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
             3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]/Resources<<{resources}>>/Contents 4 0 R>>endobj\n\
             4 0 obj<</Length 0>>stream\n\nendstream endobj\n"
        )
        .into_bytes();
        for (number, (dict, content)) in (5..).zip(objects) {
            let length = content.len();
            let head = format!("{number} 0 obj<<{dict}/Length {length}>>stream\n");
            out.extend(head.as_bytes());
            out.extend(*content);
            out.extend(b"\nendstream endobj\n");
        }
        out.extend(b"trailer<</Root 1 0 R>>\n%%EOF");
        out
    }

    fn weighed(resources: &str, objects: &[(&str, &[u8])]) -> Result<(), PdfError> {
        let pdf = Pdf::new(file(resources, objects)).unwrap();
        page(pdf.pages().first().unwrap())
    }

    const FORM: &str = "/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 6 0 R>>>>";
    const PATTERN: &str = "/PatternType 1/Resources<</XObject<</A 6 0 R>>>>";

    #[test]
    fn an_image_is_weighed_wherever_it_is_drawn() {
        let large = "/Subtype/Image/Width 60000/Height 60000";
        let small = "/Subtype/Image/Width 60/Height 60/SMask 6 0 R";
        for (resources, first) in [
            ("/XObject<</A 6 0 R>>", FORM),
            ("/XObject<</A 5 0 R>>", FORM),
            ("/Pattern<</A 5 0 R>>", PATTERN),
            ("/XObject<</A 5 0 R>>", small),
            ("/ExtGState<</A<</SMask<</S/Luminosity/G 5 0 R>>>>>>", FORM),
            ("/Font<</A<</CharProcs<</a 5 0 R>>>>>>", FORM),
            ("/Properties<</Parent[1[5 0 R]]>>", FORM),
        ] {
            let result = weighed(resources, &[(first, b""), (large, b"")]);
            let too_large = matches!(
                result,
                Err(PdfError::ImageTooLarge {
                    width: 60_000,
                    height: 60_000
                })
            );
            assert!(too_large, "{resources} {result:?}");
            let fine = large.replace("60000", "6000");
            weighed(resources, &[(first, b""), (&fine, b"")]).unwrap();
        }
    }

    #[test]
    fn what_would_become_too_large_is_found_before_it_does() {
        let twice = "/Filter[/FlateDecode/FlateDecode]";
        let image = "/Subtype/Image/Width 60/Height 60";
        let (bomb, once) = (bomb(), packed(&vec![0; 200 << 20]));
        for (dict, content) in [
            (twice.to_owned(), &bomb),
            (format!("{image}{twice}"), &bomb),
            (format!("{image}/Filter/FlateDecode"), &once),
            ("/Filter/FlateDecode".to_owned(), &once),
        ] {
            let result = weighed("/XObject<</A 5 0 R>>", &[(&dict, content)]);
            assert!(matches!(result, Err(PdfError::Swollen)), "{dict}");
        }
        let fine = packed(&vec![0; 100 << 20]);
        weighed("/XObject<</A 5 0 R>>", &[("/Filter/FlateDecode", &fine)]).unwrap();
        // What no page leads to is never unpacked.
        weighed("", &[(twice, &bomb)]).unwrap();
    }

    #[test]
    fn pages_that_lead_to_themselves_come_to_an_end() {
        let own = "/Subtype/Form/Resources<</XObject<</A 5 0 R/B 6 0 R>>>>";
        let objects: [(&str, &[u8]); 2] = [(own, b""), (own, b"")];
        weighed("/XObject<</A 5 0 R>>", &objects).unwrap();
    }

    #[test]
    fn the_lists_of_objects_are_weighed_before_the_file_is_opened() {
        let bomb = bomb();
        for kind in ["/Type/XRef", "/Type/ObjStm", "/Type /XRef"] {
            let twice = format!("{kind}/Filter[/FlateDecode /FlateDecode]");
            let bytes = file("", &[(&twice, &bomb)]);
            assert!(matches!(index(&bytes), Err(PdfError::Swollen)), "{kind}");
            let once = format!("{kind}/Filter/FlateDecode");
            index(&file("", &[(&once, &bomb)])).unwrap();
        }
        index(b"/XRef").unwrap();
        index(b"obj /ObjStm/Fl stream").unwrap();
    }
}
