//! Sheets of the parts of an astrolabe, and of the assembled instrument.

mod back;
mod mater;
mod plate;
mod rete;

use crate::abjad::Abjad;
use crate::canvas::{Anchor, Canvas, Ink, Outline, ink};
use crate::error::DemoError;
use crate::lettering::{Fonts, Weight};
use crate::projection;

pub use back::back_sheet;
pub use mater::mater_sheet;
pub use plate::{Plate, plate_sheet};
pub use rete::{Rete, rete_sheet};

/// The colours of an instrument.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// Colour of the paper.
    pub paper: Ink,
    /// Colour of the area more than 18° below the horizon.
    pub night: Ink,
    /// Colour of the area between the horizon and 18° below it.
    pub dusk: Ink,
    /// Colour of the area above the horizon.
    pub sky: Ink,
    /// Colour of lettering and main lines on the sky.
    pub line: Ink,
    /// Colour of fine lines on the sky.
    pub fine: Ink,
    /// Colour of lines on the night area, and of metal.
    pub gold: Ink,
}

/// A palette of indigo and gold, used for the assembled instrument.
pub const INDIGO: Palette = Palette {
    paper: ink(0xf3ecdd),
    night: ink(0x1b2a41),
    dusk: ink(0x3d5270),
    sky: ink(0xfaf4e4),
    line: ink(0x22314a),
    fine: ink(0xa5532f),
    gold: ink(0xd9b565),
};

/// A palette of pine green and brass.
pub const PINE: Palette = Palette {
    paper: ink(0xf1eee1),
    night: ink(0x17332d),
    dusk: ink(0x3c5f55),
    sky: ink(0xf8f5e6),
    line: ink(0x1d3b34),
    fine: ink(0x9a6a1f),
    gold: ink(0xcfae66),
};

/// A palette of wine red and rose gold.
pub const WINE: Palette = Palette {
    paper: ink(0xf4ece2),
    night: ink(0x3c1a26),
    dusk: ink(0x6d4049),
    sky: ink(0xfbf3e7),
    line: ink(0x46202b),
    fine: ink(0x2f6a72),
    gold: ink(0xdcae7e),
};

/// A palette of slate and ochre.
pub const SLATE: Palette = Palette {
    paper: ink(0xefece4),
    night: ink(0x2b2f36),
    dusk: ink(0x565c66),
    sky: ink(0xf7f3e9),
    line: ink(0x2d3138),
    fine: ink(0x8c4a2f),
    gold: ink(0xc9a35c),
};

/// Width of the sheets in units. For most sheets, a unit is a pixel.
const SHEET_WIDTH: f64 = 2400.0;

/// Draws the title and subtitle below the figure of a sheet.
fn draw_caption(
    canvas: &mut Canvas,
    fonts: &Fonts,
    palette: &Palette,
    title: &str,
    subtitle: &str,
) -> Result<(), DemoError> {
    let title = fonts.line(title, Weight::Bold, 104.0)?;
    canvas.text(
        &title,
        (SHEET_WIDTH / 2.0, 2520.0),
        Anchor::Middle,
        palette.line,
    );
    let subtitle = fonts.line(subtitle, Weight::Regular, 58.0)?;
    canvas.text(
        &subtitle,
        (SHEET_WIDTH / 2.0, 2640.0),
        Anchor::Middle,
        Ink(palette.fine.0, 0.95),
    );
    let rule = Outline::line(&[
        (SHEET_WIDTH / 2.0 - 90.0, 2388.0),
        (SHEET_WIDTH / 2.0 + 90.0, 2388.0),
    ]);
    canvas.stroke(&rule, palette.gold, 4.0);
    Ok(())
}

/// Draws the assembled instrument for Baghdad: mater, plate and rete. The image is a square of
/// 8,400 × 8,400 pixels.
///
/// # Errors
/// Returns [`DemoError::GlyphMissing`] if no font contains a character, and [`DemoError::TooLarge`]
/// if the memory for the image cannot be allocated.
pub fn assembled_sheet(fonts: &Fonts) -> Result<Canvas, DemoError> {
    let paper = ink(0x10202b);
    let mut canvas = Canvas::new(SHEET_WIDTH, SHEET_WIDTH, 3.5, paper)?;
    let palette = INDIGO;
    let centre = (SHEET_WIDTH / 2.0, 1310.0);
    let rim = 850.0;
    mater::draw(&mut canvas, fonts, centre, rim, Abjad::Eastern, &palette)?;
    Plate {
        latitude: 33.0 + 20.0 / 60.0,
        inscription: None,
        abjad: Abjad::Eastern,
        step: 3,
        centre,
        unit: rim / projection::rim(),
        palette,
        has_azimuths: true,
        has_hours: true,
    }
    .draw(&mut canvas, fonts)?;
    // With this rotation, the Pleiades are in the east.
    Rete {
        centre,
        unit: rim / projection::rim(),
        rotation: 24.0,
        palette,
    }
    .draw(&mut canvas, fonts)?;
    Ok(canvas)
}
