//! Character encodings of tables.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use chardetng::EncodingDetector;
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use khizana_model::{Problem, message, printable};

use super::SourceError;
use super::reader::unreadable;

/// Number of bytes that are read at a time.
const CHUNK: usize = 64 * 1024;
/// Number of words that a warning quotes.
const SAMPLES: usize = 3;

/// The content of a table in UTF-8, without the byte order mark.
#[derive(Debug)]
pub(super) enum Input {
    Utf8(File),
    Other(Box<Transcoder>),
}

impl Input {
    /// Opens a table and detects its encoding.
    pub(super) fn open(path: &Path, name: &str) -> Result<Input, SourceError> {
        let open = || {
            let mut file = File::open(path)?;
            let encoding = detect(&mut file)?;
            input(file, encoding)
        };
        open().map_err(|error| unreadable(name, error))
    }
}

impl Input {
    /// Returns `true` if the table is in another encoding than UTF-8.
    pub(super) fn is_converted(&self) -> bool {
        matches!(self, Input::Other(_))
    }

    /// Reads the whole table.
    pub(super) fn into_bytes(mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Input::Utf8(file) => file.read(buffer),
            Input::Other(transcoder) => transcoder.read(buffer),
        }
    }
}

/// Returns a warning that shows how a table was read, if its encoding is not UTF-8.
pub(super) fn warning(path: &Path, name: &str) -> Result<Option<Problem>, SourceError> {
    let sample = || {
        let mut file = File::open(path)?;
        let encoding = detect(&mut file)?;
        if encoding == UTF_8 {
            return Ok(None);
        }
        Ok(Some((encoding, words(input(file, encoding)?)?)))
    };
    let sampled = sample().map_err(|error| unreadable(name, error))?;
    Ok(sampled.map(|(encoding, words)| {
        let words: Vec<String> = words
            .iter()
            .map(|word| format!("`{}`", printable(word)))
            .collect();
        let message = message!(
            "The table is not in UTF-8 and was read as {encoding}.",
            encoding = label(encoding)
        );
        let message = match words.is_empty() {
            true => message,
            false => message.then(message!(
                "It contains for example {words}.",
                words = words.join(", ")
            )),
        };
        Problem::warning(
            "table-encoding",
            message,
            "Check that these words are right. If they are not, save the table as CSV UTF-8.",
        )
        .in_file(name)
    }))
}

/// Returns the common name of an encoding.
fn label(encoding: &'static Encoding) -> String {
    match encoding.name() {
        "windows-1256" => "Windows-1256 (Arabic)".to_owned(),
        "windows-1252" => "Windows-1252 (Western European)".to_owned(),
        name => name.replace("windows", "Windows"),
    }
}

/// Detects the encoding of a file.
///
/// Files with a byte order mark and UTF-16 are recognised by their first bytes. A file is in UTF-8 if
/// it is valid, or if most characters outside ASCII are: then single bytes are damaged, and reading
/// all others in another encoding would make the whole file unreadable.
fn detect(file: &mut File) -> io::Result<&'static Encoding> {
    let mut chunk = Vec::new();
    file.by_ref().take(CHUNK as u64).read_to_end(&mut chunk)?;
    if let Some((encoding, _)) = Encoding::for_bom(&chunk) {
        return Ok(encoding);
    }
    if let Some(encoding) = utf16_without_mark(&chunk) {
        return Ok(encoding);
    }
    let mut counts = Utf8Counts::default();
    while !chunk.is_empty() {
        counts.add(&chunk);
        chunk.clear();
        file.by_ref().take(CHUNK as u64).read_to_end(&mut chunk)?;
    }
    counts.end();
    if counts.invalid <= counts.valid {
        return Ok(UTF_8);
    }
    let mut detector = EncodingDetector::new();
    file.seek(SeekFrom::Start(0))?;
    while file.by_ref().take(CHUNK as u64).read_to_end(&mut chunk)? > 0 {
        detector.feed(&chunk, false);
        chunk.clear();
    }
    detector.feed(&[], true);
    Ok(detector.guess(None, false))
}

/// Recognises UTF-16 without a byte order mark by the zero bytes of its ASCII characters.
fn utf16_without_mark(start: &[u8]) -> Option<&'static Encoding> {
    let zeros = |offset: usize| {
        let bytes = start.iter().skip(offset).step_by(2);
        bytes.filter(|byte| **byte == 0).count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let is_many = |count: usize| count * 20 > start.len();
    match (is_many(even), is_many(odd)) {
        (false, true) if even * 20 < odd => Some(UTF_16LE),
        (true, false) if odd * 20 < even => Some(UTF_16BE),
        _ => None,
    }
}

/// The numbers of characters outside ASCII that are and are not valid UTF-8.
#[derive(Debug, Default)]
struct Utf8Counts {
    valid: u64,
    invalid: u64,
    /// The beginning of a character at the end of the last chunk.
    partial: Vec<u8>,
}

impl Utf8Counts {
    fn add(&mut self, chunk: &[u8]) {
        if self.partial.is_empty() && chunk.is_ascii() {
            return;
        }
        let mut joined = std::mem::take(&mut self.partial);
        joined.extend_from_slice(chunk);
        let mut rest = joined.as_slice();
        loop {
            let error = match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.valid += characters(text);
                    return;
                }
                Err(error) => error,
            };
            let (valid, after) = rest.split_at(error.valid_up_to());
            self.valid += characters(std::str::from_utf8(valid).unwrap_or_default());
            let Some(length) = error.error_len() else {
                self.partial = after.to_vec();
                return;
            };
            self.invalid += 1;
            rest = after.get(length..).unwrap_or_default();
        }
    }

    fn end(&mut self) {
        self.invalid += u64::from(!self.partial.is_empty());
    }
}

/// Returns the number of characters outside ASCII.
fn characters(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte >= 0xC0).count() as u64
}

/// Returns the content of a file, from its beginning.
fn input(mut file: File, encoding: &'static Encoding) -> io::Result<Input> {
    file.seek(SeekFrom::Start(0))?;
    if encoding != UTF_8 {
        let decoder = encoding.new_decoder_with_bom_removal();
        return Ok(Input::Other(Box::new(Transcoder::new(file, decoder))));
    }
    let mut start = Vec::new();
    file.by_ref().take(3).read_to_end(&mut start)?;
    if start != b"\xEF\xBB\xBF" {
        file.seek(SeekFrom::Start(0))?;
    }
    Ok(Input::Utf8(file))
}

/// Returns some words of a table that contain letters outside ASCII.
fn words(mut input: Input) -> io::Result<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let mut chunk = Vec::new();
    while input.by_ref().take(CHUNK as u64).read_to_end(&mut chunk)? > 0 {
        let text = String::from_utf8_lossy(&chunk);
        for word in text.split(|c: char| !c.is_alphabetic()) {
            if word.chars().count() > 2 && !word.is_ascii() && !words.iter().any(|w| w == word) {
                words.push(word.to_owned());
                if words.len() == SAMPLES {
                    return Ok(words);
                }
            }
        }
        chunk.clear();
    }
    Ok(words)
}

/// A reader that converts a file to UTF-8.
pub(super) struct Transcoder {
    file: File,
    decoder: Decoder,
    /// Bytes of the file that have not been converted.
    source: Vec<u8>,
    text: Cursor<Vec<u8>>,
    is_at_end: bool,
}

impl std::fmt::Debug for Transcoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transcoder")
            .field("encoding", &self.decoder.encoding().name())
            .finish_non_exhaustive()
    }
}

impl Transcoder {
    fn new(file: File, decoder: Decoder) -> Transcoder {
        Transcoder {
            file,
            decoder,
            source: Vec::new(),
            text: Cursor::default(),
            is_at_end: false,
        }
    }

    /// Converts the next chunk of the file.
    fn convert(&mut self) -> io::Result<()> {
        let length = self
            .file
            .by_ref()
            .take(CHUNK as u64)
            .read_to_end(&mut self.source)?;
        self.is_at_end = length == 0;
        let capacity = self.decoder.max_utf8_buffer_length(self.source.len());
        let mut text = vec![0; capacity.unwrap_or(CHUNK * 4)];
        let (result, read, written, _) =
            self.decoder
                .decode_to_utf8(&self.source, &mut text, self.is_at_end);
        debug_assert_eq!(result, CoderResult::InputEmpty);
        self.source.drain(..read);
        text.truncate(written);
        self.text = Cursor::new(text);
        Ok(())
    }
}

impl Read for Transcoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let length = self.text.read(buffer)?;
            if length > 0 || self.is_at_end || buffer.is_empty() {
                return Ok(length);
            }
            self.convert()?;
        }
    }
}
