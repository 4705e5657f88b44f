//! The page of the documentation.

use super::motion::Motion;
use super::{Done, Measured, Task};

const METHOD: &str = "
## How it was measured

Both are given the same files, by turns, on a machine that does nothing else; of several runs the one of \
the middle counts, and the most memory of all. The large image is drawn by libvips from a seed: noise of \
five sizes in each colour, saved as JPEG of quality 90, and the pixels of that as TIFF with Deflate.

- **Khizana**: `khizana publish` into an empty folder, of an archive that holds the image. That makes three \
  page sizes, the index, the pages and the manifests too, and copies the viewer. What `khizana ingest` takes \
  before it, which reads the file once to check, hash and store it, is counted with the photographs and not \
  with the large image. Files and bytes are those of the tile pack.
- **libvips**: `vips dzsave --layout iiif3 --tile-size 512 --suffix .jpg[Q=80]`.
- **Photographs**: parts of the large image, 2 to 12 megapixels. Khizana: `khizana ingest` and `khizana \
  publish`, from nothing. libvips: of each file `sha256sum`, `vipsthumbnail` in the same three widths and \
  `vips dzsave`, as many files at once as there are processors. Files and bytes are those of page sizes and \
  tiles; libvips makes tiles of every photograph, Khizana of those that its page sizes do not show.
- **Likeness** is SSIM of the luminance of eight tiles of the largest level.
- **Opening**: ours is the published page of the image; the others are given libvips’ tiles from the same \
  server, OpenSeadragon as a bare page, TIFY and Mirador through a manifest. *Sharp* is when the last of what \
  the screen needs has come: a derivative or a tile. Scripts and Wasm go out in brotli.
- Memory is what the process and those it started held, at their peak.
";

/// The whole page.
pub fn page(machine: &[String], date: Option<&str>, runs: usize, measured: &Measured) -> String {
    let mut out = String::from(
        "# Images, measured\n\n`cargo xtask bench media` makes this page: the same images into tiles \
         and page sizes, by Khizana and by libvips.\n\n",
    );
    for line in machine {
        out.push_str(&format!("- {line}\n"));
    }
    if let Some(date) = date {
        out.push_str(&format!("- {date}\n"));
    }
    out.push_str(&format!("- {runs} runs of each large image\n\n"));
    out.push_str("| | | Khizana | libvips | ratio |\n|---|---|--:|--:|--:|\n");
    for task in &measured.tasks {
        rows(&mut out, task, measured.photographs);
    }
    if let Some(again) = measured.again {
        out.push_str(&format!(
            "\n`khizana publish` again, after the title of one of {} photographs has changed: {again:.1} s.\n",
            measured.photographs
        ));
    }
    opened(&mut out, measured);
    if let Some(motion) = &measured.motion {
        out.push_str(&moving(motion));
    }
    out.push_str(METHOD);
    out
}

/// How soon the large image is seen.
fn opened(out: &mut String, measured: &Measured) {
    if measured.opened.is_empty() {
        return;
    }
    out.push_str(
        "\n## Opening the large image\n\nOver Chromium’s “Slow 4G” (1.6 Mbit/s, 150 ms), with the processor \
         slowed four times and nothing cached, on a screen of 1280 × 800; the median of three visits.\n\n\
         | viewer | picture in the page | index or tile asked for | first tile asked for | sharp | over the \
         line |\n|---|--:|--:|--:|--:|--:|\n",
    );
    let seconds = |value: Option<f64>| match value {
        Some(milliseconds) => format!("{:.2} s", milliseconds / 1000.0),
        None => "–".to_owned(),
    };
    for one in &measured.opened {
        let times = &one.times;
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} | {:.0} kB |\n",
            one.name,
            seconds(times.visible),
            seconds(times.index),
            seconds(times.first),
            seconds(times.sharp),
            times.bytes / 1000.0
        ));
    }
}

/// How evenly it moves.
fn moving(motion: &Motion) -> String {
    let megabytes = |bytes: f64| format!("{:.0} MB", bytes / 1e6);
    format!(
        "\n## In motion\n\nThe large image in our viewer, in headless Chromium without a graphics card, on a \
         screen of 1280 × 800, while a hand turns the wheel and drags for {} seconds, over the whole pyramid: \
         {:.1} of 100 frames came a sixtieth of a second after the one before, 95 of 100 within {:.1} ms ({} \
         frames). The process that renders the page held {} when the view was open, {} at the end, and {} at \
         most.\n",
        motion.seconds,
        motion.in_time / motion.frames * 100.0,
        motion.p95,
        motion.frames,
        megabytes(motion.first_bytes),
        megabytes(motion.last_bytes),
        megabytes(motion.most_bytes),
    )
}

fn rows(out: &mut String, task: &Task, photographs: usize) {
    let name = match task.likeness {
        Some(_) => task.name.clone(),
        None => format!("{photographs} {}", task.name),
    };
    let (own, peer) = (&task.own, &task.peer);
    let memory = |done: &Done| done.cost.peak_bytes.unwrap_or(0) as f64 / 1e6;
    let mut row = |what: &str, own: String, peer: String, ratio: f64| {
        let line = format!("| {name} | {what} | {own} | {peer} | {ratio:.2} |\n");
        out.push_str(&line);
    };
    let (a, b) = (own.cost.seconds, peer.cost.seconds);
    row("time", format!("{a:.2} s"), format!("{b:.2} s"), a / b);
    let (a, b) = (memory(own), memory(peer));
    row("memory", format!("{a:.0} MB"), format!("{b:.0} MB"), a / b);
    let (a, b) = (own.bytes as f64 / 1e6, peer.bytes as f64 / 1e6);
    row("bytes", format!("{a:.1} MB"), format!("{b:.1} MB"), a / b);
    let (a, b) = (own.files, peer.files);
    row("files", a.to_string(), b.to_string(), a as f64 / b as f64);
    if let Some((a, b)) = task.likeness {
        row("likeness", format!("{a:.4}"), format!("{b:.4}"), a / b);
    }
}
