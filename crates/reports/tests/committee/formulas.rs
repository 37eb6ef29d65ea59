//! A reader of formulas of its own: what a spreadsheet would compute from the cells that it sees.

use std::iter::Peekable;
use std::str::Chars;

/// The value of a formula of ours: sums, products, quotients, `ROUND(…,0)`, cells.
pub fn evaluate(formula: &str, cell: &dyn Fn(&str) -> f64) -> f64 {
    let formula: String =
        formula.trim_start_matches("of:").trim_start_matches('=').chars().filter(|c| !"[].$ ".contains(*c)).collect();
    let mut letters = formula.chars().peekable();
    let value = sum(&mut letters, cell);
    assert_eq!(letters.next(), None, "{formula} is read to its end");
    value
}

fn sum(letters: &mut Peekable<Chars<'_>>, cell: &dyn Fn(&str) -> f64) -> f64 {
    let mut value = product(letters, cell);
    while let Some(sign) = letters.next_if(|c| matches!(c, '+' | '-')) {
        let term = product(letters, cell);
        value = if sign == '+' { value + term } else { value - term };
    }
    value
}

fn product(letters: &mut Peekable<Chars<'_>>, cell: &dyn Fn(&str) -> f64) -> f64 {
    let mut value = factor(letters, cell);
    while let Some(sign) = letters.next_if(|c| matches!(c, '*' | '/')) {
        let term = factor(letters, cell);
        value = if sign == '*' { value * term } else { value / term };
    }
    value
}

fn factor(letters: &mut Peekable<Chars<'_>>, cell: &dyn Fn(&str) -> f64) -> f64 {
    if letters.next_if_eq(&'(').is_some() {
        let value = sum(letters, cell);
        assert_eq!(letters.next(), Some(')'));
        return value;
    }
    let mut word = String::new();
    while let Some(letter) = letters.next_if(char::is_ascii_alphanumeric) {
        word.push(letter);
    }
    if word == "ROUND" {
        assert_eq!(letters.next(), Some('('));
        let value = sum(letters, cell);
        let rest: String = letters.by_ref().take(3).collect();
        assert!(rest == ",0)" || rest == ";0)", "{rest}");
        return value.round();
    }
    word.parse().unwrap_or_else(|_| cell(&word))
}

#[test]
fn formulas_are_read() {
    let cell = |name: &str| if name == "B2" { 31.0 } else { 0.7097 };
    assert!((evaluate("=(ROUND(B2*C2,0)+1)/(B2+2*3)-1", &cell) - (23.0 / 37.0 - 1.0)).abs() < 1e-12);
    assert!((evaluate("of:=ROUND([.B2]*[.C2];0)", &cell) - 22.0).abs() < 1e-12);
}
