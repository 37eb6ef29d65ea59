//! Rows of a CSV file.

use std::borrow::Cow;

use super::{COLUMNS, GridRow, ROWS, Raw, Reason};

/// The byte-order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) fn grid(bytes: &[u8]) -> Result<Vec<GridRow>, Reason> {
    let text = decoded(bytes)?;
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| Reason::Unreadable)? {
        let at = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
        let line = u32::try_from(line_of(text.as_bytes(), at)).ok().filter(|line| *line <= ROWS);
        let line = line.ok_or(Reason::TooManyRows)?;
        let last =
            record.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()).last().map_or(0, |(at, _)| at + 1);
        if u32::try_from(last).is_ok_and(|last| last > COLUMNS) {
            return Err(Reason::TooManyColumns);
        }
        let cells = record.iter().take(last).map(Raw::text).collect::<Result<_, _>>()?;
        rows.push(GridRow { line, cells });
    }
    Ok(rows)
}

/// The line on which the record that begins here stands: its position may be before the ends of lines that it follows.
fn line_of(text: &[u8], at: usize) -> usize {
    let before = at.min(text.len());
    let ends = text[before..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    1 + text[..before + ends].iter().filter(|byte| **byte == b'\n').count()
}

/// The text of a file: UTF-8, and else what older spreadsheets save in French.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Reason> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Reason::Utf16);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Reason::Unreadable);
    }
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    Ok(std::str::from_utf8(bytes)
        .map_or_else(|_| encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0, Cow::Borrowed))
}
