//! Performing a step on a path: one transaction, retried when others are in the way, idempotent by its key.

use std::borrow::Cow;

use domain::calendar::paris_day;
use domain::clocks;
use domain::form::Form;
use domain::identifiers::{PathReference, ProposalId};
use domain::path::command::DocumentKind;
use domain::path::decide::PersonChange;
use domain::path::event::Correction;
use domain::path::{Command, Effect, Event, Path, Recorded, Refusal, Step};
use domain::people::{Actor, RecipientRole};
use domain::places::PlaceEffect;
use domain::told::Unreached;
use domain::{Day, Instant};
use persistence::{
    Append, Conflict, CounterOutcome, EntryStatistic, Kept, NewDocument, PathRowFacts, StoreError, StoredPath, Tx,
    Winner, token_hash,
};

use wording::timeline;

use crate::delivery::Subject;
use crate::plan::{MessageSummary, Plan};
use crate::proofs::Presence;
use crate::{App, AppError};

/// Times a step is tried again when other transactions are in the way or took what it meant to draw.
pub(crate) const ATTEMPTS: usize = 8;

/// What a step is performed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A path that the step opens.
    New,
    Path(PathReference),
}

/// As keys of drafts and of requests write it.
impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::New => Ok(()),
            Self::Path(reference) => reference.fmt(f),
        }
    }
}

/// A document that a form names by its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    pub media_type: String,
    pub file: Attached,
    pub kind: DocumentKind,
}

/// The bytes of an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attached {
    /// At hand: they are kept before the step is tried.
    Bytes(Vec<u8>),
    /// Kept already.
    Kept(Kept),
}

impl Attached {
    fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Kept(kept) => kept.size,
        }
    }
}

/// How a step is performed.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The same key never acts twice: a repeat gives the first answer.
    pub idempotency_key: Option<String>,
    /// What tells a repeat under the same key from another request, where the form alone does not: it is filled from a draft,
    /// which is gone once the step is made.
    pub sent: Option<String>,
    /// The version that the actor saw.
    pub expected_version: Option<u32>,
    pub attachments: Vec<Attachment>,
    /// Who answers and from where, for the proof of what they declare.
    pub presence: Option<Presence>,
    /// What the actor read that would happen: anything else is a conflict, and is not done.
    pub promise: Option<String>,
    /// A free text added to the messages.
    pub note: Option<String>,
    /// The instant at which the step takes place, instead of the store's: for imports of what happened before.
    pub at: Option<Instant>,
    /// No message leaves: for imports of what happened before.
    pub silent: bool,
    /// The reported need from which the step opens a path: it is taken with it, and its sender is told.
    pub proposal: Option<ProposalId>,
}

/// What a step did.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub path: Path,
    pub events: Vec<Recorded>,
    pub messages: Vec<MessageSummary>,
    pub unreached: Vec<(RecipientRole, String, Unreached)>,
    /// The step had been done before with the same key: this is its first answer.
    pub replayed: bool,
}

impl Outcome {
    /// A plan that was written.
    pub(crate) fn of(plan: Plan) -> Self {
        Self {
            messages: plan.all_messages().map(MessageSummary::new).collect(),
            path: plan.after,
            events: plan.recorded,
            unreached: plan.recipients.unreached,
            replayed: false,
        }
    }
}

/// Why an attempt is made again.
pub(crate) enum Attempt {
    Done(Box<Outcome>),
    /// Somebody took the last unit or place in between; the refusal to give when it is the same each time.
    Lost(Option<Refusal>),
}

impl App {
    /// Performs a step.
    ///
    /// # Errors
    /// The form, the rights, the state or something missing ([`AppError::Refused`]); somebody was faster
    /// ([`AppError::Conflict`]); the store does not answer ([`AppError::Store`]).
    pub async fn advance(
        &self,
        actor: &Actor,
        target: &Target,
        step: Step,
        form: &Form,
        options: &Options,
    ) -> Result<Outcome, AppError> {
        self.check_attachments(&options.attachments)?;
        let command = self.read_form(actor, target, step, form).await?;
        let (command, options) = self.with_document(actor, target, command, options).await?;
        let request = options.idempotency_key.as_ref().map(|_| match &options.sent {
            Some(sent) => sent_digest(actor, &target.to_string(), step.id(), sent),
            None => request_digest(actor, &target.to_string(), step.id(), form),
        });
        let options = self.with_files_kept(&options).await?;
        self.perform_keyed(actor, target, command, &options, request.as_deref()).await
    }

    /// Performs a command made by the program itself.
    pub(crate) async fn perform(
        &self,
        actor: &Actor,
        target: &Target,
        command: Command,
        options: &Options,
    ) -> Result<Outcome, AppError> {
        self.perform_keyed(actor, target, command, options, None).await
    }

    async fn perform_keyed(
        &self,
        actor: &Actor,
        target: &Target,
        command: Command,
        options: &Options,
        request: Option<&str>,
    ) -> Result<Outcome, AppError> {
        let mut lost = None;
        for _ in 0..ATTEMPTS {
            // On the heap: what a step holds is much for the stack of whoever asks for it.
            match Box::pin(self.attempt(actor, target, command.clone(), options, request)).await {
                Ok(Attempt::Done(outcome)) => return Ok(*outcome),
                Ok(Attempt::Lost(refusal)) => lost = refusal,
                Err(AppError::Store(StoreError::Busy(_))) => lost = None,
                Err(error) => {
                    return match self.replay(actor, options, request).await? {
                        Some(outcome) => Ok(outcome),
                        None => Err(error),
                    };
                }
            }
        }
        // Still beaten to it: there is no place left, or the store is busier than a person should wait for.
        Err(lost.map_or(AppError::Contended, AppError::from))
    }

    async fn attempt(
        &self,
        actor: &Actor,
        target: &Target,
        command: Command,
        options: &Options,
        request: Option<&str>,
    ) -> Result<Attempt, AppError> {
        let tx = self.store().begin_write().await?;
        let plan = Box::pin(self.plan(&tx, actor, target, command, options, true)).await?;
        if let (Some(promised), Some(stored)) = (&options.promise, &plan.before)
            && *promised != plan.promise()
        {
            return Err(self.stale(&tx, stored, stored.path.version).await?);
        }
        let now = plan.recorded.first().map(|event| event.recorded_at).ok_or(AppError::NotFound)?;
        Box::pin(self.write(&tx, &plan, options, request, now)).await?;
        if let Some(lost) = self.write_counters(&tx, &plan, now).await? {
            tx.rollback().await?;
            return Ok(lost);
        }
        tx.commit().await?;
        let mut outcome = Outcome::of(plan);
        if options.silent {
            outcome.messages.clear();
        }
        Ok(Attempt::Done(Box::new(outcome)))
    }

    /// Writes everything but the counters, in the one order of locks: path, then what nobody else touches.
    pub(crate) async fn write(
        &self,
        tx: &Tx,
        plan: &Plan,
        options: &Options,
        request: Option<&str>,
        now: Instant,
    ) -> Result<(), AppError> {
        let market = &plan.terms().market;
        let today = paris_day(now);
        tx.append_path(
            &Append {
                before: plan.before.as_ref(),
                after: &plan.after,
                events: &plan.recorded,
                facts: row_facts(&plan.after, market, today),
                idempotency_key: options.idempotency_key.as_deref(),
                request_digest: request,
            },
            now,
        )
        .await?;
        self.write_people(tx, plan, now).await?;
        self.write_proofs(tx, plan, options).await?;
        self.take_need(tx, plan, options, now).await?;
        self.check_document_count(tx, plan, options).await?;
        for attachment in &options.attachments {
            let Attached::Kept(file) = &attachment.file else { continue };
            tx.insert_document(
                &NewDocument {
                    path: plan.after.id,
                    kind: attachment.kind,
                    name: &attachment.name,
                    media_type: &attachment.media_type,
                    file,
                    added_by: &plan.recorded.first().map_or_else(String::new, |event| timeline::author(&event.author)),
                },
                now,
            )
            .await?;
        }
        if !options.silent {
            let event = plan.recorded.first().ok_or(AppError::NotFound)?.id.uuid();
            let subject = Subject::path(&plan.after, event);
            self.queue(tx, &plan.book, &subject, market, &plan.messages, now).await?;
            tx.schedule_reminders(plan.after.id, &plan.reminders, now).await?;
            self.write_tasks(tx, plan, now).await?;
        }
        self.write_statistics(tx, plan, now).await
    }

    async fn write_people(&self, tx: &Tx, plan: &Plan, now: Instant) -> Result<(), AppError> {
        let (mut added, mut left) = (Vec::new(), Vec::new());
        for change in &plan.changes {
            match change {
                PersonChange::Update(person) => {
                    tx.update_person(person, now).await?;
                }
                PersonChange::Add(person) => added.push(person.clone()),
                PersonChange::Deactivate(person) => left.push(*person),
            }
        }
        if !added.is_empty() {
            tx.insert_persons(&added, now).await?;
        }
        if !left.is_empty() {
            tx.deactivate_persons(&left, now).await?;
            tx.revoke_links(&left, now).await?;
        }
        Ok(())
    }

    /// The statistical record of an entry is written apart, and withdrawn when the entry is annulled or corrected.
    async fn write_statistics(&self, tx: &Tx, plan: &Plan, now: Instant) -> Result<(), AppError> {
        for recorded in &plan.recorded {
            let (annul, insert) = match &recorded.event {
                Event::TrainingEntered { .. } => (false, true),
                Event::EntryAnnulled { .. } => (true, false),
                Event::DatumCorrected {
                    correction:
                        Correction::EntryDate { .. } | Correction::CandidateProfile { .. } | Correction::Commune { .. },
                    ..
                } => (plan.after.training.is_some(), plan.after.training.is_some()),
                _ => (false, false),
            };
            if annul {
                tx.annul_statistic(plan.after.id, now).await?;
            }
            if insert && let Some(statistic) = statistic(plan, recorded) {
                tx.insert_statistic(&statistic).await?;
            }
        }
        Ok(())
    }

    /// Units first, the place of the lot last, just before the commit. What was lost when a last one was taken in between.
    pub(crate) async fn write_counters(&self, tx: &Tx, plan: &Plan, now: Instant) -> Result<Option<Attempt>, AppError> {
        let mut places = Vec::new();
        for effect in &plan.effects {
            match effect {
                Effect::Place(place) => places.push(*place),
                unit => {
                    if tx.apply_unit(unit).await? == CounterOutcome::Refused {
                        return Ok(Some(Attempt::Lost(None)));
                    }
                }
            }
        }
        self.write_reductions(tx, plan).await?;
        for place in places {
            if !self.write_place(tx, plan, place, now).await? {
                let refusal = Refusal::NoPlace { lot: plan.after.lot.clone(), year: year_taken(place) };
                return Ok(Some(Attempt::Lost(Some(refusal))));
            }
        }
        Ok(None)
    }

    /// What a reduction leaves unpaid is freed when the order is settled.
    async fn write_reductions(&self, tx: &Tx, plan: &Plan) -> Result<(), AppError> {
        for recorded in &plan.recorded {
            if let Some((line, unpaid)) = persistence::unpaid(&plan.after, &recorded.event) {
                tx.add_reduction(line, unpaid).await?;
            }
        }
        Ok(())
    }

    async fn write_place(&self, tx: &Tx, plan: &Plan, effect: PlaceEffect, now: Instant) -> Result<bool, AppError> {
        let market = &plan.terms().market;
        let Some(change) = tx.apply_place(market, &plan.after.lot, effect).await? else {
            return Ok(false);
        };
        let alert = change.after.alert(change.before, change.after.taken(), &market.places.alert_percents);
        if let Some(alert) = alert
            && tx.record_place_alert(&market.code, &change.after, alert, now).await?
        {
            self.queue_place_alert(tx, plan, &change.after, alert, now).await?;
        }
        Ok(true)
    }

    /// The first answer of a step made before under the same key by the same request, as [`Options::sent`] tells it.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn made_before(
        &self,
        actor: &Actor,
        target: &Target,
        step: Step,
        options: &Options,
    ) -> Result<Option<Outcome>, AppError> {
        let Some(sent) = &options.sent else { return Ok(None) };
        let request = sent_digest(actor, &target.to_string(), step.id(), sent);
        match self.replay(actor, options, Some(&request)).await {
            Err(AppError::KeyReused) => Ok(None),
            first => first,
        }
    }

    /// The first answer of a request done before with the same key.
    pub(crate) async fn replay(
        &self,
        actor: &Actor,
        options: &Options,
        request: Option<&str>,
    ) -> Result<Option<Outcome>, AppError> {
        let Some(key) = &options.idempotency_key else { return Ok(None) };
        let tx = self.store().begin_read().await?;
        let Some(first) = tx.key_use(key).await? else { return Ok(None) };
        if first.request_digest.as_deref() != request {
            return Err(AppError::KeyReused);
        }
        let Some(stored) = tx.path_by_id(domain::identifiers::PathId::new(first.stream)).await? else {
            return Ok(None);
        };
        // Who handed their part over sees the path no more, and their own answer all the same.
        if first.author != *actor && !domain::path::decide::sees(actor, &stored.path) {
            return Err(AppError::NotFound);
        }
        let events = tx.path_events(stored.path.id).await?;
        let instant = events.iter().find(|event| event.seq == first.first_seq).map(|event| event.recorded_at);
        let events: Vec<Recorded> = events
            .into_iter()
            .filter(|event| event.seq >= first.first_seq && Some(event.recorded_at) == instant)
            .collect();
        tx.rollback().await?;
        Ok(Some(Outcome { path: stored.path, events, messages: Vec::new(), unreached: Vec::new(), replayed: true }))
    }

    /// The conflict that a stale version is: who changed the path, when, and what.
    pub(crate) async fn stale(&self, tx: &Tx, stored: &StoredPath, seen: u32) -> Result<AppError, AppError> {
        let events = tx.path_events(stored.path.id).await?;
        let last = events.last().map(|event| Winner {
            author: event.author.clone(),
            recorded_at: event.recorded_at,
            kind: event.event.kind().to_owned(),
        });
        Ok(AppError::Conflict(Box::new(Conflict {
            stream: stored.path.id.uuid(),
            seen,
            current: stored.path.version,
            last,
        })))
    }

    /// The row of the path is locked by now: who adds a document at the same time is counted.
    async fn check_document_count(&self, tx: &Tx, plan: &Plan, options: &Options) -> Result<(), AppError> {
        let most = self.settings().documents_per_path;
        let added = options.attachments.len() as u64;
        if added > 0 && tx.document_count(plan.after.id).await? + added > u64::from(most) {
            return Err(AppError::TooManyDocuments { most });
        }
        Ok(())
    }

    /// Keeps the bytes at hand of the attachments: a step names only what is kept.
    async fn with_files_kept<'a>(&self, options: &'a Options) -> Result<Cow<'a, Options>, AppError> {
        let mut options = Cow::Borrowed(options);
        for at in 0..options.attachments.len() {
            if let Attached::Bytes(bytes) = &options.attachments[at].file {
                let kept = self.store().keep_bytes(bytes).await?;
                options.to_mut().attachments[at].file = Attached::Kept(kept);
            }
        }
        Ok(options)
    }

    fn check_attachments(&self, attachments: &[Attachment]) -> Result<(), AppError> {
        let most = self.settings().document_size;
        let too_large = attachments.iter().any(|attachment| attachment.file.size() > most);
        if too_large { Err(AppError::DocumentTooLarge { most }) } else { Ok(()) }
    }
}

/// What lists show of who holds the ball.
pub(crate) fn row_facts(path: &Path, market: &domain::market::Market, today: Day) -> PathRowFacts {
    let ball = clocks::ball(path, market, today);
    PathRowFacts {
        holder: ball.map(|clock| clock.holder),
        clock: ball.map(|clock| clock.kind),
        held_since: ball.map(|clock| clock.started_on),
        due_on: ball.map(|clock| clock.due_on),
    }
}

/// The year in which an effect takes a place.
const fn year_taken(effect: PlaceEffect) -> i32 {
    match effect {
        PlaceEffect::Reserve { year }
        | PlaceEffect::Release { year }
        | PlaceEffect::Consume { year, .. }
        | PlaceEffect::Unconsume { year }
        | PlaceEffect::Import { year } => year,
        PlaceEffect::Move { to, .. } | PlaceEffect::MoveConsumed { to, .. } => to,
    }
}

fn statistic(plan: &Plan, recorded: &Recorded) -> Option<EntryStatistic> {
    let candidate = plan.after.candidate.as_ref()?;
    let training = plan.after.training.as_ref()?;
    let person = plan.people.iter().find(|person| person.id == candidate.person.id)?;
    let profile = person.profile.as_ref()?;
    Some(EntryStatistic {
        path: Some(plan.after.id),
        event: recorded.id,
        market: plan.after.market.clone(),
        lot: plan.after.lot.clone(),
        entered_on: training.entered_on,
        age: domain::calendar::completed_years(profile.birth_date, training.entered_on),
        level: profile.level,
        sex: profile.sex,
        rsa: profile.rsa,
        boe: profile.boe,
        department: plan.after.workplace.department.clone(),
        recorded_at: recorded.recorded_at,
        annulled_at: None,
    })
}

/// The digest that tells a repeat of a request from another request under the same key.
pub(crate) fn request_digest(actor: &Actor, target: &str, step: &str, form: &Form) -> String {
    sent_digest(actor, target, step, &serde_json::to_string(form).unwrap_or_default())
}

/// [`request_digest`] of what was sent.
fn sent_digest(actor: &Actor, target: &str, step: &str, sent: &str) -> String {
    let who = match actor {
        Actor::Staff { account, .. } => account.to_string(),
        Actor::Outside { person, .. } => person.to_string(),
        Actor::System => String::new(),
    };
    token_hash(&format!("{who}\n{target}\n{step}\n{sent}"))
}
