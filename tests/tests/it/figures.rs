//! Each figure is the length of the list behind it and what the journals say, whatever happened; an amount is the sum of its
//! movements; and what was known at an instant never changes.

use app::{AppError, Dashboard, FigureChoice, FiguresAsked, MoneyChoice, Since};
use chrono::{Datelike, TimeDelta};
use domain::calendar::paris_day;
use domain::figures::{Figure, MoneyLine, Period, Stage, works};
use domain::identifiers::PathReference;
use domain::market::Prestation;
use domain::money::Cents;
use domain::path::command::{Obstacle, Outcome};
use domain::path::{Event, Path, Recorded, State, apply};
use domain::people::Side;
use domain::{Day, Instant};
use strum::IntoEnumIterator;
use tests::world::{World, staff};

use crate::invariants::Told;

/// What a journal says of a path at a moment, made without what figures are counted on.
struct Lived {
    path: Path,
    /// States entered, with their days.
    states: Vec<(State, Day)>,
    situation: Option<(bool, Day)>,
    obstacle: Option<Obstacle>,
    /// What was decided of what was delivered: of which, when, and whether by silence.
    decisions: Vec<(Prestation, Day, bool)>,
}

fn lived(journal: &[Recorded], as_of: Day, known_at: Option<Instant>) -> Option<Lived> {
    let known = journal.iter().filter(|recorded| known_at.is_none_or(|instant| recorded.recorded_at <= instant));
    let (mut path, mut states, mut situation): (Option<Path>, Vec<_>, _) = Default::default();
    let (mut obstacle, mut decisions) = (None, Vec::new());
    for recorded in known {
        let before = path.as_ref().map(|path: &Path| path.state);
        let after = apply(path, recorded).expect("the journal folds");
        if before != Some(after.state) && recorded.effective_on <= as_of {
            states.push((after.state, recorded.effective_on));
        }
        if let Event::FollowUpRecorded { on, situation: found, .. } = recorded.event
            && on <= as_of
        {
            situation = Some((works(found), on));
        }
        let delivered = [State::FeasibilityDelivered, State::PreparationDelivered, State::ReportDelivered];
        match recorded.event {
            _ if recorded.effective_on > as_of => {}
            Event::FeasibilityDelivered { obstacle: told, .. } => obstacle = told.or(obstacle),
            Event::Admitted { prestation, tacit, .. } if before.is_some_and(|before| delivered.contains(&before)) => {
                decisions.push((prestation, recorded.effective_on, tacit));
            }
            Event::Adjourned { prestation, .. } => decisions.push((prestation, recorded.effective_on, false)),
            Event::Rejected { prestation, .. } if before.is_some_and(|before| delivered.contains(&before)) => {
                decisions.push((prestation, recorded.effective_on, false));
            }
            _ => {}
        }
        path = Some(after);
    }
    (!states.is_empty()).then_some(())?;
    Some(Lived { path: path?, states, situation, obstacle, decisions })
}

impl Lived {
    fn entered(&self, as_of: Day) -> Option<Day> {
        self.path.training.as_ref().map(|training| training.entered_on).filter(|on| *on <= as_of)
    }

    fn ended(&self, as_of: Day) -> Option<(Outcome, Day)> {
        let ended = self.path.training.as_ref()?.ended.as_ref()?;
        (ended.on <= as_of).then_some((ended.outcome, ended.on))
    }

    fn in_job(&self, as_of: Day) -> Option<Day> {
        match self.situation {
            Some((works, on)) => works.then_some(on),
            None => self.ended(as_of).filter(|(outcome, _)| *outcome == Outcome::EarlyExitForJob).map(|(_, on)| on),
        }
    }

    /// None when the journal's end does not say it of a day before.
    fn counts(&self, figure: Figure, period: Period, today: bool) -> Option<bool> {
        let as_of = period.until;
        let been = |state: State| self.states.iter().any(|(been, _)| *been == state);
        let (last, since) = *self.states.last()?;
        let opened = period.holds(self.states[0].1);
        let entered = self.entered(as_of);
        let ready = been(State::Ready) || entered.is_some();
        let feasible = been(State::Feasible) || ready;
        let ended = self.ended(as_of).filter(|(_, on)| period.holds(*on));
        Some(match figure {
            Figure::Funnel(Stage::Need) => opened,
            Figure::Funnel(Stage::Feasible) => opened && feasible,
            Figure::Funnel(Stage::Ready) => opened && ready,
            Figure::Funnel(Stage::Entry) => opened && entered.is_some(),
            Figure::Funnel(Stage::Completed) => {
                opened && self.ended(as_of).is_some_and(|(outcome, _)| outcome == Outcome::Completed)
            }
            Figure::Funnel(Stage::InJob) => opened && self.in_job(as_of).is_some(),
            Figure::Decided => opened && (feasible || last == State::NotFeasible),
            Figure::In(state) => last == state,
            Figure::Open => !last.is_final(),
            Figure::Entries => entered.is_some_and(|on| period.holds(on)),
            Figure::Exit(outcome) => ended.is_some_and(|(ended, _)| ended == outcome),
            Figure::Exits => ended.is_some(),
            Figure::PositiveExits => {
                let left = [Outcome::EarlyExitForJob, Outcome::EarlyExitForTraining];
                ended.is_some_and(|(outcome, _)| left.contains(&outcome))
                    || self.in_job(as_of).is_some_and(|on| period.holds(on))
            }
            Figure::Stopped(state) => last == state && period.holds(since),
            Figure::NoGo(told) => last == State::NotFeasible && period.holds(since) && self.obstacle == told,
            Figure::Verified(of) => self.decisions.iter().any(|(it, on, _)| *it == of && period.holds(*on)),
            Figure::Tacit(of) => self.decisions.iter().any(|(it, on, tacit)| *it == of && *tacit && period.holds(*on)),
            Figure::PlacesConsumed => entered.is_some_and(|on| on.year() == as_of.year()),
            Figure::PlacesReserved if !today => return None,
            Figure::PlacesReserved => {
                let candidate = self.path.candidate.as_ref().filter(|_| self.path.state != State::Cancelled);
                let offered = self.path.waiting.as_ref().filter(|waiting| waiting.offered_until.is_some());
                let year = candidate.map(|candidate| candidate.reserved_year);
                let year = year.or(offered.map(|waiting| waiting.planned_entry.year()));
                self.path.training.is_none() && year == Some(as_of.year())
            }
        })
    }
}

/// What a dashboard says, for who compares two readings of it; the places planned follow the terms, and are left out.
pub fn said(dashboard: &Dashboard) -> String {
    let counts = |scope: &app::Scoped| Figure::all().map(|figure| scope.count(figure)).collect::<Vec<_>>();
    let scope = |scope: &app::Scoped| {
        format!("{:?} {:?} {:?} {:?}", scope.lot, counts(scope), scope.entries, scope.money.lines)
    };
    let scopes: Vec<String> = dashboard.scopes.iter().map(scope).collect();
    format!("{} {:?}", scopes.join("\n"), dashboard.departments)
}

/// The figures now, and as they were known a week ago on a day before. The lists are opened at one of these moments for one
/// scope, which the number of events chooses: a few histories go through all of them.
pub async fn check(world: &World, paths: &[Told]) {
    let now = world.app.now().await.expect("the store answers");
    let earlier = FiguresAsked {
        as_of: Some(paris_day(now) - TimeDelta::days(20)),
        known_at: Some(now - TimeDelta::days(7)),
        since: Since::Market,
    };
    let moments = [FiguresAsked::default(), FiguresAsked { since: Since::Market, ..FiguresAsked::default() }, earlier];
    let turn = paths.iter().map(|told| told.journal.len()).sum::<usize>();
    for (rank, asked) in moments.into_iter().enumerate() {
        let opened = (turn % 3 == rank).then_some(turn / 3 % 3);
        check_at(world, paths, asked, opened).await;
    }
}

/// Every path that a figure counts.
fn all_of(figure: Figure) -> FigureChoice {
    FigureChoice { figure, lot: None, department: None, companies: false, skip: 0, limit: usize::MAX }
}

/// The references that a list shows, sorted, as many as it says.
async fn listed(world: &World, asked: FiguresAsked, choice: &FigureChoice) -> Vec<String> {
    let officer = staff(Side::Region, 1).actor();
    let list = world.app.figure_list(&officer, asked, choice).await.expect("the list is read");
    let mut listed: Vec<String> = list.rows.iter().map(|row| row.reference.to_string()).collect();
    assert_eq!(list.count, listed.len() as u64, "{choice:?}");
    listed.sort();
    listed
}

async fn check_at(world: &World, paths: &[Told], asked: FiguresAsked, opened: Option<usize>) {
    let officer = staff(Side::Region, 1).actor();
    let dashboard = match world.app.dashboard(&officer, asked).await {
        Ok(dashboard) => dashboard,
        // Nothing was known of a market yet.
        Err(AppError::NoMarket) => return,
        Err(error) => panic!("{error:?}"),
    };
    let (moment, period) = (dashboard.moment, dashboard.period);
    let lives: Vec<(&PathReference, Lived)> = paths
        .iter()
        .filter(|told| told.path.market == dashboard.market)
        .filter_map(|told| Some((&told.path.reference, lived(&told.journal, moment.as_of, moment.known_at)?)))
        .collect();
    for (rank, scope) in dashboard.scopes.iter().enumerate() {
        let lot = scope.lot.as_ref().map(|(lot, _)| lot);
        let within = |lived: &Lived| lot.is_none_or(|lot| lived.path.lot == *lot);
        for figure in Figure::all() {
            let today = asked.as_of.is_none();
            let made: Option<Vec<String>> = lives
                .iter()
                .filter(|(_, lived)| within(lived))
                .map(|(reference, lived)| Some(lived.counts(figure, period, today)?.then(|| reference.to_string())))
                .collect::<Option<Vec<_>>>()
                .map(|found| found.into_iter().flatten().collect());
            if let Some(made) = &made {
                assert_eq!(scope.count(figure), made.len() as u64, "{figure} of lot {lot:?} {asked:?}");
            }
            if opened == Some(rank) {
                let choice = FigureChoice { lot: lot.cloned(), ..all_of(figure) };
                let listed = listed(world, asked, &choice).await;
                assert_eq!(scope.count(figure), listed.len() as u64, "{choice:?} {asked:?}");
                if let Some(mut made) = made {
                    made.sort();
                    assert_eq!(listed, made, "{choice:?} {asked:?}");
                }
            }
        }
        if opened == Some(rank) {
            check_money(world, scope, asked, period.until).await;
        }
    }
    for of in dashboard.departments.iter().filter(|_| opened.is_some()) {
        let figure = Figure::Funnel(Stage::Need);
        let department = Some(of.department.clone());
        let choice = FigureChoice { department: department.clone(), ..all_of(figure) };
        assert_eq!(listed(world, asked, &choice).await.len() as u64, of.opened, "{}", of.department);
        let choice = FigureChoice { companies: true, ..choice };
        assert_eq!(listed(world, asked, &choice).await.len() as u64, of.companies, "{}", of.department);
        for (figure, count) in [(Figure::Decided, of.decided), (Figure::Funnel(Stage::Feasible), of.feasible)] {
            let choice = FigureChoice { department: department.clone(), ..all_of(figure) };
            assert_eq!(listed(world, asked, &choice).await.len() as u64, count, "{figure} in {}", of.department);
        }
    }
    if asked.as_of.is_none() && asked.since == Since::Market {
        whole(world, &dashboard, &lives).await;
    }
}

/// Each amount is the sum of its movements and of its months, and payments took what their movements say.
async fn check_money(world: &World, scope: &app::Scoped, asked: FiguresAsked, until: Day) {
    let officer = staff(Side::Region, 1).actor();
    let lot = scope.lot.as_ref().map(|(lot, _)| lot);
    let list = async |line, late, month| {
        let choice = MoneyChoice { line, lot: lot.cloned(), prestation: None, late, month, skip: 0, limit: usize::MAX };
        world.app.money_list(&officer, asked, &choice).await.expect("the movements are read")
    };
    for line in MoneyLine::iter() {
        let all = list(line, false, None).await;
        let figures = &scope.money.lines[line as usize];
        let summed: Cents = all.rows.iter().map(|row| row.cents).sum();
        assert_eq!((all.total, summed), (figures.total, figures.total), "{line} {lot:?} {asked:?}");
        assert_eq!(figures.months.iter().copied().sum::<Cents>(), figures.total, "{line} by month");
        // The latest month opens its own movements.
        if let Some(of_month) = figures.months.last() {
            assert_eq!(list(line, false, Some(until)).await.total, *of_month, "{line} {lot:?} {asked:?}");
        }
        if line == MoneyLine::Paid {
            assert_eq!(all.count, scope.money.payments.delay.paths, "{lot:?} {asked:?}");
        }
    }
    let late = list(MoneyLine::Paid, true, None).await;
    assert_eq!(late.count, scope.money.payments.late, "{lot:?} {asked:?}");
    assert!(late.rows.iter().all(|row| row.days_late().is_some_and(|days| days > 0)), "{late:?}");
}

/// Since the beginning of the market, figures are the counters that guard places and money.
async fn whole(world: &World, dashboard: &Dashboard, lives: &[(&PathReference, Lived)]) {
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let (year, money) = (dashboard.moment.as_of.year(), tx.lot_money(&dashboard.market).await.expect("money is read"));
    for scope in &dashboard.scopes[1..] {
        let (lot, _) = scope.lot.as_ref().expect("a lot");
        let places = tx.places_of(&world.market, lot, year).await.expect("places are read");
        let counted = (scope.count(Figure::PlacesReserved), scope.count(Figure::PlacesConsumed));
        assert_eq!(counted, (places.reserved.into(), places.consumed.into()), "places of lot {lot} in {year}");
        let engaged = money.iter().find(|money| money.lot == *lot).map_or(Cents::ZERO, |money| money.engaged);
        assert_eq!(scope.money.lines[MoneyLine::Engaged as usize].total, engaged, "engaged on lot {lot}");
        let of_lot = lives.iter().map(|(_, lived)| &lived.path).filter(|path| path.lot == *lot);
        let files = of_lot.flat_map(|path| [&path.feasibility, &path.preparation, &path.implementation]);
        let served: Cents = files.filter_map(|file| file.admitted.as_ref()).map(|admitted| admitted.amount).sum();
        assert_eq!(scope.money.lines[MoneyLine::Served as usize].total, served, "service done on lot {lot}");
    }
}
