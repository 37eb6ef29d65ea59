use std::collections::BTreeSet;

use domain::order::OrderEvent;
use domain::path::event::EventKind;
use domain::people::OutsideRole;
use serde_json::{Value, json};
use strum::{IntoEnumIterator, VariantNames};

use super::*;
use crate::typography::check;

const KEY: &str = "0190163d-8694-739b-aea5-966c26f8ad91";

fn staff(role: StaffRole) -> Actor {
    let body = (role == StaffRole::Coordinator).then(|| domain::identifiers::BodyCode::parse("retravailler").unwrap());
    Actor::Staff { account: KEY.parse().unwrap(), name: "Camille Martin".to_owned(), role, body, on_behalf_of: None }
}

fn outside(role: OutsideRole) -> Actor {
    Actor::Outside { person: KEY.parse().unwrap(), role, path: KEY.parse().unwrap() }
}

fn region() -> Actor {
    staff(StaffRole::RegionOfficer)
}

fn body() -> Actor {
    staff(StaffRole::Coordinator)
}

fn document(name: &str) -> Value {
    json!({"name": name, "sha256": "0".repeat(64)})
}

fn draw(option: &str, cents: u32) -> Value {
    json!({"line": KEY, "order": "BC-1-2026-0007", "option": option, "price": {"excluding_tax": cents, "vat": 0}})
}

fn pif(afest: u32) -> Value {
    json!({"afest_hours": afest, "application_hours": 70, "weekly_hours": 35, "daily_hours": 7, "starts_on": "2026-12-14",
        "ends_on": "2027-02-05", "document": document("pif.pdf")})
}

/// Every kind of event at least once, with the actor who usually does it.
fn samples() -> Vec<(Actor, Value)> {
    let person = json!({"id": KEY, "digest": "0"});
    let workplace = json!({"siret": "73282932000074", "company": "Établissement fictif Normandie Bois", "commune": "76217", "department": "76"});
    let job = json!({"title": "Opérateur de découpe", "rome": "H2203"});
    let opening = |kind: &str| {
        json!({"kind": kind, "reference": "FEST-1-2026-0042", "market": "fest-2023", "lot": "1", "holder": "retravailler",
            "workplace": workplace, "contact": person, "job": job})
    };
    let with = |mut event: Value, more: Value| {
        let more = more.as_object().unwrap().clone();
        event.as_object_mut().unwrap().extend(more);
        event
    };
    let (company, trainee, tutor) =
        (outside(OutsideRole::Company), outside(OutsideRole::Trainee), outside(OutsideRole::Tutor));
    let ledger = json!({"kind": "work_situation", "from": "2026-12-15T09:00:00", "until": "2026-12-15T12:00:00"});
    let later = json!({"kind": "work_situation", "from": "2026-12-15T09:00:00", "until": "2026-12-15T11:30:00"});
    let absent = json!({"from": "2026-12-17", "until": "2026-12-18", "reason": "illness"});
    let back = json!({"from": "2026-12-17", "until": "2026-12-17", "reason": "illness"});
    let correction =
        |correction: Value| json!({"kind": "datum_corrected", "reason": "Faute de frappe.", "correction": correction});
    vec![
        (body(), with(opening("need_reported"), json!({"persons_wanted": 2, "derogation": null, "coordinator": null}))),
        (
            body(),
            with(
                opening("sibling_opened"),
                json!({"source": KEY, "source_reference": "FEST-1-2026-0007", "tutor": person, "tutor_trained": true,
                    "coordinator": null}),
            ),
        ),
        (staff(StaffRole::Administrator), with(opening("path_imported"), json!({"candidate": person}))),
        (staff(StaffRole::Administrator), json!({"kind": "past_path_closed"})),
        (region(), json!({"kind": "need_declined", "reason": "L’entreprise a recruté entre-temps."})),
        (
            region(),
            json!({"kind": "prestation_ordered", "prestation": "feasibility", "draws": [draw("P1", 60_000)], "due_on": "2026-12-18"}),
        ),
        (
            region(),
            json!({"kind": "prestation_ordered", "prestation": "implementation", "draws": [draw("N2", 240_000)],
                "due_on": "2026-12-14"}),
        ),
        (
            body(),
            json!({"kind": "feasibility_started", "first_visit": "2026-11-23T09:30:00", "place": "Atelier de découpe"}),
        ),
        (body(), json!({"kind": "preparation_started"})),
        (
            body(),
            json!({"kind": "feasibility_delivered", "organisation": "Un poste est disponible.", "people": "Le chef d’atelier accepte.",
                "engagement": "Quatre heures par semaine.", "competences": "Régler la découpeuse.",
                "verdict": "feasible_with_conditions", "reasons": "Favorables.",
                "conditions": [{"by": "2026-12-01", "what": "Aménager le poste"}], "report": document("etude.pdf"),
                "commitment": "letter", "letter": document("lettre.pdf"), "verify_until": "2026-12-03"}),
        ),
        (
            body(),
            json!({"kind": "feasibility_delivered", "organisation": "Aucun poste.", "people": "Aucun tuteur.", "engagement": "Aucun.",
                "competences": "Sans objet.", "verdict": "not_feasible", "obstacle": "people", "reasons": "Défavorables.", "conditions": [],
                "report": document("etude.pdf"), "commitment": null, "letter": null, "verify_until": "2026-12-03"}),
        ),
        (
            body(),
            json!({"kind": "preparation_delivered", "programme": document("programme.pdf"),
                "work_analysis": document("analyse.pdf"), "evaluation_grid": document("grille.pdf"),
                "tutor_certificate": document("attestation.pdf"), "verify_until": "2026-12-03"}),
        ),
        (
            body(),
            json!({"kind": "report_delivered", "report": document("bilan.pdf"), "certificate": document("certificat.pdf"),
                "confirmation": "confirmed", "letter": null, "satisfaction_asked": true, "verify_until": "2027-03-01"}),
        ),
        (
            region(),
            json!({"kind": "adjourned", "prestation": "feasibility", "reasons": "Le rapport est incomplet.",
                "accept_until": "2026-12-11"}),
        ),
        (
            region(),
            json!({"kind": "adjourned", "prestation": "implementation", "reasons": "Il manque une annexe.",
            "accept_until": "2026-12-11"}),
        ),
        (
            body(),
            json!({"kind": "adjournment_answered", "prestation": "feasibility", "accepted": true, "reason": null,
                "until": "2026-12-18"}),
        ),
        (
            body(),
            json!({"kind": "adjournment_answered", "prestation": "feasibility", "accepted": false,
                "reason": "Les éléments figurent en annexe.", "until": "2026-12-18"}),
        ),
        (
            region(),
            json!({"kind": "observations_asked", "prestation": "preparation", "reasons": "Une réfaction est envisagée.",
                "until": "2026-12-11"}),
        ),
        (
            body(),
            json!({"kind": "observations_given", "prestation": "preparation", "observations": "Un entretien l’a remplacée."}),
        ),
        (
            region(),
            json!({"kind": "rejected", "prestation": "preparation", "reasons": "Tout est à refaire.", "by_silence": false,
                "due_on": "2027-01-18"}),
        ),
        (
            Actor::System,
            json!({"kind": "rejected", "prestation": "feasibility", "reasons": "Sans choix dans le délai.", "by_silence": true,
                "due_on": "2027-01-18"}),
        ),
        (
            Actor::System,
            json!({"kind": "rejected", "prestation": "implementation", "reasons": "Sans choix dans le délai.", "by_silence": true,
                "due_on": "2027-01-18"}),
        ),
        (
            region(),
            json!({"kind": "admitted", "prestation": "feasibility", "tacit": false, "negative": true, "reduction": null,
                "reasons": null, "amount": 60_000}),
        ),
        (
            region(),
            json!({"kind": "admitted", "prestation": "preparation", "tacit": false, "negative": false, "reduction": 12_000,
                "reasons": "Une visite n’a pas eu lieu.", "amount": 128_000}),
        ),
        (
            Actor::System,
            json!({"kind": "admitted", "prestation": "preparation", "tacit": true, "negative": false, "reduction": null,
                "reasons": null, "amount": 140_000}),
        ),
        (
            Actor::System,
            json!({"kind": "admitted", "prestation": "implementation", "tacit": true, "negative": false, "reduction": null,
                "reasons": null, "amount": 240_000}),
        ),
        (
            body(),
            json!({"kind": "condition_settled", "number": 1, "waived": false, "comment": "Le poste est aménagé."}),
        ),
        (region(), json!({"kind": "condition_settled", "number": 2, "waived": true, "comment": "Sans objet."})),
        (
            company.clone(),
            json!({"kind": "tutor_designated", "tutor": person, "training_proof": document("attestation.pdf")}),
        ),
        (
            body(),
            json!({"kind": "tutor_replaced", "tutor": person, "training_proof": null, "reason": "Le tuteur change d’atelier."}),
        ),
        (region(), json!({"kind": "tutor_training_ordered", "draw": draw("M2", 50_000)})),
        (body(), json!({"kind": "selection_opened"})),
        (
            body(),
            json!({"kind": "candidate_selected", "candidate": person, "planned_entry": "2026-12-14",
                "prescriber": "france_travail", "from_offer": false}),
        ),
        (
            body(),
            json!({"kind": "candidate_selected", "candidate": person, "planned_entry": "2026-12-14",
                "prescriber": "mission_locale", "from_offer": true}),
        ),
        (
            body(),
            json!({"kind": "candidate_queued", "candidate": person, "planned_entry": "2026-12-14", "prescriber": "cap_emploi"}),
        ),
        (Actor::System, json!({"kind": "place_offered", "until": "2026-12-04"})),
        (Actor::System, json!({"kind": "offer_lapsed"})),
        (
            body(),
            json!({"kind": "unsuccessful_candidate_recorded", "candidate": person, "reason": "another_candidate",
                "comment": null}),
        ),
        (body(), json!({"kind": "pif_written", "version": 1, "terms": pif(110)})),
        (
            body(),
            json!({"kind": "pif_amended", "version": 2, "terms": pif(240), "reason": "Plus d’heures de réglage.", "level": "N3"}),
        ),
        (region(), json!({"kind": "level_approved", "returned": draw("N2", 240_000), "drawn": draw("N3", 340_000)})),
        (
            trainee.clone(),
            json!({"kind": "pif_signed", "version": 2, "party": "trainee", "on_behalf": false, "complete": true}),
        ),
        (body(), json!({"kind": "pif_signed", "version": 2, "party": "company", "on_behalf": true, "complete": false})),
        (region(), json!({"kind": "reservation_extended", "until": "2027-03-15", "reason": "L’atelier déménage."})),
        (
            body(),
            json!({"kind": "training_entered", "safir": "SAF-2026-10421", "remu": null, "reserved_year": 2026, "year": 2026}),
        ),
        (body(), json!({"kind": "registration_recorded", "safir": "SAF-2026-10421", "remu": "REM-2026-0310"})),
        (region(), json!({"kind": "entry_annulled", "reason": "La personne ne s’est pas présentée.", "year": 2026})),
        (
            tutor.clone(),
            json!({"kind": "sequence_recorded", "number": 3, "sequence": "reflexive_phase", "from": "2026-12-14T13:00:00",
                "until": "2026-12-14T14:30:00", "objective": "Revenir sur le réglage."}),
        ),
        (trainee.clone(), json!({"kind": "sequence_signed", "number": 3, "on_behalf": false})),
        (body(), json!({"kind": "sequence_signed", "number": 4, "on_behalf": true})),
        (
            body(),
            json!({"kind": "absence_recorded", "from": "2027-01-11", "until": "2027-01-12", "reason": "justified", "comment": null}),
        ),
        (body(), json!({"kind": "attendance_signed", "month": "2026-12-01", "by": "body", "on_behalf": false})),
        (body(), json!({"kind": "attendance_signed", "month": "2027-08-01", "by": "trainee", "on_behalf": true})),
        (company.clone(), json!({"kind": "accident_reported", "on": "2027-01-15", "facts": "Chute dans l’atelier."})),
        (trainee.clone(), json!({"kind": "obstacle_reported", "facts": "La machine est en panne."})),
        (body(), json!({"kind": "suspended", "reason": "L’atelier ferme.", "expected_return": "2027-01-25"})),
        (body(), json!({"kind": "resumed"})),
        (
            body(),
            json!({"kind": "training_ended", "outcome": "early_exit_for_job", "reason": "Embauche.", "hours_done": 140,
                "report_due_on": "2027-02-22"}),
        ),
        (
            region(),
            json!({"kind": "formal_notice_sent", "reason": "Le bilan n’a pas été remis.", "until": "2027-03-15"}),
        ),
        (region(), json!({"kind": "closed_without_report", "reason": "Sans réponse.", "amount": 0})),
        (
            trainee.clone(),
            json!({"kind": "candidate_withdrawn", "reason": "Un emploi a été trouvé.", "year": 2026,
                "returned": [draw("N2", 240_000)]}),
        ),
        (
            region(),
            json!({"kind": "cancelled", "reason": "Le projet s’arrête.", "amount": 30_000, "released_year": 2026,
                "returned": [], "served": [draw("P1", 60_000)]}),
        ),
        (
            body(),
            json!({"kind": "cancelled", "reason": "Le projet s’arrête.", "amount": 0, "released_year": null, "returned": [],
                "served": []}),
        ),
        (body(), json!({"kind": "confirmation_asked", "request": "confirm_commitment", "until": "2026-12-04"})),
        (company.clone(), json!({"kind": "commitment_confirmed", "on_behalf": false})),
        (body(), json!({"kind": "report_confirmed", "on_behalf": true})),
        (
            company.clone(),
            json!({"kind": "request_declined", "request": "sign_pif", "role": "company", "reason": "Autre service."}),
        ),
        (
            body(),
            json!({"kind": "request_declined", "request": "sign_pif", "role": "trainee", "reason": "Horaires trop tardifs.",
                "on_behalf": true}),
        ),
        (
            tutor,
            json!({"kind": "correction_proposed", "role": "tutor", "correction": "La formation commence le 4 janvier."}),
        ),
        (
            company.clone(),
            json!({"kind": "answer_contested", "request": "confirm_commitment", "role": "company",
                "facts": "Je n’ai pas ouvert ce courriel."}),
        ),
        (
            body(),
            json!({"kind": "asked_again", "reason": "Réponse contestée par l’entreprise.",
                "reopened": {"bound": "commitment", "until": "2026-12-04"}}),
        ),
        (company, json!({"kind": "contact_handed_over", "role": "company", "person": person})),
        (
            body(),
            json!({"kind": "answer_recorded_on_behalf", "request": "confirm_commitment", "role": "company", "on": "2026-11-17",
                "channel": "telephone", "said_by": person, "scan": document("compte-rendu.pdf")}),
        ),
        (
            body(),
            json!({"kind": "request_made", "request": "cancellation", "reason": "Le projet s’arrête.", "until": null}),
        ),
        (
            body(),
            json!({"kind": "request_made", "request": "extension", "reason": "Fermeture.", "until": "2027-01-18"}),
        ),
        (
            region(),
            json!({"kind": "request_decided", "request": "extension", "granted": true, "reason": null, "until": "2027-01-18"}),
        ),
        (
            region(),
            json!({"kind": "request_decided", "request": "cancellation", "granted": false, "reason": "Le projet continue.",
                "until": null}),
        ),
        (
            body(),
            json!({"kind": "follow_up_recorded", "on": "2027-08-05", "situation": "permanent_contract", "at_company": true,
                "comment": null}),
        ),
        (
            region(),
            json!({"kind": "document_added", "document_kind": "evidence", "document": document("courrier.pdf")}),
        ),
        (region(), json!({"kind": "note_added", "note": "Appeler le matin."})),
        (body(), json!({"kind": "contact_changed", "role": "company", "person": person, "reason": "Départ."})),
        (
            outside(OutsideRole::Company),
            json!({"kind": "company_contact_named", "function": "signatory", "person": person, "reason": null}),
        ),
        (
            body(),
            json!({"kind": "company_contact_named", "function": "accounting", "person": person, "reason": "Départ."}),
        ),
        (
            outside(OutsideRole::HumanResources),
            json!({"kind": "company_contact_removed", "function": "human_resources", "reason": "Autre poste."}),
        ),
        (
            outside(OutsideRole::Signatory),
            json!({"kind": "correction_proposed", "role": "signatory", "correction": "Mi-temps."}),
        ),
        (
            body(),
            json!({"kind": "correction_answered", "number": 1, "role": "signatory", "accepted": true, "answer": "C’est noté."}),
        ),
        (
            body(),
            json!({"kind": "correction_answered", "number": 2, "role": "trainee", "accepted": false,
                "answer": "La date reste la même."}),
        ),
        (outside(OutsideRole::Company), json!({"kind": "agreed", "request": "confirm_programme", "on_behalf": false})),
        (body(), json!({"kind": "agreed", "request": "confirm_candidate", "on_behalf": true})),
        (outside(OutsideRole::Tutor), json!({"kind": "agreed", "request": "accept_designation", "on_behalf": false})),
        (
            outside(OutsideRole::Tutor),
            json!({"kind": "opinion_given", "role": "tutor", "opinion": "satisfied", "comment": "Un vrai suivi."}),
        ),
        (
            outside(OutsideRole::Company),
            json!({"kind": "opinion_given", "role": "company", "opinion": "no_opinion", "comment": null}),
        ),
        (region(), json!({"kind": "coordinator_assigned", "coordinator": KEY})),
        (body(), correction(json!({"datum": "company", "before": "Normandie Boi", "after": "Normandie Bois"}))),
        (body(), correction(json!({"datum": "job", "before": "Découpeur", "after": "Opérateur de découpe"}))),
        (body(), correction(json!({"datum": "rome_code", "before": null, "after": "H2203"}))),
        (body(), correction(json!({"datum": "rome_code", "before": "D1106", "after": "H2203"}))),
        (body(), correction(json!({"datum": "persons_wanted", "before": 2, "after": 3}))),
        (body(), correction(json!({"datum": "commune", "before": "76217", "after": "76540", "department": "76"}))),
        (body(), correction(json!({"datum": "planned_entry", "before": "2026-12-14", "after": "2027-01-04"}))),
        (region(), correction(json!({"datum": "entry_date", "before": "2026-12-14", "after": "2026-12-15"}))),
        (region(), correction(json!({"datum": "candidate_profile", "before": person, "after": person}))),
        (
            body(),
            correction(
                json!({"datum": "candidate_profile", "before": person, "after": person, "values": ["birth_date", "rsa"]}),
            ),
        ),
        (body(), correction(json!({"datum": "siret", "before": "73282932000074", "after": "35600000000048"}))),
        (
            body(),
            with(
                correction(json!({"datum": "commune", "before": "76540", "after": "14118", "department": "14",
                    "lot": {"territory": "moved", "from": "1", "to": "2", "holder": "afpa"}})),
                json!({"reopened": [{"bound": "commitment", "until": "2026-12-28"}]}),
            ),
        ),
        (
            region(),
            correction(json!({"datum": "commune", "before": "76540", "after": "14118", "department": "14",
                "lot": {"territory": "derogation"}})),
        ),
        (body(), correction(json!({"datum": "prescriber", "before": "mission_locale", "after": "cap_emploi"}))),
        (body(), correction(json!({"datum": "prescriber", "before": null, "after": "cap_emploi"}))),
        (
            body(),
            with(
                correction(json!({"datum": "sequence", "number": 3, "before": ledger, "after": later,
                    "objective": "Régler la lame."})),
                json!({"reopened": [{"bound": "sequence", "number": 7}]}),
            ),
        ),
        (
            body(),
            correction(json!({"datum": "sequence", "number": 3, "before": ledger, "after": null, "objective": null})),
        ),
        (
            body(),
            with(
                correction(json!({"datum": "absence", "number": 1, "before": absent, "after": back})),
                json!({"reopened": [{"bound": "attendance", "month": "2026-12-01"}]}),
            ),
        ),
        (body(), correction(json!({"datum": "absence", "number": 1, "before": absent, "after": null}))),
        (
            body(),
            correction(json!({"datum": "end_date", "before": "2027-02-05", "after": "2027-02-04",
                "report_due_on": "2027-02-19"})),
        ),
        (
            body(),
            with(
                correction(
                    json!({"datum": "outcome", "before": "completed", "after": "dropped_out", "why": "Départ."}),
                ),
                json!({"reopened": [{"bound": "report", "until": "2027-02-19"}]}),
            ),
        ),
        (body(), correction(json!({"datum": "hours_done", "before": 196, "after": 190}))),
        (
            body(),
            with(
                correction(json!({"datum": "job", "before": "Découpeur", "after": "Opérateur de découpe"})),
                json!({"reopened": [{"bound": "pif", "version": 2}]}),
            ),
        ),
    ]
}

fn order_samples() -> Vec<(Actor, Value)> {
    let units = |option: &str, cents: u32, units: u32| json!({"line": KEY, "option": option, "unit_price": {"excluding_tax": cents, "vat": 2000}, "units": units});
    let draft = |amends: Value, removals: Value| {
        json!({"kind": "order_drafted", "order": KEY, "reference": "BC-1-2026-0007", "market": "fest-2023", "lot": "1",
            "holder": "retravailler", "budget_year": 2026, "lines": [units("P1", 60_000, 250), units("N2", 240_000, 1)],
            "amends": amends, "removals": removals, "reason": null})
    };
    let finance = staff(StaffRole::RegionFinance);
    vec![
        (region(), draft(Value::Null, json!([]))),
        (region(), draft(json!(KEY), json!([units("N1", 200_000, 10)]))),
        (region(), json!({"kind": "endorsement_requested"})),
        (
            finance.clone(),
            json!({"kind": "order_endorsed", "by": KEY, "on": "2026-11-18", "commitment_number": "E-2026-00421",
                "service_code": "FORMATION", "engaged": 15_240_000}),
        ),
        (finance, json!({"kind": "endorsement_refused", "reason": "L’année est à corriger."})),
        (
            region(),
            json!({"kind": "order_notified", "channel": "email", "sent_on": "2026-11-18", "consulted_on": null,
                "certain_on": "2026-11-26", "reservations_until": "2026-12-11", "proof": "AR-7"}),
        ),
        (
            body(),
            json!({"kind": "order_consulted", "on": "2026-11-19", "certain_on": "2026-11-19", "reservations_until": "2026-12-04"}),
        ),
        (
            region(),
            json!({"kind": "order_consulted", "on": "2026-11-19", "certain_on": "2026-11-19", "reservations_until": "2026-12-04"}),
        ),
        (
            region(),
            json!({"kind": "payment_requested", "number": "CPP-118", "received_on": "2026-11-19", "amount": 60_000,
                "including_tax": 72_000, "due_on": "2026-12-21"}),
        ),
        (
            region(),
            json!({"kind": "payment_interrupted", "number": "CPP-118", "on": "2026-11-20", "reason": "Le certificat manque."}),
        ),
        (region(), json!({"kind": "payment_resumed", "number": "CPP-118", "on": "2026-11-24", "due_on": "2026-12-24"})),
        (
            region(),
            json!({"kind": "payment_returned", "number": "CPP-118", "on": "2026-11-24", "reason": "Le numéro est erroné."}),
        ),
        (region(), json!({"kind": "payment_made", "number": "CPP-118", "on": "2026-12-18"})),
        (body(), json!({"kind": "reservations_made", "on": "2026-11-20", "observations": "Fermeture en août."})),
        (
            region(),
            json!({"kind": "amendment_opened", "amending": KEY, "reference": "BC-1-2026-0008", "reason": "Besoins en hausse."}),
        ),
        (region(), json!({"kind": "order_corrected", "lines": [units("P1", 60_000, 12), units("M1", 90_000, 1)]})),
        (region(), json!({"kind": "order_corrected", "lines": [], "removals": [units("N1", 200_000, 1)]})),
        (region(), json!({"kind": "amendment_given_up", "amending": KEY})),
        (region(), json!({"kind": "amendment_applied", "amending": KEY, "removals": []})),
        (region(), json!({"kind": "amendment_applied", "amending": KEY, "removals": [units("N1", 200_000, 10)]})),
        (region(), json!({"kind": "order_settled", "freed_units": [units("P1", 60_000, 1)], "freed": 60_000})),
        (region(), json!({"kind": "order_cancelled", "reason": "Double emploi.", "freed": 0})),
        (region(), json!({"kind": "order_cancelled", "reason": "Double emploi.", "freed_units": [], "freed": 60_000})),
    ]
}

fn assert_text(text: &str) {
    assert_eq!(check(text), [], "{text}");
    for fault in [" de le ", " à le ", " que il", " le le ", "de octobre", "de avril", "de août", " ."] {
        assert!(!text.contains(fault), "{text}");
    }
}

fn review(sentence: &str, details: &[Detail]) -> String {
    assert_text(sentence);
    assert!(sentence.ends_with('.') && sentence.starts_with(char::is_uppercase), "{sentence}");
    let mut review = format!("{sentence}\n");
    for Detail { label, text } in details {
        assert_eq!(check(label), [], "{label}");
        assert!(label.starts_with(char::is_uppercase), "{label}");
        assert_text(text);
        review.push_str(&format!("    {label}\u{a0}: {text}\n"));
    }
    review
}

#[test]
fn every_event_of_a_path_has_its_sentence() {
    let mut kinds = BTreeSet::new();
    let mut reviewed = String::new();
    for (actor, value) in samples() {
        let event: Event = serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"));
        kinds.insert(EventKind::from(&event));
        reviewed.push_str(&review(&path(&event, &actor), &details(&event)));
    }
    assert_eq!(kinds, EventKind::iter().collect());
    insta::assert_snapshot!(reviewed);
}

#[test]
fn every_event_of_an_order_has_its_sentence() {
    let mut kinds = BTreeSet::new();
    let mut reviewed = String::new();
    for (actor, value) in order_samples() {
        let event: OrderEvent =
            serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"));
        kinds.insert(event.kind());
        reviewed.push_str(&review(&order(&event, &actor), &order_details(&event)));
    }
    assert_eq!(kinds, OrderEvent::VARIANTS.iter().copied().collect());
    insta::assert_snapshot!(reviewed);
}

#[test]
fn authors_are_named_with_their_side() {
    assert_eq!(author(&region()), "Camille Martin, Région");
    assert_eq!(author(&body()), "Camille Martin, organisme de formation");
    assert_eq!(author(&outside(OutsideRole::Tutor)), "Tuteur");
    assert_eq!(author(&outside(OutsideRole::Signatory)), "Signataire de l’entreprise");
    assert_eq!(author(&Actor::System), "Jalon, automatiquement");
}

#[test]
fn an_answer_recorded_for_someone_is_marked_in_the_sentence_too() {
    let mut marked = 0;
    for (actor, value) in samples() {
        let event: Event = serde_json::from_value(value).unwrap();
        if on_behalf(&event) {
            marked += 1;
            assert!(path(&event, &actor).contains("consigné"), "{event:?}");
        }
    }
    assert_eq!(marked, 7);
}
