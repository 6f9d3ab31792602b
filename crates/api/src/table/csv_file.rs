//! CSV, as Excel and its kin write it: encoding and separator are found out.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1251};

use super::{ReadError, Rows, Table};

/// Bytes of the first line that are looked at to find the separator.
const FIRST_LINE_MAX: usize = 10_000;

pub(super) fn read(file: &[u8]) -> Result<Table, ReadError> {
    let text = decoded(file)?;
    let (separator, text) = separator(&text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    // Lines are counted along: the reader's own count takes the empty lines
    // before a record for its beginning.
    let (mut line, mut at) = (1, 0);
    let mut rows = Rows::default();
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|_| ReadError::Broken)?
    {
        let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let taken = text.get(at..end).unwrap_or_default();
        let blank = taken.len() - taken.trim_start_matches(['\r', '\n']).len();
        rows.put(
            line + breaks(&taken[..blank]),
            record.iter().map(unguarded).collect(),
        )?;
        line += breaks(taken);
        at = end;
    }
    Ok(rows.done())
}

/// A byte order mark tells; else UTF-8 where it is that, and else what Russian Windows writes.
fn decoded(file: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let encoding = match Encoding::for_bom(file) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(file).is_ok() => UTF_8,
        None => WINDOWS_1251,
    };
    let (text, _, errors) = encoding.decode(file);
    // A picture or a document decodes too, but no table has these.
    let binary = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n');
    if errors || text.chars().any(binary) {
        return Err(ReadError::Broken);
    }
    Ok(text)
}

/// The separator, and the text behind its declaration: Excel's first line
/// `sep=;` says it, else it is the one that the first line has most of.
fn separator(text: &str) -> (u8, &str) {
    let first = text.lines().find(|line| !line.is_empty());
    let first = first.unwrap_or_default();
    if let Some(&[separator]) = first.strip_prefix("sep=").map(str::as_bytes)
        && let Some(rest) = text.strip_prefix(first)
    {
        // The line's end is kept, so that the rows keep their numbers.
        return (separator, rest);
    }
    let mut counts = [(b'\t', 0), (b',', 0), (b';', 0)];
    let mut quoted = false;
    for byte in first.bytes().take(FIRST_LINE_MAX) {
        quoted ^= byte == b'"';
        if !quoted && let Some((_, count)) = counts.iter_mut().find(|(s, _)| *s == byte) {
            *count += 1;
        }
    }
    // Of equals the last one stands: a table of one column has none at all.
    let most = counts.iter().max_by_key(|(_, count)| *count);
    (most.map_or(b';', |(separator, _)| *separator), text)
}

fn breaks(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

/// Without the apostrophe that our own exports put before what Excel would calculate.
fn unguarded(cell: &str) -> String {
    let cell = cell.trim();
    match cell.strip_prefix('\'') {
        Some(rest) if super::write::calculates(rest) => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1251;

    use super::read;
    use crate::table::{ROWS_MAX, ReadError, Table};

    fn cells(table: &Table) -> Vec<(u32, Vec<&str>)> {
        let row = |row: &'_ crate::table::TableRow| row.number;
        table
            .rows
            .iter()
            .map(|r| (row(r), r.cells.iter().map(String::as_str).collect()))
            .collect()
    }

    #[test]
    fn every_way_that_excel_writes_it_is_read() {
        let text = "Отдел;Добавочный\r\nПродажи;101\r\n";
        let utf16: Vec<u8> = "\u{feff}Отдел\tДобавочный\r\nПродажи\t101"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for file in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            WINDOWS_1251.encode(text).0.into_owned(),
            text.replace(';', ",").into_bytes(),
            text.replace(';', "\t").into_bytes(),
            text.replace("\r\n", "\n").into_bytes(),
            format!("sep=,\r\n{}", text.replace(';', ",")).into_bytes(),
            utf16,
        ] {
            let table = read(&file).expect("a table");
            assert_eq!(table.head, ["Отдел", "Добавочный"], "{file:?}");
            assert_eq!(cells(&table)[0].1, ["Продажи", "101"]);
        }
    }

    #[test]
    fn rows_keep_the_numbers_that_the_file_shows() {
        let file = "\r\nA;B\r\n\r\n1;\"two\r\nlines; \"\"quoted\"\"\"\r\n;\r\n\r\n3;4";
        let table = read(file.as_bytes()).expect("a table");
        assert_eq!(
            cells(&table),
            [
                (4, vec!["1", "two\r\nlines; \"quoted\""]),
                (8, vec!["3", "4"])
            ]
        );
        let declared = read("sep=;\nA;B\n1;2".as_bytes()).expect("a table");
        assert_eq!(declared.rows[0].number, 3);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0"), Err(ReadError::Broken));
        assert_eq!(read(b"%PDF-1.7\n\x01\x02"), Err(ReadError::Broken));
        let many = format!("A\n{}", "1\n".repeat(ROWS_MAX + 1));
        assert_eq!(read(many.as_bytes()), Err(ReadError::TooLarge));
        assert_eq!(read(b"").map(|table| table.rows.len()), Ok(0));
        // A quote that nobody closed swallows the rest: one row, that the checks of its fields refuse.
        let open = read("A;B\n\"1;2\n3;4\n".as_bytes()).expect("a table");
        assert_eq!(open.rows.len(), 1);
    }

    #[test]
    fn the_apostrophe_of_an_export_goes_and_others_stay() {
        let table = read("A;B;C\n'+7926;'t Hof;'=1".as_bytes()).expect("a table");
        assert_eq!(cells(&table)[0].1, ["+7926", "'t Hof", "=1"]);
    }
}
