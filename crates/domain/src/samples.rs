//! Values for tests, here and in the other crates: a market with every clock, accounts of both lots, a form for each step.
//!
//! Nothing of the product reads this module. The forms are good ones: played in the order of the lifecycle, on the days
//! they name and in the evening, each is accepted. To add a step, give it a form in [`form`]; the compiler asks for it.

pub mod lived;

use serde_json::{Value, json};
use strum::IntoEnumIterator;
use uuid::Uuid;

use crate::calendar::Day;
use crate::form::{DocumentRef, Form};
use crate::identifiers::{AccountId, BodyCode, EmailAddress, LineId, LotCode, OrderReference, PathId, PersonId};
use crate::market::{ClockKind, Market, OptionCode, Terms, TermsVersion};
use crate::news::Preferences;
use crate::path::{Act, Command, FreeUnit, Fresh, Step, Transition};
use crate::people::{Account, StaffRole};

/// The body that holds lot 1.
pub const BODY_1: &str = "retravailler";
/// The body that holds lot 2.
pub const BODY_2: &str = "afpa-normandie";

/// A day written as `2026-03-02`.
///
/// # Panics
/// The text is no day.
pub fn day(text: &str) -> Day {
    text.parse().expect("samples name days that exist")
}

/// A market in force from July 2023 to June 2027: two lots of 250 places a year, illustrative prices, every clock with
/// the spans and reminders of `domain.md` §5.
pub fn market() -> Market {
    serde_json::from_value(market_value()).expect("the sample is a market")
}

/// Its terms, version 1.
pub fn terms() -> Terms {
    Terms { version: TermsVersion(1), market: market() }
}

fn market_value() -> Value {
    let lot = |code: &str, name: &str, departments: &[&str], body: &str, holder: &str| {
        json!({"code": code, "name": name, "departments": departments, "places_per_year": 250, "maximum": 500_000_000,
            "holder": {"code": body, "name": holder, "email": format!("fest@{body}.example")}})
    };
    let schedule = [
        ("P1", 60_000, 2000),
        ("M1", 90_000, 2000),
        ("M2", 50_000, 2000),
        ("N1", 200_000, 0),
        ("N2", 300_000, 0),
        ("N3", 420_000, 0),
    ];
    let prices: Vec<Value> = [BODY_1, BODY_2]
        .iter()
        .flat_map(|holder| {
            schedule.map(
                |(option, cents, vat)| json!({"option": option, "holder": holder, "unit_price": cents, "vat": vat}),
            )
        })
        .collect();
    let ccag = json!({"text": "fcs", "verification": "15 d", "penalty_divisor": 1000});
    let clocks: serde_json::Map<String, Value> =
        ClockKind::iter().map(|kind| (kind.to_string(), clock(kind))).collect();
    json!({
        "code": "fest-2023", "title": "Accompagnement de parcours FEST", "starts_on": "2023-07-01", "ends_on": "2027-06-30",
        "prices_confirmed": false, "budget_per_year": 250_000_000,
        "lots": [
            lot("1", "Seine-Maritime et Eure", &["76", "27"], BODY_1, "Retravailler"),
            lot("2", "Calvados, Manche et Orne", &["14", "50", "61"], BODY_2, "AFPA Normandie"),
        ],
        "enabled_options": ["P1", "M1", "M2", "N1", "N2", "N3"],
        "prices": prices,
        "levels": {"n2_from_hours": 150, "n3_from_hours": 300},
        "ccag": {"feasibility": ccag, "preparation": ccag, "implementation": ccag},
        "places": {"policy": "block", "alert_percents": [80, 95]},
        "training": {"weekly_hours": 35, "daily_hours": 10, "completion_percent": 80},
        "penalties": {"waived_up_to": 100_000, "cap_percent": 10, "comment": "15 d"},
        "payment": {"span": "30 d", "remind_before": [10, 5, 1], "reference_rate": 215, "margin": 800, "indemnity": 4_000},
        "clocks": clocks,
        "quiet_hours": {"from": "20:00", "until": "07:00"},
    })
}

fn clock(kind: ClockKind) -> Value {
    match kind {
        ClockKind::NeedDecision => json!({"span": "15 d", "remind_before": [5, 2], "remind_after": [1]}),
        ClockKind::StudyDue => {
            json!({"span": "30 d", "remind_before": [7, 1], "remind_after": [1], "escalate_after": 8})
        }
        ClockKind::PreparationOrder => json!({"span": "60 d", "remind_before": [15], "remind_after": [1]}),
        ClockKind::PreparationDue => {
            json!({"span": "45 d", "remind_before": [7, 1], "remind_after": [1], "escalate_after": 8})
        }
        ClockKind::Verification => json!({"span": "15 d", "remind_before": [5, 2]}),
        ClockKind::Acceptance => json!({"span": "10 d", "remind_before": [3, 1]}),
        ClockKind::Redelivery => json!({"span": "15 d", "remind_before": [5, 1]}),
        ClockKind::RegionChoice => json!({"span": "15 d", "remind_before": [5, 2]}),
        ClockKind::Observations | ClockKind::CompanyAnswer => json!({"span": "10 d", "remind_before": [3]}),
        ClockKind::SelectionOpening | ClockKind::Selection => {
            json!({"span": "60 d", "remind_before": [15], "remind_after": [1], "escalate_after": 15})
        }
        ClockKind::PlaceOffer => json!({"span": "7 d", "remind_before": [2]}),
        ClockKind::Signatures => json!({"span": "7 d", "remind_before": [3], "remind_after": [1, 7]}),
        ClockKind::ImplementationOrder => json!({"span": "10 d", "remind_before": [3], "remind_after": [1]}),
        ClockKind::Reservation => {
            json!({"span": "60 d", "remind_before": [10], "remind_after": [1], "escalate_after": 7})
        }
        ClockKind::Entry => json!({"span": "0 d", "remind_before": [7], "remind_after": [1], "escalate_after": 8}),
        ClockKind::EntryDeclaration => json!({"span": "3 wd", "remind_after": [1]}),
        ClockKind::MissingLog => json!({"span": "7 d", "remind_after": [1]}),
        ClockKind::Attendance => json!({"span": "5 d", "remind_before": [2], "remind_after": [1]}),
        ClockKind::TrainingEnd => json!({"span": "0 d", "remind_before": [7], "remind_after": [1]}),
        ClockKind::Suspension => json!({"span": "30 d", "remind_before": [5], "remind_after": [1]}),
        ClockKind::ReportDue => {
            json!({"span": "15 d", "remind_before": [5, 1], "remind_after": [1], "escalate_after": 8})
        }
        ClockKind::FollowUp => json!({"span": "6 m", "remind_before": [7], "remind_after": [15]}),
        ClockKind::Accident => json!({"span": "2 d", "remind_before": [1]}),
        ClockKind::FormalNotice => json!({"span": "15 d", "remind_before": [5]}),
    }
}

/// An account of a role; a coordinator belongs to the body of the lot, an officer follows that lot alone.
///
/// # Panics
/// The lot is neither 1 nor 2.
pub fn account(role: StaffRole, lot: u8) -> Account {
    let (code, body) = match lot {
        1 => ("1", BODY_1),
        2 => ("2", BODY_2),
        other => panic!("the sample market has no lot {other}"),
    };
    let rank = StaffRole::iter().position(|other| other == role).unwrap_or_default();
    let (domain, body) = match role {
        StaffRole::Coordinator => (body, Some(BodyCode::parse(body).expect("the code of a sample body"))),
        StaffRole::RegionOfficer
        | StaffRole::RegionFinance
        | StaffRole::RegionViewer
        | StaffRole::Administrator
        | StaffRole::Auditor => ("region", None),
    };
    let names = ["Hélène Marchand", "Paul Lefèvre", "Inès Garnier", "Claire Besnard", "Marc Duval", "Odile Perrin"];
    Account {
        id: AccountId::new(Uuid::from_u128(0xA000 + rank as u128 * 16 + u128::from(lot))),
        email: email(&format!("{}.{lot}@{domain}.example", role.as_ref().replace('_', "-"))),
        name: names[rank].to_owned(),
        role,
        body,
        lots: if role == StaffRole::RegionOfficer {
            vec![LotCode::parse(code).expect("the code of a sample lot")]
        } else {
            Vec::new()
        },
        phone: None,
        active: true,
        ends_on: None,
        preferences: Preferences::default(),
        version: 1,
    }
}

/// An address.
///
/// # Panics
/// The text is no address.
pub fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("samples name addresses that are well formed")
}

/// A document, its digest drawn from its name.
pub fn document(name: &str) -> DocumentRef {
    let seed = name.bytes().fold(17_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    DocumentRef { name: name.to_owned(), sha256: format!("{seed:064x}") }
}

/// A unit of every option of the sample market, each on a line of its own.
pub fn units() -> Vec<FreeUnit> {
    let market = market();
    let holder = BodyCode::parse(BODY_1).expect("the code of a sample body");
    let line = |(rank, option): (usize, &OptionCode)| FreeUnit {
        line: LineId::new(Uuid::from_u128(0xB000 + rank as u128)),
        order: OrderReference::new(LotCode::parse("1").expect("the code of a sample lot"), 2026, 1),
        option: *option,
        price: market.price(*option, &holder).expect("the sample market prices its options").amount(),
    };
    market.enabled_options.iter().enumerate().map(line).collect()
}

/// Identifiers and salts for the decision of this rank.
pub fn fresh(rank: u32) -> Fresh {
    let base = 0xC000_0000 + u128::from(rank) * 16;
    let person = |offset: u128| (PersonId::new(Uuid::from_u128(base + offset)), format!("sel-{rank}-{offset}"));
    Fresh { path: PathId::new(Uuid::from_u128(base)), number: rank, people: [person(1), person(2)] }
}

/// The command of a step's sample form.
///
/// # Panics
/// Never: every sample form is read without a problem.
pub fn command(step: impl Into<Step>, today: Day) -> Command {
    let step = step.into();
    Command::read(step, &form(step, today)).expect("sample forms have no problem")
}

/// A form for a step, of which the dates fit when it is played on this day.
///
/// # Panics
/// Never: every form is an object.
pub fn form(step: impl Into<Step>, today: Day) -> Form {
    let value = match step.into() {
        Step::Transition(transition) => transition_form(transition, today),
        Step::Act(act) => act_form(act, today),
    };
    match value {
        Value::Object(form) => form,
        other => panic!("a form is an object, not {other}"),
    }
}

fn in_days(today: Day, days: i64) -> Day {
    today + chrono::Duration::days(days)
}

fn transition_form(transition: Transition, today: Day) -> Value {
    match transition {
        Transition::ReportNeed => json!({
            "siret": "73282932000074", "company": "Boulangerie Lemoine", "commune": "76540", "job": "Ouvrier boulanger",
            "rome": "D1102", "persons_wanted": 2, "contact_name": "Anne Lemoine",
            "contact_email": "anne.lemoine@boulangerie-lemoine.example", "contact_phone": "02 35 00 00 01",
        }),
        Transition::OpenSibling => json!({"source": "FEST-1-2026-0001", "programme_still_fit": true}),
        Transition::DeclineNeed => json!({"reason": "Le poste est déjà pourvu."}),
        Transition::OrderFeasibility
        | Transition::OrderPreparation
        | Transition::OpenSelection
        | Transition::OrderImplementation => json!({}),
        Transition::StartFeasibility => {
            json!({"first_visit": format!("{} 10:00", in_days(today, 7)), "place": "12 rue du Four, Rouen"})
        }
        Transition::DeliverFeasibility => json!({
            "organisation": "Deux fournils, horaires de jour.", "people": "Un tuteur expérimenté et disponible.",
            "engagement": "La direction libère quatre heures par semaine.", "competences": "Pétrissage, façonnage, cuisson.",
            "verdict": "feasible", "reasons": "Les conditions sont réunies.", "report": document("etude.pdf"),
            "commitment": "confirmed",
        }),
        Transition::AdjournFeasibility | Transition::AdjournPreparation | Transition::AdjournReport => {
            json!({"reasons": "Le calendrier est à compléter."})
        }
        Transition::RejectFeasibility | Transition::RejectPreparation | Transition::RejectReport => {
            json!({"reasons": "Le livrable ne répond pas au cahier des charges."})
        }
        Transition::AdmitFeasibility | Transition::AdmitPreparation | Transition::AdmitReport => json!({}),
        Transition::StartPreparation => json!({"on": today}),
        Transition::DeliverPreparation => json!({
            "programme": document("programme.pdf"), "work_analysis": document("analyse.pdf"),
            "evaluation_grid": document("grille.pdf"), "tutor_certificate": document("attestation-tuteur.pdf"),
        }),
        Transition::SelectCandidate => json!({
            "name": "Karim Benali", "email": "karim.benali@courriel.example", "phone": "06 00 00 00 02",
            "birth_date": "1994-05-17", "sex": "male", "level": 4, "job_seeker": true, "rsa": false, "boe": false,
            "prescriber": "france_travail", "planned_entry": in_days(today, 14), "company_agrees": true,
        }),
        Transition::SignPif => json!({"version": 1}),
        Transition::EnterTraining => json!({"on": today, "safir": "SAF-2026-118", "remu": "REM-2026-118"}),
        Transition::AnnulEntry => json!({"reason": "La personne ne s’est pas présentée."}),
        Transition::Suspend => {
            json!({"reason": "Fermeture annuelle.", "on": today, "expected_return": in_days(today, 14)})
        }
        Transition::Resume => json!({"on": today}),
        Transition::EndTraining => json!({"outcome": "completed", "on": today, "hours_done": 24}),
        Transition::DeliverReport => json!({
            "report": document("bilan.pdf"), "certificate": document("certificat.pdf"), "confirmation": "confirmed",
            "satisfaction_asked": true,
        }),
        Transition::CloseWithoutReport => json!({"reason": "Mise en demeure restée sans réponse.", "amount": 0}),
        Transition::WithdrawCandidate => json!({"reason": "La personne a trouvé un emploi."}),
        Transition::Cancel => json!({"reason": "L’entreprise cesse son activité.", "amount": 0}),
    }
}

fn act_form(act: Act, today: Day) -> Value {
    let pif = json!({
        "afest_hours": 20, "application_hours": 10, "weekly_hours": 35, "daily_hours": 7, "starts_on": in_days(today, 14),
        "ends_on": in_days(today, 41), "document": document("pif-v1.pdf"),
    });
    match act {
        Act::AskConfirmation
        | Act::ConfirmCommitment
        | Act::ConfirmReport
        | Act::ConfirmProgramme
        | Act::AcceptDesignation
        | Act::ConfirmCandidate
        | Act::AcceptAdjournment
        | Act::OrderTutorTraining
        | Act::OfferPlace
        | Act::LapseOffer
        | Act::ApproveLevel => json!({}),
        Act::DeclineRequest => json!({"request": "confirm_commitment", "reason": "La décision revient au siège."}),
        Act::ProposeCorrection => json!({"correction": "Le poste est à mi-temps."}),
        Act::AnswerCorrection => {
            json!({"number": 1, "accepted": true, "answer": "Le mi-temps est noté\u{a0}; le programme en tiendra compte."})
        }
        Act::ContestAnswer => json!({"request": "confirm_commitment", "facts": "Je n’ai pas ouvert ce courriel."}),
        Act::AskAgain => json!({"request": "confirm_commitment", "reason": "Réponse contestée par l’entreprise."}),
        Act::HandOverContact => json!({"name": "Luc Lemoine", "email": "luc.lemoine@boulangerie-lemoine.example"}),
        Act::RecordAnswerOnBehalf => json!({
            "request": "confirm_commitment", "role": "company", "on": today, "channel": "telephone",
            "said_by": "Anne Lemoine", "scan": document("compte-rendu-appel.pdf"),
        }),
        Act::RefuseAdjournment => json!({"reason": "Le livrable est complet."}),
        Act::AskObservations => json!({"reasons": "Une réfaction est envisagée."}),
        Act::GiveObservations => json!({"observations": "Le retard tient à la fermeture de l’entreprise."}),
        Act::SettleCondition => json!({"number": 1, "waived": false, "comment": "Poste aménagé, vu sur place."}),
        Act::DesignateTutor => {
            json!({"name": "Sophie Caron", "email": "sophie.caron@boulangerie-lemoine.example"})
        }
        Act::ReplaceTutor => json!({
            "name": "Yves Morel", "email": "yves.morel@boulangerie-lemoine.example", "reason": "Départ de l’entreprise.",
        }),
        Act::RecordUnsuccessfulCandidate => json!({
            "name": "Lucie Aubert", "email": "lucie.aubert@courriel.example", "reason": "another_candidate",
        }),
        Act::WritePif => pif,
        Act::AmendPif => {
            let mut amended = pif;
            amended["afest_hours"] = json!(24);
            amended["document"] = json!(document("pif-v2.pdf"));
            amended["reason"] = json!("Une compétence de plus.");
            amended
        }
        Act::ExtendReservation => json!({"until": in_days(today, 90), "reason": "Visite médicale attendue."}),
        Act::RecordRegistration => json!({"safir": "SAF-2026-118", "remu": "REM-2026-118"}),
        Act::RecordSequence => json!({
            "kind": "work_situation", "from": format!("{today} 09:00"), "until": format!("{today} 12:00"),
            "objective": "Façonner les pâtons.",
        }),
        Act::SignSequence => json!({"number": 1}),
        Act::RecordAbsence => json!({"from": today, "until": today, "reason": "illness"}),
        Act::SignAttendanceMonth => json!({"month": today}),
        Act::ReportAccident => json!({"on": today, "facts": "Coupure à la main, soins sur place."}),
        Act::ReportObstacle => json!({"facts": "Le pétrin est en panne."}),
        Act::RequestCancellation => json!({"reason": "L’entreprise ne répond plus."}),
        Act::ExtendPrestation => json!({"until": in_days(today, 60), "reason": "Fermeture de l’entreprise."}),
        Act::DecideRequest => json!({"request": "extension", "granted": true}),
        Act::SendFormalNotice => json!({"reason": "Le bilan n’est pas remis."}),
        Act::GiveOpinion => json!({"opinion": "satisfied", "comment": "Un vrai suivi, du début à la fin."}),
        Act::RecordFollowUp => json!({"on": today, "situation": "permanent_contract", "at_company": true}),
        Act::AddDocument => json!({"kind": "evidence", "document": document("photo.pdf")}),
        Act::AddNote => json!({"note": "Appel de suivi passé."}),
        Act::ChangeContact => json!({
            "role": "company", "name": "Luc Lemoine", "email": "luc.lemoine@boulangerie-lemoine.example",
            "reason": "Nouvelle direction.",
        }),
        Act::AddCompanyContact => json!({
            "function": "signatory", "name": "Marie Lemoine", "email": "marie.lemoine@boulangerie-lemoine.example",
        }),
        Act::RemoveCompanyContact => json!({"function": "signatory", "reason": "Départ de l’entreprise."}),
        Act::AssignCoordinator => json!({"email": "coordinator.1@retravailler.example"}),
        Act::CorrectDatum => json!({"datum": "job", "value": "Boulanger", "reason": "Intitulé inexact."}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_market_has_no_problem() {
        assert_eq!(market().problems(), Vec::new());
    }

    #[test]
    fn every_step_has_a_form_that_reads() {
        for step in Step::all() {
            assert_eq!(command(step, day("2026-03-02")).step(), step);
        }
    }

    #[test]
    fn accounts_differ() {
        let ids: std::collections::BTreeSet<_> =
            StaffRole::iter().flat_map(|role| [1, 2].map(|lot| account(role, lot).id)).collect();
        assert_eq!(ids.len(), 12);
    }
}
