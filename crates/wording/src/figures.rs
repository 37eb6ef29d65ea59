//! The Region's figures: their names, their definitions, and what their pages say.

use std::fmt::Display;

use chrono::Datelike;
use domain::Day;
use domain::figures::{ENOUGH, Figure, Method, MoneyLine, PACE_DAYS, Period, Stage};
use domain::market::Prestation;
use domain::money::{Cents, Percent};
use domain::path::State;
use domain::people::Side;

use crate::numbers::{count, euros, integer, millions, percent};
use crate::{dates, labels};

pub const TITLE: &str = "Pilotage";

/// A stage of the funnel.
pub fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Need => "Besoins signalés",
        Stage::Feasible => "Études faisables",
        Stage::Ready => "Prêts à mettre en œuvre",
        Stage::Entry => "Entrées en formation",
        Stage::Completed => "Formations menées à terme",
        Stage::InJob => "En emploi",
    }
}

/// The name of a figure.
pub fn name(figure: Figure) -> String {
    match figure {
        Figure::Funnel(reached) => stage(reached).to_owned(),
        Figure::Decided => "Études décidées".to_owned(),
        Figure::In(state) => labels::state(state).to_owned(),
        Figure::Open => "Parcours en cours".to_owned(),
        Figure::Stalled(by) => format!("Immobiles, dans l’attente {}", of_side(by)),
        Figure::Entries => "Entrées de la période".to_owned(),
        Figure::Exit(outcome) => crate::capital(labels::outcome(outcome)),
        Figure::PositiveExits => "Sorties positives".to_owned(),
        Figure::Exits => "Fins de formation".to_owned(),
        Figure::Stopped(state) => labels::state(state).to_owned(),
        Figure::NoGo(Some(obstacle)) => labels::obstacle(obstacle).to_owned(),
        Figure::NoGo(None) => "Obstacle non précisé".to_owned(),
        Figure::Verified(of) => verification_of(of).to_owned(),
        Figure::Tacit(of) => format!("{}, par le silence de la Région", verification_of(of)),
        Figure::Came(to) => format!("{}, délai depuis l’étape d’avant", stage(to)),
        Figure::PlacesReserved => "Places réservées".to_owned(),
        Figure::PlacesConsumed => "Places consommées".to_owned(),
    }
}

/// What a figure counts, in one sentence.
pub const fn definition(figure: Figure) -> &'static str {
    match figure {
        Figure::Funnel(Stage::Need) => {
            "Parcours ouverts dans la période, y compris ceux qui reprennent l’étude d’un autre ou précèdent Jalon."
        }
        Figure::Funnel(Stage::Feasible) => {
            "Parcours ouverts dans la période dont l’étude a été admise avec un avis favorable."
        }
        Figure::Funnel(Stage::Ready) => "Parcours ouverts dans la période dont la préparation a été admise.",
        Figure::Funnel(Stage::Entry) => "Parcours ouverts dans la période dont la personne est entrée en formation.",
        Figure::Funnel(Stage::Completed) => {
            "Parcours ouverts dans la période dont la formation s’est terminée avec les quatre éléments légaux prouvés."
        }
        Figure::Funnel(Stage::InJob) => {
            "Parcours ouverts dans la période dont la personne est partie pour un emploi, ou en occupe un au dernier suivi."
        }
        Figure::Came(_) => {
            "Parcours arrivés à cette étape dans la période, avec les jours passés depuis la précédente\u{a0}: ceux dont le délai est compté."
        }
        Figure::Decided => "Parcours ouverts dans la période dont l’étude a été admise, faisable ou non.",
        Figure::In(state) => labels::state_help(state),
        Figure::Open => "Parcours qui ne sont ni clos, ni arrêtés, à la date.",
        Figure::Stalled(Side::Region) => {
            "Parcours en cours, hors formation, dans le même état depuis plus de 30 jours à la date\u{a0}: c’est à la Région d’agir."
        }
        Figure::Stalled(_) => {
            "Parcours en cours, hors formation, dans le même état depuis plus de 30 jours à la date\u{a0}: c’est à l’organisme d’agir, au besoin avec l’entreprise."
        }
        Figure::Entries => "Entrées en formation dont le jour est dans la période, annulations déduites.",
        Figure::Exit(_) => "Formations terminées ainsi dans la période.",
        Figure::PositiveExits => {
            "Départs pour un emploi ou une formation, et emplois constatés au suivi, dans la période."
        }
        Figure::Exits => "Formations terminées dans la période, quelle qu’en soit l’issue.",
        Figure::Stopped(State::Declined) => "Besoins classés sans suite dans la période.",
        Figure::Stopped(State::NotFeasible) => "Études admises avec un avis défavorable dans la période.",
        Figure::Stopped(_) => "Parcours annulés dans la période, avant toute formation.",
        Figure::NoGo(Some(_)) => {
            "Études admises dans la période avec un avis défavorable, dont c’est le principal obstacle selon l’organisme."
        }
        Figure::NoGo(None) => {
            "Études admises dans la période avec un avis défavorable, remises avant que l’obstacle soit demandé."
        }
        Figure::Verified(_) => "Parcours dont un livrable remis a été admis, ajourné ou rejeté dans la période.",
        Figure::Tacit(_) => {
            "Parcours dont un livrable a été admis dans la période parce que le délai de vérification a passé sans décision."
        }
        Figure::PlacesReserved => {
            "Places retenues pour une personne qui n’est pas encore entrée, dans l’année de la date."
        }
        Figure::PlacesConsumed => "Places prises par une entrée dans l’année de la date, quelle que soit la suite.",
    }
}

/// Who is waited for: « de la Région ».
fn of_side(side: Side) -> &'static str {
    match side {
        Side::Region => "de la Région",
        Side::Finance => "des finances",
        Side::Body => "de l’organisme",
        Side::Company => "de l’entreprise",
        Side::Trainee => "de la personne",
        Side::Tutor => "du tuteur",
        Side::System => "d’une échéance",
    }
}

/// A line of the money.
pub fn money_line(line: MoneyLine) -> &'static str {
    match line {
        MoneyLine::Planned => "Prévu",
        MoneyLine::Engaged => "Engagé",
        MoneyLine::Served => "Service fait",
        MoneyLine::Invoiced => "Facturé",
        MoneyLine::Paid => "Payé",
    }
}

/// What a line of the money adds up, in one sentence.
pub fn money_definition(line: MoneyLine) -> &'static str {
    match line {
        MoneyLine::Planned => {
            "Bons de commande préparés dans la période, visés ou non, moins ceux qui ont été abandonnés et ce qui a été libéré."
        }
        MoneyLine::Engaged => "Bons de commande visés dans la période, moins ce qui en a été libéré.",
        MoneyLine::Served => "Prestations admises dans la période, réfactions déduites.",
        MoneyLine::Invoiced => "Demandes de paiement reçues dans la période, moins celles qui ont été renvoyées.",
        MoneyLine::Paid => "Demandes de paiement payées dans la période.",
    }
}

pub const BUDGET_TITLE: &str = "Argent par prestation et par mois";
pub const ALL_PRESTATIONS: &str = "Toutes prestations";
pub const CUMULATED: &str = "Cumul des montants dans l’année";
pub const OF_BUDGET: &str = "Part du budget de l’année";

/// What the curves of the money say to who does not see them.
pub fn cumulated(served: Cents, budget: Option<Cents>) -> String {
    match budget {
        Some(budget) => format!("Service fait\u{a0}: {}, pour un budget de {}", euros(served), euros(budget)),
        None => format!("Service fait\u{a0}: {}", euros(served)),
    }
}

/// A sum on an axis: `1,5 M€`, `500 k€`.
pub fn axis(amount: Cents) -> String {
    match amount.get() / 100 {
        0 => "0".to_owned(),
        small @ 1..1_000 => format!("{small}\u{a0}€"),
        thousands @ 1_000..1_000_000 => {
            let rest = thousands % 1_000 / 100;
            let rest = if rest == 0 { String::new() } else { format!(",{rest}") };
            format!("{}{rest}\u{a0}k€", thousands / 1_000)
        }
        _ => millions(amount),
    }
}

/// What a verification is of.
pub fn verification_of(prestation: Prestation) -> &'static str {
    match prestation {
        Prestation::Feasibility => "Décision sur une étude",
        Prestation::Preparation => "Décision sur une préparation",
        Prestation::Implementation => "Décision sur un bilan final",
    }
}

pub const PAYMENT: &str = "Paiement d’une demande";
pub const LATE_PAYMENTS: &str = "Payé en retard";
pub const LATE_PAYMENTS_DEFINITION: &str = "Demandes de paiement payées dans la période après leur dernier jour.";

/// `médiane : 8 j`
pub fn median(delay: i64) -> String {
    format!("médiane\u{a0}: {}", days(delay))
}

/// `9 sur 10 : 14 j ou moins`
pub fn ninth_decile(delay: i64) -> String {
    format!("9 sur 10\u{a0}: {} ou moins", days(delay))
}

/// `3 par le silence`
pub fn by_silence(number: u64) -> String {
    format!("{} par le silence", integer(i64::try_from(number).unwrap_or(i64::MAX)))
}

/// `2 en retard`
pub fn late_payments(number: usize) -> String {
    format!("{} en retard", integer(i64::try_from(number).unwrap_or(i64::MAX)))
}

/// `dont 3 j de retard`
pub fn of_which_late(late: i64) -> String {
    format!("dont {} de retard", days(late))
}

pub const NO_PATH: &str = "Aucun parcours";
pub const NO_MOVEMENT: &str = "Aucun mouvement";
/// Columns of the list of paths behind a figure.
pub const PATH_HEADINGS: [&str; 6] = ["Parcours", "Compte pour le", "État à cette date", "Entreprise", "Métier", "Lot"];
pub const COMPANY_HEADINGS: [&str; 5] = ["Établissement", "Compte pour le", "Commune", "Dernier parcours", "Lot"];

/// The establishments of the paths of a figure.
pub fn companies_of(figure: &str) -> String {
    format!("{figure}, par établissement")
}

pub fn listed_companies(number: u64) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX), "établissement", "établissements")
}

pub const MOVEMENT_OF: &str = "De";
pub const MOVEMENT_ON: &str = "Le";
pub const DELAY: &str = "Délai";
pub const PRESTATION: &str = "Prestation";
pub const EXCLUDING_TAX: &str = "Montant hors taxes";

pub const BUDGET: &str = "Budget de l’année";

pub fn listed_movements(number: usize) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX), "mouvement", "mouvements")
}

pub fn summed(total: impl Display, movements: impl Display) -> String {
    format!("{total} hors taxes, {movements}")
}

/// How a forecast was made, and what it rests on.
pub fn method(method: Method) -> String {
    match method {
        Method::Pace { closed } => format!(
            "Au rythme des entrées depuis le début de l’année, sans intervalle\u{a0}: {} ne {} pas à mieux prévoir (il en faut {}).",
            count(i64::try_from(closed).unwrap_or(i64::MAX), "parcours clos", "parcours clos"),
            if closed < 2 { "suffit" } else { "suffisent" },
            integer(i64::try_from(ENOUGH).unwrap_or(i64::MAX)),
        ),
        Method::Stages { followed } => format!(
            "D’après ce que sont devenus {}, étape par étape et jour après jour, et les besoins signalés ces {} derniers jours.",
            count(i64::try_from(followed).unwrap_or(i64::MAX), "besoin suivi", "besoins suivis"),
            integer(PACE_DAYS),
        ),
        Method::Lots { measured: true } => "Somme des prévisions des lots.".to_owned(),
        Method::Lots { measured: false } => {
            "Somme des prévisions des lots, sans intervalle tant que l’un d’eux n’en a pas.".to_owned()
        }
    }
}

/// No number of studies is said: by the pace alone, or because none would do.
pub fn no_studies(method: Method) -> &'static str {
    match method {
        Method::Pace { .. } | Method::Lots { measured: false } => {
            "Le nombre d’études à lancer se dira avec assez de parcours clos."
        }
        Method::Stages { .. } | Method::Lots { measured: true } => {
            "Aucun nombre raisonnable d’études lancées dès maintenant n’y mènerait au 31 décembre."
        }
    }
}

/// `entre 180 et 212, huit fois sur dix`.
pub fn interval(low: u32, high: u32) -> String {
    format!("entre {} et {}, huit fois sur dix", integer(low.into()), integer(high.into()))
}

/// When the places planned would be taken, which begin again each year.
pub fn reached(on: Option<Day>, today: Day, planned: u32) -> String {
    let planned = integer(planned.into());
    let not_this_year = format!("Les {planned} entrées prévues ne seraient pas atteintes cette année");
    match on {
        Some(on) if on <= today => format!("Les {planned} entrées prévues sont atteintes."),
        Some(on) if on.year() == today.year() => {
            format!("Les {planned} entrées prévues seraient atteintes le {}.", dates::long(on))
        }
        Some(on) => {
            format!("{not_this_year}\u{a0}; en continuant ainsi, il faudrait aller jusqu’au {}.", dates::long(on))
        }
        None => format!("{not_this_year}, ni en continuant ainsi trois ans."),
    }
}

/// Studies to start, in tenths a week.
pub fn studies(tenths: u32) -> String {
    let number = if tenths.is_multiple_of(10) {
        integer((tenths / 10).into())
    } else {
        format!("{},{}", integer((tenths / 10).into()), tenths % 10)
    };
    let studies = if tenths < 20 { "étude" } else { "études" };
    format!("Pour y arriver au 31 décembre\u{a0}: {number} {studies} à lancer par semaine, dès maintenant.")
}

pub const FORECAST: &str = "Prévision au 31 décembre";

pub fn forecast_on(day: impl Display) -> String {
    format!("Prévision des entrées au 31 décembre, faite au {day}")
}

/// `Lot 1 : au rythme…`
pub fn of_scope(scope: impl Display, said: impl Display) -> String {
    format!("{scope}\u{a0}: {said}")
}

pub const ENTERED: &str = "Entrées à la date";
pub const LANDING: &str = "Prévision";
pub const LOW: &str = "Au moins (8 fois sur 10)";
pub const HIGH: &str = "Au plus (8 fois sur 10)";
pub const REACHED_ON: &str = "Places prévues atteintes le";
pub const STUDIES_PER_WEEK: &str = "Études à lancer par semaine";

pub fn back_test(years: impl Display) -> String {
    format!("Essai de la prévision sur {years} années simulées")
}

pub const ASKED_ON: &str = "Demandée le";
pub const FORECASTS: &str = "Prévisions avec intervalle";
pub const HELD: &str = "Arrivée dans l’intervalle";
pub const SHARE: &str = "Part";
pub const BACK_TEST_NOTE: &str = "L’intervalle doit contenir l’arrivée huit fois sur dix. Chaque année simulée a son rythme, sa saison, ses chances et ses délais.";

pub const ALL: &str = "Ensemble";
pub const PLANNED: &str = "Prévues";
pub const AVAILABLE: &str = "Disponibles";

/// What each number of the places says.
pub const PLACES_DEFINITIONS: [(&str, &str); 6] = [
    (PLANNED, "Entrées prévues au marché pour l’année de la date."),
    ("Réservées", definition(Figure::PlacesReserved)),
    ("Consommées", definition(Figure::PlacesConsumed)),
    (AVAILABLE, "Prévues, moins les réservées et les consommées."),
    ("Entrées cumulées", "Entrées en formation depuis le 1er janvier, à la fin de chaque mois, annulations déduites."),
    (
        FORECAST,
        "Entrées de l’année à cette date, et ce que les parcours ouverts et les besoins à venir y ajouteraient.",
    ),
];

/// The delays of each stage, lot by lot.
pub const DELAYS_BY_LOT: &str = "Délais de chaque étape, par lot";

pub fn lot(code: impl Display) -> String {
    format!("Lot {code}")
}

/// `Arrêté au 30 novembre 2026`, and what was known when.
pub fn as_of(day: Day, known: Option<Day>) -> String {
    match known {
        None => format!("Arrêté au {}, d’après tout ce qui est connu aujourd’hui", dates::long(day)),
        Some(known) => format!("Arrêté au {}, d’après ce qui était connu le {}", dates::long(day), dates::long(known)),
    }
}

pub fn period(period: Period) -> String {
    format!("Période\u{a0}: {}", dates::period(period.from, period.until))
}

pub fn places_of(year: i32) -> String {
    format!("Places {year}")
}

pub fn entries_of(year: i32) -> String {
    format!("Entrées cumulées en {year}")
}

/// What a curve says to who does not see it.
pub fn curve(entries: u64, planned: Option<u32>) -> String {
    let entries = count(i64::try_from(entries).unwrap_or(i64::MAX), "entrée", "entrées");
    match planned {
        Some(planned) => format!("{entries}, pour {} places prévues", integer(planned.into())),
        None => entries,
    }
}

/// `12 j`, a delay in a table.
pub fn days(days: i64) -> String {
    format!("{}\u{a0}j", integer(days))
}

pub fn of_paths(paths: usize) -> String {
    format!("sur {}", count(i64::try_from(paths).unwrap_or(i64::MAX), "parcours", "parcours"))
}

pub const SINCE_YEAR: &str = "Le 1er janvier";
pub const SINCE_MARKET: &str = "Le début du marché";

/// What a department says to who does not see its colour.
pub fn paths_of_department(name: impl Display, opened: u64) -> String {
    format!("{name}\u{a0}: {}", count(i64::try_from(opened).unwrap_or(i64::MAX), "parcours ouvert", "parcours ouverts"))
}

pub fn companies_of_department(name: impl Display, companies: u64) -> String {
    format!("{name}\u{a0}: {}", listed_companies(companies))
}

/// `Manche (50) : 67,00 % des études décidées sont faisables`
pub fn feasible_of_department(name: impl Display, share: Option<impl Display>) -> String {
    match share {
        Some(share) => format!("{name}\u{a0}: {share} des études décidées sont faisables"),
        None => format!("{name}\u{a0}: aucune étude décidée"),
    }
}

/// What each map of the departments shows.
pub const MAPS: [&str; 3] =
    ["Parcours ouverts", "Établissements de ces parcours", "Études faisables, en part des études décidées"];

/// Of fewer than that, a share is to be read with caution.
const FEW: u64 = 30;
pub const CAUTION: &str = "*\u{a0}: part de moins de 30 parcours, à lire avec prudence.";

/// So many of a whole, `67,00 %`, marked when the whole is small; none of nothing.
pub fn share(part: u64, whole: u64) -> Option<String> {
    let share = Percent::of(part.cast_signed(), whole.cast_signed())?;
    Some(format!("{}{}", percent(share), if whole < FEW { "*" } else { "" }))
}

/// `67 %`, for a map.
pub fn whole_percent(share: Percent) -> String {
    format!("{}\u{a0}%", (share.hundredths() + 50) / 100)
}

/// For how long a path has been in its state.
pub const STALLED_FOR: &str = "Immobile depuis";

pub fn listed(number: u64) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX), "parcours", "parcours")
}

pub const BAD_DATE_TITLE: &str = "La date n’est pas comprise";
pub const BAD_DATE: &str = "Choisissez un jour, ou écrivez-le comme 2026-11-30.";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::typography;

    #[test]
    fn below_two_studies_are_one() {
        for (tenths, said) in [(5, "0,5 étude à"), (10, "1 étude à"), (15, "1,5 étude à"), (20, "2 études à")] {
            let text = studies(tenths);
            assert!(text.contains(said), "{text}");
            assert_eq!(typography::check(&text), []);
        }
    }

    #[test]
    fn a_share_of_few_is_marked() {
        let said = [share(1, 3), share(29, 30), share(0, 0)].map(Option::unwrap_or_default);
        assert_eq!(said, ["33,33\u{a0}%*", "96,67\u{a0}%", ""]);
        assert_eq!(typography::check(CAUTION), []);
    }

    #[test]
    fn an_axis_is_short() {
        assert_eq!(axis(Cents::new(150_000)), "1,5\u{a0}k€");
        let said = [0, 90_000, 50_000_000, 125_000_000, 250_000_000, 300_000_000].map(|cents| axis(Cents::new(cents)));
        assert_eq!(said, ["0", "900\u{a0}€", "500\u{a0}k€", "1,25\u{a0}M€", "2,5\u{a0}M€", "3\u{a0}M€"]);
        assert_eq!(said.map(|text| typography::check(&text)), [const { Vec::new() }; 6]);
    }

    #[test]
    fn each_figure_has_its_words() {
        for (name, definition) in PLACES_DEFINITIONS {
            assert_eq!(
                (typography::check(name), typography::check(definition)),
                (Vec::new(), Vec::new()),
                "{definition}"
            );
        }
        for closed in [0, 5] {
            assert_eq!(typography::check(&method(Method::Pace { closed })), []);
            assert_eq!(typography::check(no_studies(Method::Pace { closed })), []);
        }
        for measured in [true, false] {
            assert_eq!(typography::check(&method(Method::Lots { measured })), []);
            assert_eq!(typography::check(no_studies(Method::Lots { measured })), []);
        }
        for figure in Figure::all() {
            let (name, definition) = (name(figure), definition(figure));
            assert_eq!(typography::check(&name), []);
            assert_eq!(typography::check(definition), []);
            assert!(definition.ends_with('.'), "{definition}");
            assert_eq!(figure.to_string().parse(), Ok(figure));
        }
        let names: BTreeSet<_> = Figure::all().map(|figure| figure.to_string()).collect();
        assert_eq!(names.len(), Figure::all().count());
    }
}
