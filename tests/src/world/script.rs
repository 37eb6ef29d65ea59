//! A whole path as a list of steps that any program can play again, whatever was done of it before.

use app::{App, AppError, Options, Outcome, Target};
use domain::calendar::paris_day;
use domain::identifiers::PathId;
use domain::path::{Path, State, Step};
use domain::people::Side;
use serde_json::{Value, json};

use super::{Next, World, actor, form, next};

/// The steps of the main line, from the need to the closing, in order.
#[derive(Debug, Clone)]
pub struct Script(Vec<Next>);

impl Script {
    /// Plays a path to its closing, and notes how.
    ///
    /// # Panics
    /// A step is refused.
    pub async fn of_a_path(world: &World) -> (Self, Path) {
        let need = Next { side: Side::Body, step: domain::path::Transition::ReportNeed.into(), changes: json!({}) };
        let mut path = world.ok(need.side, None, need.step, need.changes.clone()).await;
        let mut steps = vec![need];
        while path.state != State::Closed {
            let step = next(&path, world.today().await).expect("the path has not ended");
            path = world.ok(step.side, Some(&path), step.step, step.changes.clone()).await;
            steps.push(step);
        }
        (Self(steps), path)
    }

    /// How many steps it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How many of them change the state, or sign the programme.
    pub fn transitions(&self) -> usize {
        self.0.iter().filter(|next| matches!(next.step, Step::Transition(_))).count()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As text, for another program.
    pub fn to_json(&self) -> String {
        let steps = self.0.iter().map(|step| json!([step.side, step.step.id(), step.changes]));
        Value::Array(steps.collect()).to_string()
    }

    /// What [`Script::to_json`] wrote.
    ///
    /// # Panics
    /// It is something else.
    pub fn from_json(text: &str) -> Self {
        let steps: Vec<(Side, String, Value)> = serde_json::from_str(text).expect("a script");
        let read = |(side, step, changes): (Side, String, Value)| Next {
            side,
            step: step.parse::<Step>().expect("a step of the lifecycle"),
            changes,
        };
        Self(steps.into_iter().map(read).collect())
    }

    /// Goes on with the script under the keys of this name, from the last step that was done: that one is sent once more,
    /// as by someone who never got its answer. `done` hears of each answer.
    ///
    /// # Errors
    /// What the product answers, other than that it is busy.
    ///
    /// # Panics
    /// A step already done is done again.
    pub async fn resume(&self, app: &App, name: &str, done: &(dyn Fn(&Outcome) + Sync)) -> Result<(), AppError> {
        let (first, mut path) = self.stand(app, name).await?;
        for (rank, step) in self.0.iter().enumerate().skip(first.saturating_sub(1)) {
            let outcome = self.play(app, name, rank, step, path.as_ref()).await?;
            assert_eq!(outcome.replayed, rank < first, "{name}: step {rank}, {}", step.step);
            done(&outcome);
            path = Some(outcome.path);
        }
        Ok(())
    }

    /// How many steps of this name were done, and the path they made.
    async fn stand(&self, app: &App, name: &str) -> Result<(usize, Option<Path>), AppError> {
        let tx = app.store().begin_read().await?;
        let (mut first, mut path) = (0, None);
        while first < self.0.len() {
            let Some(used) = tx.key_use(&key(name, first)).await? else { break };
            path = Some(PathId::new(used.stream));
            first += 1;
        }
        let path = match path {
            Some(id) => tx.path_by_id(id).await?.map(|stored| stored.path),
            None => None,
        };
        Ok((first, path))
    }

    async fn play(
        &self,
        app: &App,
        name: &str,
        rank: usize,
        step: &Next,
        path: Option<&Path>,
    ) -> Result<Outcome, AppError> {
        let actor = actor(step.side, path).expect("the script names who acts");
        let target = match path {
            Some(path) if rank > 0 => Target::Path(path.reference.clone()),
            Some(_) | None => Target::New,
        };
        let options = Options { idempotency_key: Some(key(name, rank)), ..Options::default() };
        loop {
            let today = paris_day(app.now().await?);
            match app.advance(&actor, &target, step.step, &form(step.step, today, &step.changes), &options).await {
                Err(AppError::Contended) => {}
                Err(AppError::Store(error)) if error.is_retryable() => {}
                result => return result,
            }
        }
    }
}

fn key(name: &str, rank: usize) -> String {
    format!("{name}-{rank}")
}
