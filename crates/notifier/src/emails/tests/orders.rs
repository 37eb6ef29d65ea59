//! Every event of a purchase order, the alerts on places and the renewed links, for each reader.

use domain::identifiers::{AccountId, BodyCode, LineId, LotCode, OrderId, OrderReference};
use domain::market::OptionCode;
use domain::money::Cents;
use domain::order::{OrderChannel, OrderedUnits, apply};
use domain::people::{RecipientRole, StaffRole};
use domain::samples;
use domain::told::Told;
use strum::VariantNames;
use uuid::Uuid;

use super::*;

fn to(role: RecipientRole) -> Addressed {
    Addressed {
        role,
        person: None,
        account: None,
        name: "Une personne".to_owned(),
        email: samples::email("une.personne@courriel.example"),
        why: Told::Message,
        stands_for: None,
        function: None,
    }
}

fn drafted() -> OrderEvent {
    let lot = LotCode::parse("1").unwrap();
    let market = samples::market();
    let holder = BodyCode::parse(samples::BODY_1).unwrap();
    OrderEvent::OrderDrafted {
        order: OrderId::new(Uuid::from_u128(1)),
        reference: OrderReference::new(lot.clone(), 2026, 7),
        market: market.code.clone(),
        lines: vec![units(40)],
        lot,
        holder,
        budget_year: 2026,
        amends: None,
        removals: Vec::new(),
        reason: None,
    }
}

fn units(units: u32) -> OrderedUnits {
    let holder = BodyCode::parse(samples::BODY_1).unwrap();
    let unit_price = samples::market().price(OptionCode::P1, &holder).unwrap().amount();
    OrderedUnits { line: LineId::new(Uuid::from_u128(2)), option: OptionCode::P1, unit_price, units }
}

/// One event of each kind, in an order in which they may follow each other until the last ones.
fn events() -> Vec<OrderEvent> {
    let (on, later) = (samples::day("2026-03-02"), samples::day("2026-03-17"));
    let other = OrderId::new(Uuid::from_u128(3));
    let reference = OrderReference::new(LotCode::parse("1").unwrap(), 2026, 9);
    vec![
        drafted(),
        OrderEvent::EndorsementRequested,
        OrderEvent::OrderEndorsed {
            by: AccountId::new(Uuid::from_u128(4)),
            on,
            commitment_number: "2026-EJ-004217".to_owned(),
            service_code: Some("FEST-76".to_owned()),
            engaged: Cents::new(2_400_000),
        },
        OrderEvent::OrderNotified {
            channel: OrderChannel::Email,
            sent_on: on,
            consulted_on: None,
            certain_on: on,
            reservations_until: later,
            proof: None,
        },
        OrderEvent::OrderConsulted { on, certain_on: on, reservations_until: later },
        OrderEvent::PaymentRequested {
            number: "CPP-118".to_owned(),
            received_on: on,
            amount: Cents::new(60_000),
            including_tax: Cents::new(72_000),
            due_on: later,
        },
        OrderEvent::PaymentInterrupted { number: "CPP-118".to_owned(), on, reason: "Une pièce manque.".to_owned() },
        OrderEvent::PaymentResumed { number: "CPP-118".to_owned(), on, due_on: later },
        OrderEvent::PaymentReturned { number: "CPP-118".to_owned(), on, reason: "Numéro erroné.".to_owned() },
        OrderEvent::PaymentMade { number: "CPP-118".to_owned(), on },
        OrderEvent::ReservationsMade { on, observations: "Le délai est court.".to_owned() },
        OrderEvent::AmendmentOpened { amending: other, reference, reason: "Moins d’études.".to_owned() },
        OrderEvent::AmendmentApplied { amending: other, removals: vec![units(3)] },
        OrderEvent::AmendmentGivenUp { amending: other },
        OrderEvent::EndorsementRefused { reason: "Le budget ne suffit pas.".to_owned() },
        OrderEvent::OrderCorrected { lines: vec![units(30)], removals: Vec::new() },
        OrderEvent::OrderSettled { freed_units: vec![units(2)], freed: Cents::new(120_000) },
        OrderEvent::OrderCancelled { reason: "Erreur de lot.".to_owned(), freed_units: Vec::new(), freed: Cents::ZERO },
    ]
}

#[test]
fn every_event_of_an_order_has_words() {
    let events = events();
    assert_eq!(events.len(), OrderEvent::VARIANTS.len(), "one event of each kind");
    let market = samples::market();
    let author = samples::account(StaffRole::RegionOfficer, 1).actor();
    let mut order = None;
    for event in &events {
        // The last ones end the order in ways that exclude each other; they are told of the order as it stood.
        if let Ok(next) = apply(order.clone(), event) {
            order = Some(next);
        }
        let order = order.as_ref().expect("the first event drafts the order");
        for role in [RecipientRole::Body, RecipientRole::Region, RecipientRole::Finance] {
            let notice = OrderNotice {
                order,
                amended: None,
                event,
                market: &market,
                author: &author,
                today: samples::day("2026-03-02"),
                note: None,
                texts: &Texts::default(),
            };
            let composed = order_notice(&notice, &to(role));
            check(&format!("{} to {role}", event.kind()), &composed);
            assert!(composed.subject.starts_with("BC-1-2026-0007 — "), "{}", composed.subject);
            assert_eq!((composed.link, composed.text.matches(LINK_MARKER).count()), (LinkPurpose::Staff, 1));
            let told = event.transition().is_some_and(|transition| transition.rows().any(|row| !row.told.is_empty()));
            assert_eq!(composed.kind != "recorded", told, "{}", event.kind());
        }
    }
}

#[test]
fn a_notified_order_gives_what_an_invoice_needs() {
    let market = samples::market();
    let author = samples::account(StaffRole::RegionOfficer, 1).actor();
    let events = events();
    let order = events[..4].iter().fold(None, |order, event| Some(apply(order, event).unwrap())).unwrap();
    let notice = OrderNotice {
        order: &order,
        amended: None,
        event: &events[3],
        market: &market,
        author: &author,
        today: samples::day("2026-03-02"),
        note: Some("Merci de votre diligence."),
        texts: &Texts::default(),
    };
    let text = order_notice(&notice, &to(RecipientRole::Body)).text;
    for needed in [
        "Merci de votre diligence.",
        "2026-EJ-004217",
        "FEST-76",
        "40\u{a0}unités",
        wording::ILLUSTRATIVE_PRICES,
        "mardi 17\u{a0}mars\u{a0}2026",
    ] {
        assert!(text.contains(needed), "{needed} is missing from\n{text}");
    }
    let confirmed = Market { prices_confirmed: true, ..market.clone() };
    let text = order_notice(&OrderNotice { market: &confirmed, ..notice }, &to(RecipientRole::Body)).text;
    assert!(!text.contains(wording::ILLUSTRATIVE_PRICES));
}

#[test]
fn an_alert_says_reached_and_exceeded_differently() {
    let market = samples::market();
    let lot = &market.lots[0];
    let places = |taken: u32| Places {
        lot: lot.code.clone(),
        year: 2026,
        planned: Some(250),
        maximum: None,
        reserved: 10,
        consumed: taken - 10,
        released: 0,
    };
    let subject = |alert, taken| {
        let composed = place_alert(lot, &places(taken), alert, &to(RecipientRole::Region), &Texts::default());
        check("place_alert", &composed);
        composed.subject
    };
    let subjects =
        [subject(PlaceAlert::Percent(80), 200), subject(PlaceAlert::Reached, 250), subject(PlaceAlert::Exceeded, 251)];
    assert_eq!(
        subjects,
        [
            "Lot 1 — 80\u{a0}% des parcours prévisionnels de 2026 pris",
            "Lot 1 — Parcours prévisionnels de 2026 tous pris",
            "Lot 1 — Parcours prévisionnels de 2026 dépassés",
        ]
    );
}
