//! Tables of contents: `1 المقدمة|12 الباب الأول`.

use khizana_model::{LangMap, LangTag, Section, message};

use super::report::RowReport;
use super::text;
use khizana_model::printable;

/// Parses the entries of `toc`. Returns the sections in the order of their pages.
///
/// The nth entry for a page in one language and the nth entry for the same page in another language
/// are titles of the same section. The page numbers are compared with the number of pages after the
/// files have been inspected. At this stage, only entries of an item without files are rejected.
pub(super) fn parse(
    entries: &[(LangTag, String)],
    has_files: bool,
    report: &mut RowReport,
) -> Vec<Section> {
    // If a file is missing, the page numbers cannot be checked.
    if !report.problems.is_empty() {
        return Vec::new();
    }
    let mut sections: Vec<Section> = Vec::new();
    for (tag, text) in entries {
        let Some((file, title)) = parse_entry(text).filter(|_| has_files) else {
            report.error(
                "toc-invalid",
                message!("`{value}` in `toc` does not consist of the number of a page of the item and a title.", value = printable(text)),
                "Write the number of the page on which the section begins, a space, and the title, as in `1 Preface|12 Chapter one`.",
            );
            continue;
        };
        let untranslated = sections
            .iter_mut()
            .find(|section| section.file == file && section.title.get(tag.as_str()).is_empty());
        match untranslated {
            Some(section) => section.title.push(tag.clone(), title),
            None => sections.push(Section {
                file,
                title: LangMap::of(tag.clone(), title),
            }),
        }
    }
    sections.sort_by_key(|section| section.file);
    sections
}

/// Parses an entry. Returns the index of the page, counted from 0, and the title.
fn parse_entry(entry: &str) -> Option<(u32, &str)> {
    let plain = text::ascii_digits(entry);
    let digits = plain.bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = plain.get(..digits)?.parse().ok()?;
    // The lengths of `plain` and `entry` in bytes may differ, but not in characters.
    let (offset, _) = entry.char_indices().nth(digits)?;
    let rest = entry.get(offset..)?;
    let title = rest.strip_prefix(':').unwrap_or(rest);
    let is_separated = title.len() < rest.len() || rest.starts_with(char::is_whitespace);
    let title = title.trim();
    let file = number.checked_sub(1)?;
    (is_separated && !title.is_empty()).then_some((file, title))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_model::RowPosition;

    use super::*;

    fn sections(entries: &[(&str, &str)], has_files: bool) -> (Vec<Section>, Vec<&'static str>) {
        let entries: Vec<(LangTag, String)> = entries
            .iter()
            .map(|(tag, text)| (tag.parse().unwrap(), (*text).to_owned()))
            .collect();
        let mut report = RowReport::new(
            RowPosition {
                table: "metadata.csv".into(),
                row: 2,
                line: 2,
                sheet: None,
            },
            &[],
            true,
        );
        let sections = parse(&entries, has_files, &mut report);
        let codes = report.problems.iter().map(|problem| problem.code);
        (sections, codes.collect())
    }

    #[test]
    fn sorts_sections_by_page_and_merges_languages() {
        let (parsed, problems) = sections(
            &[
                ("ar", "١ المقدمة"),
                ("ar", "٣: الباب الأول"),
                ("ar", "٣: فصل"),
                ("en", "3 Chapter one"),
                ("en", "3 A section"),
                ("en", "1:Preface"),
                ("en", "2 1001 nights"),
            ],
            true,
        );
        assert_eq!(problems, [""; 0]);
        let titles: Vec<(u32, &[String], &[String])> = parsed
            .iter()
            .map(|section| {
                (
                    section.file,
                    section.title.get("ar"),
                    section.title.get("en"),
                )
            })
            .collect();
        let text = |text: &str| vec![text.to_owned()];
        assert_eq!(
            titles,
            [
                (0, &*text("المقدمة"), &*text("Preface")),
                (1, &[], &*text("1001 nights")),
                (2, &*text("الباب الأول"), &*text("Chapter one")),
                (2, &*text("فصل"), &*text("A section")),
            ]
        );
    }

    #[test]
    fn rejects_entries_without_a_page_of_the_item() {
        for wrong in [
            "المقدمة",
            "0 Preface",
            "1",
            "1 ",
            "1st",
            "1.5 x",
            "99999999999 x",
            "-1 x",
            "",
        ] {
            assert_eq!(
                sections(&[("en", wrong)], true),
                (vec![], vec!["toc-invalid"]),
                "{wrong}"
            );
        }
        assert_eq!(sections(&[("en", "1 x")], false).1, ["toc-invalid"]);
    }
}
