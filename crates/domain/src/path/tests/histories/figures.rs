//! What figures count is what the journal says, at any moment, and never moves once its instant is fixed.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::super::kit::Case;
use super::{History, ensure};
use crate::calendar::{Day, Instant};
use crate::clocks::clocks;
use crate::figures::{Facts, Figure, Moment, Period, Place, Stage, Standing, blocker, fold_counted};
use crate::money::Cents;
use crate::path::decide::holds_reservation;
use crate::path::record::Path;
use crate::path::{Recorded, State, fold};
use crate::samples::lived::lived;

/// What a journal leaves to count.
fn facts(journal: &[Recorded]) -> Facts {
    fold_counted(journal).expect("the journal folds").1
}

/// The place that a path holds.
fn held(path: &Path) -> Option<Place> {
    if let Some(training) = &path.training {
        return Some(Place::Consumed(training.year));
    }
    let candidate =
        path.candidate.as_ref().filter(|_| holds_reservation(path)).map(|candidate| candidate.reserved_year);
    let offered = path.waiting.as_ref().filter(|waiting| waiting.offered_until.is_some());
    candidate.or(offered.map(|waiting| waiting.planned_entry.year())).map(Place::Reserved)
}

/// Everything a standing says, its source left out.
fn said(standing: Option<Standing<'_>>) -> String {
    standing.map_or_else(String::new, |it| {
        let (served, verified): (Vec<_>, Vec<_>) = (it.served().collect(), it.verified().collect());
        format!(
            "{} {} {} {} {} {} {:?} {:?} {:?} {:?} {:?} {served:?} {verified:?}",
            it.opened,
            it.lot,
            it.department,
            it.company,
            it.state,
            it.since,
            it.stages,
            it.place,
            it.ended,
            it.situation,
            it.obstacle
        )
    })
}

impl History<'_> {
    /// Figures at the last instant and at one before, on every day, on some.
    pub(super) fn check_figures(&mut self) -> Result<(), String> {
        let ever = Day::MAX;
        let cases: Vec<(Facts, &Case)> = self.world.cases.iter().map(|case| (facts(&case.journal), case)).collect();
        let mut instants: Vec<Instant> =
            cases.iter().flat_map(|(_, case)| &case.journal).map(|it| it.recorded_at).collect();
        instants.sort_unstable();
        let known = *self.random.pick(&instants);
        let day = self.random.around(self.world.today(), 60, 5);
        for (facts, case) in &cases {
            let prefix: Vec<Recorded> = case.journal.iter().filter(|it| it.recorded_at <= known).cloned().collect();
            let then = self::facts(&prefix);
            for as_of in [ever, day] {
                let fixed = said(Standing::of(facts, Moment { as_of, known_at: Some(known) }));
                ensure(fixed == said(Standing::of(&then, Moment { as_of, known_at: None })), || {
                    format!("as known at {known} on {as_of}, {fixed} has moved")
                })?;
            }
            let began = self.random.around(day, 200, 1);
            for (as_of, known_at) in [(ever, None), (ever, Some(known)), (day, None), (day, Some(known))] {
                let moment = Moment { as_of, known_at };
                lives(&case.journal, facts, moment, Period { from: began.min(as_of), until: as_of })?;
            }
            let path = fold(&prefix).map_err(|error| error.to_string())?;
            let standing = Standing::of(facts, Moment { as_of: ever, known_at: Some(known) });
            ensure(standing.is_some() == path.is_some(), || "a path is counted before it is known".into())?;
            if let Some((standing, path)) = standing.zip(path) {
                agrees(&standing, &path)?;
            }
            if let Some(by) = blocker(case.path.state) {
                let clocks = clocks(&case.path, &self.world.terms.market, self.world.today());
                // An adjournment that the body refused or left unanswered is the Region's again, which the state does not tell.
                let adjourned = case.path.state.adjourned().is_some();
                ensure(adjourned || clocks.iter().any(|clock| clock.holder == by), || {
                    format!("{} is said to wait for {by}, whom no clock names: {clocks:?}", case.path.state)
                })?;
            }
            let entered = case.path.training.as_ref().map(|training| training.entered_on).filter(|on| *on <= day);
            let standing = Standing::of(facts, Moment { as_of: day, known_at: None });
            ensure(standing.is_some() == (case.path.opened_on <= day), || {
                format!("opened on {}", case.path.opened_on)
            })?;
            ensure(standing.and_then(|standing| standing.reached(Stage::Entry)) == entered, || {
                format!("on {day} the entry is not {entered:?}")
            })?;
        }
        self.check_places(&cases)
    }

    /// The places that figures count are those of the counters of the lot.
    fn check_places(&self, cases: &[(Facts, &Case)]) -> Result<(), String> {
        let today = Moment { as_of: Day::MAX, known_at: None };
        let standings: Vec<Standing<'_>> = cases.iter().filter_map(|(facts, _)| Standing::of(facts, today)).collect();
        for (year, places) in &self.world.counters.places {
            let period = Period { from: Day::MIN, until: Day::from_ymd_opt(*year, 12, 31).ok_or("a year")? };
            let count = |figure: Figure| standings.iter().filter(|it| figure.counts(it, period)).count() as u32;
            let counted = (count(Figure::PlacesReserved), count(Figure::PlacesConsumed));
            ensure(counted == (places.reserved, places.consumed), || format!("{year}: {counted:?}, {places:?}"))?;
        }
        let mut states: BTreeMap<State, usize> = BTreeMap::new();
        for (_, case) in cases {
            *states.entry(case.path.state).or_default() += 1;
        }
        let whole = Period { from: Day::MIN, until: Day::MAX };
        for (state, held) in states {
            let counted = standings.iter().filter(|it| Figure::In(state).counts(it, whole)).count();
            ensure(counted == held, || format!("{counted} paths in {state}, {held} of them are"))?;
        }
        Ok(())
    }
}

/// Every figure counts a path as its journal tells it, made again without what it is counted on.
fn lives(journal: &[Recorded], facts: &Facts, moment: Moment, period: Period) -> Result<(), String> {
    let (standing, lived) = (Standing::of(facts, moment), lived(journal, moment.as_of, moment.known_at));
    ensure(standing.is_some() == lived.is_some(), || format!("a path is counted and not known at {moment:?}"))?;
    let Some((standing, lived)) = standing.zip(lived) else { return Ok(()) };
    for figure in Figure::all() {
        let counted = figure.counts(&standing, period);
        let told = lived.counts(figure, period, moment.as_of == Day::MAX);
        ensure(told.is_none_or(|told| told == counted), || {
            format!("{figure} counts it: {counted}, its journal says: {told:?}, at {moment:?} since {}", period.from)
        })?;
    }
    Ok(())
}

/// A standing without a limit of days says what the fold says.
fn agrees(standing: &Standing<'_>, path: &Path) -> Result<(), String> {
    let training = path.training.as_ref();
    let ended = training.and_then(|training| training.ended.as_ref());
    let amounts = [&path.feasibility, &path.preparation, &path.implementation];
    let served: Cents = amounts.iter().filter_map(|file| file.admitted.as_ref()).map(|it| it.amount).sum();
    let expected = (
        (&path.lot, &path.workplace.department, &path.workplace.siret),
        path.state,
        held(path),
        training.map(|training| training.entered_on),
        ended.map(|ended| (ended.outcome, ended.on)),
        served,
    );
    let counted = (
        (standing.lot, standing.department, standing.company),
        standing.state,
        standing.place.filter(|place| *place != Place::Released),
        standing.reached(Stage::Entry),
        standing.ended,
        standing.served().map(|(_, cents, _)| cents).sum::<Cents>(),
    );
    ensure(counted == expected, || format!("figures say {counted:?}, the journal {expected:?}"))
}
