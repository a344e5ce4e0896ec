//! The Rust SDK.

use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error as _;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pluvo_sdk::model::{DateTime, GroupSortByInput, Role, TrainingRole, UserSortByInput};
use pluvo_sdk::operation::generated::{GroupsVariables, TrainingsVariables, UsersVariables};
use pluvo_sdk::resources::{Key, UserKey};
use pluvo_sdk::time::{Clock, HeldClock};
use pluvo_sdk::{Client, Error, List, Position};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::settings::Settings;
use super::writes::{self, Args};
use crate::capture;
use crate::control::{Control, Result};
use crate::face::{Face, Failed, Seen};
use crate::scenario::{CallStep, How, Read, Span};
use crate::stage::Stage;

/// The Rust SDK, its clock held.
#[derive(Debug)]
pub struct Rust {
    settings: Settings,
    control: Control,
    clock: HeldClock,
    clients: RefCell<HashMap<String, Client>>,
    told: Arc<Mutex<String>>,
    /// Of journals.
    folder: TempDir,
}

type Told = Arc<Mutex<String>>;

fn tell(told: &Told, what: &dyn std::fmt::Debug) {
    let _ = writeln!(told.lock().unwrap_or_else(PoisonError::into_inner), "{what:?}");
}

impl Face for Rust {
    const NAME: &'static str = "rust";

    fn new(stage: &Stage) -> Result<Self> {
        Ok(Self {
            settings: Settings::new(stage)?,
            control: stage.control.clone(),
            clock: HeldClock::new(),
            clients: RefCell::default(),
            told: Told::default(),
            folder: tempfile::tempdir().map_err(|error| error.to_string())?,
        })
    }

    async fn call(&self, step: &CallStep, after: Option<String>) -> Result<Seen> {
        let client = match self.client(&step.client).await? {
            Ok(client) => client,
            Err(error) => return Ok(self.failed(Seen::default(), &error)),
        };
        let reader = Reader {
            face: self,
            how: &step.how,
            after,
        };
        let args = &step.args;
        match step.call.as_str() {
            "users.list" => reader.list(users(client.users().list(), args)?).await,
            "groups.list" => reader.list(groups(client.groups().list(), args)?).await,
            "trainings.list" => reader.list(trainings(client.trainings().list(), args)?).await,
            "groups.members" => reader.list(client.groups().members(key(args)?)).await,
            "groups.managers" => reader.list(client.groups().managers(key(args)?)).await,
            "trainings.participants" => reader.list(client.trainings().participants(key(args)?)).await,
            "trainings.trainers" => reader.list(client.trainings().trainers(key(args)?)).await,
            "users.get" => reader.get(client.users().get(user_key(args)?)).await,
            "groups.get" => reader.get(client.groups().get(key(args)?)).await,
            "trainings.get" => reader.get(client.trainings().get(key(args)?)).await,
            "certificates.list" => {
                let filters = Args::new(args).rest()?;
                reader.list(client.certificates().list().filters(filters)).await
            }
            "portfolio_report.list" => {
                let filters = Args::new(args).rest()?;
                reader
                    .list(client.portfolio_report().list().filters(filters))
                    .await
            }
            "query" => self.query(&client, step).await,
            "check" => self.check(&client).await,
            other => match writes::call(&client, step, self.folder.path()).await? {
                Some(Ok(value)) => Ok(Seen {
                    value: Some(value).filter(|value| !value.is_null()),
                    ..Seen::default()
                }),
                Some(Err(error)) => Ok(self.failed(Seen::default(), &error)),
                None => Err(format!("there is no call {other}")),
            },
        }
    }

    fn advance(&self, by: Duration, calendar: Option<Span>) -> Result<()> {
        self.clock.advance(by);
        if let Some(Span(distance)) = calendar {
            let now = self.clock.wall();
            let length = distance.unsigned_abs();
            self.clock.set_wall(if distance.is_negative() {
                now - length
            } else {
                now + length
            });
        }
        Ok(())
    }

    fn waits(&self) -> Option<Vec<Duration>> {
        Some(self.clock.waits())
    }

    fn log(&self) -> String {
        capture::text()
    }

    fn told(&self) -> String {
        for client in self.clients.borrow().values() {
            tell(&self.told, client);
        }
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn store_mode(&self) -> Option<String> {
        let path = self.settings.store.as_ref()?;
        let metadata = std::fs::metadata(path).ok()?;
        #[cfg(unix)]
        return Some(format!(
            "{:o}",
            std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777
        ));
        #[cfg(not(unix))]
        return None;
    }
}

impl Rust {
    async fn client(&self, name: &str) -> Result<pluvo_sdk::Result<Client>> {
        if let Some(client) = self.clients.borrow().get(name) {
            return Ok(Ok(client.clone()));
        }
        let token = if self.settings.needs_token() {
            self.control.token().await?
        } else {
            String::new()
        };
        let told = Arc::clone(&self.told);
        let builder = self.settings.client(&self.clock, &token);
        tell(&self.told, &builder);
        let built = builder.on_attempt(move |attempt| tell(&told, attempt)).build();
        // Another call may have made it while this one waited for a token of the sandbox.
        Ok(built.map(|client| {
            self.clients
                .borrow_mut()
                .entry(name.to_owned())
                .or_insert(client)
                .clone()
        }))
    }

    fn failed(&self, seen: Seen, error: &Error) -> Seen {
        tell(&self.told, error);
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let _ = write!(text, ": {cause}");
            source = cause.source();
        }
        tell(&self.told, &text);
        tell(&self.told, &error.graphql());
        let error = Failed {
            code: error.kind().code().to_owned(),
            text,
            status: error.status(),
            retry_after: error.retry_after().map(|after| after.as_secs_f64()),
            attempts: error.attempts(),
            retryable: Some(error.is_retryable()),
            graphql: error.graphql().len(),
        };
        Seen {
            error: Some(error),
            ..seen
        }
    }

    async fn query(&self, client: &Client, step: &CallStep) -> Result<Seen> {
        let document = step
            .args
            .get("document")
            .and_then(Value::as_str)
            .ok_or("query needs a document")?;
        let mut query = client.query(document);
        if let Some(variables) = step.args.get("variables") {
            query = query.variables(variables);
        }
        if let Some(name) = &step.how.operation_name {
            query = query.operation_name(name);
        }
        if let Some(repeatable) = step.how.repeatable {
            query = query.repeatable(repeatable);
        }
        tell(&self.told, &"a query");
        let sent = if step.how.partial {
            let sent = query.send_partial::<Value>().await;
            sent.map(|response| Some(json!({ "data": response.data, "errors": response.errors.len() })))
        } else {
            query.send::<Value>().await.map(Some)
        };
        Ok(match sent {
            Ok(value) => Seen {
                value,
                ..Seen::default()
            },
            Err(error) => self.failed(Seen::default(), &error),
        })
    }

    async fn check(&self, client: &Client) -> Result<Seen> {
        Ok(match client.check().await {
            Ok(access) => {
                let value = json!({ "granted": access.granted, "missing": access.missing });
                Seen {
                    value: Some(value),
                    ..Seen::default()
                }
            }
            Err(error) => self.failed(Seen::default(), &error),
        })
    }
}

/// Reads in the way that a step says.
struct Reader<'a> {
    face: &'a Rust,
    how: &'a How,
    after: Option<String>,
}

impl Reader<'_> {
    async fn get<T: DeserializeOwned + Serialize + 'static>(
        &self,
        get: pluvo_sdk::resources::Get<T>,
    ) -> Result<Seen> {
        let got = match &self.how.select {
            None => get.await.map(|row| row.map(|row| json!(row))),
            Some(selection) => get.select::<Value>(selection).await,
        };
        Ok(match got {
            Ok(value) => Seen {
                value,
                ..Seen::default()
            },
            Err(error) => self.face.failed(Seen::default(), &error),
        })
    }

    async fn list<T, A>(&self, list: List<T, A>) -> Result<Seen>
    where
        T: DeserializeOwned + Serialize + Send + Unpin + 'static,
        A: Serialize + Clone,
    {
        match &self.how.select {
            None => self.read(list).await,
            Some(selection) => self.read(list.select::<Value>(selection)).await,
        }
    }

    async fn read<T, A>(&self, list: List<T, A>) -> Result<Seen>
    where
        T: DeserializeOwned + Serialize + Send + Unpin + 'static,
        A: Serialize + Clone,
    {
        let How {
            page_size,
            limit,
            parallel,
            prefetch,
            take,
            ..
        } = *self.how;
        let mut list = list;
        list = page_size.into_iter().fold(list, List::page_size);
        list = limit.into_iter().fold(list, List::limit);
        list = parallel.into_iter().fold(list, List::parallel);
        list = prefetch.into_iter().fold(list, List::prefetch);
        let mut seen = Seen::default();
        if let Some(text) = &self.after {
            match text.parse::<Position>() {
                Ok(position) => list = list.after(position),
                Err(error) => return Ok(self.face.failed(seen, &error)),
            }
        }
        let error = match self.how.read {
            Read::Pages => self.pages(list, take, &mut seen).await?,
            Read::Items => items(list, take, &mut seen).await,
            Read::All => {
                let all = list.to_vec().await;
                all.map(|rows| seen.rows = rows.iter().map(|row| json!(row)).collect())
                    .err()
            }
            Read::Count => list.count().await.map(|count| seen.told = Some(count)).err(),
        };
        Ok(match error {
            Some(error) => self.face.failed(seen, &error),
            None => seen,
        })
    }

    async fn pages<T, A>(
        &self,
        list: List<T, A>,
        take: Option<usize>,
        seen: &mut Seen,
    ) -> Result<Option<Error>>
    where
        T: DeserializeOwned + Serialize + Send + 'static,
        A: Serialize,
    {
        let mut reading = match list.pager() {
            Ok(reading) => reading,
            Err(error) => return Ok(Some(error)),
        };
        let pages = seen.pages.get_or_insert_default();
        let mut failure = None;
        while take.is_none_or(|take| pages.len() < take) {
            match reading.next_page().await {
                Ok(None) => break,
                Ok(Some(page)) => {
                    pages.push(page.items.len());
                    seen.rows.extend(page.items.iter().map(|row| json!(row)));
                }
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
            if let Some(pause) = self.how.pause {
                self.face.clock.advance(pause.length());
                self.face.control.advance(pause.length()).await?;
            }
        }
        seen.told = reading.count();
        seen.position = reading.position().map(|position| position.to_string());
        Ok(failure)
    }
}

async fn items<T, A>(list: List<T, A>, take: Option<usize>, seen: &mut Seen) -> Option<Error>
where
    T: DeserializeOwned + Serialize + Send + Unpin + 'static,
    A: Serialize,
{
    let mut items = list.items();
    while take.is_none_or(|take| seen.rows.len() < take) {
        match items.try_next().await {
            Ok(None) => break,
            Ok(Some(row)) => seen.rows.push(json!(row)),
            Err(error) => return Some(error),
        }
    }
    None
}

fn arg<T: DeserializeOwned>(args: &Map<String, Value>, name: &str) -> Result<Option<T>> {
    let value = args.get(name).cloned();
    value
        .map(serde_json::from_value)
        .transpose()
        .map_err(|error| format!("{name}: {error}"))
}

fn known(args: &Map<String, Value>, names: &[&str]) -> Result<()> {
    match args.keys().find(|name| !names.contains(&name.as_str())) {
        Some(other) => Err(format!("there is no argument {other}")),
        None => Ok(()),
    }
}

fn key(args: &Map<String, Value>) -> Result<Key> {
    known(args, &["id", "ref"])?;
    match (arg::<String>(args, "id")?, arg::<String>(args, "ref")?) {
        (Some(id), None) => Ok(Key::id(id)),
        (None, Some(reference)) => Ok(Key::reference(reference)),
        _ => Err("one of id and ref is needed".to_owned()),
    }
}

fn user_key(args: &Map<String, Value>) -> Result<UserKey> {
    match arg::<String>(args, "email")? {
        Some(email) => Ok(UserKey::email(email)),
        None => key(args).map(UserKey::from),
    }
}

type Users = List<pluvo_sdk::model::User, UsersVariables>;

fn users(mut list: Users, args: &Map<String, Value>) -> Result<Users> {
    let names = [
        "archived",
        "q",
        "user_roles",
        "group_ids",
        "training_ids",
        "last_login_gt",
        "last_login_lt",
        "sort_by",
    ];
    known(args, &names)?;
    list = arg(args, "archived")?.into_iter().fold(list, Users::archived);
    list = arg::<String>(args, "q")?.into_iter().fold(list, Users::q);
    list = arg::<Vec<Role>>(args, "user_roles")?
        .into_iter()
        .fold(list, Users::user_roles);
    list = arg::<Vec<String>>(args, "group_ids")?
        .into_iter()
        .fold(list, Users::group_ids);
    list = arg::<Vec<String>>(args, "training_ids")?
        .into_iter()
        .fold(list, Users::training_ids);
    list = arg::<DateTime>(args, "last_login_gt")?
        .into_iter()
        .fold(list, Users::last_login_gt);
    list = arg::<DateTime>(args, "last_login_lt")?
        .into_iter()
        .fold(list, Users::last_login_lt);
    if let Some(direction) = arg::<String>(args, "sort_by")? {
        let direction = Some(direction.as_str().into());
        list = list.sort_by(UserSortByInput {
            direction,
            ..UserSortByInput::default()
        });
    }
    Ok(list)
}

type Groups = List<pluvo_sdk::model::Group, GroupsVariables>;

fn groups(mut list: Groups, args: &Map<String, Value>) -> Result<Groups> {
    known(args, &["q", "sort_by"])?;
    list = arg::<String>(args, "q")?.into_iter().fold(list, Groups::q);
    if let Some(direction) = arg::<String>(args, "sort_by")? {
        let direction = Some(direction.as_str().into());
        list = list.sort_by(GroupSortByInput {
            direction,
            ..GroupSortByInput::default()
        });
    }
    Ok(list)
}

type Trainings = List<pluvo_sdk::model::TrainingListItem, TrainingsVariables>;

fn trainings(mut list: Trainings, args: &Map<String, Value>) -> Result<Trainings> {
    known(
        args,
        &["q", "archived", "active", "user_id", "training_user_roles"],
    )?;
    list = arg::<String>(args, "q")?.into_iter().fold(list, Trainings::q);
    list = arg(args, "archived")?.into_iter().fold(list, Trainings::archived);
    list = arg(args, "active")?.into_iter().fold(list, Trainings::active);
    list = arg::<String>(args, "user_id")?
        .into_iter()
        .fold(list, Trainings::user_id);
    let roles = arg::<Vec<TrainingRole>>(args, "training_user_roles")?;
    Ok(roles.into_iter().fold(list, Trainings::training_user_roles))
}
