//! The colours of the looks, and the colours of an institution.

use khizana_model::{ColourConfig, ColourName, Located, Look, Message, Problem, Rgb, message};

/// The colours of one colour scheme. The names are those of the custom properties of the style sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Palette {
    pub(super) rubric: Rgb,
    pub(super) on_rubric: Rgb,
    pub(super) ground: Rgb,
    pub(super) wall: Rgb,
    pub(super) ink: Rgb,
    pub(super) quiet: Rgb,
    pub(super) line: Rgb,
    pub(super) edge: Rgb,
    pub(super) stage: Rgb,
    pub(super) on_stage: Rgb,
    pub(super) stage_quiet: Rgb,
    pub(super) stage_edge: Rgb,
    pub(super) stage_line: Rgb,
    pub(super) mark: Rgb,
}

const fn hex(value: u32) -> Rgb {
    Rgb([(value >> 16) as u8, (value >> 8) as u8, value as u8])
}

const WHITE: Rgb = hex(0xffffff);
const BLACK: Rgb = hex(0x000000);
const NEAR_BLACK: Rgb = hex(0x141a1a);

/// Returns the light and the dark palette of a look.
pub(super) fn of_look(look: Look) -> (Palette, Palette) {
    match look {
        Look::Khizana => (
            Palette {
                rubric: hex(0xa81c14),
                on_rubric: WHITE,
                ground: WHITE,
                wall: hex(0xeff3f1),
                ink: NEAR_BLACK,
                quiet: hex(0x525d5c),
                line: hex(0xd2dad6),
                edge: hex(0x737e7b),
                stage: hex(0x2b3130),
                on_stage: hex(0xf4f6f5),
                stage_quiet: hex(0xc2cbc8),
                stage_edge: hex(0x8b9693),
                stage_line: hex(0x525a58),
                mark: hex(0xffe08a),
            },
            Palette {
                rubric: hex(0xff8d7a),
                on_rubric: hex(0x2a0602),
                ground: hex(0x141717),
                wall: hex(0x1c2120),
                ink: hex(0xe9edeb),
                quiet: hex(0xa6b0ad),
                line: hex(0x303836),
                edge: hex(0x75807d),
                stage: hex(0x090b0b),
                on_stage: hex(0xeef1f0),
                stage_quiet: hex(0xa9b3b0),
                stage_edge: hex(0x737e7b),
                stage_line: hex(0x39403e),
                mark: hex(0x6a5210),
            },
        ),
        Look::Newspaper => (
            Palette {
                rubric: hex(0x1d4e7a),
                on_rubric: WHITE,
                ground: hex(0xfbfaf6),
                wall: hex(0xf0eee6),
                ink: hex(0x16140f),
                quiet: hex(0x57534a),
                line: hex(0xcfcabd),
                edge: hex(0x78736a),
                stage: hex(0xe4e1d7),
                on_stage: hex(0x16140f),
                stage_quiet: hex(0x4b473f),
                stage_edge: hex(0x6b665c),
                stage_line: hex(0xc3beb0),
                mark: hex(0xf5dc7c),
            },
            Palette {
                rubric: hex(0x8fc1ee),
                on_rubric: hex(0x08202f),
                ground: hex(0x171613),
                wall: hex(0x201f1b),
                ink: hex(0xece8de),
                quiet: hex(0xb0aa9d),
                line: hex(0x3a372f),
                edge: hex(0x837d70),
                stage: hex(0x0d0c0a),
                on_stage: hex(0xf0ece2),
                stage_quiet: hex(0xb0aa9d),
                stage_edge: hex(0x7c766a),
                stage_line: hex(0x3d3a33),
                mark: hex(0x645010),
            },
        ),
    }
}

impl Palette {
    fn get(&self, name: ColourName) -> Rgb {
        match name {
            ColourName::Accent => self.rubric,
            ColourName::OnAccent => self.on_rubric,
            ColourName::Ground => self.ground,
            ColourName::Wall => self.wall,
            ColourName::Ink => self.ink,
            ColourName::Quiet => self.quiet,
            ColourName::Line => self.line,
            ColourName::Edge => self.edge,
            ColourName::Stage => self.stage,
            ColourName::OnStage => self.on_stage,
            ColourName::Mark => self.mark,
        }
    }

    fn set(&mut self, name: ColourName, value: Rgb) {
        let place = match name {
            ColourName::Accent => &mut self.rubric,
            ColourName::OnAccent => &mut self.on_rubric,
            ColourName::Ground => &mut self.ground,
            ColourName::Wall => &mut self.wall,
            ColourName::Ink => &mut self.ink,
            ColourName::Quiet => &mut self.quiet,
            ColourName::Line => &mut self.line,
            ColourName::Edge => &mut self.edge,
            ColourName::Stage => &mut self.stage,
            ColourName::OnStage => &mut self.on_stage,
            ColourName::Mark => &mut self.mark,
        };
        *place = value;
        if matches!(name, ColourName::Stage | ColourName::OnStage) {
            self.stage_quiet = self.on_stage.mixed(self.stage, 0.25);
            self.stage_edge = self.on_stage.mixed(self.stage, 0.45);
            self.stage_line = self.on_stage.mixed(self.stage, 0.8);
        }
    }

    /// Returns the declarations of the custom properties.
    pub(super) fn css(&self) -> String {
        let Palette {
            rubric,
            on_rubric,
            ground,
            wall,
            ink,
            quiet,
            line,
            edge,
            stage,
            on_stage,
            stage_quiet,
            stage_edge,
            stage_line,
            mark,
        } = self;
        format!(
            "--rubric:{rubric};--on-rubric:{on_rubric};--ground:{ground};--wall:{wall};--ink:{ink};--quiet:{quiet};\
             --line:{line};--edge:{edge};--stage:{stage};--on-stage:{on_stage};--stage-quiet:{stage_quiet};\
             --stage-edge:{stage_edge};--stage-line:{stage_line};--mark:{mark}"
        )
    }
}

/// The minimum contrast of text (WCAG 2.2, 1.4.3).
const TEXT: f64 = 4.5;
/// The minimum contrast of controls (WCAG 2.2, 1.4.11).
const CONTROL: f64 = 3.0;

/// The pairs of colours that the style sheet lays on one another, and the minimum contrast of each.
const PAIRS: [(ColourName, ColourName, f64); 13] = [
    (ColourName::Ink, ColourName::Ground, TEXT),
    (ColourName::Ink, ColourName::Wall, TEXT),
    (ColourName::Ink, ColourName::Mark, TEXT),
    (ColourName::Quiet, ColourName::Ground, TEXT),
    (ColourName::Quiet, ColourName::Wall, TEXT),
    (ColourName::Accent, ColourName::Ground, TEXT),
    (ColourName::Accent, ColourName::Wall, TEXT),
    (ColourName::OnAccent, ColourName::Accent, TEXT),
    // Strong buttons under the pointer.
    (ColourName::Ground, ColourName::Ink, TEXT),
    (ColourName::OnStage, ColourName::Stage, 7.0),
    (ColourName::Edge, ColourName::Ground, CONTROL),
    (ColourName::Edge, ColourName::Wall, CONTROL),
    (ColourName::Mark, ColourName::Ink, TEXT),
];

/// Returns the first pair with too little contrast that contains one of `names`.
fn failing_pair(palette: &Palette, names: &[ColourName]) -> Option<(ColourName, ColourName, f64)> {
    let fails = |(front, back, minimum): &(ColourName, ColourName, f64)| {
        let is_set = names.contains(front) || names.contains(back);
        is_set && palette.get(*front).contrast(palette.get(*back)) < *minimum
    };
    PAIRS.into_iter().find(fails)
}

/// A colour scheme of a browser.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Light,
    Dark,
}

/// Replaces colours of the palettes of a look with those of the institution. Colours without enough contrast are
/// reported in `problems`, and not used.
pub(super) fn with_colours(
    look: Look,
    colours: &[ColourConfig],
    problems: &mut Vec<Problem>,
) -> (Palette, Palette) {
    let (light, dark) = of_look(look);
    let of = |scheme: Scheme| {
        let set = colours.iter().filter_map(move |colour| {
            let value = match scheme {
                Scheme::Light => &colour.light,
                Scheme::Dark => &colour.dark,
            };
            Some((colour.name, value.clone()?))
        });
        set.collect::<Vec<_>>()
    };
    let light = apply(light, of(Scheme::Light), Scheme::Light, problems);
    let mut for_dark = of(Scheme::Dark);
    // An accent without a value for the dark scheme gets a lighter shade.
    let accent = colours
        .iter()
        .find(|colour| colour.name == ColourName::Accent);
    if let Some(ColourConfig {
        light: Some(accent),
        dark: None,
        ..
    }) = accent
    {
        let mut palette = dark;
        for (name, colour) in &for_dark {
            palette.set(*name, colour.value);
        }
        let value = readable(accent.value, &[palette.ground, palette.wall], WHITE);
        let line = accent.line;
        for_dark.push((ColourName::Accent, Located { value, line }));
    }
    (light, apply(dark, for_dark, Scheme::Dark, problems))
}

fn apply(
    base: Palette,
    mut colours: Vec<(ColourName, Located<Rgb>)>,
    scheme: Scheme,
    problems: &mut Vec<Problem>,
) -> Palette {
    loop {
        let mut palette = base;
        for (name, colour) in &colours {
            palette.set(*name, colour.value);
        }
        let names: Vec<ColourName> = colours.iter().map(|(name, _)| *name).collect();
        if names.contains(&ColourName::Accent) && !names.contains(&ColourName::OnAccent) {
            let contrast = |colour: &Rgb| (colour.contrast(palette.rubric) * 100.0) as u32;
            let best = [WHITE, NEAR_BLACK, BLACK].into_iter().max_by_key(contrast);
            palette.on_rubric = best.unwrap_or(WHITE);
        }
        let Some((front, back, minimum)) = failing_pair(&palette, &names) else {
            return palette;
        };
        // The text is reported if the institution has chosen both colours.
        let name = if names.contains(&front) { front } else { back };
        let other = if name == front { back } else { front };
        let Some(at) = names.iter().position(|set| *set == name) else {
            return palette;
        };
        let (_, colour) = colours.remove(at);
        let against = palette.get(other);
        let toward = if against.luminance() > 0.18 {
            BLACK
        } else {
            WHITE
        };
        problems.push(low_contrast(
            (name, &colour),
            (other, against),
            (minimum, scheme),
            readable_at(colour.value, &[against], toward, minimum),
        ));
    }
}

/// Mixes a colour with black or white until it can be read on all of the given backgrounds.
fn readable(colour: Rgb, backgrounds: &[Rgb], toward: Rgb) -> Rgb {
    readable_at(colour, backgrounds, toward, TEXT)
}

fn readable_at(colour: Rgb, backgrounds: &[Rgb], toward: Rgb, minimum: f64) -> Rgb {
    let shades = (0..=50).map(|step| colour.mixed(toward, f64::from(step) / 50.0));
    let is_readable = |shade: &Rgb| {
        let contrasts = backgrounds
            .iter()
            .map(|background| shade.contrast(*background));
        contrasts.fold(f64::MAX, f64::min) >= minimum
    };
    shades.into_iter().find(is_readable).unwrap_or(toward)
}

fn low_contrast(
    (name, colour): (ColourName, &Located<Rgb>),
    (other, against): (ColourName, Rgb),
    (minimum, scheme): (f64, Scheme),
    proposal: Rgb,
) -> Problem {
    let ratio = (colour.value.contrast(against) * 10.0).floor() / 10.0;
    let colour_of = |name: ColourName, colour: Rgb| format!("`{}` ({colour})", name.key());
    let text: Message = match scheme {
        Scheme::Light => message!(
            "{colour} on {background} has a contrast of {ratio} to 1, but at least {minimum} is required. The colour is not used.",
            colour = colour_of(name, colour.value),
            background = colour_of(other, against),
            ratio = ratio.to_string(),
            minimum = minimum.to_string()
        ),
        Scheme::Dark => message!(
            "In the dark colour scheme, {colour} on {background} has a contrast of {ratio} to 1, but at least {minimum} is required. The colour is not used.",
            colour = colour_of(name, colour.value),
            background = colour_of(other, against),
            ratio = ratio.to_string(),
            minimum = minimum.to_string()
        ),
    };
    let hint = message!(
        "A shade with enough contrast is {proposal}.",
        proposal = proposal.to_string()
    );
    Problem::warning("colour-contrast", text, hint)
        .in_file(khizana_store::config::CONFIG_FILE)
        .at_line(colour.line)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn rgb(text: &str) -> Rgb {
        text.parse().unwrap()
    }

    fn colour(name: ColourName, light: Option<&str>, dark: Option<&str>) -> ColourConfig {
        let located = |text: &str| Located {
            value: rgb(text),
            line: 7,
        };
        ColourConfig {
            name,
            light: light.map(located),
            dark: dark.map(located),
        }
    }

    #[test]
    fn every_look_has_enough_contrast() {
        for look in [Look::Khizana, Look::Newspaper] {
            let (light, dark) = of_look(look);
            for palette in [light, dark] {
                assert_eq!(failing_pair(&palette, &ColourName::ALL), None, "{look:?}");
                assert!(
                    palette.stage_quiet.contrast(palette.stage) >= TEXT,
                    "{look:?}"
                );
                assert!(
                    palette.stage_edge.contrast(palette.stage) >= CONTROL,
                    "{look:?}"
                );
            }
        }
    }

    #[test]
    fn the_style_sheet_has_the_colours_of_the_first_look() {
        let css = include_str!("../../../../web/style/base.css");
        let (light, dark) = of_look(Look::Khizana);
        let (before, after) = css
            .split_once("@media (prefers-color-scheme:dark){:root{")
            .unwrap();
        for (palette, css) in [(light, before), (dark, after)] {
            for declaration in palette.css().split(';') {
                let (name, value) = declaration.split_once(':').unwrap();
                let short = match value.as_bytes() {
                    [_, a, b, c, d, e, f] if a == b && c == d && e == f => {
                        format!("{name}:#{}{}{};", *a as char, *c as char, *e as char)
                    }
                    _ => format!("{declaration};"),
                };
                assert!(css.contains(&short), "{short}");
            }
        }
    }

    #[test]
    fn an_accent_gets_a_shade_for_the_dark_scheme_and_text_on_it() {
        let mut problems = Vec::new();
        let green = colour(ColourName::Accent, Some("#0b5d3b"), None);
        let (light, dark) = with_colours(Look::Khizana, &[green], &mut problems);
        assert_eq!(problems, []);
        assert_eq!(light.rubric, rgb("#0b5d3b"));
        assert_eq!(light.on_rubric, WHITE);
        assert!(dark.rubric.contrast(dark.ground) >= TEXT);
        assert!(dark.on_rubric.contrast(dark.rubric) >= TEXT);
    }

    #[test]
    fn a_colour_without_contrast_is_reported_and_not_used() {
        let mut problems = Vec::new();
        let yellow = colour(ColourName::Accent, Some("#ffd700"), None);
        let (light, dark) = with_colours(Look::Khizana, &[yellow], &mut problems);
        assert_eq!(light, of_look(Look::Khizana).0);
        assert_eq!(dark.rubric, rgb("#ffd700"));
        let [problem] = &problems[..] else {
            panic!("{problems:?}")
        };
        assert_eq!((problem.code, problem.line), ("colour-contrast", Some(7)));
        let text = problem.message.to_string();
        assert!(
            text.contains("`accent` (#ffd700) on `ground` (#ffffff)"),
            "{text}"
        );
        let proposal = problem.hint.to_string();
        let proposal = rgb(proposal
            .split_once('#')
            .map(|(_, hex)| format!("#{}", &hex[..6]))
            .unwrap()
            .as_str());
        assert!(proposal.contrast(WHITE) >= TEXT);
    }

    #[test]
    fn a_background_is_reported_if_the_text_is_that_of_the_look() {
        let mut problems = Vec::new();
        let ground = colour(ColourName::Ground, Some("#333333"), None);
        let (light, _) = with_colours(Look::Khizana, &[ground], &mut problems);
        assert_eq!(light, of_look(Look::Khizana).0);
        assert_eq!(problems.len(), 1);
        problems.clear();
        // Together with light text, it has enough contrast.
        let all = [
            colour(ColourName::Ground, Some("#202020"), None),
            colour(ColourName::Wall, Some("#282828"), None),
            colour(ColourName::Ink, Some("#ffffff"), None),
            colour(ColourName::Quiet, Some("#cccccc"), None),
            colour(ColourName::Accent, Some("#ff9988"), None),
            colour(ColourName::Edge, Some("#999999"), None),
            colour(ColourName::Mark, Some("#555500"), None),
        ];
        let (light, _) = with_colours(Look::Khizana, &all, &mut problems);
        assert_eq!(problems, []);
        assert_eq!(light.ground, rgb("#202020"));
    }
}
