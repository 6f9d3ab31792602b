//! Tables as files, CSV and XLSX: what companies bring from Excel, and take there.
//!
//! A file is a stranger's: what it may make the server hold is bounded before
//! anything of it is believed, and it is read away from the async threads.

mod csv_file;
mod upload;
mod write;
mod xlsx_file;

use bytes::Bytes;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::problem::{Code, Flaw, Problem};

pub use upload::Upload;
pub use write::{FormatQuery, TableFile};

/// Rows with something in them that a file may have, beside its head.
pub const ROWS_MAX: usize = 2000;
/// Columns that are looked at: an employee has six.
const COLUMNS_MAX: usize = 50;

/// Files that are read at the same time: each may take some tens of MiB while it is.
static READERS: Semaphore = Semaphore::const_new(2);
/// Histories that are put into files at the same time: each may take some hundreds of MiB
/// where every text is as long as can be.
static WRITERS: Semaphore = Semaphore::const_new(2);

/// A table as it was read: the first row with something in it is the head.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Names of the columns.
    pub head: Vec<String>,
    /// The rows with something in them.
    pub rows: Vec<TableRow>,
}

/// A row of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct TableRow {
    /// Number in the file, from 1, as a spreadsheet shows it.
    pub number: u32,
    /// Texts of the cells, trimmed.
    pub cells: Vec<String>,
}

impl TableRow {
    /// Text of the cell, empty where the row is too short.
    pub fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }
}

/// Why a file was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum ReadError {
    #[error("not a table, or a broken one")]
    Broken,
    #[error("more rows, or more data, than a table of this kind has")]
    TooLarge,
    #[error("a workbook of Excel 97")]
    OldExcel,
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Broken => Code::TableBroken.into(),
            ReadError::TooLarge => Code::TableTooLarge.into(),
            ReadError::OldExcel => Code::TableOldExcel.into(),
        }
    }
}

/// Waits until a history may be put into a file; held until the file is made.
pub async fn turn() -> Result<SemaphorePermit<'static>, Problem> {
    WRITERS.acquire().await.map_err(Problem::internal)
}

/// Reads a file that somebody chose.
pub async fn read(file: Bytes) -> Result<Table, Problem> {
    let _turn = READERS.acquire().await.map_err(Problem::internal)?;
    // A reader that panics on a broken file is one more way of saying that it is broken.
    let read = tokio::task::spawn_blocking(move || read_now(&file)).await;
    let table = read.unwrap_or(Err(ReadError::Broken))?;
    if table.rows.is_empty() {
        return Err(Problem::field("file", Flaw::NoRows));
    }
    Ok(table)
}

/// The kind is told by what is in the file: names and browsers' types are often wrong.
fn read_now(file: &[u8]) -> Result<Table, ReadError> {
    if file.starts_with(b"PK\x03\x04") {
        return xlsx_file::read(file);
    }
    if file.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(ReadError::OldExcel);
    }
    csv_file::read(file)
}

/// Collects rows, and stops when there are too many.
#[derive(Default)]
struct Rows {
    head: Option<Vec<String>>,
    rows: Vec<TableRow>,
}

impl Rows {
    fn put(&mut self, number: u32, mut cells: Vec<String>) -> Result<(), ReadError> {
        cells.truncate(COLUMNS_MAX);
        if cells.iter().all(String::is_empty) {
            return Ok(());
        }
        if self.head.is_none() {
            self.head = Some(cells);
            return Ok(());
        }
        if self.rows.len() == ROWS_MAX {
            return Err(ReadError::TooLarge);
        }
        self.rows.push(TableRow { number, cells });
        Ok(())
    }

    fn done(self) -> Table {
        Table {
            head: self.head.unwrap_or_default(),
            rows: self.rows,
        }
    }
}

/// Where a column stands that goes by one of the names.
pub fn column(table: &Table, names: &[&str]) -> Option<usize> {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let head: Vec<String> = table.head.iter().map(|name| plain(name)).collect();
    names
        .iter()
        .find_map(|name| head.iter().position(|have| *have == plain(name)))
}

/// What a cell of a column with numbers to dial was before a spreadsheet took
/// it for an amount: 101.0 was 101, and 8.9261234567E+10 was 89261234567.
/// None where digits are lost for good, as in 8.93E+10.
pub fn dialled(cell: &str) -> Option<String> {
    let amount = cell.replace(',', ".");
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some((mantissa, exponent)) = amount.split_once(['E', 'e']) {
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
        if digits(whole) && (part.is_empty() || digits(part)) && digits(exponent) {
            return (exponent.parse() == Ok(part.len())).then(|| format!("{whole}{part}"));
        }
    } else if let Some((whole, part)) = amount.split_once('.')
        && digits(whole)
        && !part.is_empty()
        && part.bytes().all(|b| b == b'0')
    {
        return Some(whole.to_owned());
    }
    Some(cell.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Rows, column, dialled};

    #[test]
    fn numbers_that_excel_took_for_amounts_are_numbers_again() {
        for (cell, number) in [
            ("101", Some("101")),
            ("101.0", Some("101")),
            ("101,00", Some("101")),
            ("8.9261234567E+10", Some("89261234567")),
            ("8,9261234567e+10", Some("89261234567")),
            ("8.93E+10", None),
            ("9E+10", None),
            ("8 (926) 123-45-67", Some("8 (926) 123-45-67")),
            ("101.5", Some("101.5")),
            ("*98", Some("*98")),
            ("", Some("")),
        ] {
            assert_eq!(dialled(cell).as_deref(), number, "{cell}");
        }
    }

    #[test]
    fn columns_are_found_by_any_of_their_names() {
        let mut rows = Rows::default();
        let head = ["Отдел", "E-mail", " Ф.И.О."].map(str::to_owned);
        rows.put(1, head.into()).expect("a head");
        let table = rows.done();
        assert_eq!(column(&table, &["email"]), Some(1));
        assert_eq!(column(&table, &["имя", "фио"]), Some(2));
        assert_eq!(column(&table, &["должность"]), None);
    }
}
