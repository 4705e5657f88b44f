//! Corrections of the cells of a table.

use serde::{Deserialize, Serialize};

/// A replacement for the text of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The number of the row; see [`RowPosition::row`](crate::RowPosition::row).
    pub row: u64,
    /// The column, counted from 0.
    pub column: u32,
    /// The text to replace. A cell with several values also contains other text.
    pub from: String,
    /// The text to write instead.
    pub to: String,
    /// `true` if the replacement certainly means the same, so that it can be made without a decision
    /// of a person.
    pub is_safe: bool,
}
