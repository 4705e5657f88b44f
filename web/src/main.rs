//! The start of the viewer in the browser.

fn main() {
    khizana_viewer::browser::start();
}
