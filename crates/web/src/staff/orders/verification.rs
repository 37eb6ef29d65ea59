//! What is delivered and waits for the Region's decision: the oldest deadline first, with its pieces.

use app::{PathCursor, PathFilter, PathOrder, ToVerify, Verifications};
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::Day;
use domain::calendar::{days_until, paris_day};
use domain::identifiers::LotCode;
use domain::market::ClockKind;
use domain::path::{Act, Step, Transition};
use serde::Deserialize;
use wording::{addresses, dates, labels, numbers, pages};

use super::list::{Tab, lot_label, tabs};
use super::pieces::{Link, Pick, Tag, asking, due_tone};
use crate::request::Query;
use crate::staff::{Frame, Section, Signed};
use crate::stamp::Stamp;
use crate::{PageError, Web};

/// Prestations of a page.
const PAGE: u64 = 30;

/// What the address asks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    lot: String,
    /// The last line of the page before.
    apres: String,
}

struct Card {
    id: String,
    reference: Link,
    prestation: &'static str,
    about: String,
    lot: String,
    delivered: Option<(Stamp, Option<String>)>,
    due: Option<(Stamp, Tag, &'static str)>,
    observations: Option<String>,
    rejections: Option<String>,
    pieces: Vec<(Link, String)>,
    price: String,
    main: Option<Link>,
    others: Vec<Link>,
}

#[derive(Template)]
#[template(path = "staff/verification.html")]
struct VerificationPage {
    frame: Frame,
    tabs: Vec<Tab>,
    lots: Vec<Pick>,
    filtered: bool,
    cards: Vec<Card>,
    count: String,
    next: Option<String>,
    first: Option<String>,
    illustrative: bool,
}

/// What is said of a decision's deadline, and who decides when it passes.
fn due(view: &ToVerify, today: Day) -> Option<(Stamp, Tag, &'static str)> {
    let clock = view.clock?;
    let days = days_until(today, clock.due_on);
    let text = match days {
        ..=-1 => pages::verification::late_by(pages::counts::days(-days)),
        0 => pages::verification::LAST_DAY.to_owned(),
        1.. => pages::verification::still(pages::counts::days(days)),
    };
    let silence = match clock.kind {
        ClockKind::Verification => pages::verification::ADMITTED_BY_SILENCE,
        _ => pages::verification::REJECTED_BY_SILENCE,
    };
    Some((Stamp::day(clock.due_on), Tag { text, tone: due_tone(clock.due_on, today) }, silence))
}

fn admits(step: Step) -> bool {
    matches!(
        step,
        Step::Transition(Transition::AdmitFeasibility | Transition::AdmitPreparation | Transition::AdmitReport)
    )
}

fn card(view: &ToVerify, today: Day) -> Card {
    let line = &view.line;
    let link = |step: &Step| Link {
        text: match step {
            Step::Act(Act::AskObservations) => pages::verification::INVITE_OBSERVATIONS.to_owned(),
            step => labels::step(*step).to_owned(),
        },
        address: addresses::step(&line.reference, *step),
    };
    Card {
        id: line.reference.to_string(),
        reference: Link { text: line.reference.to_string(), address: addresses::path(&line.reference) },
        prestation: labels::prestation(view.prestation),
        about: format!("{} — {}", line.job, line.company),
        lot: line.lot.to_string(),
        delivered: view.delivered.as_ref().map(|delivered| (Stamp::day(delivered.on), view.by.clone())),
        due: due(view, today),
        observations: view.observations.as_ref().map(|asked| match asked.given_on {
            Some(day) => pages::verification::observations_received(dates::medium(day)),
            None => pages::verification::observations_asked(dates::by(asked.until)),
        }),
        rejections: (view.rejections > 0)
            .then(|| pages::verification::rejected_before(pages::counts::times(view.rejections))),
        pieces: view
            .documents
            .iter()
            .map(|document| {
                let link = Link {
                    text: document.reference.name.clone(),
                    address: addresses::document(&line.reference, document.id),
                };
                let detail =
                    format!("{}, {}", labels::document_kind(document.kind), dates::instant_short(document.added_at));
                (link, detail)
            })
            .collect(),
        price: numbers::euros(view.price),
        main: view.steps.iter().find(|step| admits(**step)).map(link),
        others: view.steps.iter().filter(|step| !admits(**step)).map(link).collect(),
    }
}

/// The queue.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let today = paris_day(web.app.now().await?);
    let chosen = LotCode::parse(&asked.lot).ok();
    let after: Option<PathCursor> = asked.apres.parse().ok();
    let order = PathOrder::default();
    let filter = PathFilter {
        lots: chosen.map(|lot| vec![lot]),
        order,
        limit: PAGE,
        after: after.filter(|cursor| order.knows(cursor)),
        ..PathFilter::default()
    };
    let Verifications { queue, all, later } = web.app.verifications(&signed.actor, &filter).await?;
    let page = |apres: &str| asking(super::VERIFICATION, &[("lot", &asked.lot), ("apres", apres)]);
    let lots = web.app.lots(&signed.actor).await?;
    let current = lots.iter().filter(|view| !view.past);
    let count = i64::try_from(all).unwrap_or(i64::MAX);
    let page = VerificationPage {
        frame: signed.frame(Section::Orders),
        tabs: tabs(&signed, true),
        lots: Pick::all(current.map(|view| (view.lot.code.clone(), lot_label(view))), &asked.lot),
        filtered: !asked.lot.is_empty(),
        illustrative: queue.iter().any(|view| !view.prices_confirmed),
        cards: queue.iter().map(|view| card(view, today)).collect(),
        count: pages::counts::awaiting_decision(count),
        next: later.map(|cursor| page(&cursor.to_string())),
        first: filter.after.is_some().then(|| page("")),
    };
    Ok(Html(page.render()?).into_response())
}
