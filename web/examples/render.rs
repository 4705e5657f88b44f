use std::io::Read;
fn main() {
    let out = std::env::args().nth(1).unwrap();
    let mut s = String::new();
    std::io::stdin().read_to_string(&mut s).unwrap();
    for line in s.lines() {
        let page: khizana_viewer::Page = serde_json::from_str(line).unwrap();
        let page = khizana_viewer::Page::new(&page.site, &page.lang, page.view);
        let file = format!("{out}/{}", page.file());
        std::fs::create_dir_all(std::path::Path::new(&file).parent().unwrap()).unwrap();
        std::fs::write(file, khizana_viewer::document(&page)).unwrap();
        std::fs::write(format!("{out}/index.html"), khizana_viewer::root_document(&page.site)).unwrap();
    }
}
