//! A market for tests: two lots, 250 places a year each, prices that average 5 000 € a path, the usual clocks.

use serde_json::{Value, json};
use strum::IntoEnumIterator;

use super::{ClockKind, Market, Terms, TermsVersion};

/// The market in force in most tests, without a problem.
pub(crate) fn market() -> Market {
    serde_json::from_value(value()).expect("the sample is a market")
}

/// Its terms, version 1.
pub(crate) fn terms() -> Terms {
    Terms { version: TermsVersion(1), market: market() }
}

fn value() -> Value {
    let holder = |code: &str| json!({"code": code, "name": code, "email": format!("fest@{code}.example")});
    let lot = |code: &str, departments: &[&str], body: &str| {
        json!({"code": code, "name": format!("Lot {code}"), "departments": departments, "holder": holder(body),
            "places_per_year": 250, "maximum": 500_000_000})
    };
    let prices: Vec<Value> = ["retravailler", "afpa-normandie"]
        .iter()
        .flat_map(|holder| {
            [
                ("P1", 60_000, 2000),
                ("M1", 90_000, 2000),
                ("M2", 50_000, 2000),
                ("N1", 200_000, 0),
                ("N2", 300_000, 0),
                ("N3", 420_000, 0),
            ]
            .map(|(option, cents, vat)| json!({"option": option, "holder": holder, "unit_price": cents, "vat": vat}))
        })
        .collect();
    let ccag = json!({"text": "fcs", "verification": "15 d", "penalty_divisor": 1000});
    let clocks: serde_json::Map<String, Value> =
        ClockKind::iter().map(|kind| (kind.to_string(), clock(kind))).collect();
    json!({
        "code": "fest-2023", "title": "FEST", "starts_on": "2023-07-01", "ends_on": "2027-06-30",
        "prices_confirmed": false, "budget_per_year": 250_000_000,
        "lots": [lot("1", &["76", "27"], "retravailler"), lot("2", &["14", "50", "61"], "afpa-normandie")],
        "enabled_options": ["P1", "M1", "M2", "N1", "N2", "N3"],
        "prices": prices,
        "levels": {"n2_from_hours": 150, "n3_from_hours": 300},
        "ccag": {"feasibility": ccag, "preparation": ccag, "implementation": ccag},
        "places": {"policy": "block", "alert_percents": [80, 95]},
        "training": {"weekly_hours": 35, "daily_hours": 10, "completion_percent": 80},
        "penalties": {"waived_up_to": 100_000, "cap_percent": 10, "comment": "15 d"},
        "clocks": clocks,
        "quiet_hours": {"from": "20:00", "until": "07:00"},
    })
}

fn clock(kind: ClockKind) -> Value {
    let span = match kind {
        ClockKind::NeedDecision | ClockKind::Verification | ClockKind::Redelivery | ClockKind::RegionChoice => "15 d",
        ClockKind::StudyDue => {
            return json!({"span": "30 d", "remind_before": [7, 1], "remind_after": [1], "escalate_after": 8});
        }
        ClockKind::PreparationDue => "45 d",
        ClockKind::Acceptance | ClockKind::Observations | ClockKind::CompanyAnswer | ClockKind::ImplementationOrder => {
            "10 d"
        }
        ClockKind::PreparationOrder | ClockKind::SelectionOpening | ClockKind::Selection | ClockKind::Reservation => {
            "60 d"
        }
        ClockKind::PlaceOffer | ClockKind::Signatures | ClockKind::MissingLog => "7 d",
        ClockKind::Entry | ClockKind::TrainingEnd => "0 d",
        ClockKind::EntryDeclaration => "3 wd",
        ClockKind::Attendance => "5 d",
        ClockKind::Suspension => "30 d",
        ClockKind::ReportDue | ClockKind::FormalNotice => "15 d",
        ClockKind::FollowUp => "6 m",
        ClockKind::Accident => "2 d",
    };
    json!({"span": span})
}
