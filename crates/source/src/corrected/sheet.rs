//! Copies of workbooks in other formats than XLSX.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook as Copy};

use super::{Corrected, CorrectionFault, Corrections, correct};
use crate::workbook::Workbook;

/// Maximum length of the name of a sheet in Excel.
const MAX_NAME_CHARS: usize = 31;

/// Returns an XLSX file with the texts of a sheet and with corrections.
pub(super) fn copy(
    workbook: &Workbook,
    corrections: &Corrections,
) -> Result<(Vec<u8>, Corrected), CorrectionFault> {
    let mut copy = Copy::new();
    // The same copy has the same bytes.
    let created = ExcelDateTime::from_ymd(2026, 1, 1)?;
    copy.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let text_format = Format::new().set_num_format("@");
    let mut corrected = Corrected::none();
    let sheet = copy.add_worksheet();
    // Excel has shorter names than LibreOffice.
    let name: String = workbook.sheet().chars().take(MAX_NAME_CHARS).collect();
    if sheet.set_name(name).is_err() {
        sheet.set_name("Items")?;
    }
    workbook.for_each_text(|row, column, text| {
        let corrections = corrections.get(&(row, column));
        let new = corrections.and_then(|corrections| correct(text, corrections, &mut corrected));
        let text = new.as_deref().unwrap_or(text);
        let (row, column) = (row.saturating_sub(1), column);
        if let (Ok(row), Ok(column)) = (u32::try_from(row), u16::try_from(column)) {
            sheet.write_string_with_format(row, column, text, &text_format)?;
        }
        Ok::<(), CorrectionFault>(())
    })?;
    Ok((copy.save_to_buffer()?, corrected))
}
