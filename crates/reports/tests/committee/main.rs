//! The committee's tables against its own deck: what is printed, what is computed, what is refused, and every format.

mod deck;
mod fairness;
mod formats;
mod formulas;
mod imports;
mod outside;
mod rules;

use domain::Day;
use reports::committee::{
    Budget, Comparison, Entries, Evaluation, File, Programme, Sectors, Statement, Yearly, equity,
};
use reports::entries::Figures;
use reports::table::Table;

pub const SOURCE: &str = "Région Normandie, comité de pilotage 2023";

pub const END_2022: &[u8] = include_bytes!("../deck/entrees-2022-12-31.csv");
pub const MID_2023: &[u8] = include_bytes!("../deck/entrees-2023-06-30.csv");
pub const YEARLY: &[u8] = include_bytes!("../deck/entrees-par-an.csv");
pub const PROGRAMME: &[u8] = include_bytes!("../deck/programmation-2023.csv");
pub const SECTORS: &[u8] = include_bytes!("../deck/filieres-2023.csv");
pub const BUDGET: &[u8] = include_bytes!("../deck/trajectoire-pric.csv");
pub const EVALUATION: &[u8] = include_bytes!("../deck/generation-competences.csv");

pub fn day(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd_opt(year, month, day).expect("a day")
}

/// The entries of the paths that the deck's row counts.
pub fn fest(as_of: &[u8]) -> (Figures, Vec<(String, Figures)>) {
    let figures = |entries, level_4_and_below, rsa, boe, over_45, under_26| Figures {
        entries,
        level_4_and_below,
        rsa,
        boe,
        over_45,
        under_26,
    };
    let lots = if as_of == END_2022 {
        [figures(19, 14, 3, 1, 8, 5), figures(12, 8, 2, 0, 5, 3)]
    } else {
        [figures(4, 3, 1, 0, 1, 1), figures(3, 2, 0, 0, 1, 1)]
    };
    let [one, two] = lots;
    let total = figures(
        one.entries + two.entries,
        one.level_4_and_below + two.level_4_and_below,
        one.rsa + two.rsa,
        one.boe + two.boe,
        one.over_45 + two.over_45,
        one.under_26 + two.under_26,
    );
    let names = ["Lot 1 — Seine-Maritime et Eure", "Lot 2 — Calvados, Manche et Orne"].map(str::to_owned);
    (total, names.into_iter().zip(lots).collect())
}

pub fn entries(bytes: &[u8]) -> Entries {
    Entries::import(&File::csv(bytes)).unwrap_or_else(|refused| panic!("{:#?}", refused.problems))
}

pub fn statement(bytes: &[u8]) -> Statement {
    let (total, lots) = fest(bytes);
    entries(bytes).with_paths(&total, &lots).statement()
}

pub fn yearly() -> Yearly {
    Yearly::import(&File::csv(YEARLY)).expect("the deck's own")
}

pub fn programme() -> Programme {
    Programme::import(&File::csv(PROGRAMME), 2023).expect("the deck's own")
}

pub fn sectors() -> Sectors {
    Sectors::import(&File::csv(SECTORS), 2023).expect("the deck's own")
}

pub fn budget() -> Budget {
    Budget::import(&File::csv(BUDGET)).expect("the deck's own")
}

pub fn evaluation() -> Evaluation {
    Evaluation::import(&File::csv(EVALUATION), "Génération Compétences").expect("the deck's own")
}

/// Every table of the deck, and the comparison of its two dates.
pub fn tables() -> Vec<Table> {
    let (now, before) = (statement(MID_2023), statement(END_2022));
    let comparison = Comparison { now: (&now, day(2023, 6, 30)), before: (&before, day(2022, 12, 31)) };
    let [compared_entries, compared_shares] = comparison.tables(SOURCE);
    vec![
        before.table(day(2022, 12, 31), SOURCE),
        now.table(day(2023, 6, 30), SOURCE),
        compared_entries,
        compared_shares,
        equity::table(&before, day(2022, 12, 31), SOURCE).expect("FEST and others"),
        yearly().table(SOURCE).dated(day(2022, 12, 31)),
        programme().table(SOURCE),
        sectors().table(SOURCE),
        budget().table(SOURCE),
        evaluation().table(day(2023, 6, 14), SOURCE),
    ]
}
