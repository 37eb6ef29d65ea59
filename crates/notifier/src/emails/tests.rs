//! What holds for every e-mail, over its samples and over a life of a path played from the need to the closing.

mod life;
mod orders;
mod texts;

use std::collections::BTreeMap;
use std::time::Instant as Stopwatch;

use super::*;
use crate::envelope::{LINK_MARKER, OPT_OUT_MARKER, PERSONAL_DATA_MARKER};

/// Samples by folder, in their order.
fn by_kind() -> BTreeMap<&'static str, Vec<(String, Composed)>> {
    let mut kinds: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, composed) in samples() {
        kinds.entry(composed.kind).or_default().push((name, composed));
    }
    kinds
}

#[test]
fn every_sample_reads_as_reviewed() {
    for (kind, samples) in by_kind() {
        let show = |(name, composed): &(String, Composed)| {
            let invited = if composed.calendar.is_some() { ", invitation" } else { "" };
            format!("===== {name} ({:?}{invited})\n{}\n\n{}", composed.link, composed.subject, composed.text)
        };
        let shown: Vec<String> = samples.iter().map(show).collect();
        insta::assert_snapshot!(kind, shown.join("\n"));
    }
}

#[test]
fn two_samples_are_reviewed_as_html() {
    let samples: BTreeMap<String, Composed> = samples().into_iter().collect();
    insta::assert_snapshot!("html_feasibility_delivered_company", samples["feasibility_delivered-2-company"].html);
    insta::assert_snapshot!("html_order_notified_body", samples["order_notified-1-body"].html);
}

#[test]
fn every_folder_of_templates_has_samples() {
    let folders = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/emails")).unwrap();
    let folders = folders.map(Result::unwrap).filter(|entry| entry.file_type().unwrap().is_dir());
    let folders: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    let kinds = by_kind();
    for folder in &folders {
        assert!(kinds.contains_key(folder.as_str()), "{folder} has no sample");
    }
    assert_eq!(folders.len(), kinds.len());
    let names: std::collections::BTreeSet<_> = samples().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), samples().len(), "names of samples differ");
}

#[test]
fn every_sample_keeps_the_rules() {
    for (name, composed) in samples() {
        check(&name, &composed);
    }
}

#[test]
fn rendering_is_fast() {
    samples();
    let start = Stopwatch::now();
    let rendered = samples().len() as u32;
    let each = start.elapsed() / rendered;
    assert!(each.as_millis() < 5, "{each:?} a message");
}

/// Words that stand in no message, and those that people outside never read.
const NEVER: [&str; 7] = ["RSA", "BOE", "date de naissance", "sécurité sociale", "handicap", "maladie", "salaire"];
const STAFF_ONLY: [&str; 12] = [
    "€",
    "rému",
    "SAFIR",
    "bon de commande",
    "unité",
    "ajourn",
    "réfaction",
    "rejet",
    "N1",
    "N2",
    "N3",
    "mise en demeure",
];

/// A text without the markers of links.
fn unmarked(text: &str) -> String {
    [LINK_MARKER, OPT_OUT_MARKER, PERSONAL_DATA_MARKER]
        .iter()
        .fold(text.to_owned(), |text, marker| text.replace(marker, ""))
}

/// Everything that holds for every message.
fn check(name: &str, composed: &Composed) {
    let Composed { subject, text, html, link, .. } = composed;
    let whole = format!("{subject}\n{text}");
    let problems = wording::typography::check(&unmarked(&whole));
    assert!(problems.is_empty(), "{name}: {}", problems[0]);
    for html_only in [subject.as_str(), text.as_str()] {
        assert!(!html_only.contains('<') && !html_only.contains("&#"), "{name}: markup in the text");
    }

    let (reference, title) = subject.split_once(" — ").unwrap_or_else(|| panic!("{name}: no reference in {subject}"));
    assert!(
        reference.starts_with("FEST-")
            || reference.starts_with("BC-")
            || reference.starts_with("Lot ")
            || ["Vos lots", "Vos parcours", "Votre compte", "Votre signalement"].contains(&reference),
        "{name}: {subject}"
    );
    assert!(title.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit()), "{name}: {subject}");
    assert!(subject.chars().count() <= 90, "{name}: {subject} is long");
    assert!(!subject.contains('\n'), "{name}");

    for word in NEVER {
        assert!(!whole.contains(word), "{name} holds {word}");
    }
    for line in text.lines() {
        assert_eq!(line, line.trim_end(), "{name}: a blank ends a line");
    }
    assert!(!text.contains("\n\n\n"), "{name}: two empty lines");

    assert_eq!(html.matches("<h1").count(), 1, "{name}");
    assert!(html.starts_with("<!doctype html><html lang=\"fr\">") && html.ends_with("</html>"), "{name}");
    assert_eq!(html.matches("<table").count(), html.matches("</table>").count(), "{name}");
    assert!(html.len() <= 12 * 1024, "{name}: {} bytes of HTML", html.len());
    // The pages of a digest's paths are no secret: their addresses stand in the stored text.
    let unlinked = html.replace("<a href=\"https://jalon.example/parcours/", "");
    assert!(!unlinked.contains("http"), "{name}: an address");
    assert!(!html.contains("<img") && !html.contains("<script"), "{name}: something to load");

    let (in_text, in_html) = (text.matches(LINK_MARKER).count(), html.matches(LINK_MARKER).count());
    match link {
        LinkPurpose::Answer(..) | LinkPurpose::Follow | LinkPurpose::Password | LinkPurpose::Need(_) => {
            assert_eq!(in_text, 1, "{name}: its link");
        }
        LinkPurpose::Staff => assert!(in_text <= 1, "{name}: its link"),
    }
    assert_eq!(in_text > 0, in_html > 0, "{name}: a link in one part only");
    let opt_outs = (text.matches(OPT_OUT_MARKER).count(), html.matches(OPT_OUT_MARKER).count());
    assert!(opt_outs == (0, 0) || (opt_outs == (1, 1) && *link != LinkPurpose::Staff), "{name}: turning reminders off");
    let notices = (text.matches(PERSONAL_DATA_MARKER).count(), html.matches(PERSONAL_DATA_MARKER).count());
    assert_eq!(notices, if composed.informs { (1, 1) } else { (0, 0) }, "{name}: what is kept of its reader");
    let left = |part: &str| unmarked(part).contains("{{");
    assert!(!left(text) && !left(html) && !left(subject), "{name}: something left to fill in");
}

/// What people outside never read.
fn check_outside(name: &str, composed: &Composed) {
    for word in STAFF_ONLY {
        for part in [&composed.subject, &composed.text] {
            assert!(!part.contains(word), "{name} holds {word}:\n{part}");
        }
    }
}

#[test]
fn people_outside_read_nothing_of_the_contract() {
    let outside = ["-company", "-trainee", "-tutor", "-candidate"];
    let mut read = 0;
    for (name, composed) in samples() {
        if outside.iter().any(|end| name.ends_with(end)) {
            check_outside(&name, &composed);
            read += 1;
        }
    }
    assert!(read > 60, "only {read} samples for people outside");
}

#[test]
fn a_text_says_the_same_in_both_parts() {
    for (name, composed) in samples() {
        let words = |text: &str| -> Vec<String> {
            let words = text
                .split(|c: char| c.is_whitespace() || "·>-".contains(c))
                .filter(|word| word.chars().any(char::is_alphanumeric));
            words.map(str::to_owned).collect()
        };
        let html = words(&visible(&composed.html));
        let (content, _) = composed.text.split_once("-----").expect("the footer of a message follows a rule");
        for word in words(content).iter().filter(|word| !word.contains("://")) {
            assert!(html.iter().any(|other| other.contains(word.as_str())), "{name}: {word} is not in the HTML");
        }
    }
}

#[test]
fn the_text_says_everything_that_the_html_shows_in_the_same_order() {
    /// What only a button needs.
    const BUTTON: &str = "Si le bouton ne répond pas, copiez cette adresse\u{a0}:";
    for (name, composed) in samples() {
        let (_, hidden) = composed.html.split_once("<div style=\"display:none").expect("a line after the subject");
        let (_, after) = hidden.split_once("</div>").expect("that line ends");
        let shown = visible(after).replace(BUTTON, " ");
        let text = plain_words(&composed.text);
        let mut rest = text.iter();
        for word in plain_words(&shown) {
            assert!(rest.any(|other| *other == word), "{name}: « {word} » is not in its place in\n{}", composed.text);
        }
    }
}

#[test]
fn a_message_about_many_paths_stays_light_and_says_what_it_leaves_out() {
    let officer = domain::samples::account(domain::people::StaffRole::RegionOfficer, 1);
    let to = Addressed::account(RecipientRole::Body, domain::told::Told::Message, &officer);
    let entry = |rank: u32| Entry {
        reference: format!("FEST-1-2026-{rank:04}"),
        company: "Établissements Lefèvre et Fils, Ateliers de la Basse-Seine".to_owned(),
        job: "Conducteur d’équipements d’agroalimentaire".to_owned(),
        address: format!("https://jalon.normandie.example/parcours/FEST-1-2026-{rank:04}"),
        facts: vec!["L’étude de faisabilité est commandée.".to_owned(), "Organisme\u{a0}: première visite".to_owned()],
    };
    let paths: Vec<Entry> = (1..=150).map(entry).collect();
    let texts = Texts::default();
    let step = StepOnSeveral::of(Step::from(Transition::OrderFeasibility), &officer.actor(), &paths, None, &to)
        .compose(&texts);
    let portfolio = PortfolioReceived::of("Claire Morel", "Hugo Petit", &paths, &to, false).compose(&texts);
    let digest = digest::of_many(150, 3).compose(&texts);
    for composed in [step, portfolio, digest] {
        let (kind, whole) = (composed.kind, composed.html.len() + composed.text.len());
        // As it leaves, in base 64.
        assert!(whole * 137 / 100 < 60_000, "{kind}: {whole} bytes");
        let told = if kind == "digest" { "410 faits sur 137 parcours." } else { "110 parcours." };
        let rest = format!("À lire dans Jalon : {told}");
        for part in [&composed.text, &composed.html] {
            assert!(part.replace('\u{a0}', " ").contains(&rest), "{kind}: {part}");
        }
        assert!(
            kind == "digest" || composed.subject.contains("150"),
            "the subject counts them all: {}",
            composed.subject
        );
    }
}

/// The words of a text without their punctuation; addresses and markers of links are none.
fn plain_words(text: &str) -> Vec<&str> {
    let words = text.split_whitespace().filter(|word| !word.contains("://") && !word.contains("{{"));
    words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).filter(|word| !word.is_empty()).collect()
}

/// The text of an HTML message, without tags.
fn visible(html: &str) -> String {
    let body = html.split_once("<body").map_or(html, |(_, body)| body);
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        if !tag.starts_with("span") && !tag.starts_with("/span") {
            text.push(' ');
        }
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.replace("&#38;", "&").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">")
}
