//! The table of contents of an item: `1 المقدمة|12 الباب الأول`.

use khizana_model::{LangMap, LangTag, Section};

use super::report::RowReport;
use super::text;
use khizana_model::printable;

/// The sections that the entries of `toc` name, in the order of their pages. The nth entry of a page in
/// one language and the nth in another are the same section. Whether there are such pages is known once
/// the files have been looked at; without a file there is none.
pub(super) fn read(
    entries: &[(LangTag, String)],
    has_files: bool,
    report: &mut RowReport,
) -> Vec<Section> {
    // Where a file is missing, it cannot be said which number is wrong.
    if !report.problems.is_empty() {
        return Vec::new();
    }
    let mut sections: Vec<Section> = Vec::new();
    for (tag, written) in entries {
        let Some((file, title)) = entry(written).filter(|_| has_files) else {
            report.error(
                "toc-invalid",
                format!(
                    "`{}` in `toc` is not the number of a page of the item followed by a title.",
                    printable(written)
                ),
                "Write the number of the page on which the section begins, a space, and the title: 1 Preface|12 Chapter one.",
            );
            continue;
        };
        let same = sections
            .iter_mut()
            .find(|own| own.file == file && own.title.get(tag.as_str()).is_empty());
        match same {
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

/// The place of the page, from 0, and the title.
fn entry(written: &str) -> Option<(u32, &str)> {
    let plain = text::ascii_digits(written);
    let digits = plain.bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = plain.get(..digits)?.parse().ok()?;
    // A digit is one character in either script.
    let (at, _) = written.char_indices().nth(digits)?;
    let rest = written.get(at..)?;
    let title = rest.strip_prefix(':').unwrap_or(rest);
    let apart = title.len() < rest.len() || rest.starts_with(char::is_whitespace);
    let title = title.trim();
    let file = number.checked_sub(1)?;
    (apart && !title.is_empty()).then_some((file, title))
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
        let mut report = RowReport::new(RowPosition {
            table: "metadata.csv".into(),
            row: 2,
            line: 2,
        });
        let sections = read(&entries, has_files, &mut report);
        let codes = report.problems.iter().map(|problem| problem.code);
        (sections, codes.collect())
    }

    #[test]
    fn sections_come_in_the_order_of_their_pages_and_join_their_languages() {
        let (found, problems) = sections(
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
        let told: Vec<(u32, &[String], &[String])> = found
            .iter()
            .map(|own| (own.file, own.title.get("ar"), own.title.get("en")))
            .collect();
        let text = |text: &str| vec![text.to_owned()];
        assert_eq!(
            told,
            [
                (0, &*text("المقدمة"), &*text("Preface")),
                (1, &[], &*text("1001 nights")),
                (2, &*text("الباب الأول"), &*text("Chapter one")),
                (2, &*text("فصل"), &*text("A section")),
            ]
        );
    }

    #[test]
    fn an_entry_without_a_page_of_the_item_is_an_error() {
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
