//! Texts of the Region in the messages: one opening each, everything else as it was, a link that is never lost.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use domain::market::ClockKind;
use domain::path::State;
use domain::people::Side;
use domain::texts::{Place, read};
use proptest::prelude::ProptestConfig;
use proptest::prop_assert_eq;
use proptest::test_runner::{TestCaseError, TestRunner};
use strum::IntoEnumIterator;

use super::*;
use crate::emails::about::typed;
use crate::emails::samples::{Scene, sample_lot};
use crate::texts::{FIXED, Texts};

const OWN: &str = "Paroles de la Région";

fn texts(of: &Editable, title: &str, text: &str) -> Texts {
    let mut texts = Texts::default();
    texts.set_message(of.kind, of.role, title, text);
    texts
}

fn standard(of: &Editable) -> Vec<Composed> {
    preview(of.kind, of.role, &Texts::default())
}

#[test]
fn what_each_message_has_is_reviewed() {
    let mut table = String::new();
    for Editable { kind, role, holds, standard } in editable() {
        let variables: Vec<String> = holds.variables.iter().map(ToString::to_string).collect();
        let flags = [
            (holds.asks, "asks"),
            (holds.keeps_title, "keeps its title"),
            (holds.keeps_standard, "keeps its paragraphs"),
            (holds.outside, "outside"),
        ];
        let flags: Vec<&str> = flags.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect();
        writeln!(table, "{kind}/{role}: {}; {}; cases: {}", variables.join(" "), flags.join(", "), standard.len())
            .unwrap();
    }
    insta::assert_snapshot!("editable", table);
}

#[test]
fn every_kind_is_worded_or_fixed_and_has_its_phase() {
    let worded: BTreeSet<&str> = editable().iter().map(|of| of.kind).collect();
    let mut all: Vec<&str> = by_kind().into_keys().collect();
    all.retain(|kind| !FIXED.contains(kind));
    assert_eq!(worded.iter().copied().collect::<Vec<_>>(), all);
    let mut phased: Vec<&str> = wording::texts::PHASES.iter().flat_map(|(_, kinds)| kinds.iter().copied()).collect();
    phased.sort_unstable();
    assert_eq!(phased, all, "each kind stands once under a phase");
}

#[test]
fn every_message_has_one_opening_and_nothing_else_of_it_changes() {
    for of in editable() {
        let own = preview(of.kind, of.role, &texts(of, "", OWN));
        let same = preview(of.kind, of.role, &texts(of, "", "{texte}"));
        for ((standard, own), same) in standard(of).iter().zip(&own).zip(&same) {
            let name = format!("{}, {}", of.kind, of.role);
            assert_eq!(same, standard, "{name}: the product's own paragraphs come back as they are");
            assert_eq!(own.text.matches(OWN).count(), 1, "{name}: the opening in the text");
            assert_eq!(own.html.matches(OWN).count(), 1, "{name}: the opening in the HTML");
            let (before, after) = own.text.split_once(OWN).unwrap();
            assert!(standard.text.starts_with(before) && standard.text.ends_with(after), "{name}:\n{}", own.text);
            let (before, after) = own.html.split_once(&format!("<p style=\"margin:0 0 16px\">{OWN}</p>")).unwrap();
            assert!(standard.html.starts_with(before) && standard.html.ends_with(after), "{name}:\n{}", own.html);
            assert_eq!((own.link, own.informs, &own.subject), (standard.link, standard.informs, &standard.subject));
        }
    }
}

#[test]
fn no_reader_outside_loses_a_day_nor_a_reference_with_the_product_s_own_words() {
    let words = |text: &str| -> Vec<String> {
        let figure = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
        text.split_whitespace().filter(figure).map(str::to_owned).collect()
    };
    for of in editable().iter().filter(|of| !of.holds.keeps_standard) {
        for (standard, own) in standard(of).iter().zip(preview(of.kind, of.role, &texts(of, "", OWN))) {
            assert_eq!(words(&standard.text), words(&own.text), "{}, {}", of.kind, of.role);
        }
    }
}

#[test]
fn the_button_stands_where_its_variable_is_and_only_there() {
    for of in editable() {
        let text = format!("Avant.\n{{lien}}\n{OWN}");
        for (standard, own) in standard(of).iter().zip(preview(of.kind, of.role, &texts(of, "", &text))) {
            let name = format!("{}, {}", of.kind, of.role);
            let markers = |composed: &Composed| {
                (composed.text.matches(LINK_MARKER).count(), composed.html.matches(LINK_MARKER).count())
            };
            assert_eq!(markers(&own), markers(standard), "{name}");
            if let Some(at) = own.text.find(LINK_MARKER) {
                assert!(at < own.text.find(OWN).unwrap(), "{name}:\n{}", own.text);
            }
        }
    }
}

#[test]
fn a_title_comes_after_the_reference() {
    let of =
        editable().iter().find(|of| of.kind == "feasibility_ordered" && of.role == RecipientRole::Company).unwrap();
    let own = preview(of.kind, of.role, &texts(of, "Votre étude avec {organisme}", "Bonjour {destinataire}."));
    assert_eq!(own[0].subject, "FEST-1-2026-0042 — Votre étude avec Retravailler");
    assert!(own[0].text.contains("\nVotre étude avec Retravailler\n"), "{}", own[0].text);
    assert!(own[0].text.contains("Bonjour Dominique Fictif."), "{}", own[0].text);
}

#[test]
fn what_a_message_lacks_gives_the_product_s_own_words() {
    let of = editable().iter().find(|of| of.kind == "order_notified").unwrap();
    let lacks = preview(of.kind, of.role, &texts(of, "Un titre", "{texte}\nPour {entreprise}."));
    assert_eq!(lacks, standard(of));
}

#[test]
fn fixed_messages_are_nobody_s_to_word() {
    for kind in FIXED {
        for role in RecipientRole::iter() {
            let mut texts = Texts::default();
            texts.set_message(kind, role, "Un titre", OWN);
            texts.set_lot(sample_lot(), OWN, OWN);
            assert_eq!(preview(kind, role, &texts), preview(kind, role, &Texts::default()), "{kind}");
        }
    }
}

#[test]
fn what_a_lot_adds_is_read_outside_and_there_alone() {
    let mut texts = Texts::default();
    texts.set_lot(sample_lot(), "Ouvert le matin, {organisme}.", "L’équipe FEST\nLot de {lot}");
    let mut read = 0;
    for of in editable() {
        for (standard, own) in standard(of).iter().zip(preview(of.kind, of.role, &texts)) {
            if !of.holds.outside || own == *standard {
                assert_eq!(own, *standard, "{}, {}", of.kind, of.role);
                continue;
            }
            assert!(own.text.contains("Ouvert le matin, Retravailler.\n\n"), "{}", own.text);
            assert!(own.text.contains("\n\nL’équipe FEST\nLot de lot 1\n\n---"), "{}", own.text);
            assert!(own.html.contains("L’équipe FEST<br>Lot de lot 1</p>"), "{}", own.html);
            read += 1;
        }
    }
    assert!(read > 60, "only {read} messages to people outside");
}

#[test]
fn values_side_by_side_make_no_marker() {
    let scene = Scene::new(State::FeasibilityOrdered, ClockKind::StudyDue, Side::Body);
    let about = About { company: typed("{"), job: typed("{lien}} <b>"), ..scene.about(RecipientRole::Company) };
    let of =
        editable().iter().find(|of| of.kind == "feasibility_ordered" && of.role == RecipientRole::Company).unwrap();
    let mail = study::FeasibilityOrdered { about, due_on: None, order: None };
    let own = mail.compose(&texts(of, "", "{entreprise}{metier}"));
    assert_eq!(own.text.matches(LINK_MARKER).count(), 1, "{}", own.text);
    assert!(own.html.contains("{ {lien}} &#60;b&#62;"), "{}", own.html);
}

/// Whatever is typed is refused, or makes a message that keeps its links, its escapes and its reference.
#[test]
fn any_text_is_refused_or_composed() {
    let title = "(\\PC|\\{lot\\}|\\{destinataire\\}|[a-z ]{3}){0,6}";
    let text = "([a-zé ’]{1,9}|[a-z'<>&\"{}€.@/\u{202e}]|\\{entreprise\\}|\\{echeance\\}|\\{lot\\}|\n){0,6}";
    let blocks = "(\n\\{texte\\})?(\n\\{lien\\})?(\n\\{lien\\})?";
    let mut runner = TestRunner::new(ProptestConfig::with_cases(600));
    let composed = Cell::new(0);
    let texts_of_all = (0..editable().len(), title, text, blocks);
    let tried = runner.run(&texts_of_all, |(rank, title, text, blocks)| {
        let (of, text) = (&editable()[rank], format!("{text}{blocks}"));
        if read(Place::Title, &title, &of.holds).is_err() || read(Place::Text, &text, &of.holds).is_err() {
            return Ok(());
        }
        composed.set(composed.get() + 1);
        for (standard, own) in standard(of).iter().zip(preview(of.kind, of.role, &texts(of, &title, &text))) {
            as_safe(standard, &own)?;
        }
        Ok(())
    });
    tried.unwrap();
    assert!(composed.get() > 60, "only {} texts were composed", composed.get());
}

fn as_safe(standard: &Composed, own: &Composed) -> Result<(), TestCaseError> {
    let reference = |composed: &Composed| composed.subject.split_once(" — ").map(|(before, _)| before.to_owned());
    prop_assert_eq!(reference(own), reference(standard));
    prop_assert_eq!(own.subject.find(['\n', '\r', '{', '}']), None);
    for marker in [LINK_MARKER, OPT_OUT_MARKER, PERSONAL_DATA_MARKER] {
        prop_assert_eq!(own.text.matches(marker).count(), standard.text.matches(marker).count());
        prop_assert_eq!(own.html.matches(marker).count(), standard.html.matches(marker).count());
    }
    let left = [&own.text, &own.html].map(|part| unmarked(part).contains("{{"));
    prop_assert_eq!(left, [false, false]);
    for tag in ["<script", "<img", "<a "] {
        prop_assert_eq!(own.html.matches(tag).count(), standard.html.matches(tag).count());
    }
    prop_assert_eq!(own.html.matches("<table").count(), own.html.matches("</table>").count());
    prop_assert_eq!(own.link, standard.link);
    Ok(())
}
