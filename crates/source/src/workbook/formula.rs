//! Formulas, as far as they concern the content of a cell.

/// The properties of a formula.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Formula {
    /// `true` if the formula refers to another workbook.
    pub is_external: bool,
    /// `true` if the formula places an image in the cell, as WPS Office does.
    pub is_image: bool,
    /// The address in `HYPERLINK("…")`, if it is a literal text.
    pub link: Option<String>,
}

impl Formula {
    /// Parses a formula of XLSX or ODS.
    pub(super) fn parse(formula: &str) -> Formula {
        let body = formula.strip_prefix("of:").unwrap_or(formula);
        let body = body.trim_start_matches('=').trim_start();
        if body.is_empty() {
            return Formula::default();
        }
        let link = body.strip_prefix("HYPERLINK(").and_then(|rest| {
            let (address, _) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
            Some(address.to_owned())
        });
        Formula {
            is_external: link.is_none() && is_external(body),
            is_image: body.contains("DISPIMG("),
            link,
        }
    }
}

/// Returns `true` if a formula refers to a cell of another workbook: `[1]Sheet1!A1` or
/// `'[old.xlsx]Sheet1'!A1` in XLSX, `'file:///a.ods'#$Sheet1.A1` in ODS.
fn is_external(formula: &str) -> bool {
    if formula.contains("'file:") || formula.contains("'http:") || formula.contains("'https:") {
        return true;
    }
    let names_workbook = |rest: &str| {
        let name = rest
            .split(']')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        [".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"]
            .iter()
            .any(|extension| name.ends_with(extension))
    };
    formula.match_indices('[').any(|(at, _)| {
        if names_workbook(formula.get(at + 1..).unwrap_or_default()) {
            return true;
        }
        let before = formula.get(..at).unwrap_or_default().chars().next_back();
        let after = formula.get(at + 1..).unwrap_or_default();
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let name = after.get(digits..).unwrap_or_default().strip_prefix(']');
        // `Table1[2]` and `Table1[[#This Row],[2]]` are columns of a table of the same workbook.
        digits > 0
            && name.is_some_and(|name| {
                name.starts_with(|c: char| c.is_alphanumeric() || "_!".contains(c))
            })
            && !before.is_some_and(|c| c.is_alphanumeric() || "_]".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_links_images_and_other_workbooks() {
        for formula in [
            "[1]Sheet1!A1",
            "SUM([12]Sheet1!A1:A3)",
            "'[1]My sheet'!A1",
            "'[old.xlsx]Sheet1'!B15",
            "of:='file:///home/a.ods'#$Sheet1.A1",
        ] {
            assert!(Formula::parse(formula).is_external, "{formula}");
        }
        for formula in [
            "",
            "SUM(A1:A3)",
            "Table1[2]",
            "Table1[[#This Row],[2]]",
            "of:=[.A1]+[.B2]",
            "\"[x]\"",
        ] {
            assert_eq!(Formula::parse(formula), Formula::default(), "{formula}");
        }
        let link = |formula| Formula::parse(formula).link;
        assert_eq!(
            link("HYPERLINK(\"pages/1.tif\",\"page 1\")").as_deref(),
            Some("pages/1.tif")
        );
        assert_eq!(
            link("of:=HYPERLINK(\"pages/1.tif\";\"1\")").as_deref(),
            Some("pages/1.tif")
        );
        assert_eq!(link("HYPERLINK(A1)"), None);
        assert!(Formula::parse("_xlfn.DISPIMG(\"ID_1\",1)").is_image);
    }
}
