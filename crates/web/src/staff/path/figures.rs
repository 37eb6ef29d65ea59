//! The figures of a path: evidence, ledger of sequences, cost, places of its lot.

use domain::market::Prestation;
use domain::path::Path;
use domain::path::command::SequenceKind;
use wording::{addresses, dates, labels, numbers, pages};

use super::Scene;
use crate::stamp::Stamp;

/// A line of the evidence gauge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub name: &'static str,
    pub proof: String,
    pub when: Option<Stamp>,
    pub state: &'static str,
    pub tone: &'static str,
}

/// A sequence of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SequenceView {
    pub number: u32,
    pub kind: &'static str,
    pub when: String,
    pub length: String,
    pub signed: bool,
}

/// The ledger of the training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ledger {
    pub afest: String,
    pub application: String,
    /// Both together.
    pub total: String,
    pub planned: Option<String>,
    pub percent: Option<u32>,
    pub unsigned: Option<String>,
    pub rows: Vec<SequenceView>,
    pub absences: Vec<String>,
}

/// A line of what the path costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cost {
    pub what: String,
    pub order: Option<(String, String)>,
    pub detail: String,
    pub amount: String,
}

/// What the path costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Money {
    pub rows: Vec<Cost>,
    pub total: String,
    pub served: String,
    pub illustrative: bool,
}

/// The lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LotView {
    pub title: String,
    pub address: String,
    pub label: String,
    pub consumed: String,
    pub reserved: String,
    pub left: Option<String>,
    /// Widths of the meter, in hundredths.
    pub meter: Option<(u32, u32)>,
}

/// The four elements of AFEST (D. 6313-3-2), once there is a programme to hold them against.
pub(super) fn evidence(scene: &Scene) -> Vec<Evidence> {
    let path = &scene.view.path;
    if path.preparation.ordered.is_none() && path.source.is_none() && path.training.is_none() {
        return Vec::new();
    }
    let of_kind = |kind: SequenceKind| {
        let sequences = path.training.iter().flat_map(|training| &training.sequences);
        sequences.filter(move |sequence| sequence.kind == kind)
    };
    let ended = path.training.as_ref().is_some_and(|training| training.ended.is_some());
    let state = |done: bool| match (done, ended) {
        (true, _) => ("fait", "done"),
        (false, true) => ("absent", "late"),
        (false, false) => (pages::path::TO_COME, ""),
    };
    let analysis = scene
        .view
        .documents
        .iter()
        .rfind(|document| document.kind == domain::path::command::DocumentKind::WorkAnalysis);
    let line = |name, proof: String, when, done| {
        let (state, tone) = state(done);
        Evidence { name, proof, when, state, tone }
    };
    let counted = |kind, words: fn(i64) -> String| {
        let number = of_kind(kind).count();
        let last = of_kind(kind).next_back().map(|sequence| Stamp::day(sequence.from.date()));
        let proof = if number == 0 { "—".to_owned() } else { words(number as i64) };
        (proof, last, number > 0)
    };
    let (reflexive, reflexive_last, has_reflexive) = counted(SequenceKind::ReflexivePhase, pages::counts::phases);
    let (evaluated, evaluated_last, has_evaluated) = counted(SequenceKind::Evaluation, pages::counts::assessments);
    vec![
        line(
            pages::path::WORK_ANALYSIS,
            analysis.map_or_else(
                || if path.work_analysed { pages::path::RESUMED_FROM_ORIGIN.to_owned() } else { "—".to_owned() },
                |document| document.reference.name.clone(),
            ),
            analysis.map(|document| Stamp::day(domain::calendar::paris_day(document.added_at))),
            path.work_analysed,
        ),
        line(
            pages::path::TRAINER_NAMED,
            path.tutor.as_ref().map_or_else(|| "—".to_owned(), |_| pages::path::TUTOR_NAMED.to_owned()),
            path.tutor.as_ref().map(|tutor| Stamp::day(tutor.first_since)),
            path.tutor.as_ref().is_some_and(|tutor| {
                path.training.as_ref().is_none_or(|training| tutor.first_since <= training.entered_on)
            }),
        ),
        line(pages::path::REFLECTIONS, reflexive, reflexive_last, has_reflexive),
        line(pages::path::ASSESSMENTS, evaluated, evaluated_last, has_evaluated),
    ]
}

pub(super) fn ledger(path: &Path) -> Option<Ledger> {
    let training = path.training.as_ref()?;
    let application = path.minutes(|kind| kind == SequenceKind::Application);
    let afest = path.minutes(|kind| kind != SequenceKind::Application);
    let planned = path.pif.as_ref().map(|pif| pif.terms.total_hours());
    let percent = planned
        .filter(|hours| *hours > 0)
        .map(|hours| u32::try_from((afest + application) * 100 / (i64::from(hours) * 60)).unwrap_or(100));
    // What is closed asks no signature any more.
    let unsigned = if path.state.is_final() { 0 } else { unsigned(training) };
    let mut rows: Vec<SequenceView> = training
        .sequences
        .iter()
        .map(|sequence| SequenceView {
            number: sequence.number,
            kind: labels::sequence_kind(sequence.kind),
            when: format!("{} – {}", dates::moment_short(sequence.from), dates::time(sequence.until.time())),
            length: numbers::duration(sequence.minutes()),
            signed: sequence.signed,
        })
        .collect();
    rows.reverse();
    let absence = |absence: &domain::path::record::Absence| {
        pages::path::absence(
            dates::period(absence.from, absence.until),
            labels::absence_reason(absence.reason).to_lowercase(),
        )
    };
    Some(Ledger {
        afest: numbers::duration(afest),
        application: numbers::duration(application),
        total: numbers::duration(afest + application),
        planned: planned.map(numbers::hours),
        percent,
        unsigned: (unsigned > 0).then(|| pages::counts::unsigned_sequences(unsigned as i64)),
        rows,
        absences: training.absences_held().map(|(_, held)| absence(held)).collect(),
    })
}

fn unsigned(training: &domain::path::record::Training) -> usize {
    training.sequences.iter().filter(|sequence| !sequence.signed).count()
}

pub(super) fn money(scene: &Scene) -> Option<Money> {
    let path = &scene.view.path;
    let mut rows = Vec::new();
    let (mut total, mut served) = (domain::money::Cents::new(0), domain::money::Cents::new(0));
    for prestation in [Prestation::Feasibility, Prestation::Preparation, Prestation::Implementation] {
        let file = path.file(prestation);
        let how = |tacit: bool| if tacit { pages::path::ADMITTED_BY_SILENCE } else { pages::path::ADMITTED };
        let admitted = file.admitted.as_ref();
        let admitted = admitted.map(|admitted| pages::path::on(how(admitted.tacit), dates::short(admitted.on)));
        let detail = admitted.unwrap_or_else(|| pages::path::WITHOUT_TAX.to_owned());
        for draw in file.ordered.iter().flat_map(|ordered| &ordered.draws) {
            rows.push(Cost {
                what: labels::option_with_code(draw.option).to_owned(),
                order: Some((draw.order.to_string(), addresses::order(&draw.order))),
                detail: detail.clone(),
                amount: numbers::euros(draw.price.excluding_tax),
            });
        }
        total += file.price();
        if let Some(admitted) = &file.admitted {
            if let Some(reduction) = admitted.reduction.filter(|reduction| reduction.get() > 0) {
                rows.push(Cost {
                    what: pages::path::reduction_on(labels::the_prestation(prestation)),
                    order: None,
                    detail: String::new(),
                    amount: format!("−{}", numbers::euros(reduction)),
                });
            }
            served += admitted.amount;
        }
    }
    (!rows.is_empty()).then(|| Money {
        rows,
        total: numbers::euros(total),
        served: numbers::euros(served),
        illustrative: !scene.view.terms.market.prices_confirmed,
    })
}

pub(super) fn lot(scene: &Scene) -> LotView {
    let path = &scene.view.path;
    let places = &scene.around.places;
    let width = |count: u32, planned: u32| (count * 100).checked_div(planned).unwrap_or(0).min(100);
    let meter = places.planned.map(|planned| {
        let consumed = width(places.consumed, planned);
        (consumed, width(places.reserved, planned).min(100 - consumed))
    });
    let of = places
        .planned
        .map_or_else(String::new, |planned| format!(" {}", pages::path::out_of(numbers::integer(planned.into()))));
    LotView {
        title: pages::path::lot_in(&path.lot, places.year),
        address: addresses::lot(&path.lot),
        label: format!("{}, {}{of}", pages::counts::entries(places.consumed), pages::counts::reserved(places.reserved)),
        consumed: numbers::integer(places.consumed.into()),
        reserved: numbers::integer(places.reserved.into()),
        left: places.available().map(|left| format!("{}{of}", numbers::integer(left))),
        meter,
    }
}
