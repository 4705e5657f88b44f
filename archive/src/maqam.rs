//! Maqam scales: diagrams on a circle of 24 quarter tones, and synthesised sounds of a plucked
//! string.

use crate::canvas::{Anchor, Canvas, Ink, Outline, ink, on_circle};
use crate::error::DemoError;
use crate::lettering::{Fonts, Weight};

/// A scale of eight notes.
#[derive(Clone, Copy, Debug)]
pub struct Maqam {
    /// Name of the files of the scale, without extension.
    pub file: &'static str,
    /// Name in Arabic.
    pub name: &'static str,
    /// Frequency of the first note, in hertz. It is tuned in equal temperament with A at 440 Hz.
    pub tonic: f64,
    /// Interval of each note above the first one, in cents. It is a multiple of a quarter tone.
    pub cents: [u32; 8],
    /// Names of the notes.
    pub notes: [&'static str; 8],
    /// Background and foreground colour of the diagram.
    pub colours: [Ink; 2],
}

const C4: f64 = 261.625_565;
const D4: f64 = 293.664_768;
/// Frequency of E half-flat, three quarter tones above D, in hertz.
const E4_HALF_FLAT: f64 = 320.243_700;

/// The five scales of the archive.
pub const MAQAMAT: [Maqam; 5] = [
    Maqam {
        file: "maqam-rast",
        name: "مقام الراست",
        tonic: C4,
        cents: [0, 200, 350, 500, 700, 900, 1050, 1200],
        notes: [
            "راست",
            "دوكاه",
            "سيكاه",
            "جهاركاه",
            "نوى",
            "حسيني",
            "أوج",
            "كردان",
        ],
        colours: [ink(0x20445c), ink(0xe0b45c)],
    },
    Maqam {
        file: "maqam-bayati",
        name: "مقام البياتي",
        tonic: D4,
        cents: [0, 150, 300, 500, 700, 800, 1000, 1200],
        notes: [
            "دوكاه",
            "سيكاه",
            "جهاركاه",
            "نوى",
            "حسيني",
            "عجم",
            "كردان",
            "محيّر",
        ],
        colours: [ink(0x2e4d3d), ink(0xe3c27a)],
    },
    Maqam {
        file: "maqam-hijaz",
        name: "مقام الحجاز",
        tonic: D4,
        cents: [0, 100, 400, 500, 700, 800, 1000, 1200],
        notes: [
            "دوكاه",
            "كرد",
            "حجاز",
            "نوى",
            "حسيني",
            "عجم",
            "كردان",
            "محيّر",
        ],
        colours: [ink(0x7a3b2e), ink(0xf0cf9a)],
    },
    Maqam {
        file: "maqam-saba",
        name: "مقام الصبا",
        tonic: D4,
        cents: [0, 150, 300, 400, 700, 800, 1000, 1200],
        notes: [
            "دوكاه",
            "سيكاه",
            "جهاركاه",
            "صبا",
            "حسيني",
            "عجم",
            "كردان",
            "محيّر",
        ],
        colours: [ink(0x3f3557), ink(0xd7c3e3)],
    },
    Maqam {
        file: "maqam-sikah",
        name: "مقام السيكاه",
        tonic: E4_HALF_FLAT,
        cents: [0, 150, 350, 550, 700, 850, 1050, 1200],
        notes: [
            "سيكاه",
            "جهاركاه",
            "نوى",
            "حسيني",
            "أوج",
            "كردان",
            "محيّر",
            "بزرك",
        ],
        colours: [ink(0x174a4a), ink(0xf1d7a8)],
    },
];

/// Number of samples per second.
const SAMPLE_RATE: f64 = 44_100.0;
/// Time between the starts of two notes, in seconds.
const NOTE_INTERVAL: f64 = 0.72;
/// Additional duration of the last note, in seconds.
const TAIL: f64 = 2.4;

/// Names of the notes in Arabic and in Latin letters.
const LATIN_NAMES: [(&str, &str); 14] = [
    ("راست", "Rast"),
    ("دوكاه", "Dukah"),
    ("سيكاه", "Sikah"),
    ("جهاركاه", "Jaharkah"),
    ("نوى", "Nawa"),
    ("حسيني", "Husayni"),
    ("أوج", "Awj"),
    ("كردان", "Kirdan"),
    ("عجم", "Ajam"),
    ("محيّر", "Muhayyar"),
    ("كرد", "Kurd"),
    ("حجاز", "Hijaz"),
    ("صبا", "Saba"),
    ("بزرك", "Buzurk"),
];

/// A language of captions and chapters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Arabic.
    Arabic,
    /// English.
    English,
}

/// Formats a time in seconds as a WebVTT timestamp.
fn timestamp(seconds: f64) -> String {
    let milliseconds = (seconds * 1_000.0).round() as u64;
    format!(
        "{:02}:{:02}.{:03}",
        milliseconds / 60_000,
        milliseconds / 1_000 % 60,
        milliseconds % 1_000
    )
}

impl Maqam {
    /// Returns captions in WebVTT. They contain the name of each note and its interval above the
    /// first one.
    pub fn captions(&self, language: Language) -> String {
        let notes: Vec<_> = self.notes.iter().zip(self.cents).collect();
        let order = notes.iter().chain(notes.iter().rev().skip(1));
        let mut out = "WEBVTT\n".to_owned();
        for (index, (note, cents)) in order.enumerate() {
            let start = index as f64 * NOTE_INTERVAL;
            let text = match language {
                Language::Arabic => format!(
                    "{note}، {} سنت",
                    crate::abjad::arabic_digits(&cents.to_string())
                ),
                Language::English => {
                    let latin = LATIN_NAMES.iter().find(|(arabic, _)| arabic == *note);
                    format!(
                        "{}, {cents} cents",
                        latin.map_or(**note, |(_, latin)| latin)
                    )
                }
            };
            let end = timestamp(start + NOTE_INTERVAL);
            out.push_str(&format!("\n{} --> {end}\n{text}\n", timestamp(start)));
        }
        out
    }

    /// Returns WebVTT chapters for the ascending and the descending scale.
    pub fn chapters(&self, language: Language) -> String {
        let top = (self.notes.len() - 1) as f64 * NOTE_INTERVAL;
        let end = top * 2.0 + NOTE_INTERVAL + TAIL;
        let [up, down] = match language {
            Language::Arabic => ["صعودًا", "هبوطًا"],
            Language::English => ["Up", "Down"],
        };
        format!(
            "WEBVTT\n\n{} --> {}\n{up}\n\n{} --> {}\n{down}\n",
            timestamp(0.0),
            timestamp(top),
            timestamp(top),
            timestamp(end)
        )
    }

    /// Synthesises the scale, ascending and then descending, on a plucked string (Karplus and
    /// Strong, 1983).
    pub fn samples(&self) -> Vec<i16> {
        let order: Vec<u32> = self
            .cents
            .iter()
            .chain(self.cents.iter().rev().skip(1))
            .copied()
            .collect();
        let length = ((order.len() as f64 * NOTE_INTERVAL + TAIL) * SAMPLE_RATE) as usize;
        let mut mix = vec![0.0f64; length];
        let mut noise = Noise(0x4b68_697a_616e_6131);
        for (index, cents) in order.iter().enumerate() {
            let start = (index as f64 * NOTE_INTERVAL * SAMPLE_RATE) as usize;
            let frequency = self.tonic * (f64::from(*cents) / 1200.0).exp2();
            let duration = if index + 1 == order.len() {
                TAIL + NOTE_INTERVAL
            } else {
                NOTE_INTERVAL * 2.2
            };
            pluck(&mut mix, start, frequency, duration, &mut noise);
        }
        let peak = mix.iter().fold(1e-9f64, |peak, s| peak.max(s.abs()));
        mix.iter()
            .map(|s| (s / peak * 0.82 * f64::from(i16::MAX)).round() as i16)
            .collect()
    }

    /// Draws the scale as a polygon in a circle of 24 quarter tones.
    ///
    /// # Errors
    /// Returns [`DemoError::GlyphMissing`] if no font contains a character, and
    /// [`DemoError::TooLarge`] if the memory for the image cannot be allocated.
    pub fn sheet(&self, fonts: &Fonts) -> Result<Canvas, DemoError> {
        let [background, foreground] = self.colours;
        let mut canvas = Canvas::new(1800.0, 2000.0, 1.0, background)?;
        let c = (900.0, 900.0);
        let r = 560.0;
        for (radius, width) in [(r + 44.0, 2.0), (r, 3.0), (r - 150.0, 1.6)] {
            canvas.stroke(&Outline::circle(c, radius), Ink(foreground.0, 0.7), width);
        }
        for quarter in 0..24 {
            let angle = f64::from(quarter) * 15.0;
            let inner = if quarter % 2 == 0 {
                r - 150.0
            } else {
                r - 22.0
            };
            let line = Outline::line(&[on_circle(c, inner, angle), on_circle(c, r + 44.0, angle)]);
            canvas.stroke(&line, Ink(foreground.0, 0.4), 1.6);
        }
        let corners: Vec<_> = self
            .cents
            .iter()
            .take(7)
            .map(|&cents| on_circle(c, r, f64::from(cents) * 0.3))
            .collect();
        canvas.fill(&Outline::polygon(&corners), Ink(foreground.0, 0.16));
        canvas.stroke(&Outline::polygon(&corners), foreground, 7.0);
        for (corner, _) in corners.iter().zip(1..) {
            canvas.stroke(&Outline::line(&[c, *corner]), Ink(foreground.0, 0.35), 2.0);
        }
        for ((corner, note), cents) in corners.iter().zip(self.notes).zip(self.cents) {
            let is_first = cents == 0;
            canvas.fill(
                &Outline::circle(*corner, if is_first { 34.0 } else { 24.0 }),
                foreground,
            );
            canvas.fill(
                &Outline::circle(*corner, if is_first { 18.0 } else { 9.0 }),
                background,
            );
            let line = fonts.line(note, Weight::Bold, 66.0)?;
            let angle = f64::from(cents) * 0.3;
            let (x, y) = on_circle(c, r + 150.0, angle);
            canvas.text(&line, (x, y + 20.0), Anchor::Middle, foreground);
        }
        for pair in self.cents.windows(2) {
            let [low, high] = pair else { continue };
            let text = crate::abjad::arabic_digits(&(high - low).to_string());
            let line = fonts.line(&text, Weight::Regular, 50.0)?;
            let (x, y) = on_circle(c, r - 215.0, f64::from(low + high) * 0.15);
            canvas.text(&line, (x, y + 16.0), Anchor::Middle, Ink(foreground.0, 0.9));
        }
        canvas.fill(&Outline::circle(c, 10.0), foreground);
        let title = fonts.line(self.name, Weight::Bold, 120.0)?;
        canvas.text(&title, (900.0, 1800.0), Anchor::Middle, foreground);
        let under = fonts.line("الأبعاد بالسنت، والديوان ١٢٠٠", Weight::Regular, 52.0)?;
        canvas.text(
            &under,
            (900.0, 1900.0),
            Anchor::Middle,
            Ink(foreground.0, 0.8),
        );
        Ok(canvas)
    }
}

/// Adds the sound of a plucked string to the mix.
fn pluck(mix: &mut [f64], start: usize, frequency: f64, seconds: f64, noise: &mut Noise) {
    // The averaging filter delays by half a sample. An all-pass filter provides the fractional part
    // of the period; without it, the quarter tones would be out of tune.
    let period = SAMPLE_RATE / frequency - 0.5;
    let delay_len = (period - 0.2).floor().max(2.0);
    let fraction = period - delay_len;
    let coefficient = (1.0 - fraction) / (1.0 + fraction);
    let mut delay_line: Vec<f64> = (0..delay_len as usize).map(|_| noise.next()).collect();
    let excitation = delay_line.clone();
    // A comb filter simulates the position of the pluck and attenuates high partials.
    let pluck_position = (delay_line.len() / 5).max(1);
    for (index, sample) in delay_line.iter_mut().enumerate() {
        let delayed =
            excitation.get((index + excitation.len() - pluck_position) % excitation.len());
        *sample -= delayed.copied().unwrap_or_default();
    }
    let (mut last, mut last_in, mut last_out) = (0.0, 0.0, 0.0);
    let count = (seconds * SAMPLE_RATE) as usize;
    let fade_len = SAMPLE_RATE * 0.12;
    let mut position = 0;
    for (index, out) in mix.iter_mut().skip(start).take(count).enumerate() {
        let Some(cell) = delay_line.get_mut(position) else {
            return;
        };
        let sample = *cell;
        let averaged = 0.997 * (0.5 * sample + 0.5 * last);
        last = sample;
        let tuned = coefficient * (averaged - last_out) + last_in;
        last_in = averaged;
        last_out = tuned;
        *cell = tuned;
        position = (position + 1) % delay_len as usize;
        let fade = ((count - index) as f64 / fade_len).min(1.0);
        *out += sample * fade;
    }
}

/// A noise generator with a fixed seed (xorshift64*, Vigna 2016).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11;
        bits as f64 / (1u64 << 52) as f64 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_ascend_in_quarter_tones_to_the_octave() {
        for maqam in MAQAMAT {
            assert_eq!((maqam.cents[0], maqam.cents[7]), (0, 1200));
            for pair in maqam.cents.windows(2) {
                assert!(pair[0] < pair[1] && pair[1] % 50 == 0, "{}", maqam.file);
            }
        }
        assert!((E4_HALF_FLAT / D4 - (150.0f64 / 1200.0).exp2()).abs() < 1e-6);
    }

    #[test]
    fn captions_contain_every_note_with_its_time() {
        for maqam in MAQAMAT {
            for language in [Language::Arabic, Language::English] {
                let captions = maqam.captions(language);
                assert_eq!(captions.matches(" --> ").count(), 15, "{}", maqam.file);
                assert!(
                    captions.contains("\n00:05.040 --> 00:05.760\n"),
                    "{captions}"
                );
            }
            for note in maqam.notes {
                assert!(
                    LATIN_NAMES.iter().any(|(arabic, _)| *arabic == note),
                    "{note}"
                );
            }
            assert!(
                maqam
                    .chapters(Language::Arabic)
                    .contains("00:05.040 --> 00:13.200\nهبوطًا")
            );
        }
    }

    #[test]
    fn pluck_has_the_requested_frequency() {
        for frequency in [C4, E4_HALF_FLAT, 587.33] {
            let mut mix = vec![0.0; 44_100];
            pluck(&mut mix, 0, frequency, 1.0, &mut Noise(7));
            // The autocorrelation over half a second.
            let score = |lag: usize| -> f64 {
                mix[8_000..30_000]
                    .iter()
                    .zip(&mix[8_000 + lag..30_000 + lag])
                    .map(|(a, b)| a * b)
                    .sum()
            };
            // A lag of ten periods increases the resolution to a tenth of a sample.
            let expected = SAMPLE_RATE / frequency * 10.0;
            let candidates = (expected as usize - 12)..(expected as usize + 13);
            let best = candidates.max_by(|a, b| score(*a).total_cmp(&score(*b)));
            let measured = SAMPLE_RATE * 10.0 / best.unwrap_or(1) as f64;
            let cents = 1200.0 * (measured / frequency).log2();
            assert!(cents.abs() < 8.0, "{frequency} Hz is off by {cents} cents");
        }
    }

    #[test]
    fn samples_have_the_expected_duration_and_do_not_clip() {
        let samples = MAQAMAT[0].samples();
        let seconds = samples.len() as f64 / SAMPLE_RATE;
        assert!((10.0..15.0).contains(&seconds), "{seconds}");
        let peak = samples.iter().map(|s| s.unsigned_abs()).max();
        assert!(peak > Some(20_000) && peak < Some(32_767));
    }
}
