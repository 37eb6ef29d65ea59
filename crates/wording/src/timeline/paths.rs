//! The sentence of each event of a path.

use domain::market::Prestation;
use domain::path::command::{BodyRequest, RequestKind, Verdict};
use domain::path::{Author, Event};
use domain::people::{OutsideRole, Side};

use super::{signatory, subject};
use crate::capital;
use crate::typography::typeset;
use crate::{dates, labels, numbers};

/// What an answer recorded by the body is marked with.
const RECORDED: &str = " (réponse consignée par l’organisme de formation)";

/// An event of a path, with the author's side.
pub fn path(event: &Event, author: &Author) -> String {
    // A trainee who withdraws speaks of their own application.
    if let (Event::CandidateWithdrawn { year, .. }, Some(Side::Trainee)) = (event, author.side()) {
        return typeset(&format!("Le stagiaire a retiré sa candidature{}", left_behind(*year)));
    }
    typeset(&sentence(event, subject(author)))
}

/// What a withdrawal leaves: a place, or one person fewer in the queue.
fn left_behind(year: Option<i32>) -> String {
    match year {
        Some(year) => format!(" : une place de {year} est libérée et la sélection reprend."),
        None => " de la liste d’attente : la sélection reprend.".to_owned(),
    }
}

fn mark(on_behalf: bool) -> &'static str {
    if on_behalf { RECORDED } else { "" }
}

fn sentence(event: &Event, who: &str) -> String {
    match event {
        Event::NeedReported { reference, lot, .. } => {
            format!("{who} a signalé un besoin : le parcours {reference} est ouvert dans le lot {lot}.")
        }
        Event::SiblingOpened { reference, source_reference, .. } => format!(
            "{who} a ouvert le parcours {reference}, qui reprend l’étude et le programme du parcours {source_reference}."
        ),
        Event::PathImported { reference, .. } => {
            format!("{who} a repris le parcours {reference}, antérieur à Jalon.")
        }
        Event::PastPathClosed => "Le parcours s’était terminé avant la mise en service de Jalon.".to_owned(),
        Event::NeedDeclined { .. } => format!("{who} a classé le besoin sans suite."),
        Event::PrestationOrdered { prestation, .. } => {
            format!("{who} a commandé {}.", labels::the_prestation(*prestation))
        }
        Event::FeasibilityStarted { first_visit, .. } => format!(
            "{who} a démarré l’étude de faisabilité, avec une première visite le {} à {}.",
            dates::long(first_visit.date()),
            dates::time(first_visit.time())
        ),
        Event::PreparationStarted => format!("{who} a démarré la préparation."),
        Event::FeasibilityDelivered { verdict, .. } => {
            let verdict = match verdict {
                Verdict::Feasible => "la FEST est faisable",
                Verdict::FeasibleWithConditions => "la FEST est faisable sous conditions",
                Verdict::NotFeasible => "la FEST n’est pas faisable",
            };
            format!("{who} a remis l’étude de faisabilité : {verdict}.")
        }
        Event::PreparationDelivered { .. } => format!("{who} a remis la préparation."),
        Event::ReportDelivered { .. } => format!("{who} a remis le bilan final."),
        Event::Adjourned { prestation, .. } => format!("{who} a ajourné {}.", delivered(*prestation)),
        Event::AdjournmentAnswered { accepted, .. } => {
            format!("{who} a {} l’ajournement.", if *accepted { "accepté" } else { "refusé" })
        }
        Event::ObservationsAsked { prestation, .. } => {
            format!("{who} a demandé les observations de l’organisme de formation sur {}.", delivered(*prestation))
        }
        Event::ObservationsGiven { prestation, .. } => {
            format!("{who} a présenté ses observations sur {}.", delivered(*prestation))
        }
        Event::Rejected { prestation, by_silence: true, .. } => {
            let agreement = agreement(*prestation);
            format!(
                "{} est réputé{agreement} rejeté{agreement} : la Région n’a pas choisi dans le délai.",
                capital(delivered(*prestation))
            )
        }
        Event::Rejected { prestation, by_silence: false, .. } => {
            format!("{who} a rejeté {}.", delivered(*prestation))
        }
        Event::Admitted { prestation, tacit, reduction, negative, .. } => {
            let ending = if *negative { " La FEST n’est pas faisable, le parcours prend fin." } else { "" };
            if *tacit {
                let agreement = agreement(*prestation);
                return format!(
                    "{} est admis{agreement} tacitement : la Région n’a pas décidé dans le délai.{ending}",
                    capital(delivered(*prestation))
                );
            }
            let reduction = if reduction.is_some() { " avec une réfaction" } else { "" };
            format!("{who} a admis {}{reduction}.{ending}", delivered(*prestation))
        }
        Event::ConditionSettled { number, waived: true, .. } => {
            format!("{who} a renoncé à la condition n° {number} de l’étude.")
        }
        Event::ConditionSettled { number, waived: false, .. } => {
            format!("{who} a constaté que la condition n° {number} de l’étude est remplie.")
        }
        Event::TutorDesignated { .. } => format!("{who} a désigné le tuteur."),
        Event::TutorReplaced { .. } => format!("{who} a remplacé le tuteur."),
        Event::TutorTrainingOrdered { .. } => format!("{who} a commandé la professionnalisation du tuteur."),
        Event::SelectionOpened => format!("{who} a ouvert la sélection du candidat."),
        Event::CandidateSelected { planned_entry, from_offer, .. } => {
            let place = if *from_offer { "la place proposée est confirmée" } else { "une place est réservée" };
            format!(
                "{who} a retenu un candidat : {place}, pour une entrée prévue le {}.",
                dates::medium(*planned_entry)
            )
        }
        Event::CandidateQueued { .. } => {
            format!("{who} a inscrit un candidat sur la liste d’attente : le lot n’a plus de place.")
        }
        Event::PlaceOffered { until } => {
            format!("Une place libérée est proposée au candidat en attente, à confirmer {}.", dates::until(*until))
        }
        Event::OfferLapsed => "La place proposée n’a pas été confirmée : elle passe au candidat suivant.".to_owned(),
        Event::UnsuccessfulCandidateRecorded { .. } => format!("{who} a enregistré une candidature non retenue."),
        Event::PifWritten { version, terms } => {
            format!("{who} a établi le PIF, version {version} : {}.", numbers::hours(terms.total_hours()))
        }
        Event::PifAmended { version, terms, .. } => format!(
            "{who} a modifié le PIF : la version {version}, de {}, est à signer de nouveau.",
            numbers::hours(terms.total_hours())
        ),
        Event::LevelApproved { returned, drawn } => {
            format!("{who} a approuvé le passage du niveau {} au niveau {}.", returned.option, drawn.option)
        }
        Event::PifSigned { version, party, on_behalf, complete } => {
            let complete = if *complete { " Les trois signatures sont réunies." } else { "" };
            let party = capital(labels::the_party(*party));
            format!("{party} a signé la version {version} du PIF{}.{complete}", mark(*on_behalf))
        }
        Event::ReservationExtended { until, .. } => {
            format!("{who} a prolongé la réservation de la place {}.", dates::until(*until))
        }
        Event::TrainingEntered { year, .. } => {
            format!("{who} a déclaré l’entrée en formation : la place est consommée en {year}.")
        }
        Event::RegistrationRecorded { .. } => format!("{who} a enregistré les références SAFIR et rému."),
        Event::EntryAnnulled { .. } => {
            format!("{who} a annulé l’entrée en formation : la place est de nouveau réservée.")
        }
        Event::SequenceRecorded { number, sequence, from, until, .. } => format!(
            "{who} a ajouté la séquence n° {number}, {}, de {}.",
            crate::refusals::lower(labels::sequence_kind(*sequence)),
            numbers::duration((*until - *from).num_minutes())
        ),
        Event::SequenceSigned { number, on_behalf } => {
            format!("Le stagiaire a signé la séquence n° {number}{}.", mark(*on_behalf))
        }
        Event::AbsenceRecorded { from, until, .. } => {
            format!("{who} a enregistré une absence {}.", dates::period(*from, *until))
        }
        Event::AttendanceSigned { month, by, on_behalf } => {
            format!("{} a signé l’état de présence {}{}.", signatory(*by), dates::of_month(*month), mark(*on_behalf))
        }
        Event::AccidentReported { on, .. } => format!("{who} a déclaré un accident survenu le {}.", dates::medium(*on)),
        Event::ObstacleReported { .. } => format!("{who} a signalé une difficulté."),
        Event::Suspended { expected_return, .. } => {
            format!("{who} a suspendu la formation ; la reprise est prévue le {}.", dates::medium(*expected_return))
        }
        Event::Resumed => format!("{who} a déclaré la reprise de la formation."),
        Event::TrainingEnded { outcome, hours_done, .. } => format!(
            "{who} a déclaré la fin de la formation après {} : {}.",
            numbers::hours(*hours_done),
            crate::refusals::lower(labels::outcome(*outcome))
        ),
        Event::FormalNoticeSent { .. } => {
            format!("{who} a mis l’organisme de formation en demeure de remettre le bilan final.")
        }
        Event::ClosedWithoutReport { amount, .. } => {
            format!("{who} a clos le parcours sans bilan, pour {} hors taxes.", numbers::euros(*amount))
        }
        Event::CandidateWithdrawn { year, .. } => {
            format!("{who} a retiré le candidat{}", left_behind(*year))
        }
        Event::Cancelled { released_year, .. } => match released_year {
            Some(year) => format!("{who} a annulé le parcours : une place de {year} est libérée."),
            None => format!("{who} a annulé le parcours."),
        },
        Event::ConfirmationAsked { request: RequestKind::ConfirmCommitment, until } => {
            format!("{who} a demandé à l’entreprise de confirmer son engagement, {}.", dates::until(*until))
        }
        Event::ConfirmationAsked { request, until } => {
            format!("{who} a demandé à l’entreprise de {}, {}.", asked(*request), dates::until(*until))
        }
        Event::CommitmentConfirmed { on_behalf } => {
            format!("L’entreprise a confirmé son engagement{}.", mark(*on_behalf))
        }
        Event::ReportConfirmed { on_behalf } => format!("L’entreprise a confirmé le bilan final{}.", mark(*on_behalf)),
        Event::Agreed { request, on_behalf } => {
            let who = if *request == RequestKind::AcceptDesignation { "Le tuteur" } else { "L’entreprise" };
            let what = match request {
                RequestKind::ConfirmProgramme => "a confirmé le programme",
                RequestKind::AcceptDesignation => "a accepté sa désignation",
                _ => "a confirmé le candidat retenu",
            };
            format!("{who} {what}{}.", mark(*on_behalf))
        }
        Event::CorrectionAnswered { role, accepted, .. } => {
            let verb = if *accepted { "accepté" } else { "écarté" };
            format!("{who} a {verb} la correction proposée par {}.", labels::the_outside_role(*role))
        }
        Event::OpinionGiven { role, opinion, .. } => {
            format!(
                "{} a donné son avis sur l’accompagnement : {}.",
                outside(*role),
                crate::refusals::lower(labels::opinion(*opinion))
            )
        }
        Event::RequestDeclined { request, role, on_behalf, .. } => {
            format!("{} a décliné la demande : {}{}.", outside(*role), asked(*request), mark(*on_behalf))
        }
        Event::AnswerContested { role, request, .. } => {
            format!("{} a contesté une réponse enregistrée : {}.", outside(*role), asked(*request))
        }
        Event::AskedAgain { reopened, .. } => format!("{who} a redemandé une réponse : {}.", asked(reopened.request())),
        Event::CorrectionProposed { role, .. } => format!("{} a proposé une correction.", outside(*role)),
        Event::ContactHandedOver { role, .. } => {
            format!("{} a passé le relais à une autre personne.", outside(*role))
        }
        Event::AnswerRecordedOnBehalf { request, role, on, channel, .. } => format!(
            "{who} a consigné une réponse donnée le {} pour {} : {} ({}).",
            dates::medium(*on),
            labels::the_outside_role(*role),
            asked(*request),
            crate::refusals::lower(labels::channel(*channel))
        ),
        Event::RequestMade { request: BodyRequest::Cancellation, .. } => {
            format!("{who} a demandé l’annulation du parcours.")
        }
        Event::RequestMade { request: BodyRequest::Extension, until, .. } => match until {
            Some(until) => format!("{who} a demandé une prolongation du délai {}.", dates::until(*until)),
            None => format!("{who} a demandé une prolongation du délai."),
        },
        Event::RequestDecided { request, granted, until, .. } => {
            let verb = if *granted { "accordé" } else { "refusé" };
            let what = match request {
                BodyRequest::Cancellation => "l’annulation demandée",
                BodyRequest::Extension => "la prolongation demandée",
            };
            let until = until.filter(|_| *granted).map(|until| format!(" {}", dates::until(until))).unwrap_or_default();
            format!("{who} a {verb} {what}{until}.")
        }
        Event::FollowUpRecorded { situation, on, .. } => format!(
            "{who} a enregistré la situation du stagiaire au {} : {}.",
            dates::medium(*on),
            crate::refusals::lower(labels::situation(*situation))
        ),
        Event::DocumentAdded { document_kind, .. } => {
            format!("{who} a ajouté un document : {}.", crate::refusals::lower(labels::document_kind(*document_kind)))
        }
        Event::NoteAdded { .. } => format!("{who} a ajouté une note."),
        Event::ContactChanged { role, .. } => {
            format!("{who} a changé le contact : {}.", labels::outside_role(*role).to_lowercase())
        }
        Event::CompanyContactNamed { function, .. } => {
            let function = crate::refusals::lower(labels::company_function(*function));
            format!("{who} a donné une fonction à une personne de l’entreprise : {function}.")
        }
        Event::CompanyContactRemoved { function, .. } => {
            let function = crate::refusals::lower(labels::company_function(*function));
            format!("{who} a mis fin à une fonction dans l’entreprise : {function}.")
        }
        Event::CoordinatorAssigned { .. } => format!("{who} a confié le parcours à un autre compte."),
        Event::DatumCorrected { correction, .. } => super::corrections::sentence(correction, who),
    }
}

/// What was delivered for a prestation: the implementation is decided on its final report.
fn delivered(prestation: Prestation) -> &'static str {
    match prestation {
        Prestation::Feasibility => "l’étude de faisabilité",
        Prestation::Preparation => "la préparation",
        Prestation::Implementation => "le bilan final",
    }
}

/// The ending of a past participle that agrees with [`delivered`].
fn agreement(prestation: Prestation) -> &'static str {
    match prestation {
        Prestation::Feasibility | Prestation::Preparation => "e",
        Prestation::Implementation => "",
    }
}

fn outside(role: OutsideRole) -> String {
    capital(labels::the_outside_role(role))
}

fn asked(request: RequestKind) -> String {
    crate::refusals::lower(labels::request_kind(request))
}
