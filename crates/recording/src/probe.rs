//! Measuring a recording.

use std::fs::File;
use std::path::Path;

use khizana_media::catch_panic;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::units::{Duration, TimeBase};

use crate::peaks::Gatherer;
use crate::{Flaw, RecordingError, presentation};

/// Limits within which a recording is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most samples of one channel that are decoded. Default 2³¹, twelve hours at 48 kHz.
    pub max_frames: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_frames: 1 << 31,
        }
    }
}

/// What is known of a recording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether it has moving pictures; `None` where its container is not read here.
    pub film: Option<bool>,
    /// How long it lasts, in milliseconds.
    pub duration_ms: Option<u64>,
    /// Width of the pictures in pixels, as they are presented, upright.
    pub width: Option<u32>,
    /// Their height.
    pub height: Option<u32>,
    /// The waveform of its sound: [`crate::PEAKS`] peaks, 0 (silence) to 255.
    pub peaks: Option<Vec<u8>>,
    /// What is wrong with it.
    pub flaw: Option<Flaw>,
}

/// Containers that are read here.
const READ: [&str; 11] = [
    "audio/aiff",
    "audio/flac",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "video/matroska",
    "video/mp4",
    "video/ogg",
    "video/quicktime",
    "video/webm",
];

/// Measures a recording. `media_type` is what [`khizana_media::probe`] recognised.
///
/// Reads the whole file, for its waveform; how long and how large film is stands in its header.
///
/// # Errors
/// [`RecordingError`], where the file cannot be read, or not be opened by any program.
pub fn probe(path: &Path, media_type: &str, limits: &Limits) -> Result<Facts, RecordingError> {
    if !READ.contains(&media_type) {
        return Ok(flawed(Flaw::Unsupported {
            reason: format!("recordings of the type {media_type} are not read"),
        }));
    }
    let mut file = File::open(path).map_err(|source| RecordingError::Unreadable {
        path: path.into(),
        source,
    })?;
    let presented = match media_type {
        "video/mp4" | "video/quicktime" => presentation::size(&mut file),
        _ => None,
    };
    match catch_panic(|| measure(path, media_type, presented, limits)) {
        Ok(facts) => facts,
        Err(reason) => Ok(flawed(Flaw::CodecPanic { reason })),
    }
}

fn flawed(flaw: Flaw) -> Facts {
    Facts {
        flaw: Some(flaw),
        ..Facts::default()
    }
}

fn measure(
    path: &Path,
    media_type: &str,
    presented: Option<(u32, u32)>,
    limits: &Limits,
) -> Result<Facts, RecordingError> {
    let unreadable = |source| RecordingError::Unreadable {
        path: path.into(),
        source,
    };
    let file = File::open(path).map_err(unreadable)?;
    let stream = MediaSourceStream::new(Box::new(file), Default::default());
    let mut hint = Hint::new();
    hint.mime_type(media_type);
    let opened = symphonia::default::get_probe().probe(
        &hint,
        stream,
        FormatOptions::default(),
        MetadataOptions::default(),
    );
    let mut format = match opened {
        Ok(format) => format,
        Err(Error::Unsupported(what) | Error::LimitError(what)) if !is_broken(what) => {
            return Ok(flawed(Flaw::Unsupported {
                reason: what.to_owned(),
            }));
        }
        Err(error) => return Err(RecordingError::undecodable(path, error)),
    };
    let info = *format.media_info();
    let pictures = format
        .tracks()
        .iter()
        .find_map(|track| match &track.codec_params {
            Some(CodecParameters::Video(video)) => Some(video.clone()),
            _ => None,
        });
    let coded = pictures.as_ref().and_then(|video| {
        let (width, height) = (video.width?, video.height?);
        (width > 0 && height > 0).then_some((u32::from(width), u32::from(height)))
    });
    // A track of an unknown codec may be one of pictures; a container of film is believed then.
    let unknown = format
        .tracks()
        .iter()
        .any(|track| track.codec_params.is_none());
    let film = presented.is_some()
        || pictures.is_some()
        || (unknown && media_type.starts_with("video/"))
        || media_type == "video/ogg";
    let size = presented.or(coded).filter(|_| film);
    let mut facts = Facts {
        film: Some(film),
        duration_ms: milliseconds(info.time_base, info.duration),
        width: size.map(|size| size.0),
        height: size.map(|size| size.1),
        ..Facts::default()
    };
    let mut heard = facts.clone();
    match catch_panic(|| listen(format.as_mut(), limits, &mut heard)) {
        // Film is as long as its pictures, and is shown where its sound is damaged.
        Ok(()) if film => facts.peaks = heard.peaks,
        Ok(()) => facts = heard,
        Err(reason) => facts.flaw = Some(Flaw::CodecPanic { reason }),
    }
    Ok(facts)
}

/// Whether what the library calls unsupported is a part without which nothing can open the file: it
/// says so of an MP4 whose `moov` was never written, and of what begins as MP3 and is none.
fn is_broken(what: &str) -> bool {
    what.contains("missing") || what.contains("no suitable format reader")
}

fn milliseconds(base: Option<TimeBase>, duration: Option<Duration>) -> Option<u64> {
    let time = base?.calc_duration(duration?)?;
    u64::try_from(time.as_millis())
        .ok()
        .filter(|length| *length > 0)
}

/// Decodes the sound of a recording from its beginning to its end.
fn listen(format: &mut dyn FormatReader, limits: &Limits, facts: &mut Facts) {
    let Some(track) = format.default_track(TrackType::Audio) else {
        return;
    };
    let (id, promised) = (track.id, track.num_frames);
    let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
        return;
    };
    // A codec that is not there is no flaw: Opus plays in every browser.
    let options = AudioDecoderOptions::default();
    let Ok(mut decoder) = symphonia::default::get_codecs().make_audio_decoder(parameters, &options)
    else {
        return;
    };
    let heard = hear(format, id, decoder.as_mut(), limits);
    let Some(rate) = heard.rate else {
        if heard.lost > 0 {
            facts.flaw = Some(Flaw::Damaged {
                packets: heard.lost,
            });
        }
        return;
    };
    if heard.frames > limits.max_frames {
        facts.flaw = Some(Flaw::TooLong {
            frames: limits.max_frames,
        });
        return;
    }
    let length = |frames: u64| {
        let length = u128::from(frames) * 1_000 / u128::from(rate.max(1));
        u64::try_from(length).unwrap_or(u64::MAX)
    };
    let there = length(heard.frames);
    // What a packet that cannot be decoded would have held is damaged, and not missing.
    let lost = heard
        .lost
        .saturating_mul(heard.frames / heard.packets.max(1));
    let all = heard.frames.saturating_add(lost);
    // Headers of MP3 count frames of 1,152 samples, and some count one too many or leave out padding.
    let slack = u64::from(rate / 2).max(4_608);
    let missing = promised.filter(|promised| promised.saturating_sub(all) > slack);
    facts.flaw = match missing {
        Some(promised) => Some(Flaw::Truncated {
            there,
            promised: length(promised),
        }),
        None if heard.lost > 0 || heard.broken => Some(Flaw::Damaged {
            packets: heard.lost.max(1),
        }),
        None => None,
    };
    // A player keeps the time of packets that it skips.
    if heard.lost == 0 || missing.is_some() || facts.duration_ms.is_none() {
        facts.duration_ms = Some(there).filter(|there| *there > 0);
    }
    facts.peaks = heard.peaks;
}

/// What was decoded.
struct Heard {
    /// Samples of one channel.
    frames: u64,
    /// Samples a second.
    rate: Option<u32>,
    peaks: Option<Vec<u8>>,
    /// Packets that were decoded.
    packets: u64,
    /// Packets that could not be.
    lost: u64,
    /// Whether the stream broke off.
    broken: bool,
}

fn hear(
    format: &mut dyn FormatReader,
    id: u32,
    decoder: &mut dyn AudioDecoder,
    limits: &Limits,
) -> Heard {
    let mut heard = Heard {
        frames: 0,
        rate: None,
        peaks: None,
        packets: 0,
        lost: 0,
        broken: false,
    };
    let mut gatherer = Gatherer::new();
    let mut samples: Vec<f32> = Vec::new();
    while heard.frames <= limits.max_frames {
        let packet = match format.next_packet() {
            Ok(Some(packet)) if packet.track_id == id => packet,
            Ok(Some(_)) => continue,
            Ok(None) => break,
            Err(_) => {
                heard.broken = true;
                break;
            }
        };
        match decoder.decode(&packet) {
            Ok(buffer) => {
                heard.rate = heard.rate.or(Some(buffer.spec().rate()));
                heard.frames = heard.frames.saturating_add(buffer.frames() as u64);
                heard.packets += 1;
                let channels = buffer.spec().channels().count();
                buffer.copy_to_vec_interleaved(&mut samples);
                gatherer.add(&samples, channels);
            }
            Err(Error::DecodeError(_) | Error::IoError(_)) => heard.lost += 1,
            Err(_) => {
                heard.broken = true;
                break;
            }
        }
    }
    heard.peaks = gatherer.finish();
    heard
}
