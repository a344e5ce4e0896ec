//! Carrying a plan out.

use super::guard::Guards;
use super::journal::Journal;
use super::plan::{Action, Plan, Problem, Step};
use crate::bulk::{self, Bulk, Outcome, Progress, Tell};
use crate::client::{CallOptions, Client};
use crate::error::{Error, Result};
use crate::literal::to_literal;
use crate::model::{ContentType, Id};
use crate::resources::Key;
use crate::time::BoxFuture;
use futures::FutureExt;
use futures::stream::{self, StreamExt};
use std::fmt;
use std::future::Future;
use std::path::PathBuf;

/// A plan that is about to be carried out. Nothing is written before [`Apply::run`].
#[must_use = "nothing is written before it is run"]
pub struct Apply {
    plan: Plan,
    guards: Guards,
    journal: Option<PathBuf>,
    notify: bool,
    batch: Option<usize>,
    in_flight: Option<usize>,
    options: CallOptions,
    progress: Option<Tell>,
    until: BoxFuture<'static, ()>,
}

/// What became of a plan.
#[derive(Debug)]
#[non_exhaustive]
pub struct Applied {
    /// Each step of the plan and what became of it, in the plan's order.
    pub steps: Vec<AppliedStep>,
    /// What the plan left alone.
    pub problems: Vec<Problem>,
}

/// A step and what became of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct AppliedStep {
    /// What was to be done.
    pub step: Step,
    /// What became of it; none where it was not begun.
    pub outcome: Option<Outcome>,
}

impl Applied {
    /// How many steps were done, those of an earlier run among them.
    pub fn done(&self) -> usize {
        let is_done = |step: &&AppliedStep| {
            step.outcome
                .as_ref()
                .is_some_and(|outcome| outcome.error().is_none())
        };
        self.steps.iter().filter(is_done).count()
    }

    /// Whether every step was done.
    pub fn is_complete(&self) -> bool {
        self.done() == self.steps.len()
    }
}

impl Apply {
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            plan,
            guards: Guards::default(),
            journal: None,
            notify: false,
            batch: None,
            in_flight: None,
            options: CallOptions::default(),
            progress: None,
            until: std::future::pending().boxed(),
        }
    }

    /// Sets what stops it before anything is written.
    pub fn guards(mut self, guards: Guards) -> Self {
        self.guards = guards;
        self
    }

    /// Writes down what is done, and passes over what an interrupted run with this journal has done.
    pub fn journal(mut self, path: impl Into<PathBuf>) -> Self {
        self.journal = Some(path.into());
        self
    }

    /// Whether Pluvo may invite people who are created. It may not by default.
    pub fn notify(mut self, notify: bool) -> Self {
        self.notify = notify;
        self
    }

    /// People in a request; see [`Bulk::batch`].
    pub fn batch(mut self, rows: usize) -> Self {
        self.batch = Some(rows);
        self
    }

    /// Requests in flight; see [`Bulk::in_flight`].
    pub fn in_flight(mut self, requests: usize) -> Self {
        self.in_flight = Some(requests);
        self
    }

    /// Sets what differs for its requests.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Is told how far it is; see [`Bulk::on_progress`]. Counts steps, and values of extra categories once more.
    pub fn on_progress(mut self, tell: impl FnMut(&Progress) + Send + 'static) -> Self {
        self.progress = Some(Box::new(tell));
        self
    }

    /// Begins no further step once this future ends. What is in flight is finished and told.
    pub fn until(mut self, stop: impl Future<Output = ()> + Send + 'static) -> Self {
        self.until = Box::pin(stop);
        self
    }

    /// Carries it out: creations, then changes, then values of extra categories.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid) where a guard stops it, before anything is written;
    /// [`Config`](crate::ErrorKind::Config) where the journal cannot be written. What befalls single steps is told
    /// with them.
    pub async fn run(self) -> Result<Applied> {
        self.guards.check(&self.plan)?;
        let journal = self.journal.as_deref().map(Journal::open).transpose()?;
        let Plan {
            client,
            steps,
            problems,
            ..
        } = self.plan;
        let steps = steps
            .into_iter()
            .map(|step| AppliedStep { step, outcome: None })
            .collect();
        let mut run = Run {
            client,
            steps,
            journal,
            notify: self.notify,
            batch: self.batch,
            in_flight: self.in_flight,
            options: self.options,
            until: self.until.shared(),
            progress: self.progress,
            total: Progress::default(),
        };
        run.pass_over_what_is_done();
        run.send(&bulk::UPSERT, |step| {
            (step.action == Action::Create).then(|| create(step))
        })
        .await?;
        run.send(&bulk::UPDATE, |step| {
            (step.action != Action::Create && has_input(step)).then(|| update(step))
        })
        .await?;
        run.send_values().await?;
        Ok(Applied {
            steps: run.steps,
            problems,
        })
    }
}

struct Run {
    client: Client,
    steps: Vec<AppliedStep>,
    journal: Option<Journal>,
    notify: bool,
    batch: Option<usize>,
    in_flight: Option<usize>,
    options: CallOptions,
    until: futures::future::Shared<BoxFuture<'static, ()>>,
    progress: Option<Tell>,
    total: Progress,
}

impl Run {
    fn pass_over_what_is_done(&mut self) {
        let Some(journal) = &self.journal else { return };
        for applied in &mut self.steps {
            if journal.has(&applied.step.fingerprint()) {
                applied.outcome = Some(Outcome::Unchanged);
            }
        }
    }

    /// Sends the arguments that `choose` makes of steps whose outcome is not known yet.
    async fn send(
        &mut self,
        job: &'static bulk::Job,
        choose: impl Fn(&Step) -> Option<Result<String>>,
    ) -> Result<()> {
        let open = self
            .steps
            .iter()
            .enumerate()
            .filter(|(_, applied)| applied.outcome.is_none());
        let (places, rows): (Vec<usize>, Vec<Result<String>>) = open
            .filter_map(|(place, applied)| Some((place, choose(&applied.step)?)))
            .unzip();
        let mut outcomes = std::pin::pin!(self.bulk(job, rows).outcomes());
        while let Some(row) = outcomes.next().await {
            let place = usize::try_from(row.index)
                .ok()
                .and_then(|index| places.get(index).copied());
            let Some(place) = place else { continue };
            // With values still to come the step is not done yet.
            let done = row.outcome.error().is_none() && self.steps[place].step.values.is_empty();
            self.steps[place].outcome = Some(row.outcome);
            if done {
                self.write_down(place)?;
            }
            self.tell(place);
        }
        Ok(())
    }

    /// Values need the id of their person, who may have been created a moment ago.
    async fn send_values(&mut self) -> Result<()> {
        let mut places = Vec::new();
        let mut rows = Vec::new();
        for (place, applied) in self.steps.iter().enumerate() {
            let id = match (&applied.outcome, &applied.step.id) {
                _ if applied.step.values.is_empty() => None,
                (Some(Outcome::Created(id) | Outcome::Updated(id)), _) => Some(id.clone()),
                (None, Some(id)) if !has_input(&applied.step) => Some(id.clone()),
                _ => None,
            };
            if let Some(id) = id {
                places.push(place);
                rows.push(values(&id, &applied.step));
            }
        }
        let mut outcomes = std::pin::pin!(self.bulk(&bulk::SET_VALUES, rows).outcomes());
        while let Some(row) = outcomes.next().await {
            let place = usize::try_from(row.index)
                .ok()
                .and_then(|index| places.get(index).copied());
            let Some(place) = place else { continue };
            if row.outcome.error().is_some() {
                self.steps[place].outcome = Some(row.outcome);
            } else {
                let id = self.steps[place].step.id.clone().unwrap_or_default();
                self.steps[place].outcome.get_or_insert(Outcome::Updated(id));
                self.write_down(place)?;
            }
            self.tell(place);
        }
        Ok(())
    }

    fn bulk(&self, job: &'static bulk::Job, rows: Vec<Result<String>>) -> Bulk {
        let mut bulk = Bulk::new(self.client.clone(), job, stream::iter(rows))
            .notify(self.notify)
            .options(self.options.clone())
            .until(self.until.clone());
        if let Some(batch) = self.batch {
            bulk = bulk.batch(batch);
        }
        if let Some(in_flight) = self.in_flight {
            bulk = bulk.in_flight(in_flight);
        }
        bulk
    }

    fn write_down(&mut self, place: usize) -> Result<()> {
        let step = &self.steps[place].step;
        match &mut self.journal {
            Some(journal) => journal.write(&step.fingerprint(), &step.who(), &format!("{:?}", step.action)),
            None => Ok(()),
        }
    }

    fn tell(&mut self, place: usize) {
        if let (Some(tell), Some(outcome)) = (&mut self.progress, &self.steps[place].outcome) {
            let writes = |applied: &AppliedStep| {
                1 + u64::from(!applied.step.values.is_empty() && has_input(&applied.step))
            };
            self.total.total = Some(self.steps.iter().map(writes).sum());
            self.total.add(outcome);
            tell(&self.total);
        }
    }
}

fn has_input(step: &Step) -> bool {
    step.input != crate::model::UpdateUserInput::default()
}

fn create(step: &Step) -> Result<String> {
    let selector = match (&step.r#ref, &step.email) {
        (Some(reference), _) => format!("ref:{}", to_literal(reference)?),
        (None, Some(email)) => format!("email:{}", to_literal(email)?),
        (None, None) => {
            return Err(Error::invalid(
                "somebody new has neither a ref nor an e-mail address",
            ));
        }
    };
    Ok(format!("{selector},user:{}", to_literal(&step.input)?))
}

fn update(step: &Step) -> Result<String> {
    let id = step
        .id
        .as_ref()
        .ok_or_else(|| Error::invalid("somebody to change has no id"))?;
    Ok(format!(
        "id:{},user:{}",
        to_literal(id)?,
        to_literal(&step.input)?
    ))
}

fn values(id: &Id, step: &Step) -> Result<String> {
    bulk::value_arguments(&ContentType::User, &Key::Id(id.clone()), &step.values)
}

impl fmt::Debug for Apply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Apply")
            .field("plan", &self.plan.summary())
            .field("guards", &self.guards)
            .field("journal", &self.journal)
            .finish_non_exhaustive()
    }
}
