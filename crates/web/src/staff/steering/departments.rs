//! The departments of the market: a table, and a map for each of its numbers.

use app::Dashboard;
use domain::figures::{Figure, Stage};
use domain::money::Percent;
use wording::{addresses, figures as words, labels};

use super::charts::{Area, Map};
use super::list::COMPANIES;
use super::{MomentAsked, Number, integer};

pub(super) struct DepartmentRow {
    pub name: String,
    pub lot: String,
    pub opened: Number,
    pub companies: Number,
    pub feasible: String,
    /// Of how many studies decided, so many feasible.
    pub studies: Option<(Number, Number)>,
    pub entries: Number,
}

/// A whole share, in hundredths of a percent, as shades take it.
const WHOLE: u64 = 10_000;

/// The maps, then the rows of the table.
pub(super) fn departments(asked: &MomentAsked, figures: &Dashboard) -> ([Map; 3], Vec<DepartmentRow>) {
    let need = Figure::Funnel(Stage::Need);
    let feasible = Figure::Funnel(Stage::Feasible);
    let of = &figures.departments;
    let (most_opened, most_companies) =
        (of.iter().map(|of| of.opened).max().unwrap_or(0), of.iter().map(|of| of.companies).max().unwrap_or(0));
    let mut maps = words::MAPS.map(|title| Map { title, areas: Vec::new() });
    let mut rows = Vec::new();
    for of in of {
        let (code, name) = (of.department.as_str(), labels::department_with_code(&of.department));
        let list = |figure: Figure| asked.list(figure, None, Some(&of.department));
        let by_company = asked.on(&addresses::figure(need), &[("departement", code), ("par", COMPANIES)]);
        let share = Percent::of(of.feasible.cast_signed(), of.decided.cast_signed());
        let percent = words::share(of.feasible, of.decided);
        let shade = share.map_or(0, |share| u64::try_from(share.hundredths()).unwrap_or(0));
        let areas = [
            (of.opened, most_opened, integer(of.opened), list(need), words::paths_of_department(&name, of.opened)),
            (
                of.companies,
                most_companies,
                integer(of.companies),
                by_company.clone(),
                words::companies_of_department(&name, of.companies),
            ),
            (
                shade,
                WHOLE,
                share.map_or_else(|| "–".to_owned(), words::whole_percent),
                list(feasible),
                words::feasible_of_department(&name, percent.as_ref()),
            ),
        ];
        for (map, (value, most, number, address, said)) in maps.iter_mut().zip(areas) {
            map.areas.extend(Area::new(code, value, most, number, address, said));
        }
        rows.push(DepartmentRow {
            name,
            lot: words::lot(&of.lot),
            opened: Number::count(of.opened, list(need)),
            companies: Number::count(of.companies, by_company),
            feasible: percent.unwrap_or_else(|| "–".to_owned()),
            studies: (of.decided > 0).then(|| {
                (Number::count(of.feasible, list(feasible)), Number::count(of.decided, list(Figure::Decided)))
            }),
            entries: Number::count(of.entries, list(Figure::Entries)),
        });
    }
    (maps, rows)
}
