//! Each figure is the length of the list behind it and what the journals say, whatever happened; an amount is the sum of its
//! movements; and what was known at an instant never changes.

use app::{AppError, Dashboard, FigureChoice, FiguresAsked, MoneyChoice, Since};
use chrono::{Datelike, TimeDelta};
use domain::Day;
use domain::calendar::paris_day;
use domain::figures::{Figure, MoneyLine, Stage};
use domain::identifiers::{LotCode, PathReference};
use domain::market::Prestation;
use domain::money::Cents;
use domain::order::OrderState;
use domain::people::Side;
use domain::samples::lived::{Lived, lived};
use persistence::Tx;
use strum::IntoEnumIterator;
use tests::world::{World, staff};

use crate::invariants::Told;

/// What a dashboard says, for who compares two readings of it; the places planned follow the terms, and are left out.
pub fn said(dashboard: &Dashboard) -> String {
    let counts = |scope: &app::Scoped| Figure::all().map(|figure| scope.count(figure)).collect::<Vec<_>>();
    let scope = |scope: &app::Scoped| {
        let delays: Vec<_> = Stage::iter().map(|stage| scope.delay(stage)).collect();
        let forecast = (scope.forecast.method, scope.forecast.landing, scope.forecast.interval);
        let (lines, payments) = (&scope.money.lines, scope.money.payments);
        format!(
            "{:?} {:?} {delays:?} {:?} {:?} {lines:?} {payments:?} {forecast:?}",
            scope.lot,
            counts(scope),
            scope.verifications,
            scope.entries
        )
    };
    let scopes: Vec<String> = dashboard.scopes.iter().map(scope).collect();
    let stalled: Vec<_> = dashboard.stalled.iter().map(|row| (&row.reference, row.state, row.on)).collect();
    format!("{} {:?} {stalled:?}", scopes.join("\n"), dashboard.departments)
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
    let list = async |line, late, month, prestation| {
        let choice = MoneyChoice { line, lot: lot.cloned(), prestation, late, month, skip: 0, limit: usize::MAX };
        world.app.money_list(&officer, asked, &choice).await.expect("the movements are read")
    };
    for line in MoneyLine::iter() {
        let all = list(line, false, None, None).await;
        let figures = &scope.money.lines[line as usize];
        let summed: Cents = all.rows.iter().map(|row| row.cents).sum();
        let total = figures.whole.total;
        assert_eq!((all.total, summed), (total, total), "{line} {lot:?} {asked:?}");
        for prestation in std::iter::once(None).chain(Prestation::iter().map(Some)) {
            let (whole, movements) = figures.whole.of(prestation);
            let by_month: Cents = figures.months.iter().map(|month| month.of(prestation).0).sum();
            assert_eq!(by_month, whole, "{line} {prestation:?} by month");
            // The whole and the latest month open their own movements.
            let all = list(line, false, None, prestation).await;
            assert_eq!(
                (all.total, all.count as u64),
                (whole, u64::from(movements)),
                "{line} {prestation:?} {lot:?} {asked:?}"
            );
            if let Some(of_month) = figures.months.last() {
                let (of_month, _) = of_month.of(prestation);
                let listed = list(line, false, Some(until), prestation).await.total;
                assert_eq!(listed, of_month, "{line} {prestation:?} {lot:?} {asked:?}");
            }
        }
        if line == MoneyLine::Paid {
            assert_eq!(all.count, scope.money.payments.delay.paths, "{lot:?} {asked:?}");
        }
    }
    let late = list(MoneyLine::Paid, true, None, None).await;
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
        let total = |line: MoneyLine| scope.money.lines[line as usize].whole.total;
        assert_eq!(total(MoneyLine::Engaged), engaged, "engaged on lot {lot}");
        assert_eq!(total(MoneyLine::Planned), planned_on(&tx, &dashboard.market, lot).await, "planned on lot {lot}");
        let of_lot = lives.iter().map(|(_, lived)| &lived.path).filter(|path| path.lot == *lot);
        let files = of_lot.flat_map(|path| [&path.feasibility, &path.preparation, &path.implementation]);
        let served: Cents = files.filter_map(|file| file.admitted.as_ref()).map(|admitted| admitted.amount).sum();
        assert_eq!(total(MoneyLine::Served), served, "service done on lot {lot}");
    }
}

/// What the orders of a lot hold as they stand: engaged once finance endorsed them, priced until then, nothing once given up.
async fn planned_on(tx: &Tx, market: &str, lot: &LotCode) -> Cents {
    let mut planned = Cents::ZERO;
    let orders = tx.counted_orders().await.expect("orders are read");
    for counted in orders.iter().filter(|order| order.market == market && order.lot == *lot) {
        let stored = tx.order_by_id(counted.id).await.expect("the store answers").expect("an order");
        planned += match &stored.order {
            order if order.visa.is_some() => order.engaged,
            order if order.state == OrderState::Cancelled => Cents::ZERO,
            order => order.total(),
        };
    }
    planned
}
