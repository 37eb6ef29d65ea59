//! Papers of the demo: one-page PDF files that a reader opens, with their title and the words « document de démonstration ».

/// A PDF of one page.
pub fn pdf(title: &str, reference: &str) -> Vec<u8> {
    let content = format!(
        "BT /F1 20 Tf 72 760 Td ({}) Tj 0 -30 Td /F1 12 Tf ({}) Tj 0 -18 Td (Document de d\\351monstration, sans valeur.) Tj ET",
        latin(title),
        latin(reference)
    );
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        offsets.push(file.len());
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let start = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for offset in offsets {
        file.push_str(&format!("{offset:010} 00000 n \n"));
    }
    file.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1));
    file.into_bytes()
}

/// Text of a PDF string in WinAnsi: what is not ASCII becomes an octal escape.
fn latin(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '(' | ')' | '\\' => format!("\\{c}"),
            '’' => "\\222".to_owned(),
            '–' => "\\226".to_owned(),
            c if c.is_ascii() && !c.is_control() => c.to_string(),
            c if (0xa0..=0xff).contains(&u32::from(c)) => format!("\\{:03o}", u32::from(c)),
            _ => "?".to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_point_at_objects() {
        let file = String::from_utf8(pdf("Rapport d’étude (v1)", "FEST-1-2026-0001")).unwrap();
        let table = file.split("xref\n0 6\n").nth(1).unwrap();
        for (number, line) in (1..=5).zip(table.lines().skip(1)) {
            let offset: usize = line[..10].parse().unwrap();
            assert!(file[offset..].starts_with(&format!("{number} 0 obj")), "{line}");
        }
    }
}
