//! `jalon path list`: the paths that a reader sees, filtered.

use app::{App, Charge, PathFilter, PathLine};
use chrono::Duration;
use domain::Day;
use domain::calendar::paris_day;
use domain::identifiers::LotCode;
use domain::market::ClockKind;
use domain::path::State;
use domain::people::{Actor, Side};
use reports::{Cell, Column, ColumnKind};
use serde_json::json;
use strum::VariantNames;
use wording::{dates, labels};

use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::output::{Format, FormatArgs, Listing, cell, text};
use crate::values;
use crate::who::WhoArgs;

/// Paths asked of the store at a time.
const PAGE: u64 = 500;

#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// Un état, ou plusieurs (--state ready --state feasible)
    #[arg(long, value_name = "ÉTAT")]
    pub state: Vec<String>,
    /// Un lot
    #[arg(long, value_name = "LOT")]
    pub lot: Vec<String>,
    /// Qui doit agir : region, body, company, trainee, tutor
    #[arg(long, value_name = "CÔTÉ")]
    pub holder: Option<String>,
    /// Seulement les parcours ouverts que personne ne coordonne : sans compte, ou dont le compte est fermé
    #[arg(long)]
    pub unassigned: bool,
    /// Seulement ceux dont l’échéance de qui doit agir est passée ; « path show » montre aussi les autres délais
    #[arg(long)]
    pub late: bool,
    /// Des mots de la référence, de l’entreprise, du poste ou le SIRET
    #[arg(long, value_name = "MOTS")]
    pub text: Option<String>,
    /// Au plus tant de parcours
    #[arg(long, value_name = "NOMBRE", allow_hyphen_values = true)]
    pub limit: Option<u64>,
    #[command(flatten)]
    pub who: WhoArgs,
    #[command(flatten)]
    pub format: FormatArgs,
}

/// Prints the list.
///
/// # Errors
/// A filter makes no sense, the reader does not exist, the store does not answer.
pub async fn run(app: &App, args: ListArgs) -> Result<Exit, Failure> {
    let reader = args.who.reader(app).await?;
    let today = paris_day(app.now().await.map_err(|error| Failure::app(error, About::Nothing))?);
    let states = args.state.iter().map(|state| values::choice::<State>("--state", state, State::VARIANTS));
    let lots = args.lot.iter().map(|lot| LotCode::parse(lot).map_err(|error| values::identifier("lot", lot, error)));
    let lots: Vec<LotCode> = lots.collect::<Result<_, _>>()?;
    known_lots(app, &lots).await?;
    let holder =
        args.holder.as_deref().map(|side| values::choice::<Side>("--holder", side, Side::VARIANTS)).transpose()?;
    let filter = PathFilter {
        states: states.collect::<Result<_, _>>()?,
        lots: (!lots.is_empty()).then_some(lots),
        holder,
        charge: args.unassigned.then_some(Charge::Nobody),
        due_until: args.late.then(|| today - Duration::days(1)),
        text: args.text,
        ..PathFilter::default()
    };
    let most = usize::try_from(args.limit.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    let lines = every(app, &reader, filter, most).await?;
    listing(&lines, today, args.format.format).print(args.format.format)?;
    Ok(Exit::Done)
}

/// Refuses a lot that no market has.
///
/// # Errors
/// There is no such lot; the store does not answer.
pub async fn known_lots(app: &App, asked: &[LotCode]) -> Result<(), Failure> {
    if asked.is_empty() {
        return Ok(());
    }
    let markets = app.markets().await.map_err(|error| Failure::app(error, About::Nothing))?;
    let mut known: Vec<&LotCode> = markets.iter().flat_map(|status| &status.market.lots).map(|lot| &lot.code).collect();
    known.sort_unstable();
    known.dedup();
    let Some(unknown) = asked.iter().find(|lot| !known.contains(lot)) else { return Ok(()) };
    let known: Vec<String> = known.into_iter().map(ToString::to_string).collect();
    let text = format!("Aucun marché n’a de lot «\u{a0}{unknown}\u{a0}». Lots\u{a0}: {}.", known.join(", "));
    Err(Failure::usage("lot", text))
}

/// The paths of a filter, page after page, at most so many.
///
/// # Errors
/// The reader is outside; the store does not answer.
pub async fn every(app: &App, reader: &Actor, mut filter: PathFilter, most: usize) -> Result<Vec<PathLine>, Failure> {
    filter.limit = PAGE.min(u64::try_from(most).unwrap_or(PAGE));
    let mut lines = Vec::new();
    loop {
        let page = app.paths(reader, &filter).await.map_err(|error| Failure::app(error, About::Nothing))?;
        let full = page.len() as u64 == filter.limit;
        filter.after = page.last().map(PathLine::cursor);
        lines.extend(page);
        if !full || lines.len() >= most {
            lines.truncate(most);
            return Ok(lines);
        }
    }
}

/// Who must act, and what for.
fn awaited(side: Side, clock: Option<ClockKind>) -> String {
    match clock {
        Some(clock) => format!("{}\u{a0}: {}", labels::side(side), labels::clock(clock)),
        None => labels::side(side).to_owned(),
    }
}

fn listing(lines: &[PathLine], today: Day, format: Format) -> Listing {
    let due = Column::new("due_on", "Échéance", if format == Format::Csv { ColumnKind::Day } else { ColumnKind::Text });
    let columns = vec![
        text("reference", "Référence"),
        text("lot", "Lot"),
        text("state", "État"),
        text("company", "Entreprise"),
        text("job", "Poste"),
        text("holder", "Attend"),
        due,
    ];
    let mut list = Listing::new("Parcours", "Aucun parcours ne correspond.", columns);
    for path in lines {
        let deadline = match (path.due_on, format) {
            (None, _) => Cell::Empty,
            (Some(due), Format::Csv) => Cell::Day(due),
            (Some(due), Format::Table | Format::Json) => cell(dates::deadline_short(due, today)),
        };
        list.push(
            vec![
                cell(path.reference.to_string()),
                cell(path.lot.to_string()),
                cell(labels::state(path.state)),
                cell(path.company.clone()),
                cell(path.job.clone()),
                path.holder.map_or(Cell::Empty, |side| cell(awaited(side, path.clock))),
                deadline,
            ],
            json!({
                "reference": path.reference, "market": path.market, "lot": path.lot, "state": path.state, "version": path.version,
                "company": path.company, "siret": path.siret, "commune": path.commune, "department": path.department,
                "job": path.job, "holder": path.holder, "clock": path.clock, "due_on": path.due_on,
                "late": path.due_on.is_some_and(|due| due < today), "opened_on": path.opened_on, "entered_on": path.entered_on,
            }),
        );
    }
    let count = lines.len() as i64;
    if !lines.is_empty() {
        list.table.notes.push(wording::numbers::count(count, "parcours", "parcours"));
    }
    list
}
