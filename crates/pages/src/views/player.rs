//! Sound and film: the browser's own player, the waveform, the chapters, and what is said.

use khizana_format::{Canvas, Cue, Recording, Track};
use khizana_model::{LangTag, MediaKind, TrackKind};
use yew::{AttrValue, Html};

use super::context::Context;
use super::el::{El, IntoHtml, each, el};
use super::stage::marked;
use crate::page::Hits;
use crate::words;

/// The speeds at which a recording can be heard: in hundredths, and as they are said.
const SPEEDS: [(&str, &str); 7] = [
    ("50", "0.5×"),
    ("75", "0.75×"),
    ("100", "1×"),
    ("125", "1.25×"),
    ("150", "1.5×"),
    ("175", "1.75×"),
    ("200", "2×"),
];

/// The player of a canvas of sound or film; `src` is the recording itself.
pub fn player(cx: &Context, canvas: &Canvas, src: AttrValue, label: &str) -> El {
    let is_film = canvas.kind == MediaKind::Film;
    let recording = canvas.recording.as_ref();
    let mut player = el(if is_film { "video" } else { "audio" })
        .flag("controls")
        .attr("preload", "metadata")
        .attr("src", src)
        .attr("aria-label", label);
    if is_film {
        let poster = canvas.image.as_ref().and_then(|image| {
            let size = image.derivative_for_width(1_280)?;
            Some(cx.file(&image.path(size)))
        });
        player = player
            .class("film")
            .flag("playsinline")
            .attr("poster", poster)
            .attr("width", recording.and_then(|own| own.width))
            .attr("height", recording.and_then(|own| own.height));
    }
    let tracks = recording
        .map(|own| own.tracks.as_slice())
        .unwrap_or_default();
    let captions = tracks.iter().filter(|own| own.kind == TrackKind::Captions);
    let player = player.with(each(captions.map(|own| {
        el("track")
            .attr("kind", "captions")
            .attr("src", cx.file(&own.file.path()))
            .attr("srclang", own.language().map(LangTag::as_str))
            .attr("label", language(cx, own))
    })));
    let waveform = recording.and_then(|own| own.waveform.as_ref()).map(|own| {
        // Time runs from left to right in every language, as in the player's own line of time.
        let drawing = el("img").attr("src", cx.file(&own.path())).attr("alt", "");
        el("div")
            .class("waveform")
            .attr("dir", "ltr")
            .with(drawing)
            .with(cx.live.then(|| el("span")))
    });
    let speed = cx.live.then(|| {
        let choices = each(SPEEDS.map(|(speed, said)| {
            el("option")
                .attr("value", speed)
                .attr("selected", (speed == "100").then_some("selected"))
                .with(words::digits(cx.lang, said))
        }));
        el("label")
            .class("speed")
            .with(words::speed(cx.lang))
            .with(" ")
            .with(el("select").id("speed").with(choices))
    });
    el("div")
        .class("player")
        .with(player)
        .with(waveform)
        .with(speed)
        .with(recording.and_then(|own| chapters(cx, own)))
}

/// What a language is called in the language of the page.
pub fn language<'a>(cx: &Context, track: &'a Track) -> &'a str {
    let tag = track.language().map_or("und", LangTag::as_str);
    words::language(cx.lang, tag).unwrap_or(tag)
}

fn chapters(cx: &Context, recording: &Recording) -> Option<El> {
    let track = recording.chapters_for(&cx.page.lang)?;
    let heading = el("h2")
        .id("chapters")
        .class("rubric")
        .with(words::chapters(cx.lang));
    Some(
        el("nav")
            .attr("aria-labelledby", "chapters")
            .with(heading)
            .with(list(cx, track, &track.chapters, &Hits::default()).class("cues")),
    )
}

/// Moments and what is said from then on, with what was looked for marked. With the viewer each leads to
/// its moment.
pub fn list(cx: &Context, track: &Track, cues: &[Cue], hits: &Hits) -> El {
    let tag = track.language().cloned().unwrap_or_else(LangTag::und);
    let items = each(cues.iter().enumerate().map(|(at, (start, text))| {
        let said = words::clock(cx.lang, *start);
        let moment: Html = match cx.live {
            true => el("a").attr("href", moment(*start)).with(said).into_html(),
            false => el("span").with(said).into_html(),
        };
        let said = el("span").tongue(&tag, text).with(marked(hits, at, text));
        el("li")
            .attr("data-t", start.to_string())
            .with(moment)
            .with(said)
    }));
    el("ol").with(items)
}

/// The address of a moment: `#t=12.5`, in seconds, as Media Fragments (W3C) name it.
pub fn moment(milliseconds: u64) -> String {
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

/// The moment that an address names, in milliseconds.
pub fn read_moment(hash: &str) -> Option<u64> {
    let digits = hash.strip_prefix("#t=")?.as_bytes();
    // Of a digit before the point, and of the next after it, in milliseconds; 0 where it counts no more.
    let (mut milliseconds, mut worth) = (0u64, 1_000);
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' if worth == 1_000 => {
                let digit = u64::from(byte - b'0') * 1_000;
                milliseconds = milliseconds.checked_mul(10)?.checked_add(digit)?;
            }
            b'0'..=b'9' => {
                milliseconds += u64::from(byte - b'0') * worth;
                worth /= 10;
            }
            b'.' if at > 0 && worth == 1_000 => worth = 100,
            _ if at > 0 => break,
            _ => return None,
        }
    }
    (!digits.is_empty()).then_some(milliseconds)
}

/// The number of the track whose cues are displayed next to the player: `chosen` if there is one,
/// otherwise the best one for the language of the page. `None` if it has no cues.
pub fn shown_track(lang: &str, canvas: &Canvas, chosen: Option<u32>) -> Option<u32> {
    let recording = canvas.recording.as_ref()?;
    let number = match chosen {
        Some(number) => number,
        None => u32::try_from(recording.transcript_for(lang)?).ok()?,
    };
    let track = recording.tracks.get(number as usize)?;
    track.cues.is_some().then_some(number)
}

/// What the reader does with the words of a recording: choose their language, look for one.
pub fn tools(cx: &Context, canvas: &Canvas, shown: &Track) -> El {
    let tracks = canvas.recording.as_ref().map(|own| own.tracks.as_slice());
    let tracks = (0u32..).zip(tracks.unwrap_or_default());
    let tracks: Vec<(u32, &Track)> = tracks.filter(|(_, own)| own.cues.is_some()).collect();
    let choice = (tracks.len() > 1).then(|| {
        let choices = each(tracks.iter().map(|(at, own)| {
            let kind = match own.kind {
                TrackKind::Captions => words::captions(cx.lang),
                _ => words::transcript(cx.lang),
            };
            let mut name = language(cx, own).to_owned();
            // Two of one language are told apart by what they are.
            if tracks
                .iter()
                .any(|(other, also)| other != at && also.language() == own.language())
            {
                name.push_str(" · ");
                name.push_str(kind);
            }
            el("option")
                .attr("value", *at)
                .attr("selected", std::ptr::eq(*own, shown).then_some("selected"))
                .with(name)
        }));
        el("select")
            .id("track")
            .attr("aria-label", words::language_choice(cx.lang))
            .with(choices)
    });
    let find = el("input")
        .id("find")
        .attr("type", "search")
        .attr("autocomplete", "off")
        .attr("aria-label", words::transcript_find(cx.lang))
        .attr("placeholder", words::transcript_find(cx.lang));
    el("p").class("cue-tools").with(find).with(choice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_comes_back_from_its_address() {
        for (milliseconds, address) in [
            (0, "#t=0"),
            (12_500, "#t=12.5"),
            (61_000, "#t=61"),
            (1_005, "#t=1.005"),
            (3_600_040, "#t=3600.04"),
        ] {
            assert_eq!(moment(milliseconds), address);
            assert_eq!(read_moment(address), Some(milliseconds), "{address}");
        }
    }

    #[test]
    fn what_is_no_moment_leads_nowhere() {
        for odd in [
            "",
            "#",
            "#t=",
            "#t=x",
            "#t=-1",
            "#xywh=1,2,3,4",
            "#t=99999999999999999999",
        ] {
            assert_eq!(read_moment(odd), None, "{odd}");
        }
        assert_eq!(read_moment("#t=3,9"), Some(3_000));
        assert_eq!(read_moment("#t=3.98765"), Some(3_987));
    }
}
