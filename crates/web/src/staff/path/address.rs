//! What to look at again in an address before it is used (L22): a likely mistake of typing, or the address of another role of
//! the path, whose messages would then be merged. A remark stops nothing.

use app::PathView;
use domain::form::FieldKind;
use domain::identifiers::EmailAddress;
use domain::path::{Act, Command, Step, Transition};
use domain::people::{OutsideRole, RecipientRole};
use wording::pages::path_steps as words;

use crate::forms::{FieldView, Input, Typed, value};

/// Who writes or is written to on the path, by role, at which address.
pub(super) type Known = Vec<(RecipientRole, EmailAddress)>;

/// The addresses of a path now.
pub(super) fn known(view: &PathView) -> Known {
    let people = view.people.iter().filter(|person| person.active && view.path.stands(person.id));
    let outside = people.filter_map(|person| Some((person.role, person.contact.email.clone()?)));
    let coordinator = view.coordinator.iter().map(|account| (RecipientRole::Body, account.email.clone()));
    outside.chain(coordinator).collect()
}

/// The role that a step gives to the person of its form.
fn role(step: Step, typed: &Typed) -> Option<RecipientRole> {
    match step {
        Step::Transition(Transition::ReportNeed) => Some(RecipientRole::Company),
        Step::Transition(Transition::SelectCandidate) => Some(RecipientRole::Trainee),
        Step::Act(Act::DesignateTutor | Act::ReplaceTutor) => Some(RecipientRole::Tutor),
        Step::Act(Act::RecordUnsuccessfulCandidate) => Some(RecipientRole::Candidate),
        Step::Act(Act::ChangeContact) => {
            value(typed, "role").and_then(|role| role.parse::<OutsideRole>().ok()).map(OutsideRole::recipient)
        }
        Step::Act(Act::AddCompanyContact) => Some(RecipientRole::Company),
        // The coordinator is one of the accounts.
        Step::Transition(_) | Step::Act(_) => None,
    }
}

/// Puts its remark beside each address of a form.
pub(super) fn look_at(step: Step, typed: &Typed, known: &Known, fields: &mut [FieldView]) {
    let Some(role) = role(step, typed) else { return };
    let addresses = Command::fields(step).into_iter().filter(|field| field.kind == FieldKind::Email);
    for address in addresses {
        let field = fields.iter_mut().find(|field| field.name == address.name);
        let Some(field) = field.filter(|field| matches!(field.input, Input::Line { .. })) else { continue };
        field.remark = EmailAddress::parse(field.value.trim()).ok().and_then(|typed| remark(&typed, role, known));
    }
}

fn remark(typed: &EmailAddress, role: RecipientRole, known: &Known) -> Option<String> {
    if let Some(meant) = typed.typo_hint() {
        return Some(words::did_you_mean(meant));
    }
    let (other, _) = known.iter().find(|(other, address)| *other != role && address == typed)?;
    Some(words::same_address(wording::labels::the_recipient(*other)))
}
