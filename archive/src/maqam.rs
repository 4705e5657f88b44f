//! Maqam scales: their notes on a circle of twenty-four quarter tones, and their
//! sound on a plucked string.

use crate::canvas::{Anchor, Canvas, Ink, Outline, ink, on_circle};
use crate::error::DemoError;
use crate::lettering::{Fonts, Weight};

/// A scale of eight notes.
#[derive(Clone, Copy, Debug)]
pub struct Maqam {
    /// The name of its files.
    pub file: &'static str,
    /// Its name in Arabic.
    pub name: &'static str,
    /// Frequency of the first note, hertz, in equal temperament with A at 440.
    pub tonic: f64,
    /// Cents above the first note, in the notation of twenty-four quarter tones.
    pub cents: [u32; 8],
    /// The names of the notes.
    pub notes: [&'static str; 8],
    /// Ground and figure of its sheet.
    pub colours: [Ink; 2],
}

const C4: f64 = 261.625_565;
const D4: f64 = 293.664_768;
/// Half a flat below E: three quarter tones above D.
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

/// Samples a second.
const RATE: f64 = 44_100.0;
/// Seconds between the notes.
const STEP: f64 = 0.72;
/// Seconds that the last note rings.
const TAIL: f64 = 2.4;

/// What the notes are called in Latin letters.
const LATIN: [(&str, &str); 14] = [
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

/// A language in which is written what is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// Arabic.
    Arabic,
    /// English.
    English,
}

/// A moment of a recording, as WebVTT writes it.
fn moment(seconds: f64) -> String {
    let thousandths = (seconds * 1_000.0).round() as u64;
    format!(
        "{:02}:{:02}.{:03}",
        thousandths / 60_000,
        thousandths / 1_000 % 60,
        thousandths % 1_000
    )
}

impl Maqam {
    /// Captions, WebVTT: each note while it is heard, with its cents above the first.
    pub fn captions(&self, tongue: Tongue) -> String {
        let notes: Vec<_> = self.notes.iter().zip(self.cents).collect();
        let order = notes.iter().chain(notes.iter().rev().skip(1));
        let mut out = "WEBVTT\n".to_owned();
        for (index, (note, cents)) in order.enumerate() {
            let start = index as f64 * STEP;
            let text = match tongue {
                Tongue::Arabic => format!(
                    "{note}، {} سنت",
                    crate::abjad::arabic_digits(&cents.to_string())
                ),
                Tongue::English => {
                    let latin = LATIN.iter().find(|(own, _)| own == *note);
                    format!(
                        "{}, {cents} cents",
                        latin.map_or(**note, |(_, latin)| latin)
                    )
                }
            };
            let end = moment(start + STEP);
            out.push_str(&format!("\n{} --> {end}\n{text}\n", moment(start)));
        }
        out
    }

    /// Chapters, WebVTT: the way up and the way down.
    pub fn chapters(&self, tongue: Tongue) -> String {
        let top = (self.notes.len() - 1) as f64 * STEP;
        let end = top * 2.0 + STEP + TAIL;
        let [up, down] = match tongue {
            Tongue::Arabic => ["صعودًا", "هبوطًا"],
            Tongue::English => ["Up", "Down"],
        };
        format!(
            "WEBVTT\n\n{} --> {}\n{up}\n\n{} --> {}\n{down}\n",
            moment(0.0),
            moment(top),
            moment(top),
            moment(end)
        )
    }

    /// The scale up and down again on one plucked string (Karplus and Strong, 1983).
    pub fn samples(&self) -> Vec<i16> {
        let order: Vec<u32> = self
            .cents
            .iter()
            .chain(self.cents.iter().rev().skip(1))
            .copied()
            .collect();
        let length = ((order.len() as f64 * STEP + TAIL) * RATE) as usize;
        let mut mix = vec![0.0f64; length];
        let mut noise = Noise(0x4b68_697a_616e_6131);
        for (index, cents) in order.iter().enumerate() {
            let start = (index as f64 * STEP * RATE) as usize;
            let frequency = self.tonic * (f64::from(*cents) / 1200.0).exp2();
            let ring = if index + 1 == order.len() {
                TAIL + STEP
            } else {
                STEP * 2.2
            };
            pluck(&mut mix, start, frequency, ring, &mut noise);
        }
        let peak = mix.iter().fold(1e-9f64, |peak, s| peak.max(s.abs()));
        mix.iter()
            .map(|s| (s / peak * 0.82 * f64::from(i16::MAX)).round() as i16)
            .collect()
    }

    /// The scale as a figure in a circle of twenty-four quarter tones.
    ///
    /// # Errors
    /// Those of [`DemoError`] that setting text and making a sheet have.
    pub fn sheet(&self, fonts: &Fonts) -> Result<Canvas, DemoError> {
        let [ground, figure] = self.colours;
        let mut canvas = Canvas::new(1800.0, 2000.0, 1.0, ground)?;
        let c = (900.0, 900.0);
        let r = 560.0;
        for (radius, width) in [(r + 44.0, 2.0), (r, 3.0), (r - 150.0, 1.6)] {
            canvas.stroke(&Outline::circle(c, radius), Ink(figure.0, 0.7), width);
        }
        for quarter in 0..24 {
            let angle = f64::from(quarter) * 15.0;
            let inner = if quarter % 2 == 0 {
                r - 150.0
            } else {
                r - 22.0
            };
            let line = Outline::line(&[on_circle(c, inner, angle), on_circle(c, r + 44.0, angle)]);
            canvas.stroke(&line, Ink(figure.0, 0.4), 1.6);
        }
        let corners: Vec<_> = self
            .cents
            .iter()
            .take(7)
            .map(|&cents| on_circle(c, r, f64::from(cents) * 0.3))
            .collect();
        canvas.fill(&Outline::polygon(&corners), Ink(figure.0, 0.16));
        canvas.stroke(&Outline::polygon(&corners), figure, 7.0);
        for (corner, _) in corners.iter().zip(1..) {
            canvas.stroke(&Outline::line(&[c, *corner]), Ink(figure.0, 0.35), 2.0);
        }
        for ((corner, note), cents) in corners.iter().zip(self.notes).zip(self.cents) {
            let first = cents == 0;
            canvas.fill(
                &Outline::circle(*corner, if first { 34.0 } else { 24.0 }),
                figure,
            );
            canvas.fill(
                &Outline::circle(*corner, if first { 18.0 } else { 9.0 }),
                ground,
            );
            let line = fonts.line(note, Weight::Bold, 66.0)?;
            let angle = f64::from(cents) * 0.3;
            let (x, y) = on_circle(c, r + 150.0, angle);
            canvas.text(&line, (x, y + 20.0), Anchor::Middle, figure);
        }
        for pair in self.cents.windows(2) {
            let [low, high] = pair else { continue };
            let text = crate::abjad::arabic_digits(&(high - low).to_string());
            let line = fonts.line(&text, Weight::Regular, 50.0)?;
            let (x, y) = on_circle(c, r - 215.0, f64::from(low + high) * 0.15);
            canvas.text(&line, (x, y + 16.0), Anchor::Middle, Ink(figure.0, 0.9));
        }
        canvas.fill(&Outline::circle(c, 10.0), figure);
        let title = fonts.line(self.name, Weight::Bold, 120.0)?;
        canvas.text(&title, (900.0, 1800.0), Anchor::Middle, figure);
        let under = fonts.line("الأبعاد بالسنت، والديوان ١٢٠٠", Weight::Regular, 52.0)?;
        canvas.text(&under, (900.0, 1900.0), Anchor::Middle, Ink(figure.0, 0.8));
        Ok(canvas)
    }
}

/// Adds one plucked note to the mix.
fn pluck(mix: &mut [f64], start: usize, frequency: f64, seconds: f64, noise: &mut Noise) {
    // The loop holds the string and half a sample of the averaging; an all-pass
    // filter makes up the fraction, or the quarter tones would be out of tune.
    let period = RATE / frequency - 0.5;
    let whole = (period - 0.2).floor().max(2.0);
    let fraction = period - whole;
    let tune = (1.0 - fraction) / (1.0 + fraction);
    let mut string: Vec<f64> = (0..whole as usize).map(|_| noise.next()).collect();
    let pass = string.clone();
    // Plucked off the end: the comb takes out the harshest partials.
    let pick = (string.len() / 5).max(1);
    for (index, sample) in string.iter_mut().enumerate() {
        let before = pass.get((index + pass.len() - pick) % pass.len());
        *sample -= before.copied().unwrap_or_default();
    }
    let (mut last, mut last_in, mut last_out) = (0.0, 0.0, 0.0);
    let count = (seconds * RATE) as usize;
    let fade = RATE * 0.12;
    let mut at = 0;
    for (index, out) in mix.iter_mut().skip(start).take(count).enumerate() {
        let Some(cell) = string.get_mut(at) else {
            return;
        };
        let sample = *cell;
        let averaged = 0.997 * (0.5 * sample + 0.5 * last);
        last = sample;
        let tuned = tune * (averaged - last_out) + last_in;
        last_in = averaged;
        last_out = tuned;
        *cell = tuned;
        at = (at + 1) % whole as usize;
        let end = ((count - index) as f64 / fade).min(1.0);
        *out += sample * end;
    }
}

/// Noise from a fixed seed (xorshift64*, Vigna 2016).
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
    fn scales_rise_by_quarter_tones_to_the_octave() {
        for maqam in MAQAMAT {
            assert_eq!((maqam.cents[0], maqam.cents[7]), (0, 1200));
            for pair in maqam.cents.windows(2) {
                assert!(pair[0] < pair[1] && pair[1] % 50 == 0, "{}", maqam.file);
            }
        }
        assert!((E4_HALF_FLAT / D4 - (150.0f64 / 1200.0).exp2()).abs() < 1e-6);
    }

    #[test]
    fn captions_name_every_note_when_it_is_heard() {
        for maqam in MAQAMAT {
            for tongue in [Tongue::Arabic, Tongue::English] {
                let captions = maqam.captions(tongue);
                assert_eq!(captions.matches(" --> ").count(), 15, "{}", maqam.file);
                assert!(
                    captions.contains("\n00:05.040 --> 00:05.760\n"),
                    "{captions}"
                );
            }
            for note in maqam.notes {
                assert!(LATIN.iter().any(|(own, _)| *own == note), "{note}");
            }
            assert!(
                maqam
                    .chapters(Tongue::Arabic)
                    .contains("00:05.040 --> 00:13.200\nهبوطًا")
            );
        }
    }

    #[test]
    fn a_note_sounds_at_its_frequency() {
        for frequency in [C4, E4_HALF_FLAT, 587.33] {
            let mut mix = vec![0.0; 44_100];
            pluck(&mut mix, 0, frequency, 1.0, &mut Noise(7));
            // The best lag of the autocorrelation, about the period, over half a second.
            let score = |lag: usize| -> f64 {
                mix[8_000..30_000]
                    .iter()
                    .zip(&mix[8_000 + lag..30_000 + lag])
                    .map(|(a, b)| a * b)
                    .sum()
            };
            // Ten periods, so that a sample is a tenth of one.
            let expected = RATE / frequency * 10.0;
            let around = (expected as usize - 12)..(expected as usize + 13);
            let best = around.max_by(|a, b| score(*a).total_cmp(&score(*b)));
            let heard = RATE * 10.0 / best.unwrap_or(1) as f64;
            let cents = 1200.0 * (heard / frequency).log2();
            assert!(cents.abs() < 8.0, "{frequency} sounds {cents} cents off");
        }
    }

    #[test]
    fn a_scale_lasts_ten_to_fifteen_seconds_and_does_not_clip() {
        let samples = MAQAMAT[0].samples();
        let seconds = samples.len() as f64 / RATE;
        assert!((10.0..15.0).contains(&seconds), "{seconds}");
        let peak = samples.iter().map(|s| s.unsigned_abs()).max();
        assert!(peak > Some(20_000) && peak < Some(32_767));
    }
}
