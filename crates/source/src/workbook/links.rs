//! Links of cells.

use std::path::Path;

use khizana_model::Id;

use super::cell::Cell;
use crate::column::{Column, Role};
use crate::files::is_remote;
use crate::reader::Value;

/// Fields whose values refer to other resources, so that the address of a link is a value.
const REFERENCES: [&str; 6] = [
    "relation",
    "source",
    "identifier",
    "references",
    "is_part_of",
    "see_also",
];

/// Returns the value of a cell with a link. Returns `None` if the link is not used.
///
/// - In columns of files, the target replaces a text that is neither an address nor the path of a file.
/// - In columns of images, the target is added to such a text.
/// - In the column of rights, the target is the address of the statement, and the text is kept.
/// - In fields that refer to other resources, the target is added to the text.
pub(super) fn linked_value(
    folder: &Path,
    column: &Column,
    text: &str,
    link: &str,
) -> Option<Value> {
    let one = |text: &str| Value::One(text.to_owned());
    let is_path = |text: &str| is_remote(text) || text.contains('|') || folder.join(text).exists();
    match column.role {
        Role::File | Role::Text | Role::Poster | Role::Track(_) => local_target(link)
            .filter(|_| !is_path(text))
            .map(Value::One),
        Role::Image(_) if !is_path(text) => {
            local_target(link).map(|target| Value::Many(vec![one(text), Value::One(target)]))
        }
        Role::Rights if is_remote(link) && !is_remote(text) => {
            Some(Value::Many(vec![one(link), one(text)]))
        }
        Role::Field | Role::Identifier
            if is_remote(link) && REFERENCES.contains(&column.name.as_str()) =>
        {
            let mut values: Vec<Value> = match column.separator {
                Some(separator) => text.split(separator).map(one).collect(),
                None => vec![one(text)],
            };
            values.push(one(link));
            Some(Value::Many(values))
        }
        _ => None,
    }
}

/// Returns `true` if a link says more than the text of its cell, so that it is reported if it is not
/// used.
pub(super) fn is_worth_reporting(cell: &Cell, text: &str) -> bool {
    let Some(link) = &cell.link else {
        return false;
    };
    let without_slash = |address: &str| address.trim_end_matches('/').to_owned();
    is_remote(link) && without_slash(link) != without_slash(text) && Id::slugify(text).is_some()
}

/// Returns the target of a link as a path relative to the workbook, or an address. Returns `None` if
/// it is a place in the workbook, a mail address, or a path on a drive.
fn local_target(link: &str) -> Option<String> {
    let link = link.trim();
    if is_remote(link) {
        return Some(link.to_owned());
    }
    let path = link
        .split('#')
        .next()
        .unwrap_or_default()
        .replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    if path.is_empty() || path.contains(':') || path.starts_with('/') {
        return None;
    }
    Some(percent_decoded(path))
}

/// Decodes escapes such as `%20`. Returns the path itself if they are not UTF-8.
fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let code = after.get(..2).filter(|_| *byte == b'%');
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) => {
                bytes.push(code);
                rest = after.get(2..).unwrap_or_default();
            }
            None => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_paths_or_addresses() {
        for (link, target) in [
            ("pages/1.tif", Some("pages/1.tif")),
            (".\\pages\\1%20a.tif", Some("pages/1 a.tif")),
            (
                "https://example.org/a%20b",
                Some("https://example.org/a%20b"),
            ),
            ("pages/100%.tif", Some("pages/100%.tif")),
            ("%FF.tif", Some("%FF.tif")),
            ("#Sheet1!A1", None),
            ("mailto:a@example.org", None),
            ("C:\\scans\\1.tif", None),
            ("file:///C:/scans/1.tif", None),
            ("\\\\server\\scans\\1.tif", None),
        ] {
            assert_eq!(local_target(link).as_deref(), target, "{link}");
        }
    }
}
