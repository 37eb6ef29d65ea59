use std::collections::BTreeSet;

use strum::IntoEnumIterator;

use super::*;

/// Labels that are the identifiers, with characters that XML, DOT and Markdown must escape.
struct Identifiers;

impl Labels for Identifiers {
    fn state(&self, state: State) -> String {
        state.to_string()
    }
    fn step(&self, step: Step) -> String {
        step.to_string()
    }
    fn side(&self, side: Side) -> String {
        side.to_string()
    }
    fn role(&self, role: RecipientRole) -> String {
        role.to_string()
    }
    fn outside(&self, role: OutsideRole) -> String {
        role.to_string()
    }
    fn phase(&self, phase: Option<Prestation>) -> String {
        phase.map_or_else(|| "the end".to_owned(), |phase| phase.to_string())
    }
    fn told(&self, told: Told) -> String {
        told.to_string()
    }
    fn datum(&self, datum: Datum) -> String {
        datum.to_string()
    }
    fn effect(&self, effect: Effect) -> String {
        effect.to_string()
    }
    fn bound(&self, bound: Bound) -> String {
        bound.to_string()
    }
    fn moved(&self, moved: Moved) -> String {
        moved.to_string()
    }
    fn word(&self, word: Word) -> String {
        format!("{word:?} & \"more\" <than> this | that")
    }
}

#[test]
fn every_state_and_every_transition_is_in_every_format() {
    for format in Format::iter() {
        let text = render(format, &Identifiers);
        // Names are wrapped in the picture only between words, and identifiers have none.
        for state in State::iter() {
            assert!(text.contains(state.as_ref()), "{state} is not in {format}");
        }
        for transition in Transition::iter() {
            assert!(text.contains(transition.as_ref()), "{transition} is not in {format}");
        }
    }
}

#[test]
fn the_page_has_a_row_for_every_step_and_a_column_for_every_role() {
    let page = render(Format::Markdown, &Identifiers);
    for step in Step::all() {
        let rows: Vec<&str> = page.lines().filter(|line| line.contains(&format!("`{step}`"))).collect();
        assert_eq!(rows.len(), 1, "{step}");
        let cells = rows[0].replace("\\|", "").matches('|').count();
        let expected = if row(step).to.is_empty() { 10 } else { 11 };
        assert_eq!(cells, expected, "{step}: {}", rows[0]);
    }
}

#[test]
fn the_page_says_what_the_people_of_a_company_do_and_hear() {
    let page = render(Format::Markdown, &Identifiers);
    for line in [
        "| sign_pif | company, signatory | message | when_complete | — |",
        "| enter_training | — | — | message | message |",
        "| hand_over_contact | company, signatory, human_resources, accounting | if_concerned | when_contact | if_concerned |",
    ] {
        assert!(page.lines().any(|known| known == line), "{line}\n{page}");
    }
}

#[test]
fn the_edges_are_those_of_the_table_and_go_nowhere_from_an_end() {
    let edges: BTreeSet<Edge> = edges().into_iter().collect();
    for transition in Transition::iter() {
        let drawn: BTreeSet<State> =
            edges.iter().filter(|(_, by, _)| *by == transition).map(|(_, _, to)| *to).collect();
        assert_eq!(drawn, row(transition.into()).to.iter().copied().collect(), "{transition}");
    }
    assert!(edges.iter().all(|(from, _, _)| from.is_none_or(|from| !from.is_final())));
    let mermaid = render(Format::Mermaid, &Identifiers);
    let dot = render(Format::Dot, &Identifiers);
    for (from, transition, to) in edges {
        let (start, point) = from.map_or(("[*]", "opening"), |from| (from.into(), from.into()));
        let arrow = format!("{start} --> {to} : {transition} (");
        assert!(transition == Transition::Cancel || mermaid.contains(&arrow), "{arrow}");
        assert!(dot.contains(&format!("{point} -> {to} [label=\"{transition} (")), "{point} -> {to}");
    }
}

#[test]
fn the_picture_is_well_formed_and_says_what_it_is() {
    let svg = render(Format::Svg, &Identifiers);
    well_formed(&svg).unwrap();
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\""));
    assert!(svg.contains("<title id=\"lifecycle-title\">Title &amp; &quot;more&quot; &lt;than&gt; this"));
    assert!(
        well_formed("<a><b></a></b>").is_err() && well_formed("<a>&</a>").is_err() && well_formed("<a b=c/>").is_err()
    );
}

/// Whether tags are closed in order, attributes quoted and named once, and ampersands escaped.
fn well_formed(text: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        for part in rest[..start].split('&').skip(1) {
            let known = ["amp;", "lt;", "gt;", "quot;"].iter().any(|entity| part.starts_with(entity));
            if !known {
                return Err(format!("an ampersand in {part:?}"));
            }
        }
        let end = rest[start..].find('>').ok_or("an open tag")? + start;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> closes nothing"));
            }
            continue;
        }
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut names = BTreeSet::new();
        let mut pieces = attributes.split('"');
        while let Some(key) = pieces.next().map(str::trim).filter(|key| !key.is_empty()) {
            let key = key.strip_suffix('=').ok_or(format!("{key:?} in <{tag}>"))?;
            pieces.next().ok_or(format!("no value for {key}"))?;
            if !names.insert(key) {
                return Err(format!("{key} twice in <{tag}>"));
            }
        }
        if !closed {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} stay open")) }
}
