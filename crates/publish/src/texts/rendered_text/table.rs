//! Conversion of CSV and TSV to an HTML table.

use csv::{ByteRecord, ReaderBuilder};

use super::html::{direction, push_escaped};

/// Maximum number of displayed rows, without the header.
pub(super) const MAX_ROWS: u32 = 200;
/// Maximum number of displayed columns.
const MAX_COLUMNS: usize = 100;
/// Maximum number of displayed characters in a cell.
const MAX_CELL_CHARS: usize = 1_000;
/// Size of the HTML after which no more rows are displayed, in bytes.
const MAX_BYTES: usize = 96 << 10;

/// A converted table.
pub(super) struct Table {
    pub(super) html: String,
    /// Number of displayed rows, without the header.
    pub(super) displayed_rows: u32,
    /// Total number of rows, without the header.
    pub(super) rows: u32,
}

/// Converts a table whose first row is the header. Returns `None` if the table is empty.
///
/// `name` is used as the caption.
pub(super) fn render(text: &str, is_tsv: bool, name: &str) -> Option<Table> {
    let header = text.lines().next().unwrap_or_default();
    let delimiter = match is_tsv {
        true => b'\t',
        false if header.contains(';') && !header.contains(',') => b';',
        false => b',',
    };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut row = ByteRecord::new();
    // Errors cannot occur: the text is in memory, and rows can have different lengths.
    let mut read_row = |row: &mut ByteRecord| reader.read_byte_record(row).unwrap_or(false);

    if !read_row(&mut row) {
        return None;
    }
    let mut body = String::from("<thead>");
    push_row(&mut body, &row, "<th scope=\"col\" dir=\"auto\">", "</th>");
    body.push_str("</thead><tbody>");
    let column_names = String::from_utf8_lossy(row.as_slice()).into_owned();
    let (mut displayed_rows, mut rows) = (0, 0u32);
    while read_row(&mut row) {
        if displayed_rows < MAX_ROWS && displayed_rows == rows && body.len() < MAX_BYTES {
            push_row(&mut body, &row, "<td dir=\"auto\">", "</td>");
            displayed_rows += 1;
        }
        rows = rows.saturating_add(1);
    }
    body.push_str("</tbody>");

    let mut html =
        String::from("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"");
    push_escaped(&mut html, name);
    html.push_str("\" dir=\"");
    html.push_str(direction(&column_names));
    html.push_str("\"><table><caption><bdi>");
    push_escaped(&mut html, name);
    html.push_str("</bdi></caption>");
    html.push_str(&body);
    html.push_str("</table></div>");
    Some(Table {
        html,
        displayed_rows,
        rows,
    })
}

fn push_row(out: &mut String, row: &ByteRecord, start_tag: &str, end_tag: &str) {
    out.push_str("<tr>");
    for cell in row.iter().take(MAX_COLUMNS) {
        let cell = String::from_utf8_lossy(cell);
        out.push_str(start_tag);
        match cell.char_indices().nth(MAX_CELL_CHARS) {
            Some((end, _)) => {
                push_escaped(out, cell.get(..end).unwrap_or_default());
                out.push('…');
            }
            None => push_escaped(out, &cell),
        }
        out.push_str(end_tag);
    }
    if row.len() > MAX_COLUMNS {
        out.push_str(start_tag);
        out.push('…');
        out.push_str(end_tag);
    }
    out.push_str("</tr>");
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn render_csv(text: &str) -> Table {
        render(text, false, "t.csv").unwrap()
    }

    #[test]
    fn renders_the_first_row_as_header_and_the_direction_of_each_cell() {
        let table = render_csv("الاسم,Year\n\"ابن, رشد\",1126\n");
        assert_eq!(
            table.html,
            "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"t.csv\" dir=\"rtl\">\
             <table><caption><bdi>t.csv</bdi></caption><thead><tr><th scope=\"col\" dir=\"auto\">الاسم</th>\
             <th scope=\"col\" dir=\"auto\">Year</th></tr></thead><tbody><tr><td dir=\"auto\">ابن, رشد</td>\
             <td dir=\"auto\">1126</td></tr></tbody></table></div>"
        );
        assert_eq!((table.displayed_rows, table.rows), (1, 1));
    }

    #[test]
    fn accepts_semicolons_tabs_and_ragged_rows() {
        let cells = |table: &Table| table.html.matches("<td").count();
        assert_eq!(cells(&render_csv("a;b\n1;2\n")), 2);
        assert_eq!(cells(&render_csv("a,b;c\n1,2;3\n")), 2);
        assert_eq!(cells(&render_csv("a,b\n1\n1,2,3\n")), 4);
        assert_eq!(cells(&render("a\tb\n1\t2,3\n", true, "t").unwrap()), 2);
        assert!(render("", false, "t").is_none());
        assert!(render("\n\n", false, "t").is_none());
    }

    #[test]
    fn limits_displayed_rows_and_counts_all_rows() {
        let text = format!("n\n{}", "1\n".repeat(12_345));
        let table = render_csv(&text);
        assert_eq!((table.displayed_rows, table.rows), (MAX_ROWS, 12_345));
        assert_eq!(table.html.matches("<td").count(), 200);
        let text = format!("n\n{}", format!("{}\n", "long ".repeat(199)).repeat(500));
        let table = render_csv(&text);
        assert!(
            table.displayed_rows < MAX_ROWS && table.displayed_rows > 50,
            "{}",
            table.displayed_rows
        );
        assert_eq!(table.rows, 500);
    }

    #[test]
    fn escapes_markup_and_control_characters() {
        let hostile = "<script>alert(1)</script>,\"<img src=x onerror=\"\"a\"\">\"\n\0\x07,'&\n";
        let html = render(hostile, false, "\"><script>.csv").unwrap().html;
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
    fn truncates_long_cells_and_wide_tables() {
        let long_cell = format!("a,b\n{},1\n", "ع".repeat(5 << 20));
        let table = render_csv(&long_cell);
        assert_eq!((table.displayed_rows, table.rows), (1, 1));
        assert!(table.html.len() < 3_000, "{}", table.html.len());
        let unterminated_quote = render_csv(&format!("a,b\n\"{}", "x,\n".repeat(3 << 20)));
        assert_eq!(unterminated_quote.rows, 1);
        let wide = format!("{}\n", "x,".repeat(100_000)).repeat(3);
        let table = render_csv(&wide);
        assert_eq!(table.html.matches("<td").count(), 2 * (MAX_COLUMNS + 1));
        assert!(table.html.contains("…"));
    }
}
