//! XLSX: the first sheet with something in it, cell by cell.

use std::io::{Cursor, Read, sink};

use calamine::{Data, DataRef, Reader, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::{COLUMNS_MAX, ReadError, Rows, Table};

/// What may be in the archive once it is unpacked: two thousand rows take less
/// than one MiB, a bomb of two MiB would take two GiB.
const UNPACKED_MAX: u64 = 16 * 1024 * 1024;
/// Parts of a workbook; one with few sheets has some dozens.
const PARTS_MAX: usize = 500;
/// Sheets that are looked into for the first one that is not empty.
const SHEETS_MAX: usize = 5;

pub(super) fn read(file: &[u8]) -> Result<Table, ReadError> {
    measure(file)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(|_| ReadError::Broken)?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .take(SHEETS_MAX)
        .collect();
    for name in sheets {
        let table = sheet(&mut book, &name)?;
        if !table.head.is_empty() {
            return Ok(table);
        }
    }
    Ok(Rows::default().done())
}

/// Unpacks everything into nothing: the sizes that an archive tells of itself may be lies.
fn measure(file: &[u8]) -> Result<(), ReadError> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| ReadError::Broken)?;
    if archive.len() > PARTS_MAX {
        return Err(ReadError::TooLarge);
    }
    let mut left = UNPACKED_MAX;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| ReadError::Broken)?;
        let size = std::io::copy(&mut part.take(left + 1), &mut sink());
        left = left
            .checked_sub(size.map_err(|_| ReadError::Broken)?)
            .ok_or(ReadError::TooLarge)?;
    }
    Ok(())
}

/// The cells are taken one at a time: a sheet as a whole would be as large as
/// the distance between its first and its last cell.
fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Table, ReadError> {
    let mut cells = book
        .worksheet_cells_reader(name)
        .map_err(|_| ReadError::Broken)?;
    let mut rows = Rows::default();
    let mut number = 0;
    let mut row: Vec<String> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| ReadError::Broken)? {
        let (at, column) = cell.get_position();
        if at + 1 != number {
            rows.put(number, std::mem::take(&mut row))?;
            number = at + 1;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let text = text(cell.get_value());
        if column < COLUMNS_MAX && !text.is_empty() {
            if row.len() <= column {
                row.resize(column + 1, String::new());
            }
            row[column] = text;
        }
    }
    rows.put(number, row)?;
    Ok(rows.done())
}

/// As the cell shows it. Numbers to dial are whole, and mostly kept as amounts.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Float(amount) => amount_as_text(*amount),
        DataRef::Error(_) | DataRef::Empty => String::new(),
        other => Data::from(other.clone()).to_string(),
    }
}

fn amount_as_text(amount: f64) -> String {
    // Beyond 15 digits an amount is not exact, and nothing is dialled with so many.
    if amount.fract() == 0.0 && amount.abs() < 1e15 {
        format!("{amount:.0}")
    } else {
        amount.to_string()
    }
}
