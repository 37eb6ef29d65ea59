//! Small files made here, true and false ones.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const MANIFEST: &str = "META-INF/manifest.xml";

fn seen(bytes: &[u8]) -> Result<&'static str, NotTaken> {
    recognise(&mut Cursor::new(bytes)).map_err(|problem| match problem {
        Unrecognised::NotTaken(why) => why,
        Unrecognised::Unreadable(error) => panic!("{error}"),
    })
}

fn deflated() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)
}

fn stored() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Stored)
}

fn archive(parts: &[(&str, &[u8], SimpleFileOptions)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes, options) in parts {
        archive.start_file(*name, *options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn types(main: &str) -> String {
    format!(r#"<Types><Override PartName="/main.xml" ContentType="{main}.main+xml"/></Types>"#)
}

/// An office document of Microsoft's kind, with one part more.
fn open_xml_with(main: &str, name: &str, bytes: &[u8]) -> Vec<u8> {
    let types = types(main);
    archive(&[
        ("[Content_Types].xml", types.as_bytes(), deflated()),
        ("_rels/.rels", b"<Relationships/>", deflated()),
        (name, bytes, deflated()),
    ])
}

fn open_document_with(media_type: &str, manifest: &str, name: &str) -> Vec<u8> {
    archive(&[
        ("mimetype", media_type.as_bytes(), stored()),
        (name, b"<office:document-content/>", deflated()),
        (MANIFEST, manifest.as_bytes(), deflated()),
    ])
}

fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png
}

/// An application segment that a real camera writes, then the first frame.
fn photograph(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc2\0\x11\x08".to_vec();
    jpeg.extend(height.to_be_bytes());
    jpeg.extend(width.to_be_bytes());
    jpeg.extend(b"\x03\xff\xd9");
    jpeg
}

#[test]
fn what_is_taken_is_named() {
    assert_eq!(seen(b"%PDF-1.7\n%%EOF\n"), Ok("application/pdf"));
    assert_eq!(seen(&picture(640, 480)), Ok("image/png"));
    assert_eq!(seen(&photograph(640, 480)), Ok("image/jpeg"));
    for main in [WORD, SHEET, SLIDES] {
        assert_eq!(seen(&open_xml_with(main, "main.xml", b"<document/>")), Ok(main));
    }
    for kind in ["text", "spreadsheet", "presentation"] {
        let media_type = format!("application/vnd.oasis.opendocument.{kind}");
        let document = open_document_with(&media_type, "<manifest/>", "content.xml");
        assert_eq!(seen(&document), Ok(media_type.as_str()));
    }
    assert_eq!(seen("\u{feff}Procès-verbal\r\n\tdu 3 mars, 12 < 20\n".as_bytes()), Ok("text/plain"));
}

#[test]
fn a_long_text_is_read_across_pieces() {
    let mut text = "é".repeat(CHUNK);
    assert_eq!(seen(text.as_bytes()), Ok("text/plain"));
    text.insert(0, 'a');
    assert_eq!(seen(text.as_bytes()), Ok("text/plain"));
    let cut = &text.as_bytes()[..text.len() - 1];
    assert_eq!(seen(cut), Err(NotTaken::Unknown));
    // Across the border of two pieces.
    text.insert_str(CHUNK - 3, "<ScRiPt>");
    assert_eq!(seen(text.as_bytes()), Err(NotTaken::Markup));
}

#[test]
fn what_is_nothing_known_is_refused() {
    let unknown = [&b"MZ\x90\x00"[..], b"\x7fELF", b"a\x00b", b"GIF89a\xff", b"\xff\xfea\x00", b"#!/bin/sh\x07"];
    for bytes in unknown {
        assert_eq!(seen(bytes), Err(NotTaken::Unknown), "{bytes:?}");
    }
    assert_eq!(seen(b""), Err(NotTaken::Empty));
}

#[test]
fn what_is_two_things_at_once_is_refused() {
    assert_eq!(seen(b"GIF89a%PDF-1.7"), Err(NotTaken::LeadingBytes));
    assert_eq!(seen(b"Bonjour\n%PDF-1.7\n"), Err(NotTaken::LeadingBytes));
    for markup in [
        "<html>",
        "\u{feff} <svg onload=x>",
        "Note\n<script>alert(1)</script>",
        "a <IFRAME src=b>",
        "<?xml version='1.0'?>",
        "<!DOCTYPE html>",
        "x <?php system('id');",
    ] {
        assert_eq!(seen(markup.as_bytes()), Err(NotTaken::Markup), "{markup}");
    }
    // An archive behind a picture of it, and one with something behind.
    let document = open_xml_with(WORD, "main.xml", b"<document/>");
    assert_eq!(seen(&[&document[..], b"<script>"].concat()), Err(NotTaken::Damaged));
    assert_eq!(seen(&[b"PK\x03\x04", &document[..]].concat()), Err(NotTaken::Damaged));
}

#[test]
fn programs_in_documents_are_refused() {
    for part in ["word/vbaProject.bin", "xl/VBAPROJECT.BIN", "word/vbaData.xml"] {
        assert_eq!(seen(&open_xml_with(WORD, part, b"x")), Err(NotTaken::Macros), "{part}");
    }
    // A .docm renamed .docx, its program under another name.
    let renamed = archive(&[
        (
            "[Content_Types].xml",
            br#"<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>"#,
            deflated(),
        ),
        ("word/autre.bin", b"x", deflated()),
    ]);
    assert_eq!(seen(&renamed), Err(NotTaken::Macros));
    let writer = "application/vnd.oasis.opendocument.text";
    for part in ["Basic/Standard/Module1.xml", "Scripts/python/a.py"] {
        assert_eq!(seen(&open_document_with(writer, "<manifest/>", part)), Err(NotTaken::Macros), "{part}");
    }
}

#[test]
fn protected_and_old_documents_are_told_apart() {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let compound = |rest: &[u8]| [COMPOUND, &[0; 504], rest].concat();
    assert_eq!(seen(&compound(&name)), Err(NotTaken::Encrypted));
    assert_eq!(seen(&compound(b"W\0o\0r\0d\0")), Err(NotTaken::OldOffice));
    let manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>";
    let writer = "application/vnd.oasis.opendocument.text";
    assert_eq!(seen(&open_document_with(writer, manifest, "content.xml")), Err(NotTaken::Encrypted));
    // The flag that zip programs set on a part under a password.
    let mut flagged = open_xml_with(WORD, "main.xml", b"<document/>");
    let entry = flagged.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    flagged[entry + 8] |= 1;
    assert_eq!(seen(&flagged), Err(NotTaken::Encrypted));
}

#[test]
fn archives_that_are_no_office_documents_are_refused() {
    assert_eq!(seen(&archive(&[("notes.txt", b"bonjour", stored())])), Err(NotTaken::Archive));
    // What the search of a name in the bytes took for a document.
    assert_eq!(seen(&archive(&[("notes.txt", b"word/document.xml", stored())])), Err(NotTaken::Archive));
    assert_eq!(seen(&open_xml_with("application/vnd.ms-package.3dmanufacturing", "a", b"x")), Err(NotTaken::Archive));
    let writer = b"application/vnd.oasis.opendocument.text";
    let late = archive(&[(MANIFEST, b"<manifest/>", deflated()), ("mimetype", writer, stored())]);
    assert_eq!(seen(&late), Err(NotTaken::Archive));
    let packed = archive(&[("mimetype", writer, deflated()), (MANIFEST, b"<manifest/>", deflated())]);
    assert_eq!(seen(&packed), Err(NotTaken::Archive));
}

#[test]
fn broken_archives_and_names_that_leave_their_folder_are_refused() {
    let document = open_xml_with(WORD, "main.xml", b"<document/>");
    for bytes in [&b"PK\x03\x04 archive"[..], b"PK", &document[..document.len() - 1], &document[30..]] {
        assert!(matches!(seen(bytes), Err(NotTaken::Damaged | NotTaken::Unknown)), "{} bytes", bytes.len());
    }
    for name in ["../../etc/passwd", "/etc/passwd", "word\\..\\x"] {
        assert_eq!(seen(&open_xml_with(WORD, name, b"x")), Err(NotTaken::Damaged), "{name}");
    }
}

#[test]
fn bombs_are_refused_without_being_opened() {
    let zeros = vec![0; 17 * 1024 * 1024];
    assert_eq!(seen(&open_xml_with(WORD, "word/media/image1.bin", &zeros)), Err(NotTaken::Immense));
    let names: Vec<String> = (0..=MOST_PARTS).map(|rank| format!("word/{rank}")).collect();
    let parts: Vec<_> = names.iter().map(|name| (name.as_str(), &b""[..], stored())).collect();
    assert_eq!(seen(&archive(&parts)), Err(NotTaken::Immense));
    // Two entries of the directory on the same bytes.
    let mut document = archive(&[
        ("[Content_Types].xml", types(WORD).as_bytes(), stored()),
        ("word/a", b"the same bytes", stored()),
        ("word/b", b"the same bytes", stored()),
    ]);
    let entries: Vec<usize> = (0..document.len() - 4).filter(|at| &document[*at..at + 4] == b"PK\x01\x02").collect();
    let (first, second) = (entries[1] + 42, entries[2] + 42);
    document.copy_within(first..first + 4, second);
    assert_eq!(seen(&document), Err(NotTaken::Immense));
    // The declaration of types itself.
    let long = archive(&[("[Content_Types].xml", &vec![b' '; 2 * 1024 * 1024], deflated())]);
    assert_eq!(seen(&long), Err(NotTaken::Damaged));
    assert_eq!(seen(&picture(100_000, 100_000)), Err(NotTaken::Immense));
    assert_eq!(seen(&photograph(65_000, 65_000)), Err(NotTaken::Immense));
    assert_eq!(seen(&picture(0, 10)), Err(NotTaken::Damaged));
    assert_eq!(seen(b"\xff\xd8\xff\xe0\0\x10JFIF"), Err(NotTaken::Damaged));
}

#[test]
fn the_file_that_antivirus_programs_agree_on_is_refused() {
    let virus = concat!("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*");
    assert_eq!(seen(virus.as_bytes()), Err(NotTaken::Virus));
    assert_eq!(seen(format!("%PDF-1.7\n{virus}").as_bytes()), Err(NotTaken::Virus));
    assert_eq!(seen(&archive(&[("a.com", virus.as_bytes(), stored())])), Err(NotTaken::Virus));
    let far = [&b"%PDF-1.7\n"[..], &vec![b' '; CHUNK - 20], virus.as_bytes()].concat();
    assert_eq!(seen(&far), Err(NotTaken::Virus));
}
