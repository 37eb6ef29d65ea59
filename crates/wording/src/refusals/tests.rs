use std::collections::BTreeSet;

use domain::accounts::AccountRefusal;
use domain::delegation::{DelegationRefusal, Standing};
use domain::form::{FieldProblem, FieldType};
use domain::identifiers::{Department, IdentifierError, Kind, LotCode};
use domain::market::{OptionCode, Prestation};
use domain::money::Cents;
use domain::order::{OrderRefusal, OrderState, OrderTransition};
use domain::path::Act;
use domain::path::command::{BodyRequest, Datum, RequestKind, Verdict};
use domain::path::event::Party;
use domain::path::refusal::Need;
use domain::people::{CompanyFunction, StaffRole};
use strum::{IntoEnumIterator, VariantNames};

use super::*;
use crate::typography::check;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn lot(text: &str) -> LotCode {
    LotCode::parse(text).unwrap()
}

fn department(text: &str) -> Department {
    Department::parse(text).unwrap()
}

fn error(field: &str, problem: FieldProblem) -> FieldError {
    FieldError { field: field.to_owned(), problem }
}

/// Well set, whole sentences.
fn assert_sentence(text: &str) {
    assert_eq!(check(text), [], "{text}");
    assert!(text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '«'), "{text}");
    assert!(text.ends_with('.') && !text.contains("..") && !text.contains("{}"), "{text}");
    for elision in [" de le ", " à le ", " de l’le", " que il", " le le "] {
        assert!(!text.contains(elision), "{text}");
    }
}

/// Every code of the variants has a sample; the sentences are what a reviewer reads.
fn review(codes: &[&str], sentences: &[(&'static str, String)]) -> String {
    let known: BTreeSet<_> = codes.iter().copied().collect();
    let sampled: BTreeSet<_> = sentences.iter().map(|(code, _)| *code).collect();
    assert_eq!(sampled, known);
    for (_, text) in sentences {
        assert_sentence(text);
    }
    sentences.iter().map(|(code, text)| format!("{code}\n  {text}\n")).collect()
}

fn needs() -> Vec<Need> {
    let until = Some(day("2026-12-04"));
    vec![
        Need::FreeUnit { option: OptionCode::M2 },
        Need::TutorDesignated,
        Need::TutorCertificate,
        Need::Commitment { asked_until: None },
        Need::Commitment { asked_until: until },
        Need::ReportConfirmation { asked_until: None },
        Need::ReportConfirmation { asked_until: until },
        Need::Letter,
        Need::Condition { number: 2, by: day("2026-12-01") },
        Need::Conditions,
        Need::Obstacle,
        Need::Pif,
        Need::Signature { party: Party::Body },
        Need::Signature { party: Party::Company },
        Need::Signature { party: Party::Trainee },
        Need::LevelApproval { option: OptionCode::N3 },
        Need::CompanyAgreement,
        Need::JobSeekerStatus,
        Need::Observations { until: None },
        Need::Observations { until },
        Need::Reasons,
        Need::Reduction,
        Need::WorkAnalysis,
        Need::TutorBeforeEntry,
        Need::ReflexivePhase,
        Need::Evaluation,
        Need::Hours { done: 140, needed: 168 },
        Need::FormalNotice { until: None },
        Need::FormalNotice { until },
        Need::PendingRequest { request: BodyRequest::Cancellation },
        Need::PendingRequest { request: BodyRequest::Extension },
        Need::SatisfactionAsked,
        Need::ProgrammeStillFit,
        Need::FitSaidByBody,
        Need::Amount,
    ]
}

fn refusals() -> Vec<Refusal> {
    let wrong_state = |step: Step, state| Refusal::WrongState { step, state, expected: row(step).from };
    vec![
        Refusal::NotFound,
        wrong_state(Transition::ReportNeed.into(), State::Ready),
        wrong_state(Transition::OrderImplementation.into(), State::InTraining),
        wrong_state(Transition::DeliverFeasibility.into(), State::Feasible),
        wrong_state(Transition::Cancel.into(), State::FeasibilityDelivered),
        wrong_state(Transition::Cancel.into(), State::InTraining),
        wrong_state(Act::DesignateTutor.into(), State::NeedReported),
        wrong_state(Act::RequestCancellation.into(), State::Closed),
        Refusal::NotYourRole { step: Transition::OrderFeasibility.into(), reads_only: false },
        Refusal::NotYourRole { step: Transition::SignPif.into(), reads_only: false },
        Refusal::NotYourRole { step: Transition::RejectReport.into(), reads_only: false },
        Refusal::NotYourRole { step: Act::OfferPlace.into(), reads_only: false },
        Refusal::NotYourRole { step: Act::SettleCondition.into(), reads_only: false },
        Refusal::NotYourRole { step: Transition::OrderFeasibility.into(), reads_only: true },
        Refusal::NotYourRole { step: Transition::RejectReport.into(), reads_only: true },
        Refusal::AlreadyDone { step: Transition::SignPif.into() },
        Refusal::AlreadyDone { step: Transition::EnterTraining.into() },
        Refusal::missing(Need::TutorDesignated),
        Refusal::Missing { needs: vec![Need::TutorDesignated, Need::Pif] },
        Refusal::Form { errors: vec![error("siret", FieldProblem::Missing)] },
        Refusal::Form {
            errors: vec![
                error("siret", FieldProblem::Identifier(IdentifierError::Checksum(Kind::Siret))),
                error("persons_wanted", FieldProblem::NotNumber),
                error("persons_wanted", FieldProblem::NotPositive),
            ],
        },
        Refusal::SamePerson,
        Refusal::SilenceAdmitted { prestation: Prestation::Feasibility, on: day("2026-12-03") },
        Refusal::SilenceAdmitted { prestation: Prestation::Implementation, on: day("2027-03-01") },
        Refusal::TooEarly { until: day("2026-12-04") },
        Refusal::TooLate { until: day("2026-12-04") },
        Refusal::InTheFuture { day: day("2027-01-01") },
        Refusal::NotOver { until: day("2027-01-01").and_hms_opt(12, 0, 0).unwrap() },
        Refusal::Before { day: day("2026-11-02"), earliest: day("2026-11-18") },
        Refusal::After { day: day("2027-03-02"), latest: day("2027-03-01") },
        Refusal::NoPlace { lot: lot("1"), year: 2026 },
        Refusal::NoUnit { option: OptionCode::P1 },
        Refusal::OtherTerritory { department: department("14"), lot: Some(lot("2")) },
        Refusal::OtherTerritory { department: department("72"), lot: None },
        Refusal::DerogationByRegion,
        Refusal::OutsideMarket { day: day("2027-08-01") },
        Refusal::TooManyHours { hours: 12, most: 10, limit: HourLimit::Day },
        Refusal::TooManyHours { hours: 39, most: 35, limit: HourLimit::Week },
        Refusal::TooManyHours { hours: 240, most: 210, limit: HourLimit::Period },
        Refusal::NoHours,
        Refusal::Overlap { number: 3 },
        Refusal::Suspended { since: day("2026-05-04"), until: Some(day("2026-05-11")) },
        Refusal::Suspended { since: day("2026-05-04"), until: None },
        Refusal::Backwards,
        Refusal::OtherVersion { current: 3 },
        Refusal::HoursProven,
        Refusal::AmountTooHigh { amount: Cents::new(123_456), most: Cents::new(60_000) },
        Refusal::NotAsked { request: RequestKind::SignPif },
        Refusal::NotAnswered { request: RequestKind::ConfirmReport },
        Refusal::NotAskedAgain { request: RequestKind::SignPif },
        Refusal::NotAskedAgain { request: RequestKind::SignSequences },
        Refusal::SourceNotFit { state: State::Cancelled },
        Refusal::SourceNotFit { state: State::Feasible },
        Refusal::OutcomeReason,
        Refusal::NothingToCorrect { datum: Datum::Prescriber },
        Refusal::Delivered { prestation: Prestation::Implementation },
        Refusal::Decided { prestation: Prestation::Implementation, amount: Cents::new(210_000) },
        Refusal::LotOrdered { department: department("14"), lot: lot("2") },
        Refusal::OtherCompany,
        Refusal::NoAbsence { number: 2 },
        Refusal::Unchanged,
        Refusal::NoSequence { number: 7 },
        Refusal::NoCondition { number: 4 },
        Refusal::NoProposal { number: 4 },
        Refusal::CandidateWaiting,
        Refusal::NoCandidate,
        Refusal::NoColleague { function: CompanyFunction::HumanResources },
        Refusal::SignatoryAnswers,
        Refusal::AdjournmentAnswered { accepted: true, on: day("2026-11-18") },
        Refusal::AdjournmentAnswered { accepted: false, on: day("2026-11-18") },
        Refusal::TutorTrained,
        Refusal::LetterGiven { request: RequestKind::ConfirmCommitment },
        Refusal::NoLevelToApprove,
        Refusal::Age,
        Refusal::RegionOnly,
    ]
}

fn order_refusals() -> Vec<OrderRefusal> {
    vec![
        OrderRefusal::NotYourRole { transition: OrderTransition::Endorse, sides: &[Side::Finance], reads_only: false },
        OrderRefusal::NotYourRole {
            transition: OrderTransition::NotifyOrder,
            sides: &[Side::Region],
            reads_only: false,
        },
        OrderRefusal::NotYourRole {
            transition: OrderTransition::NotifyOrder,
            sides: &[Side::Region],
            reads_only: true,
        },
        OrderRefusal::NotYourOrder,
        OrderRefusal::WrongOrderState {
            transition: OrderTransition::NotifyOrder,
            state: Some(OrderState::Draft),
            from: OrderTransition::NotifyOrder.starts_from(),
        },
        OrderRefusal::WrongOrderState {
            transition: OrderTransition::CancelOrder,
            state: Some(OrderState::Settled),
            from: OrderTransition::CancelOrder.starts_from(),
        },
        OrderRefusal::WrongOrderState {
            transition: OrderTransition::Endorse,
            state: None,
            from: vec![OrderState::ToEndorse],
        },
        OrderRefusal::WrongOrderState {
            transition: OrderTransition::DraftOrder,
            state: Some(OrderState::Draft),
            from: vec![],
        },
        OrderRefusal::Stale { current: 4 },
        OrderRefusal::MarketIsPast,
        OrderRefusal::OutsideMarket {
            day: day("2027-08-01"),
            starts_on: day("2023-07-01"),
            ends_on: day("2027-06-30"),
        },
        OrderRefusal::UnknownLot { lot: lot("3"), known: vec![lot("1"), lot("2")] },
        OrderRefusal::YearOutsideMarket { year: 2031, first: 2023, last: 2027 },
        OrderRefusal::NoUnits { option: OptionCode::P1 },
        OrderRefusal::OptionTwice { option: OptionCode::N2 },
        OrderRefusal::OptionDisabled { option: OptionCode::M3, enabled: vec![OptionCode::P1, OptionCode::M1] },
        OrderRefusal::NotPriced {
            option: OptionCode::N3,
            holder: domain::identifiers::BodyCode::parse("afpa-normandie").unwrap(),
        },
        OrderRefusal::LotMaximumExceeded { lot: lot("1"), missing: Cents::new(1_250_000) },
        OrderRefusal::YearBudgetExceeded { year: 2026, missing: Cents::new(60_000) },
        OrderRefusal::DayTooEarly { field: "consulted_on", day: day("2026-11-17"), bound: day("2026-11-18") },
        OrderRefusal::DayTooLate { field: "sent_on", day: day("2026-12-24"), bound: day("2026-11-18") },
        OrderRefusal::ReservationsTooLate { until: day("2026-12-03") },
        OrderRefusal::AlreadyConsulted { on: day("2026-11-19") },
        OrderRefusal::PaymentNumberTaken { number: "CPP-1".to_owned() },
        OrderRefusal::PaymentUnknown { number: "CPP-1".to_owned(), known: Vec::new() },
        OrderRefusal::PaymentUnknown {
            number: "CPP-3".to_owned(),
            known: vec!["CPP-1".to_owned(), "CPP-2".to_owned()],
        },
        OrderRefusal::PaymentState {
            number: "CPP-1".to_owned(),
            state: domain::order::PaymentState::Paid { on: day("2026-11-19") },
        },
        OrderRefusal::InterruptedOnce { number: "CPP-1".to_owned() },
        OrderRefusal::PaymentAmounts { amount: Cents::new(1_000), including_tax: Cents::new(900) },
        OrderRefusal::TaxMissing { expected: Cents::new(72_000) },
        OrderRefusal::AboveAdmitted { left: Cents::ZERO },
        OrderRefusal::AboveAdmitted { left: Cents::new(60_000) },
        OrderRefusal::NothingToChange,
        OrderRefusal::NothingOrdered,
        OrderRefusal::NotAnAmendment,
        OrderRefusal::OptionNotOrdered { option: OptionCode::M2 },
        OrderRefusal::AddedAndRemoved { option: OptionCode::P1 },
        OrderRefusal::NotEnoughFreeUnits { option: OptionCode::N1, free: 1, asked: 4 },
        OrderRefusal::NotEnoughFreeUnits { option: OptionCode::N1, free: 3, asked: 4 },
        OrderRefusal::AmendmentPending { amending: "0190163d-8694-739b-aea5-966c26f8ad91".parse().unwrap() },
        OrderRefusal::AmendmentInForce,
        OrderRefusal::AmendedOrderUnknown,
        OrderRefusal::UnitsPending { units: 1 },
        OrderRefusal::UnitsPending { units: 12 },
        OrderRefusal::UnitsDrawn { units: 2 },
    ]
}

#[test]
fn every_refusal_of_a_path_has_its_sentence() {
    let sentences: Vec<_> = refusals().iter().map(|refusal| (refusal.code(), path(refusal))).collect();
    insta::assert_snapshot!(review(Refusal::VARIANTS, &sentences));
}

#[test]
fn every_need_has_its_sentence() {
    let sentences: Vec<_> = needs().iter().map(|missing| (<&'static str>::from(missing), need(missing))).collect();
    insta::assert_snapshot!(review(Need::VARIANTS, &sentences));
}

#[test]
fn every_refusal_of_an_order_has_its_sentence() {
    let sentences: Vec<_> = order_refusals().iter().map(|refusal| (refusal.code(), order(refusal))).collect();
    insta::assert_snapshot!(review(OrderRefusal::VARIANTS, &sentences));
}

#[test]
fn every_refusal_of_an_account_has_its_sentence() {
    let refusals = [
        AccountRefusal::OwnRole,
        AccountRefusal::LastAdministrator,
        AccountRefusal::OtherOrganisation { role: StaffRole::Coordinator },
        AccountRefusal::WithoutLastDay,
        AccountRefusal::LastDayPassed { last: domain::samples::day("2026-03-01") },
        AccountRefusal::HoldsPaths { paths: 1 },
        AccountRefusal::HoldsPaths { paths: 12 },
        AccountRefusal::CannotTakeOver { name: "Hugo Petit".to_owned() },
    ];
    let sentences: Vec<_> = refusals.iter().map(|refusal| (refusal.code(), account(refusal))).collect();
    insta::assert_snapshot!(review(AccountRefusal::VARIANTS, &sentences));
}

#[test]
fn every_refusal_of_a_delegation_has_its_sentence() {
    let stands = || Standing {
        from: "Claire Morel".to_owned(),
        to: "Hugo Petit".to_owned(),
        starts_on: day("2026-12-07"),
        ends_on: day("2026-12-13"),
    };
    let refusals = [
        DelegationRefusal::DoesNotDelegate { role: StaffRole::RegionViewer },
        DelegationRefusal::AccountClosed { name: "Claire Morel".to_owned() },
        DelegationRefusal::NotAColleague { name: "Hugo Petit".to_owned() },
        DelegationRefusal::StartsInThePast { today: day("2026-12-07") },
        DelegationRefusal::EndsBeforeItStarts { starts_on: day("2026-12-07") },
        DelegationRefusal::AlreadyAway { stands: stands() },
        DelegationRefusal::Circular { stands: stands() },
        DelegationRefusal::StandInAway { stands: stands() },
        DelegationRefusal::StandsIn { stands: stands() },
        DelegationRefusal::TwoAtOnce { stands: stands() },
    ];
    let sentences: Vec<_> = refusals.iter().map(|refusal| (refusal.code(), delegation(refusal))).collect();
    insta::assert_snapshot!(review(DelegationRefusal::VARIANTS, &sentences));
}

#[test]
fn every_problem_of_a_field_has_its_sentence() {
    let domain::form::FieldKind::Choice(choices) = Verdict::KIND else { panic!("a verdict is a choice") };
    let step = Step::Transition(Transition::DeliverFeasibility);
    let problems = [
        ("organisation", FieldProblem::Missing),
        ("colour", FieldProblem::Unknown { known: vec!["reason", "amount"] }),
        ("colour", FieldProblem::Unknown { known: vec![] }),
        ("people", FieldProblem::TooLong { max: 4_000 }),
        ("people", FieldProblem::ControlCharacters),
        ("people", FieldProblem::NotText),
        ("satisfaction_asked", FieldProblem::NotBoolean),
        ("hours_done", FieldProblem::NotNumber),
        ("amount", FieldProblem::NotMoney),
        ("on", FieldProblem::NotDay),
        ("on", FieldProblem::DayOutside { from: day("2026-12-14"), until: day("2027-12-14") }),
        ("first_visit", FieldProblem::NotMoment),
        ("verdict", FieldProblem::NotChoice { choices }),
        ("report", FieldProblem::NotDocument),
        ("conditions", FieldProblem::NotConditions),
        ("units", FieldProblem::NotUnits),
        ("siret", FieldProblem::Identifier(IdentifierError::Length(Kind::Siret))),
    ];
    let sentences: Vec<_> = problems.into_iter().map(|(name, problem)| field_error(&error(name, problem))).collect();
    for text in &sentences {
        let (_, rest) = text.split_once("\u{a0}: ").unwrap();
        assert_eq!(check(text), [], "{text}");
        assert!(rest.starts_with(char::is_lowercase) && rest.ends_with('.'), "{text}");
    }
    insta::assert_snapshot!(sentences.join("\n"));
    assert_eq!(
        field(step, &error("reasons", FieldProblem::Missing)),
        "Motifs de la conclusion\u{a0}: ce champ est obligatoire, remplissez-le."
    );
    assert_eq!(
        order_field(OrderTransition::AmendOrder, &error("add", FieldProblem::NotUnits)),
        "Unités ajoutées\u{a0}: écrivez chaque option suivie de son nombre d’unités, une par ligne ou séparées par des virgules, \
         par exemple P1 250."
    );
    assert_eq!(
        form(step, &[error("report", FieldProblem::Missing), error("letter", FieldProblem::NotDocument)])
            .lines()
            .count(),
        1
    );
}

#[test]
fn every_identifier_has_its_sentences() {
    let mut sentences = Vec::new();
    for kind in Kind::iter() {
        assert_eq!(check(identifier_kind(kind)), []);
        for error in [
            IdentifierError::Empty(kind),
            IdentifierError::Length(kind),
            IdentifierError::NotDigits(kind),
            IdentifierError::Checksum(kind),
            IdentifierError::Form(kind),
            IdentifierError::OutOfRange(kind),
        ] {
            let text = identifier(error);
            assert_eq!(check(&text), [], "{text}");
            assert!(text.starts_with(char::is_lowercase) && text.ends_with('.'), "{text}");
            // The errors read alike for every identifier: one in full is enough to review.
            if kind == Kind::Siret || error == IdentifierError::Form(kind) {
                sentences.push(format!("{error}\n  {text}"));
            }
        }
    }
    insta::assert_snapshot!(sentences.join("\n"));
}

#[test]
fn several_problems_are_counted_and_listed() {
    let missing = Refusal::Missing { needs: vec![Need::TutorDesignated, Need::Pif] };
    assert_eq!(lines(&missing).len(), 2);
    assert!(path(&missing).starts_with("2\u{a0}éléments manquent. Aucun tuteur n’est désigné."));
    let form =
        Refusal::Form { errors: vec![error("siret", FieldProblem::Missing), error("rome", FieldProblem::NotText)] };
    assert!(path(&form).starts_with("2\u{a0}champs sont à corriger. SIRET de l’entreprise\u{a0}: "));
    assert_eq!(lines(&Refusal::SamePerson).len(), 1);
}

#[test]
fn acronyms_keep_their_capitals_inside_a_sentence() {
    assert_eq!(lower("PIF signé"), "PIF signé");
    assert_eq!(lower("Étude de faisabilité remise"), "étude de faisabilité remise");
    assert_eq!(lower(""), "");
}
