//! Items without files that are parts of another item, such as the articles of a journal.

use khizana_format::{Part, Record};
use khizana_model::{Item, LangMap};

/// Adds to the record of an item without files what it takes from its parent: its place, the image of its
/// first page, and the rights.
pub(super) fn complete(record: &mut Record, parent: &Record) {
    let has_rights = |item: &Item| item.rights.is_some() || item.field("rights_text").is_some();
    if !has_rights(&record.item) {
        record.item.rights.clone_from(&parent.item.rights);
        let fields = parent.item.fields.iter();
        let inherited = fields.filter(|field| field.name == "rights_text");
        record.item.fields.extend(inherited.cloned());
    }
    let Some(canvas) = first_canvas(&record.item, parent) else {
        return;
    };
    record.part = Some(Part {
        canvas,
        pages: pages(&record.item),
        image: parent
            .canvases
            .get(canvas as usize)
            .and_then(|canvas| canvas.image.clone()),
    });
}

/// Returns the pages of an item as its source names them, such as `22–24`.
pub(super) fn pages(item: &Item) -> String {
    let pages = item.field("pages").and_then(|pages| pages.iter().next());
    pages.map_or_else(String::new, |(_, pages)| pages.replace('-', "–"))
}

/// Returns the first number in the pages of an item.
pub(super) fn first_page(item: &Item) -> Option<u32> {
    let pages = pages(item);
    let digits = pages
        .chars()
        .map(digit)
        .skip_while(Option::is_none)
        .map_while(|digit| digit);
    let mut number: Option<u32> = None;
    for digit in digits {
        number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(digit)?);
    }
    number
}

/// Returns the value of a decimal digit, in ASCII or Arabic.
fn digit(c: char) -> Option<u32> {
    match c {
        '٠'..='٩' => Some(c as u32 - '٠' as u32),
        '۰'..='۹' => Some(c as u32 - '۰' as u32),
        c => c.to_digit(10),
    }
}

/// Returns the index of the first page of an item among the canvases of its parent. The page is that with
/// the number as its label, or else the nth one; or that on which a section with the title of the item
/// begins.
fn first_canvas(item: &Item, parent: &Record) -> Option<u32> {
    let canvases = u32::try_from(parent.canvases.len()).ok()?;
    let index = match first_page(item) {
        Some(page) => {
            let mut labels = (0..).zip(&parent.canvases);
            let labelled = labels.find(|(_, canvas)| has_number(&canvas.label, page));
            let labelled = labelled.map(|(index, _)| index);
            labelled.or_else(|| page.checked_sub(1))?
        }
        None => {
            let mut sections = parent.item.contents.iter();
            let section = sections.find(|section| has_same_value(&section.title, &item.title));
            section?.file
        }
    };
    (index < canvases).then_some(index)
}

/// Returns `true` if a label is this number.
fn has_number(label: &LangMap, number: u32) -> bool {
    let is_number = |text: &str| {
        let digits: Option<Vec<u32>> = text.trim().chars().map(digit).collect();
        let digits = digits.filter(|digits| (1..=9).contains(&digits.len()));
        digits.is_some_and(|digits| digits.iter().fold(0, |n, digit| n * 10 + digit) == number)
    };
    label.iter().any(|(_, text)| is_number(text))
}

fn has_same_value(a: &LangMap, b: &LangMap) -> bool {
    a.iter().any(|(_, x)| b.iter().any(|(_, y)| x == y))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn record(json: &str) -> Record {
        khizana_json::from_slice(json.as_bytes()).unwrap()
    }

    /// An issue of four pages, of which the last has the label 22.
    fn issue() -> Record {
        let canvas = r#"{"kind":"image","media_type":"image/png"}"#;
        let labelled = r#"{"kind":"image","media_type":"image/png","label":{"ar":["٢٢"]}}"#;
        record(&format!(
            r#"{{"item":{{"id":"issue","rights":"https://x/","contents":[{{"file":2,"title":{{"ar":["باب"]}}}}]}},"collection":"c","canvases":[{canvas},{canvas},{canvas},{labelled}]}}"#
        ))
    }

    fn part(fields: &str) -> Record {
        let mut record = record(&format!(
            r#"{{"item":{{"id":"a",{fields}}},"collection":"c"}}"#
        ));
        complete(&mut record, &issue());
        record
    }

    fn place(fields: &str) -> Option<(u32, String)> {
        part(fields).part.map(|part| (part.canvas, part.pages))
    }

    fn pages(pages: &str) -> String {
        format!(r#""fields":[{{"name":"pages","values":{{"und":["{pages}"]}}}}]"#)
    }

    #[test]
    fn finds_the_first_page_by_its_label_number_or_section() {
        let some = |canvas, pages: &str| Some((canvas, pages.to_owned()));
        assert_eq!(place(&pages("22-24")), some(3, "22–24"));
        assert_eq!(place(&pages("ص ٢")), some(1, "ص ٢"));
        assert_eq!(place(&pages("23")), None);
        assert_eq!(place(&pages("0")), None);
        assert_eq!(place(&pages("99999999999")), None);
        assert_eq!(place(r#""title":{"ar":["باب"]}"#), some(2, ""));
        assert_eq!(place(r#""title":{"ar":["فصل"]}"#), None);
    }

    #[test]
    fn takes_the_rights_of_the_parent_unless_it_states_them() {
        assert_eq!(part(&pages("1")).item.rights.as_deref(), Some("https://x/"));
        let stated = part(r#""rights":"https://y/""#);
        assert_eq!(stated.item.rights.as_deref(), Some("https://y/"));
        let text = part(r#""fields":[{"name":"rights_text","values":{"ar":["محفوظة"]}}]"#);
        assert_eq!(text.item.rights, None);
    }
}
