use khizana_media::*;
use std::{io::Read, path::Path, time::Instant};
fn main() {
    let mut out = None;
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
