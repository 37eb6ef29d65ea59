//! What is waited from me: the first page of someone signed in.
//!
//! The oldest deadline comes first, with the one next action in reach; then tasks, then what is waited from others. Figures
//! are links to the list behind them, and count it whole; a list that stops short says so, with a link to the rest. Those who decide nothing are told what they can look at.

use app::desk::{self, Desk, DeskTask, Scope, Waiting};
use app::payments::PaymentDue;
use app::{Charge, OrderSummary, PathLine};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::Day;
use domain::order::{OrderState, OrderTransition, PaymentState};
use domain::path::{Act, Step};
use domain::people::{Side, StaffRole};
use domain::proposal::Proposal;
use serde::Deserialize;
use uuid::Uuid;
use wording::dates::{self, Urgency};
use wording::{addresses, labels, numbers, pages, tasks};

use super::orders::pieces::asking;
use super::paths::{ActionView, Asked, Due, Held, action, waited, who};
use super::{Frame, Section, Signed};
use crate::request::{Form, Path};
use crate::stamp::Stamp;
use crate::{PageError, Web, routes};

/// The anchors of the payments to make, of orders, of reported needs and of tasks.
const PAYMENTS: &str = "paiements";
const ORDERS: &str = "commandes";
const NEEDS: &str = "besoins";
const TASKS: &str = "taches";
/// What the ticket of a task done is for.
const DONE: &str = "task_done";
/// The value of the address that widens the page.
const WIDE: &str = "tous";
/// The value of the address that lets every list of the page go on to its end.
const WHOLE: &str = "tout";
/// Payments of a group, unless all are asked for.
const PAYMENTS_SHOWN: usize = 30;

/// Its form.
pub(crate) fn router() -> Router<Web> {
    Router::new().route(routes::TASK_DONE, post(finish))
}

/// A figure with its list.
struct Figure {
    number: String,
    label: String,
    address: String,
    tone: &'static str,
}

/// A path that waits for the reader.
struct Line {
    reference: String,
    address: String,
    about: String,
    waited: String,
    deadline: Option<Stamp>,
    action: Option<ActionView>,
    /// For whom the reader stands in.
    away: Option<String>,
}

/// Paths of one urgency.
struct Group {
    id: &'static str,
    title: &'static str,
    lines: Vec<Line>,
}

/// Something that somebody must look at.
struct TaskView {
    id: Uuid,
    text: String,
    about: Option<(String, String)>,
    since: String,
    action: Option<ActionView>,
}

/// What the reader waits for.
struct Other {
    reference: String,
    address: String,
    about: String,
    who: &'static str,
    waited: String,
    since: Option<Stamp>,
    deadline: Option<Stamp>,
    late: bool,
    away: Option<String>,
}

/// A path that nobody coordinates, and the step that takes it.
struct Orphan {
    reference: String,
    address: String,
    about: String,
    deadline: Option<Stamp>,
    take: String,
}

/// A need that someone outside reports.
struct NeedLine {
    address: String,
    about: String,
    detail: String,
    since: Option<Stamp>,
}

/// An order that waits for the reader.
struct OrderView {
    reference: String,
    address: String,
    about: String,
    amount: String,
    action: ActionView,
}

/// A payment that waits for the reader, or for what its holder has to send.
struct PaymentView {
    order: String,
    address: String,
    about: String,
    amount: String,
    deadline: Stamp,
    /// What is missing.
    reason: Option<String>,
    action: ActionView,
}

struct PaymentGroup {
    id: &'static str,
    title: &'static str,
    lines: Vec<PaymentView>,
    /// All of them, when they are not.
    more: Option<(String, String)>,
}

/// Something to look at, for those who decide nothing.
struct Place {
    label: &'static str,
    detail: &'static str,
    address: &'static str,
}

#[derive(Template)]
#[template(path = "staff/todo.html")]
struct TodoPage {
    frame: Frame,
    notice: Option<&'static str>,
    /// Who stands in for whom today, as far as it concerns the reader.
    stands: Vec<String>,
    /// Own paths, or all of them: the label of each and the address of the other.
    scopes: Vec<(&'static str, String, bool)>,
    figures: Vec<Figure>,
    groups: Vec<Group>,
    more: Option<(String, String)>,
    tasks: Vec<TaskView>,
    tasks_more: Option<(String, String)>,
    /// The ticket of « C’est traité ».
    done: String,
    orphans: Vec<Orphan>,
    /// Their list: how many there are, and its address.
    orphans_list: Option<(String, String)>,
    needs: Vec<NeedLine>,
    needs_more: Option<(String, String)>,
    others: Vec<Other>,
    others_more: Option<(String, String)>,
    orders_title: &'static str,
    orders: Vec<OrderView>,
    orders_more: Option<(String, String)>,
    payments: Vec<PaymentGroup>,
    places: Vec<Place>,
    empty: Option<(&'static str, &'static str)>,
}

/// What the address says after its `?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Said {
    parcours: String,
    fait: String,
    voir: String,
}

/// Shows the page.
pub(crate) async fn page(web: &Web, signed: &Signed, said: &Said) -> Result<Response, PageError> {
    let scope = if said.parcours == WIDE { Scope::All } else { Scope::Mine };
    let whole = said.voir == WHOLE;
    let desk = if whole {
        web.app.whole_desk(&signed.account, scope).await?
    } else {
        web.app.desk(&signed.account, scope).await?
    };
    let notice = (said.fait == "tache").then_some(pages::desk::TASK_DONE);
    Ok(Html(view(signed, scope, &desk, whole, notice).render()?).into_response())
}

/// The page with its lists whole.
fn whole_page(scope: Scope, anchor: &str) -> String {
    let scope = if scope == Scope::All { format!("parcours={WIDE}&") } else { String::new() };
    format!("{}?{scope}voir={WHOLE}#{anchor}", routes::HOME)
}

/// What a list does not show, and where it is.
fn see_all(shown: usize, in_all: u64, count: fn(i64) -> String, address: String) -> Option<(String, String)> {
    (in_all > shown as u64).then(|| (pages::desk::see_all(count(i64::try_from(in_all).unwrap_or(i64::MAX))), address))
}

fn view(signed: &Signed, scope: Scope, desk: &Desk, whole: bool, notice: Option<&'static str>) -> TodoPage {
    let role = signed.account.role;
    let mut page = TodoPage {
        frame: signed.frame(Section::Todo),
        notice,
        stands: stands(desk),
        scopes: scopes(signed, scope),
        figures: Vec::new(),
        groups: Vec::new(),
        more: None,
        tasks: Vec::new(),
        tasks_more: None,
        done: signed.ticket(DONE),
        orphans: Vec::new(),
        orphans_list: None,
        needs: Vec::new(),
        needs_more: None,
        others: Vec::new(),
        others_more: None,
        orders_title: "",
        orders: Vec::new(),
        orders_more: None,
        payments: Vec::new(),
        places: Vec::new(),
        empty: None,
    };
    page.needs = desk.needs.iter().map(|need| need_line(need, desk.today)).collect();
    page.needs_more = see_all(desk.needs.len(), desk.needs_in_all, pages::needs::reports, whole_page(scope, NEEDS));
    let Some(side) = desk.side else {
        page.places = places(role);
        return page;
    };
    page.orders_title =
        if side == Side::Finance { pages::desk::ORDERS_TO_APPROVE } else { pages::desk::ORDERS_TO_ADVANCE };
    page.orders = desk.orders.iter().filter_map(|order| order_view(order, side)).collect();
    let to_approve = format!("{}?etat={}", addresses::orders(), OrderState::ToEndorse);
    let all_orders = if side == Side::Finance { to_approve.clone() } else { whole_page(scope, ORDERS) };
    page.orders_more = see_all(desk.orders.len(), desk.orders_in_all, pages::counts::orders, all_orders);
    if side == Side::Finance {
        let number = i64::try_from(desk.orders_in_all).unwrap_or(i64::MAX);
        page.figures.push(Figure {
            number: numbers::integer(number),
            label: pages::desk::to_approve(number),
            address: to_approve,
            tone: if number == 0 { "" } else { "wait" },
        });
        let (running, stopped): (Vec<_>, Vec<_>) = desk.payments.iter().partition(|due| due.request.runs());
        let to_pay = running.len() as i64;
        page.payments = [
            (PAYMENTS, pages::desk::PAYMENTS_TO_MAKE, running),
            ("interrompus", pages::desk::PAYMENTS_INTERRUPTED, stopped),
        ]
        .into_iter()
        .filter(|(_, _, lines)| !lines.is_empty())
        .map(|(id, title, lines)| {
            let most = if whole { lines.len() } else { PAYMENTS_SHOWN };
            let (in_all, shown) = (lines.len() as u64, lines.len().min(most));
            PaymentGroup {
                id,
                title,
                more: see_all(shown, in_all, pages::counts::payments, whole_page(scope, id)),
                lines: lines.into_iter().take(most).map(|due| payment_view(due, desk.today)).collect(),
            }
        })
        .collect();
        let late = desk.payments.iter().filter(|due| due.request.days_late(desk.today) > 0).count();
        page.figures.push(Figure {
            number: numbers::integer(to_pay),
            label: pages::desk::to_pay(to_pay),
            address: if to_pay == 0 { addresses::orders().to_owned() } else { format!("{}#{PAYMENTS}", routes::HOME) },
            tone: if late > 0 { "late" } else { "" },
        });
        if page.orders.is_empty() && page.payments.is_empty() {
            page.empty = Some((pages::desk::NOTHING_FOR_FINANCE, pages::desk::NOTHING_FOR_FINANCE_MEANS));
        }
        page.places = places(role);
        return page;
    }
    let asked = base(signed, scope, desk);
    page.figures = figures(desk, &asked, side);
    page.more = rest(&desk.mine, &Asked { holder: Some(Held::Side(side)), ..asked.clone() });
    page.groups = groups(desk, side);
    page.tasks_more = see_all(desk.tasks.len(), desk.tasks_in_all, pages::counts::tasks, whole_page(scope, TASKS));
    page.tasks = desk.tasks.iter().map(|task| task_view(task, side, desk.today)).collect();
    page.orphans = desk.orphans.iter().map(|line| orphan(signed, line, desk.today)).collect();
    page.orphans_list = (desk.orphans_in_all > 0).then(|| {
        let asked = Asked { charge: Some(Charge::Nobody), ..Asked::default() };
        (numbers::integer(i64::try_from(desk.orphans_in_all).unwrap_or(i64::MAX)), asked.address())
    });
    page.others_more = rest(&desk.others, &Asked { holder: Some(Held::Others), ..asked });
    page.others = desk.others.lines.iter().map(|line| other(line, desk)).collect();
    if page.groups.is_empty()
        && page.tasks.is_empty()
        && page.orders.is_empty()
        && page.orphans.is_empty()
        && page.needs.is_empty()
    {
        page.empty = Some(nothing(side, scope));
    }
    page
}

/// The list that the page is a part of.
fn base(signed: &Signed, scope: Scope, desk: &Desk) -> Asked {
    let mut asked = Asked::default();
    if scope == Scope::Mine {
        match signed.account.role {
            StaffRole::Coordinator => asked.charge = Some(Charge::Accounts(desk.in_charge(&signed.account))),
            StaffRole::RegionOfficer => asked.lots.clone_from(&signed.account.lots),
            StaffRole::RegionFinance | StaffRole::RegionViewer | StaffRole::Administrator | StaffRole::Auditor => {}
        }
    }
    asked
}

fn scopes(signed: &Signed, scope: Scope) -> Vec<(&'static str, String, bool)> {
    let labels = match signed.account.role {
        StaffRole::Coordinator => (pages::desk::MY_PATHS, pages::desk::MY_BODY),
        StaffRole::RegionOfficer if !signed.account.lots.is_empty() => (pages::desk::MY_LOTS, pages::desk::ALL_LOTS),
        StaffRole::RegionOfficer
        | StaffRole::RegionFinance
        | StaffRole::RegionViewer
        | StaffRole::Administrator
        | StaffRole::Auditor => return Vec::new(),
    };
    vec![
        (labels.0, routes::HOME.to_owned(), scope == Scope::Mine),
        (labels.1, format!("{}?parcours={WIDE}", routes::HOME), scope == Scope::All),
    ]
}

fn nothing(side: Side, scope: Scope) -> (&'static str, &'static str) {
    match (side, scope) {
        (Side::Body, Scope::Mine) => (pages::desk::NOTHING_FOR_YOU, pages::desk::NOTHING_FOR_YOU_MEANS),
        (Side::Body, Scope::All) => (pages::desk::NOTHING_FOR_BODY, pages::desk::NOTHING_FOR_BODY_MEANS),
        (
            Side::Region | Side::Finance | Side::Company | Side::Trainee | Side::Tutor | Side::System,
            Scope::Mine | Scope::All,
        ) => (pages::desk::NOTHING_FOR_REGION, pages::desk::NOTHING_FOR_REGION_MEANS),
    }
}

fn figures(desk: &Desk, asked: &Asked, side: Side) -> Vec<Figure> {
    let figure = |number: u64, label: &str, asked: Asked, tone| Figure {
        number: numbers::integer(i64::try_from(number).unwrap_or(i64::MAX)),
        label: label.to_owned(),
        address: asked.address(),
        tone: if number == 0 { "" } else { tone },
    };
    let mine = Asked { holder: Some(Held::Side(side)), ..asked.clone() };
    let others = Asked { holder: Some(Held::Others), ..asked.clone() };
    let due = |due| Asked { due: Some(due), ..mine.clone() };
    let failed = i64::try_from(desk.failed).unwrap_or(i64::MAX);
    let mut figures = vec![
        figure(desk.mine.late, pages::desk::FIGURE_LATE, due(Due::Late), "late"),
        figure(desk.mine.soon, pages::desk::FIGURE_SOON, due(Due::Soon), "wait"),
        figure(desk.mine.all, pages::desk::FIGURE_ALL, mine.clone(), ""),
        figure(desk.others.all, pages::desk::FIGURE_OTHERS, others.clone(), ""),
        figure(desk.others.late, pages::desk::FIGURE_CHASE, Asked { due: Some(Due::Late), ..others }, ""),
    ];
    if failed > 0 {
        figures.push(Figure {
            number: numbers::integer(failed),
            label: pages::desk::never_arrived(failed),
            address: format!("{}#echecs", addresses::messages()),
            tone: "late",
        });
    }
    figures
}

/// What the page does not show, and where it is.
fn rest(waiting: &Waiting, asked: &Asked) -> Option<(String, String)> {
    let shown = waiting.lines.len() as u64;
    (waiting.all > shown).then(|| {
        let number = i64::try_from(waiting.all).unwrap_or(i64::MAX);
        (pages::desk::see(pages::counts::paths(number)), asked.address())
    })
}

/// Who stands in for whom today, said to the reader.
fn stands(desk: &Desk) -> Vec<String> {
    let for_others = desk
        .stands_for
        .iter()
        .map(|stand_in| pages::desk::you_stand_in(&stand_in.from.name, dates::until(stand_in.until)));
    let for_reader = desk
        .away
        .iter()
        .map(|stand_in| pages::desk::stands_in_for_you(&stand_in.to.name, dates::until(stand_in.until)));
    for_others.chain(for_reader).collect()
}

/// The mark of a path that is somebody else's, who is away.
fn away(desk: &Desk, line: &PathLine) -> Option<String> {
    desk.away_from(line).map(|account| pages::desk::on_behalf_of(&account.name))
}

fn groups(desk: &Desk, side: Side) -> Vec<Group> {
    let today = desk.today;
    let mut groups = vec![
        Group { id: "retard", title: pages::desk::LATE, lines: Vec::new() },
        Group { id: "bientot", title: pages::desk::WITHIN_THREE_DAYS, lines: Vec::new() },
        Group { id: "ensuite", title: pages::desk::THEN, lines: Vec::new() },
    ];
    for line in &desk.mine.lines {
        let rank = match line.due_on.map(|due| dates::urgency(due, today)) {
            Some(Urgency::Late) => 0,
            Some(Urgency::Soon) => 1,
            Some(Urgency::Later) | None => 2,
        };
        groups[rank].lines.push(Line {
            reference: line.reference.to_string(),
            address: addresses::path(&line.reference),
            about: about(line),
            waited: waited(line),
            deadline: line.due_on.map(|due| Stamp::due(due, today)),
            action: action(line, side),
            away: away(desk, line),
        });
    }
    groups.retain(|group| !group.lines.is_empty());
    groups
}

fn about(line: &PathLine) -> String {
    format!("{}, {}", line.job, line.company)
}

fn orphan(signed: &Signed, line: &PathLine, today: Day) -> Orphan {
    let step = addresses::step(&line.reference, Step::Act(Act::AssignCoordinator));
    Orphan {
        reference: line.reference.to_string(),
        address: addresses::path(&line.reference),
        about: about(line),
        deadline: line.due_on.map(|due| Stamp::due(due, today)),
        take: asking(&step, &[("email", signed.account.email.as_ref())]),
    }
}

fn other(line: &PathLine, desk: &Desk) -> Other {
    let today = desk.today;
    Other {
        reference: line.reference.to_string(),
        address: addresses::path(&line.reference),
        about: about(line),
        who: line.holder.map_or("", who),
        waited: waited(line),
        since: line.held_since.map(Stamp::day),
        deadline: line.due_on.map(|due| Stamp::due(due, today)),
        late: line.due_on.is_some_and(|due| due < today),
        away: away(desk, line),
    }
}

fn task_view(task: &DeskTask, side: Side, today: Day) -> TaskView {
    let about = &task.task.about;
    let row = |step: Act| domain::path::table::row(Step::Act(step));
    let open = |step: Act, state| row(step).by.contains(&side) && row(step).from.contains(&state);
    let action = match (&task.path, desk::remedies(&about.kind), about.message) {
        (_, _, Some(message)) => {
            Some(ActionView { label: pages::desk::SEE_MESSAGE, address: addresses::message(message) })
        }
        (Some(path), [step], None) if open(*step, path.state) => {
            Some(ActionView { label: labels::act(*step), address: addresses::step(&path.reference, (*step).into()) })
        }
        // Several ways to deal with it: what was written is on the page of the path.
        (Some(path), _, None) => {
            Some(ActionView { label: pages::desk::OPEN_PATH, address: addresses::path(&path.reference) })
        }
        (None, _, None) => None,
    };
    TaskView {
        id: task.task.id,
        text: tasks::sentence(&about.kind, &about.detail),
        about: task
            .path
            .as_ref()
            .map(|path| (format!("{} — {}", path.reference, self::about(path)), addresses::path(&path.reference))),
        since: wording::capital(&dates::ago(domain::calendar::paris_day(task.task.created_at), today)),
        action,
    }
}

fn need_line(proposal: &Proposal, today: Day) -> NeedLine {
    let need = &proposal.need;
    NeedLine {
        address: addresses::proposal(proposal.id),
        about: pages::needs::reported(&need.job, &need.company),
        detail: format!("{} · {}", labels::commune(need.commune.as_str()), labels::sender(need.sender)),
        since: proposal.state.confirmed_at().map(|at| Stamp::ago(at, today)),
    }
}

fn order_view(order: &OrderSummary, side: Side) -> Option<OrderView> {
    let step = match (order.state, side) {
        (OrderState::Draft, Side::Region) => OrderTransition::RequestEndorsement,
        (OrderState::Endorsed, Side::Region) => OrderTransition::NotifyOrder,
        (OrderState::ToEndorse, Side::Finance) => OrderTransition::Endorse,
        (
            OrderState::Draft
            | OrderState::ToEndorse
            | OrderState::Endorsed
            | OrderState::Notified
            | OrderState::Settled
            | OrderState::Cancelled,
            Side::Region | Side::Finance | Side::Body | Side::Company | Side::Trainee | Side::Tutor | Side::System,
        ) => return None,
    };
    Some(OrderView {
        reference: order.reference.to_string(),
        address: addresses::order(&order.reference),
        about: pages::desk::lot_and_budget(&order.lot, order.budget_year),
        amount: format!("{} HT", numbers::euros(order.total)),
        action: ActionView {
            label: labels::order_transition(step),
            address: addresses::order_step(&order.reference, step),
        },
    })
}

fn payment_view(due: &PaymentDue, today: Day) -> PaymentView {
    let request = &due.request;
    let (deadline, reason, step) = match &request.state {
        PaymentState::Interrupted { on, reason } => {
            let text = pages::desk::interrupted_on(dates::short(*on));
            let since = Stamp { text, tone: "wait", ..Stamp::day(*on) };
            (since, Some(reason.clone()), OrderTransition::ResumePayment)
        }
        PaymentState::Running | PaymentState::Paid { .. } | PaymentState::Returned { .. } => {
            (Stamp::due(request.due_on, today), None, OrderTransition::RecordPayment)
        }
    };
    PaymentView {
        order: due.order.to_string(),
        address: addresses::order(&due.order),
        about: pages::desk::lot_and_request(&due.lot, &request.number),
        amount: format!("{} HT", numbers::euros(request.amount)),
        deadline,
        reason,
        action: ActionView {
            label: labels::order_transition(step),
            address: asking(&addresses::order_step(&due.order, step), &[("number", request.number.as_str())]),
        },
    }
}

fn places(role: StaffRole) -> Vec<Place> {
    let place = |label, detail, address| Place { label, detail, address };
    let paths = place(pages::desk::PLACE_PATHS, pages::desk::PLACE_PATHS_MEANS, addresses::paths());
    let orders = place(pages::desk::PLACE_ORDERS, pages::desk::PLACE_ORDERS_MEANS, addresses::orders());
    let lots = place(pages::desk::PLACE_LOTS, pages::desk::PLACE_LOTS_MEANS, addresses::lots());
    let messages = place(pages::desk::PLACE_MESSAGES, pages::desk::PLACE_MESSAGES_MEANS, addresses::messages());
    match role {
        StaffRole::RegionFinance => vec![orders, lots],
        StaffRole::Administrator => vec![
            place(
                pages::desk::PLACE_ADMINISTRATION,
                pages::desk::PLACE_ADMINISTRATION_MEANS,
                addresses::administration(),
            ),
            paths,
            messages,
        ],
        StaffRole::RegionViewer | StaffRole::Auditor | StaffRole::RegionOfficer | StaffRole::Coordinator => {
            vec![paths, orders, lots, messages]
        }
    }
}

/// What the form of a task sends.
#[derive(Debug, Deserialize)]
struct Ticket {
    cle: Option<String>,
}

/// Marks a task as done.
async fn finish(
    State(web): State<Web>,
    signed: Signed,
    Path(task): Path<String>,
    Form(ticket): Form<Ticket>,
) -> Result<Response, PageError> {
    signed.check(DONE, ticket.cle.as_deref())?;
    let task: Uuid = task.parse().map_err(|_| PageError::NotFound)?;
    let app = web.app.clone();
    // Sent twice, or not one of theirs: nothing is done, and the page says no more.
    web.writes.spawn(async move { app.finish_task(&signed.account, task).await }).await??;
    Ok(Redirect::to(&format!("{}?fait=tache", routes::HOME)).into_response())
}
