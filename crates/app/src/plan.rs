//! The plan of a step: what is loaded, decided, folded, addressed and worded, before anything is written.
//!
//! [`App::advance`](crate::App::advance) writes a plan; [`App::rehearse`] shows it. Both make it here, so a rehearsal
//! cannot promise something else than what happens.

use std::sync::Arc;

use chrono::Datelike;
use domain::calendar::paris_day;
use domain::clocks::{self, Clock, Planned};
use domain::delegation::acting;
use domain::form::Form;
use domain::identifiers::{EventId, LotCode, PathId, PersonId};
use domain::market::{Market, OptionCode, Prestation, Terms, TermsVersion};
use domain::path::decide::{PersonChange, admissible, held_year, lot_of_need, opens};
use domain::path::{
    Command, Context, Effect, Event, Fresh, Path, Recorded, Refusal, Step, Transition, apply, decide, effects,
};
use domain::people::{Actor, Person, RecipientRole, StaffRole};
use domain::places::{Places, Policy};
use domain::told::{Addressed, Directory, Recipients, Told, Unreached, leaving, recipients};
use domain::{Day, Instant};
use notifier::emails::{Composed, Notice, compose};
use persistence::{StoredPath, Tx, token_hash};

use crate::book::Book;
use crate::bulk::drawn;
use crate::needs::Taken;
use crate::{App, AppError, Options, Target, new_id, new_salt};

/// Everything a step would write.
#[derive(Debug)]
pub(crate) struct Plan {
    pub book: Arc<Book>,
    /// The version of the terms it was made under, of the book.
    pub version: TermsVersion,
    pub before: Option<StoredPath>,
    pub after: Path,
    pub recorded: Vec<Recorded>,
    pub people: Vec<Person>,
    pub changes: Vec<PersonChange>,
    pub effects: Vec<Effect>,
    pub recipients: Recipients,
    pub messages: Vec<(Addressed, Composed)>,
    /// The reported need from which the path is opened.
    pub taken: Option<Taken>,
    pub reminders: Vec<Planned>,
    pub places: Vec<Places>,
}

impl Plan {
    /// The digest of what is promised: a unit may come from another order at the same price, a message may word a day otherwise.
    pub(crate) fn promise(&self) -> String {
        let prices: Vec<_> = self
            .recorded
            .iter()
            .flat_map(|recorded| drawn(&recorded.event))
            .map(|draw| (draw.option, draw.price))
            .collect();
        let mut told: Vec<_> = self.messages.iter().map(|(to, composed)| (to.email.as_ref(), composed.kind)).collect();
        told.sort_unstable();
        let promised =
            serde_json::to_string(&(self.after.state, prices, told)).expect("states and prices are plain data");
        token_hash(&promised)
    }

    /// Every message, that to who reported the need last.
    pub(crate) fn all_messages(&self) -> impl Iterator<Item = &(Addressed, Composed)> {
        self.messages.iter().chain(self.taken.iter().filter_map(|taken| taken.message.as_ref()))
    }

    /// The terms it was made under.
    pub fn terms(&self) -> &Terms {
        self.book.version(self.version).expect("a plan names a version of its own book")
    }
}

/// A message as a rehearsal or an outcome shows it; texts carry the marker of the link, never a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageSummary {
    pub role: RecipientRole,
    pub name: String,
    pub email: String,
    pub why: Told,
    pub kind: &'static str,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl MessageSummary {
    pub(crate) fn new((to, composed): &(Addressed, Composed)) -> Self {
        Self {
            role: to.role,
            name: to.name.clone(),
            email: to.email.to_string(),
            why: to.why,
            kind: composed.kind,
            subject: composed.subject.clone(),
            text: notifier::envelope::mask_link(&composed.text),
            html: notifier::envelope::mask_link(&composed.html),
        }
    }
}

/// What would happen: nothing was written.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    pub before: Option<Path>,
    pub after: Path,
    pub events: Vec<Event>,
    pub effects: Vec<Effect>,
    /// Places of the lot before the step, for the years it touches.
    pub places: Vec<Places>,
    pub clocks_before: Vec<Clock>,
    pub clocks_after: Vec<Clock>,
    pub messages: Vec<MessageSummary>,
    pub unreached: Vec<(RecipientRole, String, Unreached)>,
    /// False while prices are illustrative.
    pub prices_confirmed: bool,
    /// What tells this from another outcome; see [`Options::promise`](crate::Options::promise).
    pub promise: String,
    /// The document that the step makes, by name.
    pub made: Option<String>,
}

impl Rehearsal {
    pub(crate) fn of(plan: Plan) -> Self {
        let market = &plan.terms().market;
        let today = plan.recorded.first().map_or(plan.after.since, |event| paris_day(event.recorded_at));
        Self {
            promise: plan.promise(),
            made: None,
            clocks_before: plan.before.iter().flat_map(|stored| clocks::clocks(&stored.path, market, today)).collect(),
            clocks_after: clocks::clocks(&plan.after, market, today),
            events: plan.recorded.iter().map(|recorded| recorded.event.clone()).collect(),
            messages: plan.all_messages().map(MessageSummary::new).collect(),
            prices_confirmed: market.prices_confirmed,
            unreached: plan.recipients.unreached,
            before: plan.before.map(|stored| stored.path),
            after: plan.after,
            effects: plan.effects,
            places: plan.places,
        }
    }
}

impl App {
    /// What a step would do, with the text of its messages; writes nothing.
    ///
    /// # Errors
    /// As [`App::advance`](crate::App::advance).
    pub async fn rehearse(
        &self,
        actor: &Actor,
        target: &Target,
        step: Step,
        form: &Form,
        options: &Options,
    ) -> Result<Rehearsal, AppError> {
        let command = self.read_form(actor, target, step, form).await?;
        let (command, options) = self.with_document(actor, target, command, options).await?;
        let tx = self.store().begin_read().await?;
        let plan = Box::pin(self.plan(&tx, actor, target, command, &options, false)).await?;
        tx.rollback().await?;
        let made = options.attachments.last().map(|document| document.name.clone());
        Ok(Rehearsal { made, ..Rehearsal::of(plan) })
    }

    /// Reads a step's form. Who may not perform the step is told so, and not what is wrong with the form.
    pub(crate) async fn read_form(
        &self,
        actor: &Actor,
        target: &Target,
        step: Step,
        form: &Form,
    ) -> Result<Command, AppError> {
        let refused = match Command::read(step, form) {
            Ok(command) => return Ok(command),
            Err(errors) => Refusal::Form { errors },
        };
        // Read only when the form is refused: a good form costs no statement, and is checked under the lock.
        match target {
            Target::New => opens(step, actor).map(drop)?,
            Target::Path(reference) => {
                let tx = self.store().begin_read().await?;
                let stored = tx.path_by_reference(reference).await?;
                tx.rollback().await?;
                admissible(&stored.ok_or(AppError::NotFound)?.path, step, actor)?;
            }
        }
        Err(refused.into())
    }

    /// Loads, decides, folds, addresses and words a step.
    pub(crate) async fn plan(
        &self,
        tx: &Tx,
        actor: &Actor,
        target: &Target,
        command: Command,
        options: &Options,
        lock: bool,
    ) -> Result<Plan, AppError> {
        let book = self.book(tx).await?;
        let (before, now) = match target {
            Target::New => (None, tx.now().await?),
            Target::Path(reference) if lock => {
                let (stored, now) = tx.lock_path_now(reference).await?.ok_or(AppError::NotFound)?;
                (Some(stored), now)
            }
            Target::Path(reference) => {
                let stored = tx.path_by_reference(reference).await?.ok_or(AppError::NotFound)?;
                (Some(stored), tx.now().await?)
            }
        };
        let now = options.at.unwrap_or(now);
        let today = paris_day(now);
        let stand_ins = book.stand_ins(today);
        let acting = match &before {
            Some(stored) => acting(actor, stored.path.coordinator, &stored.path.lot, &stand_ins),
            None => actor.clone(),
        };
        let actor = &acting;
        if let (Some(expected), Some(stored)) = (options.expected_version, &before)
            && stored.path.version != expected
        {
            return Err(self.stale(tx, stored, expected).await?);
        }
        let source = match &command {
            Command::OpenSibling { source, .. } => tx.path_by_reference(source).await?,
            _ => None,
        };
        let terms = self.terms_for(&book, before.as_ref().or(source.as_ref()), today)?;
        let path = before.as_ref().map(|stored| &stored.path);
        let loaded =
            self.load(tx, terms, path, source.as_ref().map(|stored| &stored.path), &command, actor, now, lock).await?;
        let colleague = match &command {
            Command::AssignCoordinator { email } | Command::OpenSibling { said_by: Some(email), .. } => {
                book.accounts.iter().find(|account| &account.email == email)
            }
            _ => None,
        };
        let step = command.step();
        let decision = decide(
            path,
            command,
            &Context {
                now,
                actor,
                terms,
                earlier_terms: &book.versions,
                units: &loaded.units,
                places: &loaded.places,
                queued: loaded.queued,
                people: &loaded.people,
                source: source.as_ref().map(|stored| &stored.path),
                colleague,
                fresh: &loaded.fresh,
            },
        )?;

        let mut after = path.cloned();
        let mut recorded = Vec::with_capacity(decision.events.len());
        let mut all_effects = Vec::new();
        for decided in decision.events {
            let event = Recorded {
                id: EventId::new(new_id()),
                path: path.map_or(loaded.fresh.path, |path| path.id),
                seq: after.as_ref().map_or(0, |path| path.version) + 1,
                effective_on: decided.effective_on,
                recorded_at: now,
                author: actor.clone(),
                terms: terms.version,
                event: decided.event,
            };
            all_effects.extend(effects(after.as_ref(), &event.event, event.effective_on));
            after =
                Some(apply(after, &event).map_err(|error| AppError::Store(persistence::misfolded(&event, &error)))?);
            recorded.push(event);
        }
        let after = after.ok_or(AppError::NotFound)?;
        let people = people_after(&after, loaded.people, &decision.people);
        let holder = Book::holder(terms, &after.lot).ok_or(AppError::NoMarket)?;
        let directory = Directory {
            coordinator: after.coordinator.and_then(|id| book.account(id)),
            holder,
            officers: &book.officers,
            people: &people,
            stand_ins: &stand_ins,
        };
        let happened: Vec<&Event> = recorded.iter().map(|recorded| &recorded.event).collect();
        let mut recipients = recipients(step, &happened, path, &after, actor, &directory);
        if let Some(path) = path
            && let Some(holder) = Book::holder(terms, &path.lot)
        {
            let coordinator = path.coordinator.and_then(|id| book.account(id));
            recipients.addressed.extend(leaving(path, &after, holder, coordinator, &stand_ins));
        }
        let mut messages: Vec<(Addressed, Composed)> = recipients
            .addressed
            .iter()
            .map(|to| {
                let notice = Notice {
                    step,
                    events: &happened,
                    before: path,
                    after: &after,
                    author: actor,
                    market: &terms.market,
                    directory: &directory,
                    now,
                    note: options.note.as_deref(),
                    told: &recipients.addressed,
                    texts: &book.texts,
                };
                (to.clone(), compose(&notice, to))
            })
            .collect();
        let changes = note_informed(decision.people, &mut messages, today);
        let taken = match (options.proposal, target) {
            (Some(proposal), Target::New) => Some(self.taken(tx, &book, actor, proposal, terms, &messages).await?),
            (Some(_), Target::Path(_)) | (None, _) => None,
        };
        let reminders = clocks::planned(&after, &terms.market, today);
        Ok(Plan {
            version: terms.version,
            book,
            before,
            after,
            recorded,
            people,
            changes,
            effects: all_effects,
            recipients,
            messages,
            taken,
            reminders,
            places: loaded.places,
        })
    }

    /// The terms in force: of the path's market, or of the market on which paths are opened.
    fn terms_for<'b>(&self, book: &'b Book, stored: Option<&StoredPath>, today: Day) -> Result<&'b Terms, AppError> {
        match stored {
            Some(stored) => book.current(&stored.path.market, today),
            None => book.open(today),
        }
        .ok_or(AppError::NoMarket)
    }

    /// Reads what this command's decision looks at, and nothing else.
    #[expect(clippy::too_many_arguments, reason = "the parts of one decision, each read once")]
    async fn load(
        &self,
        tx: &Tx,
        terms: &Terms,
        path: Option<&Path>,
        source: Option<&Path>,
        command: &Command,
        actor: &Actor,
        now: Instant,
        takes: bool,
    ) -> Result<Loaded, AppError> {
        let market = &terms.market;
        let people = match path.or(source) {
            Some(path) => tx.people(path.id).await?,
            None => Vec::new(),
        };
        let lot = path.or(source).map(|path| path.lot.clone());
        let wanted = wanted_options(market, path, command);
        let units = match &lot {
            Some(lot) if !wanted.is_empty() => tx.free_units(&market.code, lot, &wanted).await?,
            Some(_) | None => Vec::new(),
        };
        let (mut places, mut queued) = (Vec::new(), 0);
        if let (Some(lot), Some(year)) = (&lot, place_year(path, command)) {
            places.push(tx.places_of(market, lot, year).await?);
            if market.places.policy == Policy::Waitlist {
                queued = u32::try_from(tx.waiting(&market.code, lot, year).await?.len()).unwrap_or(u32::MAX);
            }
        }
        let number = match (path, command) {
            (None, Command::ReportNeed { commune, lot, derogation, .. }) => {
                let lot = lot_of_need(market, commune, lot.as_ref(), derogation.is_some(), actor)?;
                number(tx, &lot.code, paris_day(now).year(), takes).await?
            }
            (None, Command::OpenSibling { .. }) => {
                let lot = lot.as_ref().ok_or(Refusal::NotFound)?;
                number(tx, lot, paris_day(now).year(), takes).await?
            }
            _ => 0,
        };
        let person = || (PersonId::new(new_id()), new_salt());
        let fresh = Fresh { path: PathId::new(new_id()), number, people: [person(), person()] };
        Ok(Loaded { people, units, places, queued, fresh })
    }
}

struct Loaded {
    people: Vec<Person>,
    units: Vec<domain::path::FreeUnit>,
    places: Vec<Places>,
    queued: u32,
    fresh: Fresh,
}

/// The number of a new path of a lot; a rehearsal takes none.
async fn number(tx: &Tx, lot: &LotCode, year: i32, takes: bool) -> Result<u32, AppError> {
    let name = format!("path-{lot}-{year}");
    let number = if takes { tx.next_number(&name).await? } else { tx.coming_number(&name).await? };
    Ok(u32::try_from(number).expect("a counter starts at 1 and a lot never has four billion paths"))
}

/// The options whose free units the decision looks at.
fn wanted_options(market: &Market, path: Option<&Path>, command: &Command) -> Vec<OptionCode> {
    let all = |prestation: Prestation| {
        let options = [
            OptionCode::P1,
            OptionCode::M1,
            OptionCode::M2,
            OptionCode::M3,
            OptionCode::N1,
            OptionCode::N2,
            OptionCode::N3,
        ];
        let options = options.into_iter().filter(|option| option.prestation() == prestation && market.enabled(*option));
        options.collect()
    };
    match command.step() {
        Step::Transition(Transition::OrderFeasibility) => all(Prestation::Feasibility),
        Step::Transition(Transition::OrderPreparation) => all(Prestation::Preparation),
        Step::Act(domain::path::Act::OrderTutorTraining) => vec![OptionCode::M2],
        Step::Transition(Transition::OrderImplementation) | Step::Act(domain::path::Act::ApproveLevel) => {
            let hours = path.and_then(|path| path.pif.as_ref()).map(|pif| pif.terms.total_hours());
            hours.map(|hours| market.levels.level(hours)).into_iter().collect()
        }
        Step::Transition(_) | Step::Act(_) => Vec::new(),
    }
}

/// The year of entry whose places the decision looks at, or that a rehearsal shows.
fn place_year(path: Option<&Path>, command: &Command) -> Option<i32> {
    match command {
        Command::WithdrawCandidate { .. } | Command::Cancel { .. } => path.and_then(held_year),
        Command::AnnulEntry { .. } => path.and_then(|path| path.training.as_ref()).map(|training| training.year),
        Command::OfferPlace {} | Command::LapseOffer {} => {
            path.and_then(|path| path.waiting.as_ref()).map(|waiting| waiting.planned_entry.year())
        }
        command => command.entry().map(|day| day.year()),
    }
}

/// Whoever comes with a message that tells them what is kept of them is written down as informed; of the others, the message
/// still says so when it is queued.
fn note_informed(
    mut changes: Vec<PersonChange>,
    messages: &mut [(Addressed, Composed)],
    today: Day,
) -> Vec<PersonChange> {
    for change in &mut changes {
        let PersonChange::Add(person) = change else { continue };
        let own = messages.iter_mut().find(|(to, composed)| composed.informs && to.person == Some(person.id));
        if let Some((_, composed)) = own {
            person.informed_on = Some(today);
            composed.informs = false;
        }
    }
    changes
}

/// The people once the changes are made; those who leave are still told of it.
fn people_after(after: &Path, known: Vec<Person>, changes: &[PersonChange]) -> Vec<Person> {
    let mut people: Vec<Person> = known.into_iter().filter(|person| person.path == after.id).collect();
    for change in changes {
        if let PersonChange::Add(person) | PersonChange::Update(person) = change {
            people.retain(|known| known.id != person.id);
            people.push(person.clone());
        }
    }
    people
}

/// Whether a role reads everything and decides nothing.
pub(crate) const fn reads_only(role: StaffRole) -> bool {
    matches!(role, StaffRole::RegionViewer | StaffRole::Auditor)
}
