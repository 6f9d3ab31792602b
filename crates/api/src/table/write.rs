//! Tables as downloads.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use model::language::Language;
use rust_xlsxwriter::{Format as CellFormat, Workbook, XlsxError};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;

/// Widest column, in characters of a spreadsheet.
const WIDTH_MAX: usize = 60;

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Text, one row a line.
    Csv,
    /// A workbook of Excel.
    Xlsx,
}

/// The query of an export.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FormatQuery {
    /// `csv` or `xlsx`.
    #[param(inline)]
    pub format: Format,
}

/// A table on its way out.
#[derive(Debug)]
pub struct TableFile {
    /// Name without its ending, in Latin letters.
    pub name: &'static str,
    /// Names of the columns.
    pub head: Vec<String>,
    /// The rows, all as long as the head.
    pub rows: Vec<Vec<String>>,
}

impl TableFile {
    /// The download. Making it takes a while: it is done away from the async threads.
    pub async fn respond(self, format: Format, language: Language) -> Result<Response, Problem> {
        let made = tokio::task::spawn_blocking(move || match format {
            Format::Csv => Ok((
                self.csv(language),
                "text/csv; charset=utf-8",
                "csv",
                self.name,
            )),
            Format::Xlsx => self.xlsx().map(|bytes| {
                let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                (bytes, kind, "xlsx", self.name)
            }),
        });
        let (bytes, kind, ending, name) = made
            .await
            .map_err(Problem::internal)?
            .map_err(Problem::internal)?;
        let disposition = format!("attachment; filename=\"{name}.{ending}\"");
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (
                header::CONTENT_DISPOSITION,
                HeaderValue::from_str(&disposition).map_err(Problem::internal)?,
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        Ok((headers, bytes).into_response())
    }

    /// With what makes Excel open it right: the byte order mark, and the
    /// separator that it expects in the language.
    fn csv(&self, language: Language) -> Vec<u8> {
        let separator = match language {
            Language::Ru => ';',
            Language::En => ',',
        };
        let mut text = String::from("\u{feff}");
        for row in std::iter::once(&self.head).chain(&self.rows) {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell, separator)).collect();
            text.push_str(&cells.join(&separator.to_string()));
            text.push_str("\r\n");
        }
        text.into_bytes()
    }

    /// Every cell is a text: nothing is calculated, and no number loses its plus or its zeros.
    fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let text = CellFormat::new().set_num_format("@");
        let bold = CellFormat::new().set_bold();
        for (column, name) in (0..).zip(&self.head) {
            let cells = self
                .rows
                .iter()
                .filter_map(|row| row.get(usize::from(column)));
            let longest = cells.chain([name]).map(|cell| cell.chars().count()).max();
            let width = longest.unwrap_or_default().min(WIDTH_MAX) + 2;
            sheet.set_column_width(column, u32::try_from(width).unwrap_or_default())?;
            // What is typed under the rows later is a text as well.
            sheet.set_column_format(column, &text)?;
            sheet.write_string_with_format(0, column, name, &bold)?;
        }
        for (at, row) in (1..).zip(&self.rows) {
            for (column, cell) in (0..).zip(row) {
                sheet.write_string_with_format(at, column, cell, &text)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        book.save_to_buffer()
    }
}

/// Whether a spreadsheet that opens the text as CSV would calculate it.
pub(super) fn calculates(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn quoted(cell: &str, separator: char) -> String {
    let guard = if calculates(cell) { "'" } else { "" };
    if cell.contains(['"', '\r', '\n', separator]) {
        format!("\"{guard}{}\"", cell.replace('"', "\"\""))
    } else {
        format!("{guard}{cell}")
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use model::language::Language;
    use zip::write::SimpleFileOptions;
    use zip::{ZipArchive, ZipWriter};

    use super::TableFile;
    use crate::table::{ReadError, read_now};

    fn file() -> TableFile {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        TableFile {
            name: "people",
            head: row(["Имя", "Мобильный номер"]),
            rows: vec![
                row(["Анна; \"Аня\"", "+7 926 123-45-67"]),
                row(["=cmd|' /C calc'!A0", "007"]),
                row(["", "@SUM(1)"]),
            ],
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let file = file();
        for bytes in [
            file.csv(Language::Ru),
            file.csv(Language::En),
            file.xlsx().expect("a workbook"),
        ] {
            let table = read_now(&bytes).expect("a table");
            assert_eq!(table.head, file.head);
            let rows: Vec<_> = table.rows.iter().map(|row| row.cells.clone()).collect();
            assert_eq!(rows, file.rows);
        }
    }

    #[test]
    fn excel_calculates_nothing_of_it() {
        let csv = String::from_utf8(file().csv(Language::Ru)).expect("UTF-8");
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(lines[0], "\u{feff}Имя;Мобильный номер");
        assert_eq!(lines[1], "\"Анна; \"\"Аня\"\"\";'+7 926 123-45-67");
        assert_eq!(lines[2], "'=cmd|' /C calc'!A0;007");
    }

    /// The workbook with one of its parts replaced.
    fn forged(part: &str, content: &[u8]) -> Vec<u8> {
        let book = file().xlsx().expect("a workbook");
        let mut from = ZipArchive::new(Cursor::new(book)).expect("an archive");
        let mut to = ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..from.len() {
            let mut old = from.by_index(at).expect("a part");
            let name = old.name().expect("a name").into_owned();
            to.start_file(&name, SimpleFileOptions::default())
                .expect("a part");
            if name == part {
                to.write_all(content).expect("written");
            } else {
                std::io::copy(&mut old, &mut to).expect("copied");
            }
        }
        to.finish().expect("an archive").into_inner()
    }

    fn sheet(cells: &str) -> Vec<u8> {
        let xml = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
             <dimension ref=\"A1:XFD1048576\"/><sheetData>{cells}</sheetData></worksheet>"
        );
        forged("xl/worksheets/sheet1.xml", xml.as_bytes())
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        let bomb = forged("xl/sharedStrings.xml", &vec![b' '; 17 * 1024 * 1024]);
        assert!(bomb.len() < 100_000);
        assert_eq!(read_now(&bomb), Err(ReadError::TooLarge));
    }

    #[test]
    fn a_sheet_as_wide_and_long_as_can_be_takes_no_room() {
        let table = read_now(&sheet(
            "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Имя</t></is></c></row>\
             <row r=\"1048576\"><c r=\"A1048576\"><v>89261234567</v></c>\
             <c r=\"B1048576\"><v>101.5</v></c><c r=\"XFD1048576\"><v>1</v></c></row>",
        ))
        .expect("a table");
        assert_eq!(table.rows[0].number, 1_048_576);
        assert_eq!(table.rows[0].cells, ["89261234567", "101.5"]);
    }

    #[test]
    fn broken_workbooks_are_told() {
        let whole = file().xlsx().expect("a workbook");
        for broken in [
            whole[..whole.len() / 2].to_vec(),
            b"PK\x03\x04 and nothing more".to_vec(),
            forged("xl/workbook.xml", b"<not a workbook"),
            sheet("<row r=\"1\"><c r=\"A1\"><v>1</v>"),
        ] {
            assert_eq!(read_now(&broken), Err(ReadError::Broken));
        }
        assert_eq!(
            read_now(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            Err(ReadError::OldExcel)
        );
    }
}
