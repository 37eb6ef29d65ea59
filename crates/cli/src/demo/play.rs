//! Playing the scripts: every step through the use cases, in the order of time, on a clock that is moved.
//!
//! Between two days the clock loop runs and messages are handed over, so that reminders, tacit admissions and refused
//! addresses of the demo are real ones. Messages of the last days go to the demo's mailbox, older ones are only marked sent.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, anyhow};
use app::{App, Attached, Attachment, Options, OrderOptions, OrderTarget, Target};
use chrono::{Duration, NaiveDateTime};
use domain::calendar::{at_paris_time, next_working_day};
use domain::form::Form;
use domain::identifiers::PathReference;
use domain::order::OrderTransition;
use domain::path::table::commits_company;
use domain::path::{Path, Transition};
use domain::people::{Account, Actor, OutsideRole};
use domain::{Day, Instant};
use notifier::transport::Transport;
use serde_json::{Value, json};

use super::billing::Billing;
use super::script::{Move, Paper, Script, Who};

/// Who plays: the accounts of the demo.
#[derive(Debug)]
pub struct Staff {
    /// Two coordinators of each lot.
    pub coordinators: [[Account; 2]; 2],
    pub officers: [Account; 2],
    pub finance: Account,
}

/// Where the messages of the demo go.
#[derive(Debug)]
pub struct Mail<'a> {
    /// Takes the messages of the past and keeps none.
    pub past: &'a Transport,
    /// The demo's mailbox.
    pub mailbox: &'a Transport,
    /// First day whose messages go to the mailbox.
    pub from: Day,
}

/// What is under way: its script, or its order, and the step that comes next.
enum Playing<'a> {
    Path { script: &'a Script, next: usize, path: Option<Box<Path>> },
    Order { steps: Vec<OrderMove>, next: usize, target: OrderTarget },
}

impl Playing<'_> {
    /// When the next step falls.
    fn at(&self) -> Option<NaiveDateTime> {
        match self {
            Self::Path { script, next, .. } => script.moves.get(*next).map(|step| step.at),
            Self::Order { steps, next, .. } => steps.get(*next).map(|step| step.at),
        }
    }

    async fn step(&mut self, app: &App, staff: &Staff) -> Result<()> {
        match self {
            Self::Path { script, next, path } => {
                let played = perform(app, staff, script, &script.moves[*next], path.as_deref()).await?;
                *path = Some(Box::new(played));
                *next += 1;
            }
            Self::Order { steps, next, target } => {
                *target = steps[*next].perform(app, target).await?;
                *next += 1;
            }
        }
        Ok(())
    }
}

/// Plays every script and every order; `progress` hears of each step.
///
/// # Errors
/// A step that the product refuses: the demo and the lifecycle disagree.
pub async fn play(
    app: &App,
    staff: &Staff,
    scripts: &[Script],
    orders: &[PlannedOrder],
    mail: &Mail<'_>,
    until: Instant,
    progress: &(dyn Fn() + Sync),
) -> Result<Vec<PathReference>> {
    let orders =
        orders.iter().map(|order| Playing::Order { steps: order.moves(staff), next: 0, target: OrderTarget::New });
    let paths = scripts.iter().map(|script| Playing::Path { script, next: 0, path: None });
    let mut playing: Vec<Playing<'_>> = orders.chain(paths).collect();
    let mut agenda: BTreeSet<(NaiveDateTime, usize)> = BTreeSet::new();
    agenda.extend(playing.iter().enumerate().filter_map(|(rank, each)| Some((each.at()?, rank))));
    let mut today: Option<Day> = None;
    let mut billing = Billing::new(staff.finance.actor());
    while let Some((at, rank)) = agenda.pop_first() {
        pass_days(app, mail, &mut billing, &mut today, at.date()).await?;
        let each = &mut playing[rank];
        each.step(app, staff).await?;
        if let Some(next) = each.at() {
            agenda.insert((next.max(at), rank));
        }
        progress();
    }
    pass_days(app, mail, &mut billing, &mut today, domain::calendar::paris_day(until)).await?;
    set_clock(app, until).await?;
    app.tick().await?;
    app.deliver(mail.mailbox, u32::MAX).await?;
    let reference = |each: Playing<'_>| match each {
        Playing::Path { path, .. } => path.map(|path| path.reference),
        Playing::Order { .. } => None,
    };
    Ok(playing.into_iter().filter_map(reference).collect())
}

/// Rings the clocks, invoices and pays, and hands messages over on each morning up to a day.
async fn pass_days(
    app: &App,
    mail: &Mail<'_>,
    billing: &mut Billing,
    today: &mut Option<Day>,
    until: Day,
) -> Result<()> {
    let mut day = today.map_or(until, |day| day + Duration::days(1));
    while day <= until {
        set_clock(app, morning(day)).await?;
        app.tick().await?;
        billing.day(app, day).await?;
        let transport = if day >= mail.from { mail.mailbox } else { mail.past };
        app.deliver(transport, u32::MAX).await?;
        day += Duration::days(1);
    }
    *today = Some(until);
    Ok(())
}

fn morning(day: Day) -> Instant {
    at_paris_time(day, chrono::NaiveTime::from_hms_opt(7, 45, 0).expect("an hour of the day"))
}

/// Moves the store's clock.
///
/// # Errors
/// The store does not answer.
pub async fn set_clock(app: &App, to: Instant) -> Result<()> {
    let tx = app.store().begin_write().await?;
    let real = tx.now().await? - tx.clock_offset().await?;
    tx.set_clock_offset(to - real).await?;
    tx.commit().await?;
    Ok(())
}

async fn perform(app: &App, staff: &Staff, script: &Script, step: &Move, path: Option<&Path>) -> Result<Path> {
    set_clock(app, at_paris_time(step.at.date(), step.at.time())).await?;
    let mut form = step.form.clone();
    let mut attachments = Vec::new();
    for paper in &step.papers {
        let (attachment, sha256) = attachment(paper, path);
        form.insert(paper.field.to_owned(), json!({ "name": attachment.name, "sha256": sha256 }));
        attachments.push(attachment);
    }
    let actor = actor(staff, script, step, path)?;
    let target = path.map_or(Target::New, |path| Target::Path(path.reference.clone()));
    let options = Options { attachments, ..Options::default() };
    if script.bounced && step.step == Transition::ReportNeed.into() {
        form.insert("contact_email".to_owned(), json!(super::BOUNCING));
    }
    let outcome = app.advance(&actor, &target, step.step, &form, &options).await;
    let outcome = outcome.map_err(|error| anyhow!("{error:?}")).with_context(|| {
        let reference =
            path.map_or_else(|| "a new path".to_owned(), |path| format!("{} ({})", path.reference, path.state));
        format!("play {} on {reference} on {} towards {}", step.step, step.at, script.target)
    })?;
    Ok(outcome.path)
}

fn actor(staff: &Staff, script: &Script, step: &Move, path: Option<&Path>) -> Result<Actor> {
    let outside = |role, person: Option<&domain::people::PersonRef>| {
        let path = path.context("a person outside acts on a path")?;
        let person = person.context("a person outside is known")?.id;
        Ok(Actor::Outside { person, role, path: path.id })
    };
    match step.who {
        Who::Coordinator => Ok(staff.coordinators[script.lot - 1][script.coordinator].actor()),
        Who::Officer => Ok(staff.officers[script.lot - 1].actor()),
        Who::Company => {
            let signs = path.filter(|_| commits_company(step.step)).map(Path::signs_for_company);
            let role = signs.unwrap_or(OutsideRole::Company);
            outside(role, path.and_then(|path| path.person_of(role)))
        }
        Who::Trainee => {
            let candidate = path.and_then(|path| path.candidate.as_ref());
            outside(OutsideRole::Trainee, candidate.map(|candidate| &candidate.person))
        }
        Who::Tutor => {
            let tutor = path.and_then(|path| path.tutor.as_ref());
            outside(OutsideRole::Tutor, tutor.map(|tutor| &tutor.person))
        }
    }
}

/// A paper with its digest.
fn attachment(paper: &Paper, path: Option<&Path>) -> (Attachment, String) {
    let reference = path.map_or_else(String::new, |path| path.reference.to_string());
    let bytes = super::paper::pdf(&paper.title, &reference);
    let sha256 = persistence::document_digest(&bytes);
    let attachment = Attachment {
        name: format!("{} - {reference}.pdf", paper.title.replace('/', " ")),
        media_type: "application/pdf".to_owned(),
        file: Attached::Bytes(bytes),
        kind: paper.kind,
    };
    (attachment, sha256)
}

/// A purchase order of the demo: a batch of units for a lot and a year, up to its notification.
#[derive(Debug, Clone)]
pub struct PlannedOrder {
    pub lot: usize,
    pub year: i32,
    pub units: &'static str,
    pub commitment: String,
    /// The day on which it was drafted.
    pub drafted: Day,
    /// How far it went.
    pub until: OrderTransition,
}

/// A step of an order to perform.
struct OrderMove {
    at: NaiveDateTime,
    transition: OrderTransition,
    actor: Actor,
    form: Value,
}

impl PlannedOrder {
    /// Its steps, some days apart.
    pub fn steps(&self) -> usize {
        1 + TRANSITIONS.iter().position(|transition| *transition == self.until).unwrap_or(TRANSITIONS.len() - 1)
    }

    fn moves(&self, staff: &Staff) -> Vec<OrderMove> {
        let officer = staff.officers[self.lot - 1].actor();
        let day = |days: i64| next_working_day(self.drafted + Duration::days(days));
        let notified = json!({
            "channel": "buyer_profile", "sent_on": day(5), "consulted_on": day(5), "proof": format!("Accusé {}", self.commitment),
        });
        let ways = [
            (
                day(0),
                officer.clone(),
                json!({ "lot": self.lot.to_string(), "budget_year": self.year, "units": self.units }),
            ),
            (day(1), officer.clone(), json!({})),
            (
                day(3),
                staff.finance.actor(),
                json!({ "commitment_number": self.commitment, "service_code": "FORM-CONT" }),
            ),
            (day(5), officer, notified),
        ];
        let moves = TRANSITIONS.into_iter().zip(ways).map(|(transition, (on, actor, form))| OrderMove {
            at: on.and_hms_opt(9, 30, 0).expect("an hour of the day"),
            transition,
            actor,
            form,
        });
        moves.take(self.steps()).collect()
    }
}

/// The way of an order to its notification.
const TRANSITIONS: [OrderTransition; 4] = [
    OrderTransition::DraftOrder,
    OrderTransition::RequestEndorsement,
    OrderTransition::Endorse,
    OrderTransition::NotifyOrder,
];

impl OrderMove {
    async fn perform(&self, app: &App, target: &OrderTarget) -> Result<OrderTarget> {
        set_clock(app, at_paris_time(self.at.date(), self.at.time())).await?;
        let form: Form = self.form.as_object().cloned().unwrap_or_default();
        let outcome = app.order(&self.actor, target, self.transition, &form, &OrderOptions::default()).await;
        let outcome = outcome
            .map_err(|error| anyhow!("{error:?}"))
            .with_context(|| format!("play {} on {}", self.transition, self.at))?;
        Ok(OrderTarget::Order(outcome.order.reference))
    }
}
