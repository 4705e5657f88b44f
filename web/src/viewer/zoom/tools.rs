//! The HTML of the dialog.

use khizana_pages::i18n::{self, Lang};

/// Returns the HTML of the canvases, toolbar and panels. It contains only interface text.
pub fn tools(lang: Lang) -> String {
    let mut out = String::from(
        "<canvas class=zoom-canvas tabindex=0 autofocus role=img></canvas>\
         <canvas class=zoom-navigator aria-hidden=true></canvas><div class=zoom-tools>",
    );
    let buttons = [
        ("in", i18n::zoom_in(lang), "M8 3v10M3 8h10"),
        ("out", i18n::zoom_out(lang), "M3 8h10"),
        (
            "whole",
            i18n::zoom_fit(lang),
            "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3",
        ),
        (
            "turn",
            i18n::zoom_rotate(lang),
            "M12.5 9A5 5 0 1 1 11 4.2M11 1v3.4H7.6",
        ),
        (
            "mirror",
            i18n::zoom_flip(lang),
            "M8 2v12M6 5L2 11h4zM10 5l4 6h-4z",
        ),
        (
            "full",
            i18n::zoom_full_screen(lang),
            "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4M6 6h4v4H6z",
        ),
        (
            "light",
            i18n::zoom_light(lang),
            "M8 3a5 5 0 0 0 0 10zM8 3a5 5 0 0 1 0 10",
        ),
        ("pair", i18n::zoom_compare(lang), "M2 4h5v8H2zM9 4h5v8H9z"),
        (
            "share",
            i18n::share(lang),
            "M8 10V2M5 4.5L8 2l3 2.5M5 7H3v7h10V7h-2",
        ),
        (
            "cite",
            i18n::zoom_cite(lang),
            "M2 4h5v5H5q0 2 2 3M9 4h5v5h-2q0 2 2 3",
        ),
        ("close", i18n::zoom_close(lang), "M4 4l8 8M12 4l-8 8"),
    ];
    for (action, label, path) in buttons {
        let attribute = match action {
            "in" => " aria-keyshortcuts=+",
            "out" => " aria-keyshortcuts=-",
            "whole" => " aria-keyshortcuts=0",
            "turn" => " aria-keyshortcuts=R",
            "mirror" => " aria-keyshortcuts=M",
            "full" => " aria-keyshortcuts=F",
            "light" | "pair" => " aria-expanded=false",
            _ => "",
        };
        out += &format!(
            "<button type=button data-zoom={action}{attribute} title=\"{label}\">\
             <svg viewBox=\"0 0 16 16\" aria-hidden=true><path d=\"{path}\"/></svg></button>"
        );
    }
    out += "</div><div class=zoom-panel data-panel=light hidden>";
    for (name, label, max) in [
        ("brightness", i18n::zoom_brightness(lang), 200),
        ("contrast", i18n::zoom_contrast(lang), 300),
    ] {
        out += &format!(
            "<label>{label}<input type=range name={name} min=40 max={max} value=100></label>"
        );
    }
    let invert = i18n::zoom_invert(lang);
    out += &format!("<label><input type=checkbox name=invert>{invert}</label></div>");
    let (compare_with, none) = (i18n::zoom_with(lang), i18n::zoom_compare_none(lang));
    let (overlay, opacity) = (i18n::zoom_over(lang), i18n::zoom_part(lang));
    let hint = i18n::zoom_compare_hint(lang);
    out += &format!(
        "<div class=zoom-panel data-panel=pair hidden>\
         <p class=zoom-hint>{hint}</p>\
         <label>{compare_with}<select name=with><option value=\"\">{none}</option></select></label>\
         <label><input type=checkbox name=over>{overlay}</label>\
         <label>{opacity}<input type=range name=part max=100 value=50></label></div>"
    );
    out += "<div class=zoom-ruler></div><output class=zoom-scale></output>";
    out
}
