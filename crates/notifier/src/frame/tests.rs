use askama::Template;

use super::*;
use crate::envelope::{LINK_MARKER, OPT_OUT_MARKER};

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "layout.html" %}{% import "macros.html" as m %}{% block content %}{{ m::paragraph("L’organisme de formation a remis l’étude de faisabilité de ce parcours. Elle conclut que la formation est faisable, sous conditions.") }}{{ m::facts(facts) }}{{ m::quote(reason) }}{{ m::notice("Vous pouvez proposer une correction depuis la même page.") }}{% endblock %}"#
)]
struct Html {
    frame: Frame,
    facts: Vec<Fact>,
    reason: &'static str,
}

#[derive(Template)]
#[template(
    ext = "txt",
    source = r#"{% extends "layout.txt" %}{% import "macros.txt" as m %}{% block content %}{{ m::paragraph("L’organisme de formation a remis l’étude de faisabilité de ce parcours.") }}{{ m::facts(facts) }}{{ m::quote(reason) }}{{ m::notice("Vous pouvez proposer une correction depuis la même page.") }}{% endblock %}"#
)]
struct Text {
    frame: Frame,
    facts: Vec<Fact>,
    reason: &'static str,
}

fn frame() -> Frame {
    Frame {
        reference: "FEST-1-2026-0042".into(),
        preheader: "Confirmez l’engagement de votre entreprise avant le vendredi 4 décembre 2026.".into(),
        title: "L’étude de faisabilité est remise".into(),
        action: Some(Action {
            label: "Lire et confirmer l’engagement".into(),
            until: Some("Réponse attendue avant le vendredi 4 décembre 2026".into()),
            note: Some("Ouvrir la page n’engage à rien.".into()),
        }),
        opening: vec![Opening::Standard],
        complement: Vec::new(),
        signature: Vec::new(),
        why: "Vous recevez ce message parce que vous représentez l’entreprise pour ce parcours.".into(),
        others: vec!["l’organisme de formation".into(), "le tuteur".into(), "la Région".into()],
        contact: Some(Contact {
            name: "Camille Roussel".into(),
            organisation: Some("Organisme fictif de Dieppe".into()),
            phone: Some("02 35 00 00 00".into()),
            email: "camille@organisme.example".into(),
        }),
        reminder: true,
        personal_data: Some("La Région garde votre nom et vos réponses.".into()),
    }
}

fn facts() -> Vec<Fact> {
    vec![
        Fact::new("Entreprise", "Établissement fictif Normandie Bois, Dieppe"),
        Fact::new("Poste visé", "Opérateur de découpe"),
        Fact::new("Conclusion", "Faisable sous conditions"),
        Fact::new("Prochaine étape", "Vérification par la Région, 15 jours"),
    ]
}

const REASON: &str = "Un tuteur est disponible le matin.\nL’atelier <B> & la découpe sont adaptés.";

fn html(frame: Frame) -> String {
    Html { frame, facts: facts(), reason: REASON }.render().unwrap()
}

fn text(frame: Frame) -> String {
    Text { frame, facts: facts(), reason: REASON }.render().unwrap()
}

#[test]
fn the_two_layouts_read_as_reviewed() {
    insta::assert_snapshot!("html", html(frame()));
    insta::assert_snapshot!("text", text(frame()));
}

#[test]
fn a_message_stays_small() {
    let html = html(frame());
    assert!(html.len() <= 6_144, "{} bytes", html.len());
}

#[test]
fn a_button_never_goes_without_its_link_nor_a_link_without_its_button() {
    for rendered in [html(frame()), text(frame())] {
        assert!(rendered.contains(LINK_MARKER) && rendered.contains(OPT_OUT_MARKER));
    }
    let quiet = Frame { action: None, reminder: false, ..frame() };
    for rendered in [html(quiet.clone()), text(quiet)] {
        assert!(!rendered.contains(LINK_MARKER) && !rendered.contains(OPT_OUT_MARKER));
    }
}

#[test]
fn what_people_wrote_is_escaped() {
    let html = html(Frame { title: "<script>".into(), ..frame() });
    assert!(!html.contains("<script>") && !html.contains("<B>"));
    assert!(text(frame()).contains("> L’atelier <B> & la découpe"));
}

#[test]
fn lists_and_telephones_are_written_for_their_reader() {
    let mut frame = frame();
    assert_eq!(frame.others_text(), "l’organisme de formation, le tuteur et la Région");
    frame.others.truncate(1);
    assert_eq!(frame.others_text(), "l’organisme de formation");
    frame.others.clear();
    assert_eq!(frame.others_text(), "");
    assert!(!html(frame.clone()).contains("Autres destinataires"));
    assert_eq!(frame.contact.unwrap().dial(), "0235000000");
}
