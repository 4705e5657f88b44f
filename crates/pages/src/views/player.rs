//! Audio and video: the player, the waveform, the chapters and the transcript.

use khizana_format::{Canvas, Cue, Recording, Track};
use khizana_model::{LangTag, MediaKind, TrackKind};
use yew::{AttrValue, Html};

use super::context::Context;
use super::el::{El, IntoHtml, el, nodes};
use super::stage::highlighted;
use crate::i18n;
use crate::page::TextMatches;

/// The playback speeds, each in per cent and with its label.
const SPEEDS: [(&str, &str); 7] = [
    ("50", "0.5×"),
    ("75", "0.75×"),
    ("100", "1×"),
    ("125", "1.25×"),
    ("150", "1.5×"),
    ("175", "1.75×"),
    ("200", "2×"),
];

/// Renders the player of an audio or video canvas. `src` is the URL of the audio or video file.
pub fn player(cx: &Context, canvas: &Canvas, src: AttrValue, label: &str) -> El {
    let is_video = canvas.kind == MediaKind::Film;
    let recording = canvas.recording.as_ref();
    let mut player = el(if is_video { "video" } else { "audio" })
        .flag("controls")
        .attr("preload", "metadata")
        .attr("src", src)
        .attr("aria-label", label);
    if is_video {
        let poster = canvas.image.as_ref().and_then(|image| {
            let size = image.derivative_for_width(1_280)?;
            Some(cx.file(&image.path(size)))
        });
        player = player
            .class("film")
            .flag("playsinline")
            .attr("poster", poster)
            .attr("width", recording.and_then(|media| media.width))
            .attr("height", recording.and_then(|media| media.height));
    }
    let tracks = recording
        .map(|media| media.tracks.as_slice())
        .unwrap_or_default();
    let captions = tracks
        .iter()
        .filter(|track| track.kind == TrackKind::Captions);
    let player = player.with(nodes(captions.map(|track| {
        el("track")
            .attr("kind", "captions")
            .attr("src", cx.file(&track.file.path()))
            .attr("srclang", track.language().map(LangTag::as_str))
            .attr("label", language_name(cx, track))
    })));
    let waveform = recording.and_then(|media| media.waveform.as_ref());
    let waveform = waveform.map(|file| {
        // Time runs from left to right in every language, as in the seek bar of the player.
        let image = el("img").attr("src", cx.file(&file.path())).attr("alt", "");
        el("div")
            .class("waveform")
            .attr("dir", "ltr")
            .with(image)
            .with(cx.is_hydrated.then(|| el("span")))
    });
    let speed = cx.is_hydrated.then(|| {
        let choices = nodes(SPEEDS.map(|(speed, label)| {
            el("option")
                .attr("value", speed)
                .attr("selected", (speed == "100").then_some("selected"))
                .with(i18n::digits(cx.lang, label))
        }));
        el("label")
            .class("speed")
            .with(i18n::speed(cx.lang))
            .with(" ")
            .with(el("select").id("speed").with(choices))
    });
    el("div")
        .class("player")
        .with(player)
        .with(waveform)
        .with(speed)
        .with(recording.and_then(|media| chapters(cx, media)))
}

/// Returns the name of the language of a track, in the language of the page.
pub fn language_name<'a>(cx: &Context, track: &'a Track) -> &'a str {
    let tag = track.language().map_or("und", LangTag::as_str);
    i18n::language(cx.lang, tag).unwrap_or(tag)
}

fn chapters(cx: &Context, recording: &Recording) -> Option<El> {
    let track = recording.chapters_for(&cx.page.lang)?;
    let heading = el("h2")
        .id("chapters")
        .class("rubric")
        .with(i18n::chapters(cx.lang));
    Some(
        el("nav")
            .attr("aria-labelledby", "chapters")
            .with(heading)
            .with(cue_list(cx, track, &track.chapters, &TextMatches::default()).class("cues")),
    )
}

/// Renders a list of cues with their start times and with the matches highlighted. After hydration,
/// the start times are links to these positions in the recording.
pub fn cue_list(cx: &Context, track: &Track, cues: &[Cue], matches: &TextMatches) -> El {
    let tag = track.language().cloned().unwrap_or_else(LangTag::und);
    let items = nodes(cues.iter().enumerate().map(|(index, (start, text))| {
        let time = i18n::clock(cx.lang, *start);
        let time: Html = match cx.is_hydrated {
            true => el("a")
                .attr("href", time_fragment(*start))
                .with(time)
                .into_html(),
            false => el("span").with(time).into_html(),
        };
        let text = el("span")
            .lang_attrs(&tag, text)
            .with(highlighted(matches, index, text));
        el("li")
            .attr("data-t", start.to_string())
            .with(time)
            .with(text)
    }));
    el("ol").with(items)
}

/// Returns the URL fragment of a position in a recording, for example `#t=12.5` for a position of
/// 12.5 seconds. See [Media Fragments](https://www.w3.org/TR/media-frags/).
pub fn time_fragment(milliseconds: u64) -> String {
    let mut out = String::from("#t=");
    out.push_str(&(milliseconds / 1_000).to_string());
    let rest = milliseconds % 1_000;
    if rest > 0 {
        out.push('.');
        let digits = (1_000 + rest).to_string();
        out.push_str(digits.get(1..).unwrap_or_default().trim_end_matches('0'));
    }
    out
}

/// Parses a URL fragment such as `#t=12.5`, and returns the position in milliseconds.
pub fn parse_time_fragment(hash: &str) -> Option<u64> {
    let digits = hash.strip_prefix("#t=")?.as_bytes();
    // The unit of the next digit in milliseconds: 1,000 before the decimal point, and 0 after the
    // third decimal place.
    let (mut milliseconds, mut unit) = (0u64, 1_000);
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' if unit == 1_000 => {
                let digit = u64::from(byte - b'0') * 1_000;
                milliseconds = milliseconds.checked_mul(10)?.checked_add(digit)?;
            }
            b'0'..=b'9' => {
                milliseconds += u64::from(byte - b'0') * unit;
                unit /= 10;
            }
            b'.' if at > 0 && unit == 1_000 => unit = 100,
            _ if at > 0 => break,
            _ => return None,
        }
    }
    (!digits.is_empty()).then_some(milliseconds)
}

/// Returns the index of the track whose cues are displayed next to the player. This is `selected`
/// if it is `Some`, or else the most suitable track for the language of the page. Returns `None` if
/// the track does not exist or has no cues.
pub fn displayed_track(lang: &str, canvas: &Canvas, selected: Option<u32>) -> Option<u32> {
    let recording = canvas.recording.as_ref()?;
    let index = match selected {
        Some(index) => index,
        None => u32::try_from(recording.transcript_for(lang)?).ok()?,
    };
    let track = recording.tracks.get(index as usize)?;
    track.cues.is_some().then_some(index)
}

/// Renders the search box and the language menu of the transcript. `displayed` is the track that is
/// displayed.
pub fn transcript_tools(cx: &Context, canvas: &Canvas, displayed: &Track) -> El {
    let tracks = canvas.recording.as_ref();
    let tracks = tracks.map(|media| media.tracks.as_slice());
    let tracks = (0u32..).zip(tracks.unwrap_or_default());
    let tracks: Vec<(u32, &Track)> = tracks.filter(|(_, track)| track.cues.is_some()).collect();
    let choice = (tracks.len() > 1).then(|| {
        let choices = nodes(tracks.iter().map(|(index, track)| {
            let kind = match track.kind {
                TrackKind::Captions => i18n::captions(cx.lang),
                _ => i18n::transcript(cx.lang),
            };
            let mut name = language_name(cx, track).to_owned();
            let is_ambiguous = tracks
                .iter()
                .any(|(other, it)| other != index && it.language() == track.language());
            if is_ambiguous {
                name.push_str(" · ");
                name.push_str(kind);
            }
            let is_displayed = std::ptr::eq(*track, displayed);
            el("option")
                .attr("value", *index)
                .attr("selected", is_displayed.then_some("selected"))
                .with(name)
        }));
        el("select")
            .id("track")
            .attr("aria-label", i18n::language_choice(cx.lang))
            .with(choices)
    });
    let find = el("input")
        .id("find")
        .attr("type", "search")
        .attr("autocomplete", "off")
        .attr("aria-label", i18n::transcript_find(cx.lang))
        .attr("placeholder", i18n::transcript_find(cx.lang));
    el("p").class("cue-tools").with(find).with(choice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_round_trips_through_its_fragment() {
        for (milliseconds, fragment) in [
            (0, "#t=0"),
            (12_500, "#t=12.5"),
            (61_000, "#t=61"),
            (1_005, "#t=1.005"),
            (3_600_040, "#t=3600.04"),
        ] {
            assert_eq!(time_fragment(milliseconds), fragment);
            assert_eq!(
                parse_time_fragment(fragment),
                Some(milliseconds),
                "{fragment}"
            );
        }
    }

    #[test]
    fn other_fragments_are_not_parsed() {
        for other in [
            "",
            "#",
            "#t=",
            "#t=x",
            "#t=-1",
            "#xywh=1,2,3,4",
            "#t=99999999999999999999",
        ] {
            assert_eq!(parse_time_fragment(other), None, "{other}");
        }
        assert_eq!(parse_time_fragment("#t=3,9"), Some(3_000));
        assert_eq!(parse_time_fragment("#t=3.98765"), Some(3_987));
    }
}
