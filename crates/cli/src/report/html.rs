//! HTML pages without scripts and other files.

use khizana_pages::escape;

use super::text::{LANGUAGE, LANGUAGES};

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#111;--paper:#fff;--line:#999;--error:#a10d0d;--good:#0a5c2b;--link:#0b4f9e}\
@media (prefers-color-scheme:dark){:root{--ink:#eee;--paper:#16181b;--line:#777;--error:#ff9c94;--good:#7fd6a0;--link:#9cc7ff}}\
body{font:1rem/1.6 'Noto Naskh Arabic','Noto Sans',system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:70rem;margin:0 auto;padding:1rem}\
a{color:var(--link)}\
.language{border-top:2px solid var(--line);margin-top:2rem}\
nav+.language{border-top:0;margin-top:0}\
nav a{display:inline-block;margin-inline-end:1rem}\
h1{font-size:1.5rem}h2{font-size:1.2rem}\
.result{font-size:1.2rem;font-weight:bold;border-inline-start:.4rem solid;padding:.2rem .8rem}\
.intact{color:var(--good)}.damaged{color:var(--error)}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem}dt{font-weight:bold}dd{margin:0;overflow-wrap:anywhere}\
table{border-collapse:collapse;width:100%;font-size:.9rem}\
th,td{border:1px solid var(--line);padding:.3rem .5rem;text-align:start;vertical-align:top;overflow-wrap:anywhere}\
td.code{white-space:nowrap}td.file{min-width:12rem}\
bdi{unicode-bidi:isolate}\
@media print{:root{--ink:#000;--paper:#fff;--line:#777;--error:#a10d0d;--good:#0a5c2b;--link:#000}nav{display:none}.language{break-before:page;border:0;margin:0}nav+.language{break-before:auto}thead{display:table-header-group}tr{break-inside:avoid}}";

/// Returns a page with a section for each language. `title` is the title in Arabic, and `style` is
/// added to the style of all reports. `sections` are in the order of the languages.
pub fn page(title: &str, style: &str, sections: &str) -> String {
    let mut links = String::new();
    for (tag, lang) in LANGUAGES {
        let name = LANGUAGE.in_language(lang);
        links.push_str(&format!("<a href=\"#{tag}\" lang=\"{tag}\">{name}</a>\n"));
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"ar\" dir=\"rtl\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>{STYLE}{style}</style>\n</head>\n<body>\n<nav>\n{links}</nav>\n{sections}</body>\n</html>\n",
    )
}

/// Returns a text that is read from left to right in every language, such as a path.
pub fn left_to_right(text: &str) -> String {
    format!("<bdi dir=\"ltr\">{}</bdi>", escape(text))
}

/// Formats a time in RFC 3339 for people.
pub fn time(rfc3339: &str) -> String {
    let text = rfc3339.replace('T', " ").replace('Z', " UTC");
    format!(
        "<time datetime=\"{}\">{}</time>",
        escape(rfc3339),
        left_to_right(&text)
    )
}
