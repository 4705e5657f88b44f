use khizana_media::*;
use std::{io::Read, path::Path, time::Instant};
fn main() {
    let mut out = None;
    if std::env::args().nth(1).as_deref() == Some("same") {
        let a: Vec<_> = std::env::args()
            .skip(2)
            .map(|p| {
                let pic = decode(Path::new(&p), &Limits::default()).unwrap();
                let r = renditions(&pic, &[120]).unwrap();
                std::fs::write("/tmp/media-out/t.jpg", &r[0].bytes).unwrap();
                let q = image::load_from_memory_with_format;
                let _ = q;
                (
                    p,
                    r[0].width,
                    r[0].height,
                    decode(Path::new("/tmp/media-out/t.jpg"), &Limits::default()).unwrap(),
                )
            })
            .collect();
        for x in &a {
            println!("{} {}x{} {:?}", x.0, x.1, x.2, diff(&x.3, &a[0].3));
        }
        return;
    }
    if std::env::args().nth(1).as_deref() == Some("make") {
        let (w, h) = (10000u32, 6000u32);
        let mut v = vec![255u8; (w * h * 3) as usize];
        for y in 0..h as usize {
            for x in 0..w as usize {
                let i = (y * w as usize + x) * 3;
                let (a, b) = (x as i64 - 5000, y as i64 - 3000);
                let d = ((a * a + b * b) as f64).sqrt() as i64;
                if d % 97 < 4 || (x + y) % 211 < 3 {
                    v[i] = 30;
                    v[i + 1] = 40;
                    v[i + 2] = 90;
                }
            }
        }
        use image::ImageEncoder;
        let f = std::io::BufWriter::new(std::fs::File::create("/tmp/media-out/line.png").unwrap());
        image::codecs::png::PngEncoder::new(f)
            .write_image(&v, w, h, image::ExtendedColorType::Rgb8)
            .unwrap();
        for (n, p) in [("base.jpg", false), ("prog.jpg", true)] {
            let mut b = vec![];
            let mut e = jpeg_encoder::Encoder::new(&mut b, 85);
            e.set_progressive(p);
            e.encode(&v, w as u16, h as u16, jpeg_encoder::ColorType::Rgb)
                .unwrap();
            std::fs::write(format!("/tmp/media-out/{n}"), b).unwrap();
        }
        return;
    }

    for a in std::env::args().skip(1) {
        if let Some(d) = a.strip_prefix("--out=") {
            out = Some(d.to_string());
            continue;
        }
        let p = Path::new(&a);
        let t = Instant::now();
        let mut h = vec![];
        std::fs::File::open(p)
            .unwrap()
            .take(4096)
            .read_to_end(&mut h)
            .unwrap();
        let f = match probe(p, &h) {
            Ok(f) => format!(
                "{} {:?}x{:?}",
                f.media_type,
                f.width.unwrap_or(0),
                f.height.unwrap_or(0)
            ),
            Err(e) => format!("probe {} {e}", e.code()),
        };
        let tp = t.elapsed();
        let r = decode(p, &Limits::default());
        let td = t.elapsed() - tp;
        let n = p.file_name().unwrap().to_str().unwrap();
        match r {
            Ok(pic) => {
                let t2 = Instant::now();
                let m = renditions(&pic, &[2000, 1000, 400]).unwrap();
                let tr = t2.elapsed();
                println!(
                    "{n}: {f} -> {}x{} dom {:?} probe {tp:?} dec {td:?} rend {tr:?} {:?}",
                    pic.width(),
                    pic.height(),
                    pic.dominant(),
                    m.iter()
                        .map(|r| (r.width, r.bytes.len()))
                        .collect::<Vec<_>>()
                );
                if let Some(o) = &out {
                    for r in &m {
                        std::fs::write(format!("{o}/{n}.{}.jpg", r.width), &r.bytes).unwrap();
                    }
                }
            }
            Err(e) => println!("{n}: {f} -> {} | {e} {td:?}", e.code()),
        }
    }
    if let Ok(s) = std::fs::read_to_string("/proc/self/status") {
        println!("{}", s.lines().find(|l| l.starts_with("VmHWM")).unwrap());
    }
}

fn diff(a: &Picture, b: &Picture) -> f64 {
    let (x, y) = (format!("{a:?}"), format!("{b:?}"));
    if x != y {
        return 999.0;
    }
    let f = |p: &Picture| renditions(p, &[6]).unwrap().remove(0).bytes;
    let _ = f;
    let (ga, gb) = (grid(a), grid(b));
    ga.iter()
        .zip(&gb)
        .map(|(p, q)| (*p as f64 - *q as f64).abs())
        .sum::<f64>()
        / ga.len() as f64
}
fn grid(p: &Picture) -> Vec<u8> {
    std::fs::write(
        "/tmp/media-out/g.jpg",
        &renditions(p, &[p.width()]).unwrap()[0].bytes,
    )
    .unwrap();
    let f = std::fs::read("/tmp/media-out/g.jpg").unwrap();
    let mut d = zune_jpeg::JpegDecoder::new(zune_core::bytestream::ZCursor::new(f));
    d.decode().unwrap()
}
