//! The page: the tables of a day, what does not follow in them, what is missing, what was imported.

use app::committee::{Cell, Committee, CommitteeTable, FileFormat, ImportLine, Table, hundredths, keeps_committee};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use chrono::Months;
use domain::Day;
use domain::committee::TableKind;
use domain::figures::Figure;
use strum::IntoEnumIterator;
use wording::pages::committee as words;
use wording::{addresses, committee, dates, figures};

use super::import::{Filled, PURPOSE};
use super::tables::TableView;
use super::{Asked, OUTSIDE};
use crate::forms::{FieldView, Notice, ProblemLine, Problems};
use crate::request::Query;
use crate::staff::orders::pieces::{Link, Part as Gauge, asking, gauge};
use crate::staff::{Frame, Section, Signed};
use crate::stamp::Stamp;
use crate::{PageError, Web};

/// What the page shows besides its tables.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub status: StatusCode,
    pub problems: Option<Problems>,
    pub notice: Option<Notice>,
    pub filled: Filled,
}

/// A table and the file that gave it.
struct Part {
    table: TableView,
    /// What is to be known of its file.
    file: Option<String>,
    remark: Option<String>,
    /// The entries of the paths, one by one.
    listed: Option<Link>,
    equity: Option<EquityView>,
}

/// The parts of FEST beside those of the others: bars, and the table that says the same.
struct EquityView {
    table: TableView,
    bars: Vec<Pair>,
}

/// A part of the entries as two bars.
struct Pair {
    name: String,
    bars: [(Vec<Gauge>, String); 2],
}

impl EquityView {
    fn new(table: &Table) -> Self {
        let bar = |row: usize, cells: &[Cell], column: usize, class: &'static str| {
            let cell = cells.get(column);
            let share = cell.and_then(hundredths).unwrap_or(0);
            (
                gauge(100 * 100, &[(class, share), ("ground", 100 * 100 - share)]),
                cell.map_or_else(String::new, |cell| {
                    let mark = if table.outline.is_cautious(row, column) { "*" } else { "" };
                    format!("{}{mark}", cell.french())
                }),
            )
        };
        let pair = |(row, cells): (usize, &Vec<Cell>)| Pair {
            name: cells.first().map_or_else(String::new, Cell::french),
            bars: [bar(row, cells, 1, "d"), bar(row, cells, 3, "r")],
        };
        Self {
            bars: table.rows.iter().enumerate().map(pair).collect(),
            table: TableView::new("equite".to_owned(), table),
        }
    }
}

/// A kind of table that is not there.
struct Missing {
    name: &'static str,
    import: String,
    template: String,
}

struct Line {
    kind: String,
    day: Stamp,
    file: Link,
    at: Stamp,
    by: String,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "staff/steering_committee.html")]
struct CommitteePage {
    frame: Frame,
    au: String,
    /// The day that the entries are compared with.
    compare: String,
    /// The last day of what was known.
    connu: String,
    year_before: Option<Link>,
    compared: Vec<TableView>,
    seals: String,
    said: String,
    problems: Option<Problems>,
    notice: Option<Notice>,
    sections: Vec<Part>,
    differences: Option<TableView>,
    unread: Vec<(String, Vec<String>)>,
    files: Vec<Link>,
    outside: Vec<Link>,
    missing: Vec<Missing>,
    templates: Vec<Link>,
    /// The form, for who imports: its fields, its address and its ticket.
    form: Option<(Vec<FieldView>, &'static str, String)>,
    history: Vec<Line>,
}

/// The page.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let day = asked.day(&web).await?;
    let fields = [(day.is_none(), "au"), (asked.before().is_err(), "compare"), (asked.known().is_err(), "connu")];
    let wrong = fields.into_iter().filter(|(wrong, _)| *wrong);
    let lines: Vec<ProblemLine> = wrong
        .map(|(_, field)| ProblemLine { text: figures::BAD_DATE.to_owned(), anchor: Some(field.to_owned()) })
        .collect();
    let day = match day {
        Some(day) => day,
        None => domain::calendar::paris_day(web.app.now().await?),
    };
    if !lines.is_empty() {
        let problems = Some(Problems { title: figures::BAD_DATE_TITLE.to_owned(), lines });
        let shown = Shown { status: StatusCode::UNPROCESSABLE_ENTITY, problems, ..Shown::default() };
        return page(&web, &signed, day, &asked, shown).await;
    }
    let told = |title: &str, text: &str| {
        Some(Notice { tone: "done", title: title.to_owned(), paragraphs: vec![text.to_owned()] })
    };
    let notice = match asked.fait.as_str() {
        "import" => told(words::IMPORTED_TITLE, words::IMPORTED),
        "deja" => told(words::SAME_TITLE, words::SAME),
        _ => None,
    };
    page(&web, &signed, day, &asked, Shown { notice, ..Shown::default() }).await
}

/// The page of a day, with what is said on it.
pub(super) async fn page(
    web: &Web,
    signed: &Signed,
    day: Day,
    asked: &Asked,
    shown: Shown,
) -> Result<Response, PageError> {
    let known = asked.known().ok().flatten();
    let known_at = known.map(|(_, instant)| instant);
    let committee = web.app.committee(&signed.actor, day, known_at).await?;
    let compared = match asked.before() {
        Ok(Some(before)) => {
            let before = web.app.committee(&signed.actor, before, known_at).await?;
            committee.compared(&before, false).map_or_else(Vec::new, |compared| compared.tables.into())
        }
        Ok(None) | Err(_) => Vec::new(),
    };
    let imports = web.app.committee_imports(&signed.actor).await?;
    let mut filled = shown.filled;
    if filled.day.is_empty() {
        filled.day = day.to_string();
    }
    if filled.kind.is_empty() {
        filled.kind.clone_from(&asked.tableau);
    }
    let at = day.to_string();
    let connu = known.map(|(day, _)| day.to_string()).unwrap_or_default();
    let before = asked.before().ok().flatten().map(|before| before.to_string()).unwrap_or_default();
    let year_before = day.checked_sub_months(Months::new(12)).filter(|_| before.is_empty());
    let files = |outside: &'static str| -> Vec<Link> {
        FileFormat::iter()
            .filter(|format| *format != FileFormat::Json)
            .map(|format| Link {
                text: words::format_named(format.as_ref()).to_owned(),
                address: asking(
                    &addresses::committee_file(format),
                    &[("au", &at), ("compare", &before), ("connu", &connu), ("pour", outside)],
                ),
            })
            .collect()
    };
    let template = |kind| asking(&addresses::committee_template(kind), &[("au", &at)]);
    let missing = TableKind::iter().filter(|kind| !committee.has(*kind)).map(|kind| Missing {
        name: committee::kind(kind),
        import: format!("{}#importer", asking(addresses::committee(), &[("au", &at), ("tableau", kind.as_ref())])),
        template: template(kind),
    });
    let may = keeps_committee(&signed.actor);
    let view = CommitteePage {
        frame: signed.frame(Section::Steering),
        seals: asking(addresses::committee_seals(), &[("au", &at), ("compare", &before)]),
        au: at.clone(),
        said: figures::as_of(day, known.map(|(day, _)| day)),
        problems: shown.problems,
        notice: shown.notice,
        year_before: year_before.map(|before| Link {
            text: words::with_year_before(dates::numeric(before)),
            address: asking(
                addresses::committee(),
                &[("au", &at), ("compare", &before.to_string()), ("connu", &connu)],
            ),
        }),
        compared: compared
            .iter()
            .enumerate()
            .map(|(at, table)| TableView::new(format!("compare-{}", at + 1), table))
            .collect(),
        compare: before.clone(),
        connu: connu.clone(),
        sections: sections(&committee, &imports, &connu),
        differences: committee.differences().map(|table| TableView::new("ecarts".to_owned(), &table)),
        unread: unread(&committee),
        files: files(""),
        outside: files(OUTSIDE),
        missing: missing.collect(),
        templates: TableKind::iter()
            .map(|kind| Link { text: committee::kind(kind).to_owned(), address: template(kind) })
            .collect(),
        form: may.then(|| (filled.fields(), addresses::committee_imports(), signed.ticket(PURPOSE))),
        history: imports.iter().map(|line| history(line, &committee)).collect(),
    };
    Ok((shown.status, Html(view.render()?)).into_response())
}

/// The list of the entries that the paths give, when the Region's figures have it.
fn listed(committee: &Committee, table: &CommitteeTable, connu: &str) -> Option<Link> {
    let made = &table.made;
    let row = made.of_paths.first().filter(|_| committee.listed && made.kind == TableKind::Entries)?;
    let Cell::Count(entries) = made.table.rows.get(*row)?.get(1)? else { return None };
    let of = [("au", made.as_of.to_string()), ("connu", connu.to_owned())];
    let of: Vec<(&str, &str)> = of.iter().map(|(name, value)| (*name, value.as_str())).collect();
    (*entries > 0).then(|| Link {
        text: words::listed_entries(*entries),
        address: asking(&addresses::figure(Figure::Entries), &of),
    })
}

fn sections(committee: &Committee, imports: &[ImportLine], connu: &str) -> Vec<Part> {
    let section = |(at, table): (usize, &CommitteeTable)| {
        let import = table.import.as_ref();
        let by = import.and_then(|import| imports.iter().find(|line| line.import.id == import.id));
        let remark = match (table.made.kind, import) {
            (TableKind::Entries, None) => Some(words::PATHS_ALONE.to_owned()),
            (_, None) => Some(words::OF_PATHS.to_owned()),
            (TableKind::Entries, Some(import)) if import.as_of != committee.as_of => {
                Some(words::of_earlier_day(dates::numeric(committee.as_of), dates::numeric(import.as_of)))
            }
            _ => None,
        };
        Part {
            table: TableView::new(format!("tableau-{}", at + 1), &table.made.table),
            file: by.map(|line| {
                words::from_file(&line.import.file_name, dates::instant_short(line.import.imported_at), &line.by)
            }),
            remark,
            listed: listed(committee, table, connu),
            equity: table.made.equity.as_ref().map(EquityView::new),
        }
    };
    committee.tables.iter().enumerate().map(section).collect()
}

/// Files that do not read any more, with why.
fn unread(committee: &Committee) -> Vec<(String, Vec<String>)> {
    let file = |(import, problems): &(app::CommitteeImport, Vec<app::committee::Problem>)| {
        (import.file_name.clone(), problems.iter().take(10).map(app::committee::Problem::french).collect())
    };
    committee.unread.iter().map(file).collect()
}

fn history(line: &ImportLine, committee: &Committee) -> Line {
    let import = &line.import;
    let name = committee::kind(import.kind);
    let read = |table: &CommitteeTable| table.import.as_ref().is_some_and(|read| read.id == import.id);
    let same = |table: &CommitteeTable| {
        table
            .import
            .as_ref()
            .is_some_and(|read| (read.kind, read.as_of, &read.scheme) == (import.kind, import.as_of, &import.scheme))
    };
    Line {
        kind: import.scheme.as_ref().map_or_else(|| name.to_owned(), |scheme| words::of_scheme(name, scheme)),
        day: Stamp::day(import.as_of),
        file: Link { text: import.file_name.clone(), address: addresses::committee_import(import.id) },
        at: Stamp::instant(import.imported_at),
        by: line.by.clone(),
        state: match (committee.tables.iter().any(read), committee.tables.iter().any(same)) {
            (true, _) => words::READ_HERE,
            (false, true) => words::REPLACED,
            (false, false) => words::OTHER_DAY,
        },
    }
}
