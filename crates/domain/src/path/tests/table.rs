//! The lifecycle as reviewed tables: who may do what from where, what `decide` answers, and who is told.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use strum::IntoEnumIterator;

use super::kit::World;
use crate::path::table::row;
use crate::path::{Act, Refusal, State, Step, Transition};
use crate::people::{Actor, Side, StaffRole};
use crate::samples;
use crate::told::{FUNCTIONS, ROLES, told, told_in_company};

fn letter(side: Side) -> char {
    match side {
        Side::Region => 'R',
        Side::Finance => 'F',
        Side::Body => 'B',
        Side::Company => 'C',
        Side::Trainee => 'T',
        Side::Tutor => 'U',
        Side::System => 'S',
    }
}

/// A table of states by steps; the names of the steps are read downwards.
fn table(title: &str, steps: &[Step]) -> String {
    let name_width = State::iter().map(|state| state.as_ref().len()).max().unwrap_or(0);
    let height = steps.iter().map(|step| step.id().len()).max().unwrap_or(0);
    let mut text = format!("{title}\n\n");
    for rank in 0..height {
        let letters = steps.iter().map(|step| {
            let id = step.id();
            let top = height - id.len();
            let letter = rank.checked_sub(top).and_then(|rank| id.chars().nth(rank)).unwrap_or(' ');
            format!(" {letter:<3}")
        });
        let line = format!("{:name_width$} |{}", "", letters.collect::<String>());
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
    writeln!(text, "{:-<1$}", "", name_width + 2 + 4 * steps.len()).unwrap();
    for state in State::iter() {
        let cells = steps.iter().map(|step| {
            let row = row(*step);
            let allowed = row.from.contains(&state);
            let sides: String = row.by.iter().filter(|_| allowed).map(|side| letter(*side)).collect();
            format!(" {:<3}", if sides.is_empty() { ".".to_owned() } else { sides })
        });
        let line = format!("{:name_width$} |{}", state.as_ref(), cells.collect::<String>());
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
    text
}

#[test]
fn every_state_transition_and_side() {
    let transitions: Vec<Step> = Transition::iter().map(Step::from).collect();
    let acts: Vec<Step> = Act::iter().map(Step::from).collect();
    let legend = "R Region, B body, C company, T trainee, U tutor, S the system's clock";
    let opening: Vec<String> = transitions
        .iter()
        .filter(|step| row(**step).from.is_empty())
        .map(|step| format!("{step}: {}", row(*step).by.iter().map(|side| letter(*side)).collect::<String>()))
        .collect();
    let text = format!(
        "{}\nOpening a path: {}\n\n{}",
        table(&format!("Transitions ({legend})"), &transitions),
        opening.join(", "),
        table("Acts", &acts)
    );
    insta::assert_snapshot!("every_state_transition_and_side", text);
}

/// One line per answer of `decide`: the steps, with the sides that get it.
fn answers(world: &World) -> String {
    let mut found: BTreeMap<String, BTreeMap<usize, String>> = BTreeMap::new();
    let sides: Vec<(Side, Actor)> = Side::iter().filter_map(|side| Some((side, world.actor(side)?))).collect();
    for (rank, step) in Step::all().enumerate() {
        for (side, actor) in &sides {
            let command = samples::command(step, world.today());
            let answer = match world.decision(Some(world.current), command, actor) {
                Ok(_) => "accepted".to_owned(),
                Err(Refusal::Missing { needs }) => {
                    let needs: Vec<&str> = needs.iter().map(Into::into).collect();
                    format!("missing {}", needs.join(" "))
                }
                Err(refusal) => refusal.code().to_owned(),
            };
            // Not one's role and not the state are the rule: the first table says where they do not hold.
            let admissible = row(step).by.contains(side) && row(step).from.contains(&world.path().state);
            match answer.as_str() {
                "not_your_role" if !row(step).by.contains(side) => continue,
                "wrong_state" if row(step).by.contains(side) && !admissible => continue,
                "already_done" if row(step).to.contains(&world.path().state) && !admissible => continue,
                _ => {}
            }
            assert!(admissible, "{step} by {side} from {}: {answer}", world.path().state);
            found.entry(answer).or_default().entry(rank).or_default().push(letter(*side));
        }
    }
    let steps: Vec<Step> = Step::all().collect();
    let mut text = String::new();
    for (answer, by_step) in found {
        writeln!(text, "  {answer}").unwrap();
        let named: Vec<String> = by_step.into_iter().map(|(rank, sides)| format!("{} {sides}", steps[rank])).collect();
        for part in named.chunks(5) {
            writeln!(text, "      {}", part.join(", ")).unwrap();
        }
    }
    text
}

#[test]
fn what_decide_answers_from_every_state() {
    let mut text = String::from(
        "What decide answers to a good form, by state, from those whom the table lets try.\n\
         Every other step of every other side was refused with not_your_role, wrong_state, or already_done.\n",
    );
    for state in State::iter() {
        let mut world = World::at(state);
        if state == State::InTraining {
            world.log();
        }
        write!(text, "\n{state}\n{}", answers(&world)).unwrap();
    }
    insta::assert_snapshot!("what_decide_answers_from_every_state", text);
}

#[test]
fn accounts_that_decide_nothing_are_refused_every_step_everywhere() {
    for state in State::iter() {
        let world = World::at(state);
        for role in [StaffRole::RegionViewer, StaffRole::Administrator, StaffRole::Auditor] {
            for step in Step::all() {
                let actor = samples::account(role, 1).actor();
                let answer = world.decision(Some(0), samples::command(step, world.today()), &actor);
                // Who keeps accounts hands paths over, and does nothing else.
                if role == StaffRole::Administrator && step == Step::Act(Act::AssignCoordinator) {
                    assert!(!matches!(answer, Err(Refusal::NotYourRole { .. })), "{role} from {state}");
                    continue;
                }
                let reads_only = role != StaffRole::Administrator;
                assert_eq!(answer, Err(Refusal::NotYourRole { step, reads_only }), "{role} from {state}");
            }
        }
    }
}

#[test]
fn another_body_sees_no_path_whatever_the_step_and_the_state() {
    for state in State::iter() {
        let world = World::at(state);
        let actor = samples::account(StaffRole::Coordinator, 2).actor();
        for step in Step::all() {
            let answer = world.decision(Some(0), samples::command(step, world.today()), &actor);
            assert_eq!(answer, Err(Refusal::NotFound), "{step} from {state}");
        }
    }
}

#[test]
fn who_is_told_of_every_step() {
    let roles = ROLES.iter().map(AsRef::<str>::as_ref).chain(FUNCTIONS.iter().map(AsRef::as_ref));
    let header: Vec<String> = roles.map(|role| format!("{role:<18}")).collect();
    let mut text = format!("{:<28} {}\n", "", header.concat().trim_end());
    for step in Step::all() {
        let cells: Vec<String> = told(step)
            .into_iter()
            .chain(told_in_company(step))
            .map(|told| match told {
                crate::told::Told::No => format!("{:<18}", "."),
                told => format!("{:<18}", told.to_string()),
            })
            .collect();
        let gap = if step == Step::from(Act::AskConfirmation) { "\n" } else { "" };
        writeln!(text, "{gap}{:<28} {}", step.id(), cells.concat().trim_end()).unwrap();
    }
    insta::assert_snapshot!("who_is_told_of_every_step", text);
}

/// The Region and time alone bring every path to an end, whatever the others do.
#[test]
fn every_open_state_reaches_an_end_by_the_region_alone() {
    use super::kit::R;
    use serde_json::json;
    for start in State::iter().filter(|state| !state.is_final()) {
        let mut world = World::at(start);
        let mut steps = 0;
        while !world.path().state.is_final() {
            match world.path().state {
                State::NeedReported
                | State::FeasibilityOrdered
                | State::FeasibilityInProgress
                | State::Feasible
                | State::PreparationOrdered
                | State::PreparationInProgress
                | State::FeasibilityAdjourned
                | State::PreparationAdjourned
                | State::Ready
                | State::CandidateSelection
                | State::CandidateSelected
                | State::PifSigned
                | State::ImplementationOrdered => world.ok(R, Transition::Cancel),
                State::FeasibilityDelivered => world.ok(R, Transition::AdmitFeasibility),
                State::PreparationDelivered => world.ok(R, Transition::AdmitPreparation),
                State::ReportDelivered => world.ok(R, Transition::AdmitReport),
                State::InTraining | State::Suspended => world.ok_with(
                    R,
                    Transition::EndTraining,
                    json!({"outcome": "stopped_by_region", "reason": "Organisme défaillant.", "hours_done": 0}),
                ),
                State::TrainingEnded | State::ReportAdjourned => {
                    world.ok(R, Act::SendFormalNotice);
                    world.later(30);
                    world.ok(R, Transition::CloseWithoutReport)
                }
                State::Closed | State::NotFeasible | State::Declined | State::Cancelled => {
                    unreachable!("checked above")
                }
            };
            steps += 1;
            assert!(steps < 5, "{start} leads nowhere");
        }
    }
}
