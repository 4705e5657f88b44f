//! Checks of the decompressed size of pages and object streams, made before the renderer
//! decompresses them.
//!
//! The renderer decompresses every stream completely. A few bytes can decompress to gigabytes, and
//! such streams may be hidden in patterns, in masks, or in the cross-reference stream.

use std::collections::BTreeSet;
use std::io::{self, Read};

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Object, Stream};
use hayro::hayro_syntax::page::Page;
use memchr::memmem;

use crate::PdfError;
use crate::declared_size::{self, DeclaredSize};

/// Maximum number of pixels in an image.
const MAX_IMAGE_PIXELS: u64 = 200_000_000;

/// Maximum total number of pixels in all bitmaps, such as regions, that are decoded to produce a
/// JBIG2 image.
const MAX_BITMAP_PIXELS: u64 = 4 * MAX_IMAGE_PIXELS;

/// Maximum size of a decompressed stream that is not an image, in bytes.
const MAX_STREAM_BYTES: u64 = 128 << 20;

/// Maximum number of indirect objects that are checked per page.
const MAX_OBJECTS: usize = 50_000;

/// Checks the decompressed sizes of the objects that are needed to render a page, up to
/// [`MAX_OBJECTS`] indirect objects.
pub fn check_page(page: &Page<'_>) -> Result<(), PdfError> {
    // Annotations refer to other pages. Only their appearance streams are followed.
    let annotations = page.raw().get::<Array<'_>>("Annots");
    let annotations = annotations.iter().flat_map(|list| list.iter::<Dict<'_>>());
    let appearances = annotations.filter_map(|annotation| annotation.get::<Dict<'_>>("AP"));
    let resources = page.resources();
    let resources = [
        &resources.ext_g_states,
        &resources.fonts,
        &resources.properties,
        &resources.color_spaces,
        &resources.x_objects,
        &resources.patterns,
        &resources.shadings,
    ];
    let mut pending: Vec<Object<'_>> = resources.into_iter().cloned().map(Object::Dict).collect();
    pending.extend(appearances.map(Object::Dict));
    pending.extend(page.raw().get::<Object<'_>>("Contents"));

    let mut visited = BTreeSet::new();
    let mut is_new = |object: &MaybeRef<Object<'_>>| match object {
        MaybeRef::Ref(target) => {
            visited.len() < MAX_OBJECTS && visited.insert((target.obj_number, target.gen_number))
        }
        MaybeRef::NotRef(_) => true,
    };
    while let Some(object) = pending.pop() {
        let dict = match &object {
            Object::Dict(dict) => dict,
            Object::Stream(stream) => {
                check_stream(stream)?;
                stream.dict()
            }
            Object::Array(array) => {
                pending.extend(new_elements(array, &mut is_new));
                continue;
            }
            _ => continue,
        };
        for (name, value) in dict.entries() {
            if is_new(&value) {
                pending.extend(dict.get::<Object<'_>>(name.as_ref()));
            }
        }
    }
    Ok(())
}

/// Returns the elements of an array that have not been visited.
fn new_elements<'a>(
    array: &Array<'a>,
    is_new: &mut impl FnMut(&MaybeRef<Object<'a>>) -> bool,
) -> Vec<Object<'a>> {
    let are_new: Vec<bool> = array.raw_iter().map(|element| is_new(&element)).collect();
    let elements = array.iter::<Object<'_>>().zip(are_new);
    elements
        .filter_map(|(element, is_new)| is_new.then_some(element))
        .collect()
}

fn check_stream(stream: &Stream<'_>) -> Result<(), PdfError> {
    let dict = stream.dict();
    let side = |name: &[u8]| dict.get::<u32>(name);
    let max_len = match (side(b"Width"), side(b"Height")) {
        (Some(width), Some(height)) => {
            let pixels = u64::from(width) * u64::from(height);
            if pixels > MAX_IMAGE_PIXELS {
                return Err(PdfError::ImageTooLarge { width, height });
            }
            // Each pixel has at most four channels of 16 bits, and each row has a predictor byte.
            (pixels * 8 + u64::from(height)).max(1 << 20)
        }
        _ => MAX_STREAM_BYTES,
    };
    let (deflate_count, raw) = (leading_deflate_count(stream), stream.raw_data());
    if inflates_beyond(&raw, deflate_count, max_len) {
        return Err(PdfError::MemoryLimit);
    }
    check_declared_size(stream, &raw, deflate_count)
}

/// Returns the number of Flate filters that precede the first other filter of a stream.
fn leading_deflate_count(stream: &Stream<'_>) -> usize {
    let filters = stream.filters();
    let deflate = filters
        .iter()
        .take_while(|filter| **filter == Filter::FlateDecode);
    deflate.count()
}

/// Checks the size that the data of an image declares, if its format has such a declaration.
fn check_declared_size(
    stream: &Stream<'_>,
    raw: &[u8],
    deflate_count: usize,
) -> Result<(), PdfError> {
    let filters = stream.filters();
    let read_size: fn(&[u8]) -> DeclaredSize = match filters.iter().find(|f| declares_size(f)) {
        Some(Filter::Jbig2Decode) => declared_size::jbig2,
        Some(_) => declared_size::jpeg2000,
        None => return Ok(()),
    };
    let parameters = filter_parameters(stream);
    let has_predictor = parameters
        .iter()
        .any(|dict| dict.contains_key(b"Predictor"));
    // No program writes other combinations of filters, so they are rejected rather than decoded.
    if !(filters.get(deflate_count).is_some_and(declares_size)
        && (deflate_count == 0 || !has_predictor))
    {
        return Err(PdfError::MemoryLimit);
    }
    let mut bytes = Vec::new();
    let _ = inflate(raw, deflate_count).read_to_end(&mut bytes);
    let mut declared = read_size(&bytes);
    // Global segments can be shared by several JBIG2 images.
    for globals in parameters
        .iter()
        .filter_map(|dict| dict.get::<Stream<'_>>(b"JBIG2Globals"))
    {
        let deflate_count = deflate_only_count(&globals).ok_or(PdfError::MemoryLimit)?;
        if inflates_beyond(&globals.raw_data(), deflate_count, MAX_STREAM_BYTES) {
            return Err(PdfError::MemoryLimit);
        }
        let globals = globals.decoded_data().map_err(|_| PdfError::MemoryLimit)?;
        declared.pixels = declared.pixels.saturating_add(read_size(&globals).pixels);
    }
    let (width, height) = declared.size;
    if u64::from(width) * u64::from(height) > MAX_IMAGE_PIXELS {
        return Err(PdfError::ImageTooLarge { width, height });
    }
    match declared.pixels > MAX_BITMAP_PIXELS {
        true => Err(PdfError::MemoryLimit),
        false => Ok(()),
    }
}

fn declares_size(filter: &Filter) -> bool {
    matches!(filter, Filter::Jbig2Decode | Filter::JpxDecode)
}

/// Returns the number of Flate filters of a stream, or `None` if it has other filters.
fn deflate_only_count(stream: &Stream<'_>) -> Option<usize> {
    let count = leading_deflate_count(stream);
    (stream.filters().len() == count).then_some(count)
}

/// Returns the parameter dictionaries of the filters of a stream.
fn filter_parameters<'a>(stream: &Stream<'a>) -> Vec<Dict<'a>> {
    let mut parameters = Vec::new();
    for name in [&b"DecodeParms"[..], b"DP"] {
        parameters.extend(stream.dict().get::<Dict<'_>>(name));
        let lists = stream.dict().get::<Array<'_>>(name);
        parameters.extend(lists.iter().flat_map(|list| list.iter::<Dict<'_>>()));
    }
    parameters
}

/// Returns `true` if `bytes`, which were compressed with Flate `count` times, inflate to more than
/// `max_len` bytes.
fn inflates_beyond(bytes: &[u8], count: usize, max_len: u64) -> bool {
    /// Maximum compression ratio of Deflate.
    const MAX_RATIO: u64 = 1_032;

    let max_ratio = MAX_RATIO.saturating_pow(u32::try_from(count).unwrap_or(u32::MAX));
    if (bytes.len() as u64).saturating_mul(max_ratio) <= max_len {
        return false;
    }
    let mut reader = inflate(bytes, count).take(max_len + 1);
    // If the data is damaged, the bytes before the first error are counted.
    let _ = io::copy(&mut reader, &mut io::sink());
    reader.limit() == 0
}

/// Returns a reader that inflates `bytes`, which were compressed with Flate `count` times.
fn inflate(bytes: &[u8], count: usize) -> Box<dyn Read + '_> {
    if count == 0 {
        return Box::new(bytes);
    }
    let has_zlib_header =
        matches!(bytes, [a, b, ..] if a & 15 == 8 && u16::from_be_bytes([*a, *b]) % 31 == 0);
    let mut reader: Box<dyn Read + '_> = match has_zlib_header {
        true => Box::new(ZlibDecoder::new(bytes)),
        false => Box::new(DeflateDecoder::new(bytes)),
    };
    for _ in 1..count {
        reader = Box::new(ZlibDecoder::new(reader));
    }
    reader
}

/// Checks the cross-reference streams and object streams of a file, which are decompressed when the
/// file is opened.
pub fn check_file(file: &[u8]) -> Result<(), PdfError> {
    for key in [&b"/XRef"[..], b"/ObjStm"] {
        for offset in memmem::find_iter(file, key) {
            if let Some((deflate_count, content)) = enclosing_stream(file, offset)
                && inflates_beyond(content, deflate_count, MAX_STREAM_BYTES)
            {
                return Err(PdfError::MemoryLimit);
            }
        }
    }
    Ok(())
}

/// Finds the stream whose dictionary contains `offset`. Returns the number of its Flate filters and
/// the bytes from the start of its data to the end of the file, or `None` if it has no Flate
/// filters.
fn enclosing_stream(file: &[u8], offset: usize) -> Option<(usize, &[u8])> {
    /// Maximum number of bytes that are searched before and after the offset.
    const MAX_DISTANCE: usize = 4_096;

    let before = file.get(offset.saturating_sub(MAX_DISTANCE)..offset)?;
    let start = offset - before.len() + memmem::rfind(before, b"obj")?;
    let after = file.get(offset..file.len().min(offset + MAX_DISTANCE))?;
    let end = offset + memmem::find(after, b"stream")?;
    let deflate_count = memmem::find_iter(file.get(start..end)?, b"/Fl").count();
    let content = file.get(end + b"stream".len()..)?;
    let content = content.strip_prefix(b"\r").unwrap_or(content);
    let content = content.strip_prefix(b"\n").unwrap_or(content);
    (deflate_count > 0).then_some((deflate_count, content))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use hayro::hayro_syntax::Pdf;

    use super::*;

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Returns 200 MiB of zeros, deflated twice.
    fn deflate_bomb() -> Vec<u8> {
        deflate(&deflate(&vec![0; 200 << 20]))
    }

    /// Returns a file with one page that has the given resources. `objects` contains the
    /// dictionaries and contents of streams, which are numbered from 5.
    fn pdf(resources: &str, objects: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = format!(
            "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
             2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
             3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]/Resources<<{resources}>>/Contents 4 0 R>>endobj\n\
             4 0 obj<</Length 0>>stream\n\nendstream endobj\n"
        )
        .into_bytes();
        for (number, (dict, content)) in (5..).zip(objects) {
            let length = content.len();
            let header = format!("{number} 0 obj<<{dict}/Length {length}>>stream\n");
            out.extend(header.as_bytes());
            out.extend(*content);
            out.extend(b"\nendstream endobj\n");
        }
        out.extend(b"trailer<</Root 1 0 R>>\n%%EOF");
        out
    }

    fn check(resources: &str, objects: &[(&str, &[u8])]) -> Result<(), PdfError> {
        let pdf = Pdf::new(pdf(resources, objects)).unwrap();
        check_page(pdf.pages().first().unwrap())
    }

    const FORM: &str = "/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 6 0 R>>>>";
    const PATTERN: &str = "/PatternType 1/Resources<</XObject<</A 6 0 R>>>>";

    #[test]
    fn finds_large_images_in_all_resources() {
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
            let result = check(resources, &[(first, b""), (large, b"")]);
            let too_large = matches!(
                result,
                Err(PdfError::ImageTooLarge {
                    width: 60_000,
                    height: 60_000
                })
            );
            assert!(too_large, "{resources} {result:?}");
            let acceptable = large.replace("60000", "6000");
            check(resources, &[(first, b""), (&acceptable, b"")]).unwrap();
        }
    }

    #[test]
    fn rejects_decompression_bombs() {
        let twice = "/Filter[/FlateDecode/FlateDecode]";
        let image = "/Subtype/Image/Width 60/Height 60";
        let (bomb, once) = (deflate_bomb(), deflate(&vec![0; 200 << 20]));
        for (dict, content) in [
            (twice.to_owned(), &bomb),
            (format!("{image}{twice}"), &bomb),
            (format!("{image}/Filter/FlateDecode"), &once),
            ("/Filter/FlateDecode".to_owned(), &once),
        ] {
            let result = check("/XObject<</A 5 0 R>>", &[(&dict, content)]);
            assert!(matches!(result, Err(PdfError::MemoryLimit)), "{dict}");
        }
        let acceptable = deflate(&vec![0; 100 << 20]);
        check(
            "/XObject<</A 5 0 R>>",
            &[("/Filter/FlateDecode", &acceptable)],
        )
        .unwrap();
        // A stream that the page does not refer to is never decompressed.
        check("", &[(twice, &bomb)]).unwrap();
    }

    /// Returns a JBIG2 segment whose data consists of big-endian 32-bit integers.
    fn segment(number: u8, kind: u8, numbers: &[u32]) -> Vec<u8> {
        let data: Vec<u8> = numbers
            .iter()
            .flat_map(|number| number.to_be_bytes())
            .collect();
        let mut out = vec![0, 0, 0, number, kind, 0, 1];
        out.extend((data.len() as u32).to_be_bytes());
        out.extend(data);
        out
    }

    fn page_segment(width: u32, height: u32) -> Vec<u8> {
        segment(0, 48, &[width, height, 0, 0, 0, 0])
    }

    #[test]
    fn rejects_jbig2_that_declares_a_large_size() {
        let image = "/Subtype/Image/Width 60/Height 60/BitsPerComponent 1/ColorSpace/DeviceGray";
        let plain = format!("{image}/Filter/JBIG2Decode");
        let twice = format!("{image}/Filter[/FlateDecode/JBIG2Decode]");
        let hex = format!("{image}/Filter[/ASCIIHexDecode/JBIG2Decode]");
        let check_image =
            |dict: &str, bytes: &[u8]| check("/XObject<</A 5 0 R>>", &[(dict, bytes)]);
        let too_large = |result| {
            matches!(
                result,
                Err(PdfError::ImageTooLarge {
                    width: 19_000,
                    height: 19_000
                })
            )
        };
        let large = page_segment(19_000, 19_000);
        assert!(too_large(check_image(&plain, &large)));
        assert!(too_large(check_image(&twice, &deflate(&large))));
        // A region of unknown length is followed by a striped page of unknown height.
        let mut striped = segment(0, 38, &[60, 60, 0, 0]);
        striped[7..11].fill(0xff);
        striped.extend([0, 1, 0, 0, 0, 0, 0, 60]);
        striped.extend(page_segment(19_000, u32::MAX));
        striped.extend(segment(1, 50, &[18_999]));
        assert!(too_large(check_image(&plain, &striped)));
        check_image(&plain, &page_segment(14_000, 14_000)).unwrap();
        check_image(&twice, &deflate(&page_segment(60, 60))).unwrap();
        check_image(&plain, b"").unwrap();
        let exceeds_limit = |result| matches!(result, Err(PdfError::MemoryLimit));
        assert!(exceeds_limit(check_image(&hex, b"00")));
        // Many intermediate regions.
        let mut regions = page_segment(60, 60);
        for number in 1..6 {
            regions.extend(segment(number, 36, &[14_000, 14_000, 0, 0]));
        }
        assert!(exceeds_limit(check_image(&plain, &regions)));
        let with_globals = format!("{plain}/DecodeParms<</JBIG2Globals 6 0 R>>");
        let objects: [(&str, &[u8]); 2] = [(&with_globals, &page_segment(60, 60)), ("", &regions)];
        assert!(exceeds_limit(check("/XObject<</A 5 0 R>>", &objects)));
        // Global segments must not be a JBIG2 image themselves, which would allow a cycle.
        let cyclic = format!("{plain}/DecodeParms<</JBIG2Globals 5 0 R>>");
        let objects: [(&str, &[u8]); 2] = [
            (&with_globals, &page_segment(60, 60)),
            (&cyclic, &page_segment(60, 60)),
        ];
        assert!(exceeds_limit(check("/XObject<</A 5 0 R>>", &objects)));
        // 2^32 patterns.
        let mut patterns = segment(1, 16, &[0, 0]);
        let data = patterns.len() - 8;
        patterns[data..data + 7].copy_from_slice(&[0, 9, 9, 0xff, 0xff, 0xff, 0xfe]);
        assert!(exceeds_limit(check_image(&plain, &patterns)));
    }

    #[test]
    fn rejects_jpeg_2000_that_declares_a_large_size() {
        let dict = "/Subtype/Image/Width 60/Height 60/Filter/JPXDecode";
        let stream = |side: u32, components: u8| {
            let mut out = vec![0xff, 0x4f, 0xff, 0x51, 0, 41, 0, 0];
            for number in [side + 5, side, 5, 0, side, side, 0, 0] {
                out.extend(number.to_be_bytes());
            }
            out.extend([0, components, 7, 1, 1]);
            out
        };
        let check_image = |bytes: &[u8]| check("/XObject<</A 5 0 R>>", &[(dict, bytes)]);
        assert!(matches!(
            check_image(&stream(19_000, 1)),
            Err(PdfError::ImageTooLarge {
                width: 19_000,
                height: 19_000
            })
        ));
        check_image(&stream(6_000, 1)).unwrap();
        // Without components, the marker is regarded as compressed data.
        check_image(&stream(19_000, 0)).unwrap();
    }

    #[test]
    fn accepts_cyclic_resources() {
        let form = "/Subtype/Form/Resources<</XObject<</A 5 0 R/B 6 0 R>>>>";
        let objects: [(&str, &[u8]); 2] = [(form, b""), (form, b"")];
        check("/XObject<</A 5 0 R>>", &objects).unwrap();
    }

    #[test]
    fn rejects_bombs_in_object_streams() {
        let bomb = deflate_bomb();
        for kind in ["/Type/XRef", "/Type/ObjStm", "/Type /XRef"] {
            let twice = format!("{kind}/Filter[/FlateDecode /FlateDecode]");
            let bytes = pdf("", &[(&twice, &bomb)]);
            assert!(
                matches!(check_file(&bytes), Err(PdfError::MemoryLimit)),
                "{kind}"
            );
            let once = format!("{kind}/Filter/FlateDecode");
            check_file(&pdf("", &[(&once, &bomb)])).unwrap();
        }
        check_file(b"/XRef").unwrap();
        check_file(b"obj /ObjStm/Fl stream").unwrap();
    }
}
