//! `jalon lots`: territory, holder, places by year and money of each lot.

use reports::{Cell, Column, ColumnKind};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::output::{FormatArgs, Listing, cell, text};
use crate::who::WhoArgs;
use crate::wiring::{Global, Schema, open};

#[derive(Debug, clap::Args)]
pub struct LotsArgs {
    #[command(flatten)]
    pub who: WhoArgs,
    #[command(flatten)]
    pub format: FormatArgs,
}

/// Prints the lots, one row for each year of entry.
///
/// # Errors
/// The reader does not exist; the store does not answer.
pub async fn run(global: &Global, args: LotsArgs) -> Result<Exit, Failure> {
    let app = open(global, Schema::Current).await?.app;
    let reader = args.who.reader(&app).await?;
    let lots = app.lots(&reader).await.map_err(|error| Failure::app(error, About::Nothing))?;
    let count = |key, label: &str| Column::new(key, label, ColumnKind::Count);
    let columns = vec![
        text("market", "Marché"),
        text("lot", "Lot"),
        text("holder", "Titulaire"),
        text("departments", "Départements"),
        text("year", "Année"),
        count("planned", "Prévues"),
        count("reserved", "Réservées"),
        count("consumed", "Consommées"),
        count("available", "Libres"),
    ];
    let mut list =
        Listing::new("Lots", "Aucun marché n’est enregistré\u{a0}: «\u{a0}jalon config apply\u{a0}».", columns);
    for view in &lots {
        let departments: Vec<String> = view.lot.departments.iter().map(ToString::to_string).collect();
        let head = || {
            vec![
                cell(view.market.clone()),
                cell(view.lot.code.to_string()),
                cell(view.lot.holder.name.clone()),
                cell(departments.join(", ")),
            ]
        };
        let object = |places: Option<&domain::places::Places>| {
            json!({
                "market": view.market, "lot": view.lot.code, "name": view.lot.name, "holder": view.lot.holder.code,
                "departments": view.lot.departments, "places": places, "prices_confirmed": view.prices_confirmed,
            })
        };
        if view.places.is_empty() {
            let planned = view.lot.places_per_year.map_or(Cell::Empty, |planned| Cell::Count(planned.into()));
            let mut row = head();
            row.extend([Cell::Empty, planned.clone(), Cell::Count(0), Cell::Count(0), planned]);
            list.push(row, object(None));
        }
        for places in &view.places {
            let mut row = head();
            row.extend([
                cell(places.year.to_string()),
                places.planned.map_or(Cell::Empty, |planned| Cell::Count(planned.into())),
                Cell::Count(places.reserved.into()),
                Cell::Count(places.consumed.into()),
                places.available().map_or(Cell::Empty, Cell::Count),
            ]);
            list.push(row, object(Some(places)));
        }
    }
    list.print(args.format.format)?;
    Ok(Exit::Done)
}
