//! « Chercher l’entreprise »: what the public directory says of a SIRET, put in the form where nothing was typed.

use app::{Establishment, LookUp};
use domain::territories::{Listed, listed};
use wording::pages::new_path as words;

use crate::commune::{self, COMMUNE};
use crate::forms::{Notice, Typed, value};

/// The button that asks the directory.
pub(super) const LOOK_UP: &str = "chercher";
pub(super) const COMPANY: &str = "company";

/// Fills what is empty, and says what was found; what was typed stays as it is.
pub(super) fn fill(typed: &mut Typed, answer: LookUp) -> Notice {
    let (tone, title, paragraphs) = match answer {
        LookUp::Found(found) => {
            let closed = found.closed;
            let mut paragraphs = put(typed, found);
            if closed {
                paragraphs.push(words::CLOSED.to_owned());
                ("late", words::CLOSED_TITLE, paragraphs)
            } else {
                ("done", words::KNOWN_TITLE, paragraphs)
            }
        }
        LookUp::Unknown => ("wait", words::UNKNOWN_TITLE, vec![words::UNKNOWN.to_owned()]),
        LookUp::NoAnswer => ("wait", words::SILENT_TITLE, vec![words::SILENT.to_owned()]),
        LookUp::TooOften { most } => ("wait", words::TOO_OFTEN_TITLE, vec![words::too_often(most)]),
    };
    Notice { tone, title: title.to_owned(), paragraphs }
}

/// Puts what was found where nothing is; what there is to say of it.
fn put(typed: &mut Typed, found: Establishment) -> Vec<String> {
    let known = [found.name.clone(), found.address].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let mut said: Vec<String> = (!known.is_empty()).then(|| format!("{known}.")).into_iter().collect();
    let written = |typed: &Typed, field| value(typed, field).filter(|text| !text.trim().is_empty()).map(str::to_owned);
    match (found.name, written(typed, COMPANY)) {
        (Some(name), None) => set(typed, COMPANY, name),
        (Some(name), Some(typed)) if name != typed => {
            said.push(words::name_kept(typed));
        }
        (Some(_), Some(_)) => {}
        (None, None) => said.push(words::WITHOUT_NAME.to_owned()),
        (None, Some(_)) => {}
    }
    if let Some(code) = found.commune {
        let label = listed(code.as_str()).map_or_else(|| code.to_string(), Listed::label);
        match written(typed, COMMUNE) {
            None => set(typed, COMMUNE, label),
            Some(_) if commune::said(typed).code == code.as_str() => {}
            Some(typed) => said.push(words::commune_kept(label, typed)),
        }
    }
    said
}

fn set(typed: &mut Typed, name: &str, text: String) {
    typed.retain(|(sent, _)| sent != name);
    typed.push((name.to_owned(), text));
}

#[cfg(test)]
mod tests {
    use domain::identifiers::Commune;

    use super::*;

    fn establishment() -> Establishment {
        Establishment {
            name: Some("BOULANGERIE LEMOINE".to_owned()),
            address: Some("1 QUAI HENRI IV 76200 DIEPPE".to_owned()),
            commune: Commune::parse("76217").ok(),
            closed: false,
        }
    }

    #[test]
    fn what_is_empty_is_filled_and_what_was_typed_stays() {
        let mut empty: Typed = vec![("persons_wanted".to_owned(), "2".to_owned())];
        let notice = fill(&mut empty, LookUp::Found(establishment()));
        assert_eq!(notice.paragraphs, ["BOULANGERIE LEMOINE, 1 QUAI HENRI IV 76200 DIEPPE."]);
        assert_eq!(value(&empty, COMPANY), Some("BOULANGERIE LEMOINE"));
        assert_eq!(value(&empty, COMMUNE), Some("Dieppe (76200)"));
        assert_eq!(value(&empty, "persons_wanted"), Some("2"));
        let mut same = empty.clone();
        assert_eq!(fill(&mut same, LookUp::Found(establishment())).paragraphs.len(), 1, "{same:?}");
        let mut other: Typed =
            vec![(COMPANY.to_owned(), "Le Fournil".to_owned()), (COMMUNE.to_owned(), "Rouen (76000)".to_owned())];
        let typed = other.clone();
        let notice = fill(&mut other, LookUp::Found(establishment()));
        assert_eq!(other, typed);
        assert!(notice.paragraphs[1].contains("Le Fournil") && notice.paragraphs[2].contains("Dieppe (76200)"));
    }

    #[test]
    fn every_answer_is_told_in_words_that_are_well_set() {
        let withheld = Establishment { name: None, address: None, commune: None, closed: true };
        let answers = [
            LookUp::Found(establishment()),
            LookUp::Found(Establishment { closed: true, ..establishment() }),
            LookUp::Found(withheld),
            LookUp::Unknown,
            LookUp::NoAnswer,
            LookUp::TooOften { most: 1 },
        ];
        for answer in answers {
            let notice = fill(&mut Typed::new(), answer);
            assert!(!notice.paragraphs.is_empty());
            for text in notice.paragraphs.iter().chain([&notice.title]) {
                assert_eq!(wording::typography::check(text), Vec::new(), "{text}");
            }
        }
    }
}
