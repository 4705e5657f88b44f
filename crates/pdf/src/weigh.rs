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
use crate::claims::{self, Claim};

/// The most pixels of an image on a page. It is decoded whole.
const MOST_OF_IMAGE: u64 = 200_000_000;

/// The most pixels of all that is decoded to make an image: regions of a page, cells of a halftone.
const MOST_OF_PARTS: u64 = 4 * MOST_OF_IMAGE;

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
    let (packed, raw) = (packed(own), own.raw_data());
    if unpacks_beyond(&raw, packed, most) {
        return Err(PdfError::Swollen);
    }
    claimed(own, &raw, packed)
}

/// How many times over a stream is packed, before it is something else.
fn packed(own: &Stream<'_>) -> usize {
    let filters = own.filters();
    let packed = filters
        .iter()
        .take_while(|own| **own == Filter::FlateDecode);
    packed.count()
}

/// Whether an image can be afforded whose own format says how large it is, and not only the PDF.
fn claimed(own: &Stream<'_>, raw: &[u8], packed: usize) -> Result<(), PdfError> {
    let filters = own.filters();
    let claim: fn(&[u8]) -> Claim = match filters.iter().find(|own| is_sized(own)) {
        Some(Filter::Jbig2Decode) => claims::jbig2,
        Some(_) => claims::jpeg2000,
        None => return Ok(()),
    };
    let parameters = parameters(own);
    let is_plain = !parameters.iter().any(|own| own.contains_key(b"Predictor"));
    // Nobody packs it otherwise, so what it would claim then is not found out.
    if !(filters.get(packed).is_some_and(is_sized) && (packed == 0 || is_plain)) {
        return Err(PdfError::Swollen);
    }
    let mut bytes = Vec::new();
    let _ = unpacking(raw, packed).read_to_end(&mut bytes);
    let mut all = claim(&bytes);
    // What images of JBIG2 have in common.
    for shared in parameters
        .iter()
        .filter_map(|own| own.get::<Stream<'_>>(b"JBIG2Globals"))
    {
        let packed = packed_only(&shared).ok_or(PdfError::Swollen)?;
        if unpacks_beyond(&shared.raw_data(), packed, MOST) {
            return Err(PdfError::Swollen);
        }
        let shared = shared.decoded_data().map_err(|_| PdfError::Swollen)?;
        all.pixels = all.pixels.saturating_add(claim(&shared).pixels);
    }
    let (width, height) = all.size;
    if u64::from(width) * u64::from(height) > MOST_OF_IMAGE {
        return Err(PdfError::ImageTooLarge { width, height });
    }
    match all.pixels > MOST_OF_PARTS {
        true => Err(PdfError::Swollen),
        false => Ok(()),
    }
}

fn is_sized(filter: &Filter) -> bool {
    matches!(filter, Filter::Jbig2Decode | Filter::JpxDecode)
}

/// How many times over a stream is packed that is nothing else.
fn packed_only(own: &Stream<'_>) -> Option<usize> {
    let packed = packed(own);
    (own.filters().len() == packed).then_some(packed)
}

/// What the filters of a stream are told.
fn parameters<'a>(own: &Stream<'a>) -> Vec<Dict<'a>> {
    let mut all = Vec::new();
    for name in [&b"DecodeParms"[..], b"DP"] {
        all.extend(own.dict().get::<Dict<'_>>(name));
        let lists = own.dict().get::<Array<'_>>(name);
        all.extend(lists.iter().flat_map(|list| list.iter::<Dict<'_>>()));
    }
    all
}

/// Whether bytes that are packed so many times over become more than `most`.
fn unpacks_beyond(bytes: &[u8], times: usize, most: u64) -> bool {
    /// A byte unpacks to no more than these.
    const EXPANSION: u64 = 1_032;

    let could_be = EXPANSION.saturating_pow(u32::try_from(times).unwrap_or(u32::MAX));
    if (bytes.len() as u64).saturating_mul(could_be) <= most {
        return false;
    }
    let mut left = unpacking(bytes, times).take(most + 1);
    // What is damaged is counted up to there.
    let _ = io::copy(&mut left, &mut io::sink());
    left.limit() == 0
}

/// Bytes that are packed so many times over, as they are unpacked.
fn unpacking(bytes: &[u8], times: usize) -> Box<dyn Read + '_> {
    if times == 0 {
        return Box::new(bytes);
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
    reader
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

    /// A segment of JBIG2 of a kind, with numbers as its data.
    fn segment(number: u8, kind: u8, numbers: &[u32]) -> Vec<u8> {
        let data: Vec<u8> = numbers.iter().flat_map(|own| own.to_be_bytes()).collect();
        let mut out = vec![0, 0, 0, number, kind, 0, 1];
        out.extend((data.len() as u32).to_be_bytes());
        out.extend(data);
        out
    }

    fn page_of(width: u32, height: u32) -> Vec<u8> {
        segment(0, 48, &[width, height, 0, 0, 0, 0])
    }

    #[test]
    fn jbig2_is_believed_no_more_than_the_pdf() {
        let image = "/Subtype/Image/Width 60/Height 60/BitsPerComponent 1/ColorSpace/DeviceGray";
        let plain = format!("{image}/Filter/JBIG2Decode");
        let twice = format!("{image}/Filter[/FlateDecode/JBIG2Decode]");
        let hex = format!("{image}/Filter[/ASCIIHexDecode/JBIG2Decode]");
        let weigh = |dict: &str, bytes: &[u8]| weighed("/XObject<</A 5 0 R>>", &[(dict, bytes)]);
        let too_large = |result| {
            matches!(
                result,
                Err(PdfError::ImageTooLarge {
                    width: 19_000,
                    height: 19_000
                })
            )
        };
        let large = page_of(19_000, 19_000);
        assert!(too_large(weigh(&plain, &large)));
        assert!(too_large(weigh(&twice, &packed(&large))));
        // A page whose stripes say where it ends, behind a region that does not say how long it is.
        let mut open = segment(0, 38, &[60, 60, 0, 0]);
        open[7..11].fill(0xff);
        open.extend([0, 1, 0, 0, 0, 0, 0, 60]);
        open.extend(page_of(19_000, u32::MAX));
        open.extend(segment(1, 50, &[18_999]));
        assert!(too_large(weigh(&plain, &open)));
        weigh(&plain, &page_of(14_000, 14_000)).unwrap();
        weigh(&twice, &packed(&page_of(60, 60))).unwrap();
        weigh(&plain, b"").unwrap();
        let swollen = |result| matches!(result, Err(PdfError::Swollen));
        assert!(swollen(weigh(&hex, b"00")));
        // Regions that are kept, one beside the other.
        let mut many = page_of(60, 60);
        for number in 1..6 {
            many.extend(segment(number, 36, &[14_000, 14_000, 0, 0]));
        }
        assert!(swollen(weigh(&plain, &many)));
        let shared = format!("{plain}/DecodeParms<</JBIG2Globals 6 0 R>>");
        let both: [(&str, &[u8]); 2] = [(&shared, &page_of(60, 60)), ("", &many)];
        assert!(swollen(weighed("/XObject<</A 5 0 R>>", &both)));
        // What is shared is no image itself, or there would be no end to it.
        let back = format!("{plain}/DecodeParms<</JBIG2Globals 5 0 R>>");
        let both: [(&str, &[u8]); 2] = [(&shared, &page_of(60, 60)), (&back, &page_of(60, 60))];
        assert!(swollen(weighed("/XObject<</A 5 0 R>>", &both)));
        // 2^32 patterns.
        let mut patterns = segment(1, 16, &[0, 0]);
        let data = patterns.len() - 8;
        patterns[data..data + 7].copy_from_slice(&[0, 9, 9, 0xff, 0xff, 0xff, 0xfe]);
        assert!(swollen(weigh(&plain, &patterns)));
    }

    #[test]
    fn jpeg_2000_is_believed_no_more_than_the_pdf() {
        let dict = "/Subtype/Image/Width 60/Height 60/Filter/JPXDecode";
        let stream = |side: u32, parts: u8| {
            let mut out = vec![0xff, 0x4f, 0xff, 0x51, 0, 41, 0, 0];
            for own in [side + 5, side, 5, 0, side, side, 0, 0] {
                out.extend(own.to_be_bytes());
            }
            out.extend([0, parts, 7, 1, 1]);
            out
        };
        let weigh = |bytes: &[u8]| weighed("/XObject<</A 5 0 R>>", &[(dict, bytes)]);
        assert!(matches!(
            weigh(&stream(19_000, 1)),
            Err(PdfError::ImageTooLarge {
                width: 19_000,
                height: 19_000
            })
        ));
        weigh(&stream(6_000, 1)).unwrap();
        // The same bytes by chance.
        weigh(&stream(19_000, 0)).unwrap();
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
