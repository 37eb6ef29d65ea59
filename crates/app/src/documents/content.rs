//! What a file is, by its content and never by its name.
//!
//! Rules kept here: a file is read in pieces, whatever its size; an office document is what its central directory and the
//! parts that declare its type say, nothing of it is unpacked but these parts, and they are bounded; what is two things at
//! once, holds programs, asks for a password or would not open is not taken.

use std::io::{self, Read, Seek, SeekFrom};

use domain::documents::NotTaken;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// Bytes of a file looked at together.
const CHUNK: usize = 64 * 1024;
/// Bytes at the start in which a PDF reader looks for its signature.
const PDF_SEARCH: usize = 1024;
/// Most parts of an office document.
const MOST_PARTS: u16 = 5_000;
/// Most bytes of an office document once opened.
const MOST_OPENED: u64 = 512 * 1024 * 1024;
/// How many times larger than the file it may become once opened; small documents are left alone.
const MOST_RATIO: u64 = 200;
const SMALL: u64 = 16 * 1024 * 1024;
/// Most bytes of a part that declares what the document is.
const MOST_DECLARED: u64 = 1024 * 1024;
/// Most points of a picture.
const MOST_POINTS: u64 = 100_000_000;
/// The end of the central directory, without a comment.
const END: u64 = 22;
/// The compound file of office programs before 2007, and of protected documents since.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// Part of the file that antivirus programs agreed on.
const EICAR: &[u8] = b"eicar-standard-antivirus-test-file!";
/// What makes a browser, a server or a spreadsheet of a text a program, in lower case.
const MARKUP: [&[u8]; 10] =
    [b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<iframe", b"<object", b"<?xml", b"<?php"];

/// Why a file has no media type.
#[derive(Debug, thiserror::Error)]
pub enum Unrecognised {
    /// What it is is not taken.
    #[error("take a document: {0}")]
    NotTaken(NotTaken),
    #[error("read a document received")]
    Unreadable(#[from] io::Error),
}

impl From<NotTaken> for Unrecognised {
    fn from(why: NotTaken) -> Self {
        Self::NotTaken(why)
    }
}

/// The media type of a file.
///
/// # Errors
/// It is not taken, or cannot be read.
pub fn recognise(file: &mut (impl Read + Seek)) -> Result<&'static str, Unrecognised> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(PDF_SEARCH as u64).read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(NotTaken::Empty.into());
    }
    if holds(file, &[EICAR])? {
        return Err(NotTaken::Virus.into());
    }
    if head.starts_with(b"%PDF-") {
        Ok("application/pdf")
    } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        png(&head)
    } else if head.starts_with(b"\xff\xd8\xff") {
        jpeg(file)
    } else if head.starts_with(b"PK") {
        office(file)
    } else if head.starts_with(COMPOUND) {
        let encrypted: Vec<u8> = "encryptedpackage".bytes().flat_map(|byte| [byte, 0]).collect();
        Err(if holds(file, &[&encrypted])? { NotTaken::Encrypted } else { NotTaken::OldOffice }.into())
    } else if head.windows(5).any(|window| window == b"%PDF-") {
        Err(NotTaken::LeadingBytes.into())
    } else {
        text(file)
    }
}

/// Whether a file holds one of these, whatever the case of its ASCII letters; they are given in lower case.
fn holds(file: &mut (impl Read + Seek), needles: &[&[u8]]) -> io::Result<bool> {
    let longest = needles.iter().map(|needle| needle.len()).max().unwrap_or_default();
    let mut found = false;
    pieces(file, longest, |window| {
        let lower = window.to_ascii_lowercase();
        found = needles.iter().any(|needle| lower.windows(needle.len()).any(|window| window == *needle));
        !found
    })?;
    Ok(found)
}

/// Shows a file piece by piece, each with the end of the one before, until told to stop.
fn pieces(file: &mut (impl Read + Seek), overlap: usize, mut show: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    let mut window = Vec::with_capacity(overlap + CHUNK);
    loop {
        let kept = window.len().min(overlap);
        window.drain(..window.len() - kept);
        let read = file.by_ref().take(CHUNK as u64).read_to_end(&mut window)?;
        if read == 0 || !show(&window) {
            return Ok(());
        }
    }
}

fn text(file: &mut (impl Read + Seek)) -> Result<&'static str, Unrecognised> {
    let mut left = Vec::new();
    let mut plain = true;
    pieces(file, 0, |piece| {
        left.extend_from_slice(piece);
        let read = match std::str::from_utf8(&left) {
            Ok(_) => left.len(),
            // A character that the next piece ends.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => {
                plain = false;
                return false;
            }
        };
        let said = std::str::from_utf8(&left[..read]).unwrap_or_default();
        plain = said.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
        left.drain(..read);
        plain
    })?;
    if !plain || !left.is_empty() {
        return Err(NotTaken::Unknown.into());
    }
    if holds(file, &MARKUP)? { Err(NotTaken::Markup.into()) } else { Ok("text/plain") }
}

fn points(width: u64, height: u64) -> Result<(), NotTaken> {
    match width * height {
        0 => Err(NotTaken::Damaged),
        points if points > MOST_POINTS => Err(NotTaken::Immense),
        _ => Ok(()),
    }
}

/// The header of a PNG says how many points it has.
fn png(head: &[u8]) -> Result<&'static str, Unrecognised> {
    let side = |at: usize| head.get(at..at + 4).and_then(|side| side.try_into().ok()).map(u32::from_be_bytes);
    match (head.get(12..16), side(16), side(20)) {
        (Some(b"IHDR"), Some(width), Some(height)) => points(width.into(), height.into())?,
        _ => return Err(NotTaken::Damaged.into()),
    }
    Ok("image/png")
}

/// The first frame of a JPEG says how many points it has.
fn jpeg(file: &mut (impl Read + Seek)) -> Result<&'static str, Unrecognised> {
    let mut at = 2;
    loop {
        file.seek(SeekFrom::Start(at))?;
        let mut segment = [0; 9];
        let read = file.read_exact(&mut segment);
        if read.is_err() || segment[0] != 0xff {
            return Err(NotTaken::Damaged.into());
        }
        let length = u64::from(u16::from_be_bytes([segment[2], segment[3]]));
        match segment[1] {
            // A filler before a marker.
            0xff => at += 1,
            0xc0..=0xcf if !matches!(segment[1], 0xc4 | 0xc8 | 0xcc) => {
                let side = |one, two| u64::from(u16::from_be_bytes([one, two]));
                points(side(segment[7], segment[8]).max(1), side(segment[5], segment[6]).max(1))?;
                return Ok("image/jpeg");
            }
            // The picture itself, without a frame before it.
            0xd8..=0xda | 0x00 => return Err(NotTaken::Damaged.into()),
            _ if length < 2 => return Err(NotTaken::Damaged.into()),
            _ => at += 2 + length,
        }
    }
}

fn office(file: &mut (impl Read + Seek)) -> Result<&'static str, Unrecognised> {
    let size = file.seek(SeekFrom::End(0))?;
    directory(file, size)?;
    let mut parts = ZipArchive::new(file).map_err(broken)?;
    if parts.offset() != 0 || parts.has_duplicate_names() {
        return Err(NotTaken::Damaged.into());
    }
    let mut opened: u64 = 0;
    for index in 0..parts.len() {
        let part = parts.by_index_raw(index).map_err(broken)?;
        if part.encrypted() {
            return Err(NotTaken::Encrypted.into());
        }
        opened = opened.saturating_add(part.size());
        let name = String::from_utf8_lossy(part.name_raw()).to_ascii_lowercase();
        if name.starts_with('/') || name.contains('\\') || part.enclosed_name().is_none() {
            return Err(NotTaken::Damaged.into());
        }
        let programs = ["vbaproject.bin", "vbadata.xml"].iter().any(|end| name.ends_with(end));
        if programs || ["basic/", "scripts/"].iter().any(|start| name.starts_with(start)) {
            return Err(NotTaken::Macros.into());
        }
    }
    if opened > MOST_OPENED || opened > SMALL && opened / MOST_RATIO > size {
        return Err(NotTaken::Immense.into());
    }
    if parts.has_overlapping_entries().map_err(broken)? {
        return Err(NotTaken::Immense.into());
    }
    if let Some(index) = parts.index_for_name("[Content_Types].xml") {
        return open_xml(&declared(&mut parts, index)?);
    }
    match parts.index_for_name("mimetype") {
        Some(0) => open_document(&mut parts),
        Some(_) | None => Err(NotTaken::Archive.into()),
    }
}

/// The directory is at the very end, in one volume, and counts no more parts than an office document has.
fn directory(file: &mut (impl Read + Seek), size: u64) -> Result<(), Unrecognised> {
    let mut end = [0; END as usize];
    file.seek(SeekFrom::Start(size.saturating_sub(END)))?;
    if file.read_exact(&mut end).is_err() || !end.starts_with(b"PK\x05\x06") || end[20..] != [0, 0] {
        return Err(NotTaken::Damaged.into());
    }
    let number = |at: usize| u16::from_le_bytes([end[at], end[at + 1]]);
    if (number(4), number(6)) != (0, 0) || number(8) != number(10) {
        return Err(NotTaken::Damaged.into());
    }
    if number(10) > MOST_PARTS { Err(NotTaken::Immense.into()) } else { Ok(()) }
}

fn broken(error: ZipError) -> Unrecognised {
    match error {
        ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => error.into(),
        _ => NotTaken::Damaged.into(),
    }
}

/// The text of a part that says what the document is.
fn declared(parts: &mut ZipArchive<impl Read + Seek>, index: usize) -> Result<String, Unrecognised> {
    let mut text = String::new();
    let part = parts.by_index(index).map_err(broken)?;
    let read = part.take(MOST_DECLARED + 1).read_to_string(&mut text);
    // What does not decompress or is no text is not a declaration.
    if read.is_err() || text.len() as u64 > MOST_DECLARED {
        return Err(NotTaken::Damaged.into());
    }
    Ok(text)
}

fn open_xml(types: &str) -> Result<&'static str, Unrecognised> {
    const MAIN: [(&str, &str); 3] = [
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
    ];
    let lower = types.to_ascii_lowercase();
    if lower.contains("macroenabled") || lower.contains("vbaproject") {
        return Err(NotTaken::Macros.into());
    }
    let main = MAIN.iter().find(|(declared, _)| types.contains(declared));
    main.map(|(_, media_type)| *media_type).ok_or_else(|| NotTaken::Archive.into())
}

/// Its first part, kept as it is, is its type; its manifest says whether a password is asked.
fn open_document(parts: &mut ZipArchive<impl Read + Seek>) -> Result<&'static str, Unrecognised> {
    const KNOWN: [&str; 3] = [
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
    ];
    if parts.by_index_raw(0).map_err(broken)?.compression() != CompressionMethod::Stored {
        return Err(NotTaken::Archive.into());
    }
    let said = declared(parts, 0)?;
    let media_type = KNOWN.iter().find(|known| **known == said).ok_or(NotTaken::Archive)?;
    let manifest = parts.index_for_name("META-INF/manifest.xml").ok_or(NotTaken::Damaged)?;
    if declared(parts, manifest)?.contains("encryption-data") {
        return Err(NotTaken::Encrypted.into());
    }
    Ok(media_type)
}

#[cfg(test)]
mod tests;
