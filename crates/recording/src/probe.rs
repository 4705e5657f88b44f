//! Measurement of a recording.

use khizana_messages::message;
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

use crate::peaks::PeakAccumulator;
use crate::{RecordingError, RecordingWarning, presentation};

/// Resource limits for decoding a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Maximum number of samples per channel. The default is 2³¹, about twelve hours at 48 kHz.
    pub max_frames: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_frames: 1 << 31,
        }
    }
}

/// Properties of a recording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordingInfo {
    /// `true` if the recording has a video track, or `None` if it could not be measured.
    pub has_video: Option<bool>,
    /// Duration in milliseconds, if known.
    pub duration_ms: Option<u64>,
    /// Width of the video in pixels, after rotation.
    pub width: Option<u32>,
    /// Height of the video in pixels, after rotation.
    pub height: Option<u32>,
    /// The waveform of the audio track: [`crate::PEAK_COUNT`] peaks from 0 (silence) to 255 (full
    /// scale).
    pub peaks: Option<Vec<u8>>,
    /// The defect found in the recording, if any.
    pub warning: Option<RecordingWarning>,
}

/// Media types of the supported containers.
const SUPPORTED_TYPES: [&str; 11] = [
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

/// Measures a recording. `media_type` is the result of [`khizana_media::probe`].
///
/// Reads the entire file to compute the waveform. The duration and dimensions of a video are taken
/// from its headers.
///
/// # Errors
/// Returns a [`RecordingError`] if the file cannot be read, or if no program can open it.
pub fn probe(
    path: &Path,
    media_type: &str,
    limits: &Limits,
) -> Result<RecordingInfo, RecordingError> {
    if !SUPPORTED_TYPES.contains(&media_type) {
        return Ok(unmeasured(RecordingWarning::Unsupported {
            reason: message!("the type {media_type} is not supported", media_type),
        }));
    }
    let mut file = File::open(path).map_err(|source| RecordingError::Unreadable {
        path: path.into(),
        source,
    })?;
    let presentation_size = match media_type {
        "video/mp4" | "video/quicktime" => presentation::size(&mut file),
        _ => None,
    };
    match catch_panic(|| measure(path, media_type, presentation_size, limits)) {
        Ok(info) => info,
        Err(reason) => Ok(unmeasured(RecordingWarning::CodecPanic { reason })),
    }
}

fn unmeasured(warning: RecordingWarning) -> RecordingInfo {
    RecordingInfo {
        warning: Some(warning),
        ..RecordingInfo::default()
    }
}

fn measure(
    path: &Path,
    media_type: &str,
    presentation_size: Option<(u32, u32)>,
    limits: &Limits,
) -> Result<RecordingInfo, RecordingError> {
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
        Err(Error::Unsupported(reason) | Error::LimitError(reason)) if !is_damaged(reason) => {
            return Ok(unmeasured(RecordingWarning::Unsupported {
                reason: reason.to_owned().into(),
            }));
        }
        Err(error) => return Err(RecordingError::undecodable(path, error)),
    };
    let media_info = *format.media_info();
    let video = format
        .tracks()
        .iter()
        .find_map(|track| match &track.codec_params {
            Some(CodecParameters::Video(video)) => Some(video.clone()),
            _ => None,
        });
    let coded_size = video.as_ref().and_then(|video| {
        let (width, height) = (video.width?, video.height?);
        (width > 0 && height > 0).then_some((u32::from(width), u32::from(height)))
    });
    // A track with an unknown codec may be a video track. In that case the media type decides.
    let has_unknown_track = format
        .tracks()
        .iter()
        .any(|track| track.codec_params.is_none());
    let has_video = presentation_size.is_some()
        || video.is_some()
        || (has_unknown_track && media_type.starts_with("video/"))
        || media_type == "video/ogg";
    let size = presentation_size.or(coded_size).filter(|_| has_video);
    let mut info = RecordingInfo {
        has_video: Some(has_video),
        duration_ms: milliseconds(media_info.time_base, media_info.duration),
        width: size.map(|size| size.0),
        height: size.map(|size| size.1),
        ..RecordingInfo::default()
    };
    let mut audio_info = info.clone();
    match catch_panic(|| measure_audio(format.as_mut(), limits, &mut audio_info)) {
        // The video track determines the duration, and a video plays even if its audio is damaged.
        Ok(()) if has_video => info.peaks = audio_info.peaks,
        Ok(()) => info = audio_info,
        Err(reason) => info.warning = Some(RecordingWarning::CodecPanic { reason }),
    }
    Ok(info)
}

/// Returns `true` if an error message from the demuxer means that the file is damaged rather than
/// unsupported.
///
/// Symphonia reports two kinds of damaged files as unsupported: an MP4 file without a `moov` box,
/// and a file that begins like an MP3 file but is not one.
fn is_damaged(reason: &str) -> bool {
    reason.contains("missing") || reason.contains("no suitable format reader")
}

fn milliseconds(base: Option<TimeBase>, duration: Option<Duration>) -> Option<u64> {
    let time = base?.calc_duration(duration?)?;
    u64::try_from(time.as_millis())
        .ok()
        .filter(|length| *length > 0)
}

/// Decodes the audio track and sets the duration, the waveform and the warning.
fn measure_audio(format: &mut dyn FormatReader, limits: &Limits, info: &mut RecordingInfo) {
    let Some(track) = format.default_track(TrackType::Audio) else {
        return;
    };
    let (track_id, declared_frames) = (track.id, track.num_frames);
    let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
        return;
    };
    // An unsupported codec is not reported: browsers can play Opus.
    let options = AudioDecoderOptions::default();
    let Ok(mut decoder) = symphonia::default::get_codecs().make_audio_decoder(parameters, &options)
    else {
        return;
    };
    let audio = decode(format, track_id, decoder.as_mut(), limits);
    let Some(rate) = audio.sample_rate else {
        if audio.undecodable_packets > 0 {
            info.warning = Some(RecordingWarning::Damaged {
                packets: audio.undecodable_packets,
            });
        }
        return;
    };
    if audio.frames > limits.max_frames {
        info.warning = Some(RecordingWarning::TooLong {
            frames: limits.max_frames,
        });
        return;
    }
    let duration_ms = |frames: u64| {
        let milliseconds = u128::from(frames) * 1_000 / u128::from(rate.max(1));
        u64::try_from(milliseconds).unwrap_or(u64::MAX)
    };
    let actual_ms = duration_ms(audio.frames);
    // The samples in undecodable packets are damaged, not missing. Their number is estimated.
    let undecodable_frames = audio
        .undecodable_packets
        .saturating_mul(audio.frames / audio.decoded_packets.max(1));
    let present_frames = audio.frames.saturating_add(undecodable_frames);
    // MP3 headers count frames of 1,152 samples. Some count one frame too many or omit the padding.
    let tolerance = u64::from(rate / 2).max(4_608);
    let missing =
        declared_frames.filter(|declared| declared.saturating_sub(present_frames) > tolerance);
    info.warning = match missing {
        Some(declared_frames) => Some(RecordingWarning::Truncated {
            actual_ms,
            declared_ms: duration_ms(declared_frames),
        }),
        None if audio.undecodable_packets > 0 || audio.is_interrupted => {
            Some(RecordingWarning::Damaged {
                packets: audio.undecodable_packets.max(1),
            })
        }
        None => None,
    };
    // Players keep the timestamps of packets that they skip, so the declared duration stays valid.
    if audio.undecodable_packets == 0 || missing.is_some() || info.duration_ms.is_none() {
        info.duration_ms = Some(actual_ms).filter(|duration| *duration > 0);
    }
    info.peaks = audio.peaks;
}

/// The result of decoding an audio track.
struct DecodedAudio {
    /// Number of samples per channel.
    frames: u64,
    /// Samples per second. `None` if no packet was decoded.
    sample_rate: Option<u32>,
    peaks: Option<Vec<u8>>,
    decoded_packets: u64,
    undecodable_packets: u64,
    /// `true` if the stream could not be read or decoded to its end.
    is_interrupted: bool,
}

fn decode(
    format: &mut dyn FormatReader,
    track_id: u32,
    decoder: &mut dyn AudioDecoder,
    limits: &Limits,
) -> DecodedAudio {
    let mut audio = DecodedAudio {
        frames: 0,
        sample_rate: None,
        peaks: None,
        decoded_packets: 0,
        undecodable_packets: 0,
        is_interrupted: false,
    };
    let mut peaks = PeakAccumulator::new();
    let mut samples: Vec<f32> = Vec::new();
    while audio.frames <= limits.max_frames {
        let packet = match format.next_packet() {
            Ok(Some(packet)) if packet.track_id == track_id => packet,
            Ok(Some(_)) => continue,
            Ok(None) => break,
            Err(_) => {
                audio.is_interrupted = true;
                break;
            }
        };
        match decoder.decode(&packet) {
            Ok(buffer) => {
                audio.sample_rate = audio.sample_rate.or(Some(buffer.spec().rate()));
                audio.frames = audio.frames.saturating_add(buffer.frames() as u64);
                audio.decoded_packets += 1;
                let channels = buffer.spec().channels().count();
                buffer.copy_to_vec_interleaved(&mut samples);
                peaks.add(&samples, channels);
            }
            Err(Error::DecodeError(_) | Error::IoError(_)) => audio.undecodable_packets += 1,
            Err(_) => {
                audio.is_interrupted = true;
                break;
            }
        }
    }
    audio.peaks = peaks.finish();
    audio
}
