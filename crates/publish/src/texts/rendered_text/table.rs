//! CSV and TSV as a table.

use csv::{ByteRecord, ReaderBuilder};

use super::html::{direction, push};

/// So many rows are shown, the names of the columns aside.
pub(super) const ROWS: u32 = 200;
/// So many columns.
const COLUMNS: usize = 100;
/// So many letters of a cell.
const CELL: usize = 1_000;
/// No row is begun after so many bytes.
const BYTES: usize = 96 << 10;

/// A table as it is shown.
pub(super) struct Table {
    pub(super) html: String,
    /// How many rows are shown.
    pub(super) shown: u32,
    /// How many there are.
    pub(super) rows: u32,
}

/// Reads a table whose first row names the columns. `None` where there is nothing in it.
pub(super) fn read(text: &str, tabs: bool, name: &str) -> Option<Table> {
    let first = text.lines().next().unwrap_or_default();
    let separator = match tabs {
        true => b'\t',
        false if first.contains(';') && !first.contains(',') => b';',
        false => b',',
    };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut record = ByteRecord::new();
    // What is in memory can be read, and rows may have any length.
    let mut next = |record: &mut ByteRecord| reader.read_byte_record(record).unwrap_or(false);

    if !next(&mut record) {
        return None;
    }
    let mut body = String::from("<thead>");
    row(
        &mut body,
        &record,
        "<th scope=\"col\" dir=\"auto\">",
        "</th>",
    );
    body.push_str("</thead><tbody>");
    let names = String::from_utf8_lossy(record.as_slice()).into_owned();
    let (mut shown, mut rows) = (0, 0u32);
    while next(&mut record) {
        if shown < ROWS && shown == rows && body.len() < BYTES {
            row(&mut body, &record, "<td dir=\"auto\">", "</td>");
            shown += 1;
        }
        rows = rows.saturating_add(1);
    }
    body.push_str("</tbody>");

    let mut html =
        String::from("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"");
    push(&mut html, name);
    html.push_str("\" dir=\"");
    html.push_str(direction(&names));
    html.push_str("\"><table><caption><bdi>");
    push(&mut html, name);
    html.push_str("</bdi></caption>");
    html.push_str(&body);
    html.push_str("</table></div>");
    Some(Table { html, shown, rows })
}

fn row(out: &mut String, record: &ByteRecord, before: &str, after: &str) {
    out.push_str("<tr>");
    for cell in record.iter().take(COLUMNS) {
        let cell = String::from_utf8_lossy(cell);
        out.push_str(before);
        match cell.char_indices().nth(CELL) {
            Some((end, _)) => {
                push(out, cell.get(..end).unwrap_or_default());
                out.push('…');
            }
            None => push(out, &cell),
        }
        out.push_str(after);
    }
    if record.len() > COLUMNS {
        out.push_str(before);
        out.push('…');
        out.push_str(after);
    }
    out.push_str("</tr>");
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(text: &str) -> Table {
        read(text, false, "t.csv").unwrap()
    }

    #[test]
    fn the_first_row_names_the_columns_and_each_cell_has_its_own_direction() {
        let table = of("الاسم,Year\n\"ابن, رشد\",1126\n");
        assert_eq!(
            table.html,
            "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"t.csv\" dir=\"rtl\">\
             <table><caption><bdi>t.csv</bdi></caption><thead><tr><th scope=\"col\" dir=\"auto\">الاسم</th>\
             <th scope=\"col\" dir=\"auto\">Year</th></tr></thead><tbody><tr><td dir=\"auto\">ابن, رشد</td>\
             <td dir=\"auto\">1126</td></tr></tbody></table></div>"
        );
        assert_eq!((table.shown, table.rows), (1, 1));
    }

    #[test]
    fn semicolons_tabs_and_rows_of_any_length_are_understood() {
        let cells = |table: &Table| table.html.matches("<td").count();
        assert_eq!(cells(&of("a;b\n1;2\n")), 2);
        assert_eq!(cells(&of("a,b;c\n1,2;3\n")), 2);
        assert_eq!(cells(&of("a,b\n1\n1,2,3\n")), 4);
        assert_eq!(cells(&read("a\tb\n1\t2,3\n", true, "t").unwrap()), 2);
        assert!(read("", false, "t").is_none());
        assert!(read("\n\n", false, "t").is_none());
    }

    #[test]
    fn two_hundred_rows_are_shown_and_all_are_counted() {
        let text = format!("n\n{}", "1\n".repeat(12_345));
        let table = of(&text);
        assert_eq!((table.shown, table.rows), (ROWS, 12_345));
        assert_eq!(table.html.matches("<td").count(), 200);
        let text = format!("n\n{}", format!("{}\n", "long ".repeat(199)).repeat(500));
        let table = of(&text);
        assert!(table.shown < ROWS && table.shown > 50, "{}", table.shown);
        assert_eq!(table.rows, 500);
    }

    #[test]
    fn what_is_no_text_is_not_markup_either() {
        let hostile = "<script>alert(1)</script>,\"<img src=x onerror=\"\"a\"\">\"\n\0\x07,'&\n";
        let html = read(hostile, false, "\"><script>.csv").unwrap().html;
        assert!(
            !html.contains("<script") && !html.contains("<img"),
            "{html}"
        );
        assert!(html.contains("&lt;script&gt;alert(1)"), "{html}");
        assert!(html.contains("aria-label=\"&quot;&gt;&lt;script&gt;.csv\""));
        assert!(html.contains("\u{fffd}\u{fffd}</td>"), "{html}");
        assert!(!html.contains('\0'));
    }

    #[test]
    fn one_cell_of_ten_megabytes_and_a_hundred_thousand_columns_stay_small() {
        let cell = format!("a,b\n{},1\n", "ع".repeat(5 << 20));
        let table = of(&cell);
        assert_eq!((table.shown, table.rows), (1, 1));
        assert!(table.html.len() < 3_000, "{}", table.html.len());
        let open = of(&format!("a,b\n\"{}", "x,\n".repeat(3 << 20)));
        assert_eq!(open.rows, 1);
        let wide = format!("{}\n", "x,".repeat(100_000)).repeat(3);
        let table = of(&wide);
        assert_eq!(table.html.matches("<td").count(), 2 * (COLUMNS + 1));
        assert!(table.html.contains("…"));
    }
}
