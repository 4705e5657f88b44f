fn main() {
    for path in std::env::args().skip(1) {
        println!("== {path}");
        match khizana_source::open(path.as_ref()) {
            Err(e) => println!("{}: {e}\n  {}", e.code(), e.hint()),
            Ok(s) => {
                let mut rows = s.rows().unwrap();
                for row in rows.by_ref() {
                    match row.item {
                        Ok(i) => println!("{} {:?} {:?} {:?} {:?} {:?}", i.item.id, i.item.title, i.item.fields, i.item.date, i.item.languages, i.files.len()),
                        Err(p) => p.iter().for_each(|p| println!("{p}")),
                    }
                }
                for p in rows.finish() { println!("{p}"); }
            }
        }
    }
}
