//! What stands under the sentence of an event: reasons and observations as typed, dates, amounts, documents.

use domain::market::Prestation;
use domain::order::{OrderEvent, OrderedUnits};
use domain::path::Event;
use domain::path::event::{Correction, Draw, Job, PifTerms, Reopened, Workplace};
use domain::people::Person;

use crate::{dates, labels, numbers};

/// One line under a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    pub label: &'static str,
    pub text: String,
}

/// Who gave the answer that somebody recorded for them: the journal has a reference, `people` the name, as long as it is kept.
pub fn answered_by(event: &Event, people: &[Person]) -> Option<Detail> {
    let Event::AnswerRecordedOnBehalf { said_by, .. } = event else { return None };
    let person = people.iter().find(|person| person.id == said_by.id)?;
    Some(Detail { label: "Réponse donnée par", text: person.contact.name.clone() })
}

/// Details in the order in which they were added; what is absent adds nothing.
#[derive(Default)]
struct Details(Vec<Detail>);

impl Details {
    fn add(mut self, label: &'static str, text: impl Into<String>) -> Self {
        self.0.push(Detail { label, text: text.into() });
        self
    }

    fn maybe(self, label: &'static str, text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => self.add(label, text),
            None => self,
        }
    }

    fn draws(self, label: &'static str, draws: &[Draw]) -> Self {
        draws.iter().fold(self, |details, draw| {
            let Draw { order, option, price, line: _ } = draw;
            let text = format!(
                "{}, bon de commande {order}, {} hors taxes",
                labels::option_with_code(*option),
                numbers::euros(price.excluding_tax)
            );
            details.add(label, text)
        })
    }

    fn units(self, label: &'static str, lines: &[OrderedUnits]) -> Self {
        lines.iter().fold(self, |details, line| {
            let text = format!(
                "{} de {}, à {} hors taxes",
                numbers::count(line.units, "unité", "unités"),
                labels::option_with_code(line.option),
                numbers::euros(line.unit_price.excluding_tax)
            );
            details.add(label, text)
        })
    }

    fn pif(self, terms: &PifTerms) -> Self {
        let hours = format!(
            "{} d’AFEST, {} de mise en application, {} par semaine, {} par jour au plus",
            numbers::hours(terms.afest_hours),
            numbers::hours(terms.application_hours),
            numbers::hours(terms.weekly_hours),
            numbers::hours(terms.daily_hours)
        );
        self.add("Heures", hours)
            .add("Dates", dates::period(terms.starts_on, terms.ends_on))
            .maybe("Compétences visées", terms.objectives.clone())
            .add("Document", &terms.document.name)
    }

    fn workplace(self, workplace: &Workplace, job: &Job) -> Self {
        let Workplace { siret, company, commune, department } = workplace;
        self.add("Entreprise", format!("{company}, SIRET {siret}"))
            .add("Lieu de travail", format!("commune {commune}, {}", labels::department_with_code(department)))
            .add("Métier visé", &job.title)
            .maybe("Code ROME", job.rome.as_ref().map(ToString::to_string))
    }
}

/// The details of an event of a path.
pub fn details(event: &Event) -> Vec<Detail> {
    let none = Details::default();
    match event {
        Event::NeedReported { workplace, job, persons_wanted, derogation, .. } => none
            .workplace(workplace, job)
            .add("Personnes souhaitées", persons_wanted.to_string())
            .maybe("Dérogation", derogation.clone()),
        Event::SiblingOpened { workplace, job, .. } | Event::PathImported { workplace, job, .. } => {
            none.workplace(workplace, job)
        }
        Event::PrestationOrdered { prestation, draws, due_on } => {
            let drawn = none.draws("Unité tirée", draws);
            match prestation {
                Prestation::Feasibility | Prestation::Preparation => drawn.add("Remise attendue", dates::by(*due_on)),
                Prestation::Implementation => drawn.add("Entrée attendue", dates::medium(*due_on)),
            }
        }
        Event::FeasibilityStarted { place, .. } => none.maybe("Lieu", place.clone()),
        Event::FeasibilityDelivered {
            organisation,
            people,
            engagement,
            competences,
            verdict: _,
            obstacle,
            reasons,
            conditions,
            report,
            commitment,
            letter,
            verify_until,
        } => {
            let findings = none
                .add("Conditions d’organisation", organisation)
                .add("Conditions humaines", people)
                .add("Engagement de l’entreprise", engagement)
                .add("Compétences à développer", competences)
                .maybe("Principal obstacle", obstacle.map(labels::obstacle))
                .add("Motifs", reasons);
            let conditions = conditions.iter().fold(findings, |details, condition| {
                details.add("Condition", format!("{} ({})", condition.what, dates::by(condition.by)))
            });
            conditions
                .maybe("Réponse de l’entreprise", commitment.map(labels::company_answer))
                .maybe("Lettre", letter.as_ref().map(|letter| letter.name.as_str()))
                .add("Rapport", &report.name)
                .add("Décision attendue", dates::by(*verify_until))
        }
        Event::PreparationDelivered { programme, work_analysis, evaluation_grid, tutor_certificate, verify_until } => {
            none.add("Programme", &programme.name)
                .add("Analyse du travail", &work_analysis.name)
                .add("Grille d’évaluation", &evaluation_grid.name)
                .maybe("Attestation du tuteur", tutor_certificate.as_ref().map(|document| document.name.as_str()))
                .add("Décision attendue", dates::by(*verify_until))
        }
        Event::ReportDelivered { report, certificate, confirmation, letter, satisfaction_asked: _, verify_until } => {
            none.add("Bilan final", &report.name)
                .add("Certificat de réalisation", &certificate.name)
                .add("Réponse de l’entreprise", labels::company_answer(*confirmation))
                .maybe("Lettre", letter.as_ref().map(|letter| letter.name.as_str()))
                .add("Décision attendue", dates::by(*verify_until))
        }
        Event::Adjourned { reasons, accept_until, .. } => {
            none.add("Motifs", reasons).add("Réponse attendue", dates::by(*accept_until))
        }
        Event::AdjournmentAnswered { accepted, reason, until, .. } => none
            .maybe("Motif", reason.clone())
            .add(if *accepted { "Nouvelle remise attendue" } else { "Choix de la Région attendu" }, dates::by(*until)),
        Event::ObservationsAsked { reasons, until, .. } => {
            none.add("Motifs", reasons).add("Observations attendues", dates::by(*until))
        }
        Event::ObservationsGiven { observations, .. } => none.add("Observations", observations),
        Event::Rejected { reasons, due_on, .. } => {
            none.add("Motifs", reasons).add("Nouvelle remise attendue", dates::by(*due_on))
        }
        Event::Admitted { reduction, reasons, amount, .. } => none
            .maybe("Réfaction", reduction.map(|reduction| format!("{} hors taxes", numbers::euros(reduction))))
            .maybe("Motifs", reasons.clone())
            .add("Service fait", format!("{} hors taxes", numbers::euros(*amount))),
        Event::ConditionSettled { comment, .. } => none.add("Constat", comment),
        Event::TutorDesignated { training_proof, .. } => {
            none.maybe("Preuve de formation", training_proof.as_ref().map(|document| document.name.as_str()))
        }
        Event::TutorReplaced { training_proof, reason, .. } => none
            .add("Motif", reason)
            .maybe("Preuve de formation", training_proof.as_ref().map(|document| document.name.as_str())),
        Event::TutorTrainingOrdered { draw } => none.draws("Unité tirée", std::slice::from_ref(draw)),
        Event::CandidateSelected { prescriber, .. } => none.add("Prescripteur", labels::prescriber(*prescriber)),
        Event::CandidateQueued { planned_entry, prescriber, .. } => none
            .add("Entrée prévue", dates::medium(*planned_entry))
            .add("Prescripteur", labels::prescriber(*prescriber)),
        Event::UnsuccessfulCandidateRecorded { reason, comment, .. } => {
            none.add("Motif", labels::unsuccessful_reason(*reason)).maybe("Précision", comment.clone())
        }
        Event::PifWritten { terms, .. } => none.pif(terms),
        Event::PifAmended { terms, reason, level, .. } => {
            none.add("Motif", reason).pif(terms).maybe("Niveau à approuver", level.map(labels::option_with_code))
        }
        Event::LevelApproved { returned, drawn } => {
            none.draws("Unité rendue", std::slice::from_ref(returned)).draws("Unité tirée", std::slice::from_ref(drawn))
        }
        Event::TrainingEntered { safir, remu, .. } => {
            none.maybe("Référence SAFIR", safir.clone()).maybe("Référence rému", remu.clone())
        }
        Event::RegistrationRecorded { safir, remu } => none.add("Référence SAFIR", safir).add("Référence rému", remu),
        Event::SequenceRecorded { from, until, objective, .. } => none
            .add("Horaires", format!("{}, jusqu’à {}", dates::moment(*from), end(*from, *until)))
            .add("Objectif", objective),
        Event::AbsenceRecorded { reason, comment, .. } => {
            none.add("Motif", labels::absence_reason(*reason)).maybe("Précision", comment.clone())
        }
        Event::AccidentReported { facts, .. } => none.add("Circonstances", facts),
        Event::ObstacleReported { facts } => none.add("Difficulté", facts),
        Event::TrainingEnded { reason, report_due_on, .. } => {
            none.maybe("Motif", reason.clone()).add("Bilan attendu", dates::by(*report_due_on))
        }
        Event::FormalNoticeSent { reason, until } => none.add("Motif", reason).add("Échéance", dates::medium(*until)),
        Event::CandidateWithdrawn { reason, returned, .. } => none.add("Motif", reason).draws("Unité rendue", returned),
        Event::Cancelled { reason, amount, returned, served, .. } => none
            .add("Motif", reason)
            .draws("Unité rendue", returned)
            .draws("Unité servie", served)
            .maybe("Montant dû", (amount.get() > 0).then(|| format!("{} hors taxes", numbers::euros(*amount)))),
        Event::AnswerContested { facts, .. } => none.add("Ce qui est dit", facts),
        Event::AskedAgain { reason, reopened } => none.add("Motif", reason).add("Demandé de nouveau", again(*reopened)),
        Event::CorrectionProposed { correction, .. } => none.add("Correction proposée", correction),
        Event::CorrectionAnswered { answer, .. } => none.add("Réponse", answer),
        Event::OpinionGiven { comment, .. } => none.maybe("Précision", comment.clone()),
        Event::AnswerRecordedOnBehalf { scan, .. } => none.add("Copie", &scan.name),
        Event::RequestDecided { reason, .. } => none.maybe("Motif", reason.clone()),
        Event::FollowUpRecorded { at_company, comment, .. } => {
            none.add("Dans la même entreprise", labels::yes_no(*at_company)).maybe("Précision", comment.clone())
        }
        Event::DocumentAdded { document, .. } => none.add("Document", &document.name),
        Event::NoteAdded { note } => none.add("Note", note),
        Event::NeedDeclined { reason }
        | Event::ReservationExtended { reason, .. }
        | Event::EntryAnnulled { reason, .. }
        | Event::Suspended { reason, .. }
        | Event::ClosedWithoutReport { reason, .. }
        | Event::RequestDeclined { reason, .. }
        | Event::RequestMade { reason, .. }
        | Event::ContactChanged { reason, .. }
        | Event::CompanyContactRemoved { reason, .. } => none.add("Motif", reason),
        Event::CompanyContactNamed { reason, .. } => none.maybe("Motif", reason.clone()),
        Event::DatumCorrected { reason, correction, reopened } => {
            let mut lines = none.add("Motif", reason);
            if let Correction::Sequence { objective: Some(objective), .. } = correction {
                lines = lines.add("Objectif", objective);
            }
            if let Correction::Outcome { why: Some(why), .. } = correction {
                lines = lines.add("Motif de l’issue", why);
            }
            reopened.iter().fold(lines, |lines, reopened| lines.add("Demandé de nouveau", again(*reopened)))
        }
        Event::PastPathClosed
        | Event::PreparationStarted
        | Event::SelectionOpened
        | Event::PlaceOffered { .. }
        | Event::OfferLapsed
        | Event::PifSigned { .. }
        | Event::SequenceSigned { .. }
        | Event::AttendanceSigned { .. }
        | Event::Resumed
        | Event::ConfirmationAsked { .. }
        | Event::CommitmentConfirmed { .. }
        | Event::ReportConfirmed { .. }
        | Event::Agreed { .. }
        | Event::ContactHandedOver { .. }
        | Event::CoordinatorAssigned { .. } => none,
    }
    .0
}

/// What a correction asks again, with its particulars.
pub fn again(reopened: Reopened) -> String {
    match reopened {
        Reopened::Commitment { until } => {
            format!("confirmation de l’engagement par l’entreprise, {}", dates::by(until))
        }
        Reopened::Report { until } => format!("confirmation du bilan par l’entreprise, {}", dates::by(until)),
        Reopened::Pif { version } => format!("les trois signatures du PIF, version {version}"),
        Reopened::Agreement { request } => crate::refusals::lower(labels::request_kind(request)),
        Reopened::Sequence { number } => format!("signature de la séquence n°\u{a0}{number} par le stagiaire"),
        Reopened::Attendance { month } => format!("les signatures de l’état de présence, {}", dates::month(month)),
    }
}

/// The end of a sequence: its time, and its day when it is another one.
fn end(from: chrono::NaiveDateTime, until: chrono::NaiveDateTime) -> String {
    if from.date() == until.date() { dates::time(until.time()) } else { dates::moment(until) }
}

/// The details of an event of a purchase order.
pub fn order_details(event: &OrderEvent) -> Vec<Detail> {
    let none = Details::default();
    match event {
        OrderEvent::OrderDrafted { budget_year, lines, removals, reason, .. } => none
            .maybe("Motif", reason.clone())
            .units("Unités", lines)
            .units("Unités à retirer", removals)
            .add("Année du budget", budget_year.to_string()),
        OrderEvent::OrderCorrected { lines, removals } => {
            none.units("Unités", lines).units("Unités à retirer", removals)
        }
        OrderEvent::OrderEndorsed { service_code, .. } => none.maybe("Code service", service_code.clone()),
        OrderEvent::OrderNotified { sent_on, consulted_on, reservations_until, proof, .. } => none
            .add("Envoi", dates::medium(*sent_on))
            .maybe("Première consultation", consulted_on.map(dates::medium))
            .maybe("Preuve", proof.clone())
            .add("Observations possibles", dates::until(*reservations_until)),
        OrderEvent::OrderConsulted { reservations_until, .. } => {
            none.add("Observations possibles", dates::until(*reservations_until))
        }
        OrderEvent::PaymentRequested { received_on, including_tax, .. } => none
            .add("Réception", dates::medium(*received_on))
            .add("Montant toutes taxes comprises", numbers::euros(*including_tax)),
        OrderEvent::PaymentInterrupted { on, reason, .. } => {
            none.add("Interruption", dates::medium(*on)).add("Motif", reason)
        }
        OrderEvent::PaymentResumed { on, .. } => none.add("Reprise", dates::medium(*on)),
        OrderEvent::PaymentReturned { reason, .. } => none.add("Motif", reason),
        OrderEvent::ReservationsMade { observations, .. } => none.add("Observations", observations),
        OrderEvent::AmendmentApplied { removals, .. } => none.units("Unités retirées", removals),
        OrderEvent::OrderSettled { freed_units, .. } => none.units("Unités libérées", freed_units),
        OrderEvent::OrderCancelled { reason, freed_units, .. } => {
            none.add("Motif", reason).units("Unités libérées", freed_units)
        }
        OrderEvent::EndorsementRefused { reason } | OrderEvent::AmendmentOpened { reason, .. } => {
            none.add("Motif", reason)
        }
        OrderEvent::EndorsementRequested | OrderEvent::AmendmentGivenUp { .. } | OrderEvent::PaymentMade { .. } => none,
    }
    .0
}
