//! Recognition of the row with the names of the columns.

use super::{Dialect, column, known_columns, names};

/// Number of rows in which the names of the columns are searched.
pub(crate) const HEADER_ROWS: usize = 20;

/// Returns the number of columns that are known, if a row contains the names of the columns.
/// `is_first` is `true` if no row above it has a text.
pub(crate) fn header_columns(cells: &[String], is_first: bool) -> Option<usize> {
    let known = known_columns(cells);
    // Below the first row, one word is not enough to tell column names from values.
    (Dialect::detect(cells).is_some() && (is_first || known > 1)).then_some(known)
}

/// Returns `true` if a row has the name of an identifier column of a dialect, or of a title. Names
/// that are used for want of another, such as `uri`, do not count.
pub(crate) fn has_own_names(cells: &[String]) -> bool {
    let is_title = |cell: &String| {
        let column = column(cell, Dialect::Khizana);
        let name = names::alias(&column.name).unwrap_or(&column.name);
        name == "title" && column.unknown_language.is_none()
    };
    Dialect::detect_own(cells).is_some() || cells.iter().any(is_title)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn one_known_name_is_enough_only_in_the_first_row() {
        assert_eq!(header_columns(&cells(&["Cote", "x"]), true), Some(1));
        assert_eq!(header_columns(&cells(&["Cote", "x"]), false), None);
        assert_eq!(header_columns(&cells(&["Cote", "Titre"]), false), Some(2));
        assert_eq!(header_columns(&cells(&["Titre", "Auteur"]), true), None);
    }

    #[test]
    fn tells_names_of_tables_from_those_of_lists() {
        for names in [
            ["id", "x"],
            ["objectid", "x"],
            ["x", "Titre"],
            ["العنوان", "x"],
        ] {
            assert!(has_own_names(&cells(&names)), "{names:?}");
        }
        for names in [["URI", "Label"], ["x", "title@romulan"], ["", "x"]] {
            assert!(!has_own_names(&cells(&names)), "{names:?}");
        }
    }
}
