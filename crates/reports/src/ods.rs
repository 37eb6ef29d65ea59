//! Tables as an OpenDocument spreadsheet: one sheet each, typed cells, formulas with the value they give.
//!
//! Written by hand on `zip`: an OpenDocument table is three small XML files. The crate that writes them, `spreadsheet-ods`,
//! reads and edits whole documents for that, with its own locales and decimal numbers beside ours.
//!
//! Every text is escaped and typed as a string, so nothing of it is read as a formula.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::decimal::float;
use crate::sheet::{Styled, column_name, footer, sheet_names};
use crate::table::{Cell, Rank, Table};

const TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";
const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
const SPACES: &str = concat!(
    r#" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0""#,
    r#" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0""#,
    r#" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0""#,
    r#" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0""#,
    r#" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0""#,
    r#" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0""#,
    r#" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3""#,
);

/// The tables as one spreadsheet, a sheet for each under its title.
///
/// # Errors
/// The file cannot be written.
pub fn spreadsheet(tables: &[Table]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    // No time of writing: the same tables give the same bytes.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    // The type comes first and as it is, so that the kind of file is known without unpacking it.
    file.start_file("mimetype", options.compression_method(CompressionMethod::Stored))?;
    file.write_all(TYPE.as_bytes())?;
    for (name, text) in [("content.xml", content(tables)), ("META-INF/manifest.xml", manifest())] {
        file.start_file(name, options)?;
        file.write_all(text.as_bytes())?;
    }
    Ok(file.finish()?.into_inner())
}

fn manifest() -> String {
    format!(
        r#"{HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="{TYPE}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"#
    )
}

fn content(tables: &[Table]) -> String {
    let mut styles = Styles::default();
    let mut body = String::new();
    for (table, name) in tables.iter().zip(sheet_names(tables)) {
        sheet(&mut body, &mut styles, table, &name);
    }
    format!(
        "{HEAD}<office:document-content{SPACES}><office:automatic-styles>{}</office:automatic-styles><office:body>\
         <office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>",
        styles.written()
    )
}

fn sheet(out: &mut String, styles: &mut Styles, table: &Table, name: &str) {
    let _ = write!(out, r#"<table:table table:name="{}">"#, escaped(name));
    for at in 0..table.columns.len() {
        let _ = write!(out, r#"<table:table-column table:style-name="{}"/>"#, if at == 0 { "co1" } else { "co2" });
    }
    out.push_str("<table:table-header-rows><table:table-row>");
    for column in &table.columns {
        text(out, &column.label, Some(&styles.of(Shape { bold: true, ..Shape::default() })));
    }
    out.push_str("</table:table-row></table:table-header-rows>");
    for (row, cells) in table.rows.iter().enumerate() {
        out.push_str("<table:table-row>");
        for (column, cell) in cells.iter().enumerate() {
            write_cell(out, styles, table, (row, column), cell);
        }
        out.push_str("</table:table-row>");
    }
    for line in footer(table) {
        out.push_str("<table:table-row>");
        text(out, &line, None);
        out.push_str("</table:table-row>");
    }
    out.push_str("</table:table>");
}

fn write_cell(out: &mut String, styles: &mut Styles, table: &Table, (row, column): (usize, usize), cell: &Cell) {
    let line = table.outline.line(row);
    let shape = Shape {
        bold: matches!(line.rank, Rank::Group | Rank::Total),
        italic: line.rank == Rank::Recomputed,
        indent: if column == 0 { line.indent } else { 0 },
        number: Number::of(cell, table.outline.is_cautious(row, column)),
    };
    let style = (shape != Shape::default()).then(|| styles.of(shape));
    let styled = style.as_ref().map_or_else(String::new, |style| format!(r#" table:style-name="{style}""#));
    let name = |row: usize, column: usize| format!("[.{}{}]", column_name(column), row + 2);
    let formula = table.outline.rule(row, column).map(|rule| escaped(&rule.written(row, column, ';', name)));
    let formula = formula.map_or_else(String::new, |formula| format!(r#" table:formula="of:={formula}""#));
    let (kind, value) = match cell.styled() {
        Styled::Empty => {
            let _ = write!(out, "<table:table-cell{styled}/>");
            return;
        }
        Styled::Text(words) => return text(out, &words, style.as_deref()),
        Styled::Day(day) => ("date", format!(r#"office:date-value="{}""#, day.format("%Y-%m-%d"))),
        Styled::Percent { value, .. } => ("percentage", format!(r#"office:value="{value}""#)),
        Styled::Money { value, .. } => ("currency", format!(r#"office:currency="EUR" office:value="{value}""#)),
        Styled::Count(value) | Styled::Gap(value) => ("float", format!(r#"office:value="{}""#, float(value))),
        Styled::Points(value) => ("float", format!(r#"office:value="{value}""#)),
    };
    let shown = escaped(&cell.french());
    let _ = write!(
        out,
        r#"<table:table-cell{styled}{formula} office:value-type="{kind}" {value}><text:p>{shown}</text:p></table:table-cell>"#
    );
}

fn text(out: &mut String, words: &str, style: Option<&str>) {
    let style = style.map_or_else(String::new, |style| format!(r#" table:style-name="{style}""#));
    let words = escaped(words);
    let _ = write!(
        out,
        r#"<table:table-cell{style} office:value-type="string"><text:p>{words}</text:p></table:table-cell>"#
    );
}

/// A text as XML holds it; what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Number {
    #[default]
    Plain,
    Count,
    Gap,
    Points,
    Percent {
        decimals: u8,
        cautious: bool,
    },
    Money {
        decimals: u8,
        millions: bool,
    },
    Day,
}

impl Number {
    fn of(cell: &Cell, cautious: bool) -> Self {
        match cell.styled() {
            Styled::Empty | Styled::Text(_) => Self::Plain,
            Styled::Count(_) => Self::Count,
            Styled::Gap(_) => Self::Gap,
            Styled::Points(_) => Self::Points,
            Styled::Percent { decimals, .. } => Self::Percent { decimals, cautious },
            Styled::Money { decimals, millions, .. } => Self::Money { decimals, millions },
            Styled::Day(_) => Self::Day,
        }
    }

    fn written(self, name: &str) -> String {
        let number = |decimals: u8, more: &str| {
            format!(
                r#"<number:number number:decimal-places="{decimals}" number:min-decimal-places="{decimals}" number:min-integer-digits="1" number:grouping="true"{more}/>"#
            )
        };
        let signed = |digits: String, unit: &str| {
            format!(
                r#"<number:number-style style:name="{name}P"><number:text>+</number:text>{digits}{unit}</number:number-style><number:number-style style:name="{name}">{digits}{unit}<style:map style:condition="value()&gt;0" style:apply-style-name="{name}P"/></number:number-style>"#
            )
        };
        match self {
            Self::Plain => String::new(),
            Self::Count => {
                format!(r#"<number:number-style style:name="{name}">{}</number:number-style>"#, number(0, ""))
            }
            Self::Gap => signed(number(0, ""), ""),
            Self::Points => signed(number(2, ""), ""),
            Self::Percent { decimals, cautious } => {
                let mark = if cautious { "*" } else { "" };
                let digits = number(decimals, "");
                format!(
                    r#"<number:percentage-style style:name="{name}">{digits}<number:text>&#160;%{mark}</number:text></number:percentage-style>"#
                )
            }
            Self::Money { decimals, millions } => {
                let (more, unit) = if millions { (r#" number:display-factor="1000000""#, "M€") } else { ("", "€") };
                let digits = number(decimals, more);
                format!(
                    r#"<number:number-style style:name="{name}">{digits}<number:text>&#160;{unit}</number:text></number:number-style>"#
                )
            }
            Self::Day => format!(
                r#"<number:date-style style:name="{name}"><number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>"#
            ),
        }
    }
}

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Shape {
    bold: bool,
    italic: bool,
    indent: u8,
    number: Number,
}

/// The looks that the cells of a document have, each once.
#[derive(Debug, Default)]
struct Styles(Vec<Shape>);

impl Styles {
    fn of(&mut self, shape: Shape) -> String {
        let at = self.0.iter().position(|known| *known == shape).unwrap_or_else(|| {
            self.0.push(shape);
            self.0.len() - 1
        });
        format!("ce{at}")
    }

    fn written(&self) -> String {
        let mut out = String::from(
            r#"<style:style style:name="co1" style:family="table-column"><style:table-column-properties style:column-width="9cm"/></style:style><style:style style:name="co2" style:family="table-column"><style:table-column-properties style:column-width="3.2cm"/></style:style>"#,
        );
        for (at, shape) in self.0.iter().enumerate() {
            out.push_str(&shape.number.written(&format!("n{at}")));
            let data = if shape.number == Number::Plain {
                String::new()
            } else {
                format!(r#" style:data-style-name="n{at}""#)
            };
            let _ = write!(out, r#"<style:style style:name="ce{at}" style:family="table-cell"{data}>"#);
            if shape.indent > 0 {
                let margin = 4 * u32::from(shape.indent);
                let _ =
                    write!(out, r#"<style:paragraph-properties fo:text-align="start" fo:margin-left="{margin}mm"/>"#);
            }
            let weight = if shape.bold { r#" fo:font-weight="bold""# } else { "" };
            let slope = if shape.italic { r#" fo:font-style="italic""# } else { "" };
            let _ = write!(out, "<style:text-properties{weight}{slope}/>");
            out.push_str("</style:style>");
        }
        out
    }
}
