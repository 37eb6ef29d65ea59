//! French typography: puts apostrophes and no-break spaces right, and finds what is wrong in a text.
//!
//! Rules: the apostrophe is `’`; `; : ? ! % €` and `»` follow a no-break space, `«` is followed by one; quotation marks are
//! `« »`; an ellipsis is `…`; no exclamation mark. [`typeset`] only replaces what is there: it adds no space, so that
//! addresses and times pass through it unchanged. [`check`] serves the tests of every text that people read.

use std::fmt;

/// The no-break space (U+00A0), the only one used, thousands included.
pub const NO_BREAK_SPACE: char = '\u{a0}';

/// The text with typographic apostrophes and with no-break spaces where a space stands beside a sign that wants one.
pub fn typeset(text: &str) -> String {
    let mut typeset = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied();
        typeset.push(match c {
            '\'' if before.is_some_and(char::is_alphabetic) && after.is_some_and(begins_a_word) => '’',
            ' ' if after.is_some_and(wants_space_before) || before == Some('«') => NO_BREAK_SPACE,
            other => other,
        });
        before = Some(c);
    }
    typeset
}

fn begins_a_word(c: char) -> bool {
    c.is_alphanumeric() || c == '«'
}

fn wants_space_before(c: char) -> bool {
    matches!(c, ';' | ':' | '?' | '!' | '%' | '€' | '»')
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | NO_BREAK_SPACE | '\u{202f}')
}

fn is_no_break(c: char) -> bool {
    matches!(c, NO_BREAK_SPACE | '\u{202f}')
}

/// What is wrong at one place of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    StraightApostrophe,
    StraightQuote,
    /// A sign without the no-break space it wants before it.
    SpaceBefore(char),
    /// `«` without a no-break space after it.
    SpaceAfterQuote,
    DoubleSpace,
    ThreeDots,
    ExclamationMark,
}

/// A problem with the words around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    /// Rank of the character in the text, from 0.
    pub at: usize,
    pub excerpt: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, at, excerpt } = self;
        write!(f, "{kind:?} at {at}: {excerpt}")
    }
}

/// Everything wrong in a text; addresses (`https://…`, `a:b`) and times (`10:42`) are left alone.
pub fn check(text: &str) -> Vec<Problem> {
    let chars: Vec<char> = text.chars().collect();
    let mut problems = Vec::new();
    for (at, c) in chars.iter().copied().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1).copied();
        if let Some(kind) = problem(before, c, after, in_margin(&chars, at)) {
            let from = at.saturating_sub(20);
            let excerpt = chars[from..(at + 20).min(chars.len())].iter().collect();
            problems.push(Problem { kind, at, excerpt });
        }
    }
    problems
}

/// Whether only spaces stand between the beginning of the line and this place.
fn in_margin(chars: &[char], at: usize) -> bool {
    chars[..at].iter().rev().take_while(|c| **c != '\n').all(|c| is_space(*c))
}

fn problem(before: Option<char>, c: char, after: Option<char>, in_margin: bool) -> Option<ProblemKind> {
    let ends_a_word = after.is_none_or(|after| after.is_whitespace() || matches!(after, ')' | '»' | ',' | '.'));
    let well_spaced = before.is_some_and(is_no_break);
    match c {
        '\'' if before.is_some_and(char::is_alphabetic) && after.is_some_and(begins_a_word) => {
            Some(ProblemKind::StraightApostrophe)
        }
        '"' => Some(ProblemKind::StraightQuote),
        '!' if ends_a_word => Some(ProblemKind::ExclamationMark),
        ';' | ':' | '?' if ends_a_word && !well_spaced => Some(ProblemKind::SpaceBefore(c)),
        '%' if before.is_some_and(|before| before == ' ' || before.is_ascii_digit()) => {
            Some(ProblemKind::SpaceBefore(c))
        }
        '€' if matches!(before, Some('M' | 'k')) => None,
        '€' | '»' if !well_spaced && before != Some('(') => Some(ProblemKind::SpaceBefore(c)),
        '«' if !after.is_some_and(is_no_break) => Some(ProblemKind::SpaceAfterQuote),
        '.' if before == Some('.') && after == Some('.') => Some(ProblemKind::ThreeDots),
        _ if is_space(c) && after.is_some_and(is_space) && !in_margin => Some(ProblemKind::DoubleSpace),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kinds(text: &str) -> Vec<ProblemKind> {
        check(text).into_iter().map(|problem| problem.kind).collect()
    }

    #[test]
    fn finds_each_kind_of_problem() {
        assert_eq!(kinds("l'étude"), [ProblemKind::StraightApostrophe]);
        assert_eq!(kinds("dit \"oui\""), [ProblemKind::StraightQuote, ProblemKind::StraightQuote]);
        assert_eq!(kinds("Motif : absent"), [ProblemKind::SpaceBefore(':')]);
        assert_eq!(kinds("Motif: absent"), [ProblemKind::SpaceBefore(':')]);
        assert_eq!(kinds("Prêt?"), [ProblemKind::SpaceBefore('?')]);
        assert_eq!(kinds("20 % puis 20%"), [ProblemKind::SpaceBefore('%'), ProblemKind::SpaceBefore('%')]);
        assert_eq!(kinds("600 €"), [ProblemKind::SpaceBefore('€')]);
        assert_eq!(kinds("« Prêt »"), [ProblemKind::SpaceAfterQuote, ProblemKind::SpaceBefore('»')]);
        assert_eq!(kinds("deux  espaces"), [ProblemKind::DoubleSpace]);
        assert_eq!(kinds("à suivre..."), [ProblemKind::ThreeDots]);
        assert_eq!(kinds("Bravo\u{a0}!"), [ProblemKind::ExclamationMark]);
    }

    #[test]
    fn leaves_addresses_times_margins_and_good_texts_alone() {
        for text in [
            "https://jalon.example/acces/abc?x=1;y=2",
            "à 10:42",
            "a%20b",
            "  – une ligne en retrait",
            "Motif\u{a0}: «\u{a0}l’étude\u{a0}», 600\u{a0}€, 20\u{a0}%",
            "Montant (€)",
            "15,3\u{a0}M€",
        ] {
            assert_eq!(check(text), [], "{text}");
        }
    }

    #[test]
    fn typesets_what_a_keyboard_types() {
        assert_eq!(
            typeset("L'étude : « prête » ; 20 % de 600 € ?"),
            "L’étude\u{a0}: «\u{a0}prête\u{a0}»\u{a0}; 20\u{a0}% de 600\u{a0}€\u{a0}?"
        );
        assert_eq!(typeset("https://jalon.example/a:b à 10:42"), "https://jalon.example/a:b à 10:42");
    }

    proptest! {
        #[test]
        fn typesetting_twice_changes_nothing_more(text in ".{0,60}") {
            let once = typeset(&text);
            prop_assert_eq!(typeset(&once), once);
        }
    }
}
