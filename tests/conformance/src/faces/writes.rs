//! The Rust SDK's calls that write, and those that give everything in one answer.

use std::collections::BTreeMap;
use std::path::Path;

use pluvo_sdk::bulk::{Bulk, ExtraValues, Outcome, UpsertKey};
use pluvo_sdk::model::{ContentType, File, TrainingRole, UpdateUserInput};
use pluvo_sdk::resources::{
    BulkResult, CertificateIssue, Chunked, ExtraValue, FileUpload, Key, Members, Membership, Merge,
    PreparedUpload, Upserted, UserKey,
};
use pluvo_sdk::{Client, Error};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::sync;
use crate::control::Result;
use crate::scenario::CallStep;

/// What a call gave.
type Made = pluvo_sdk::Result<Value>;

/// Arguments, flat and by the API's names, taken one after the other.
pub(super) struct Args(Map<String, Value>);

impl Args {
    pub(super) fn new(given: &Map<String, Value>) -> Self {
        match camel(Value::Object(given.clone())) {
            Value::Object(given) => Self(given),
            _ => Self(Map::new()),
        }
    }

    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>> {
        let value = self.0.remove(name);
        value
            .map(serde_json::from_value)
            .transpose()
            .map_err(|error| format!("{name}: {error}"))
    }

    pub(super) fn need<T: DeserializeOwned>(&mut self, name: &str) -> Result<T> {
        self.take(name)?.ok_or_else(|| format!("{name} is needed"))
    }

    /// Everything that is left: an input object, or the filters of a list.
    pub(super) fn rest<T: DeserializeOwned>(&mut self) -> Result<T> {
        serde_json::from_value(Value::Object(std::mem::take(&mut self.0))).map_err(|error| error.to_string())
    }

    pub(super) fn end(&self) -> Result<()> {
        match self.0.keys().next() {
            Some(other) => Err(format!("there is no argument {other}")),
            None => Ok(()),
        }
    }

    /// What says how a long list is sent, where all other arguments are read as one object.
    fn parts(&mut self) -> Self {
        let names = ["chunk", "inFlight"];
        let given = names.map(|name| self.0.remove_entry(name));
        Self(given.into_iter().flatten().collect())
    }

    fn notify(&mut self) -> Result<bool> {
        Ok(self.take("notify")?.unwrap_or(false))
    }

    fn key(&mut self) -> Result<Key> {
        self.key_of("id", "ref")
    }

    /// By the first that is given.
    fn key_of(&mut self, id: &str, reference: &str) -> Result<Key> {
        if let Some(id) = self.take::<String>(id)? {
            return Ok(Key::id(id));
        }
        self.need::<String>(reference).map(Key::reference)
    }

    fn new_user_key(&mut self) -> Result<UserKey> {
        if let Some(reference) = self.take::<String>("ref")? {
            return Ok(UserKey::reference(reference));
        }
        self.need::<String>("email").map(UserKey::email)
    }

    fn members(&mut self) -> Result<Members> {
        match self.take::<Vec<String>>("userIds")? {
            Some(ids) => Ok(Members::ids(ids)),
            None => self.need::<Vec<String>>("userRefs").map(Members::refs),
        }
    }
}

/// Names of fields as the API has them. Those of values are the organisation's own.
pub(super) fn camel(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| {
                let own = ["values", "values_by_id", "variables"].contains(&name.as_str());
                (camel_name(&name), if own { value } else { camel(value) })
            })
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.into_iter().map(camel).collect(),
        other => other,
    }
}

fn camel_name(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |whole, word| {
        let mut letters = word.chars();
        let initial = letters.next().map(|letter| letter.to_ascii_uppercase());
        whole + &initial.into_iter().chain(letters).collect::<String>()
    })
}

/// Makes the call, if it is one of these.
pub(super) async fn call(client: &Client, step: &CallStep, folder: &Path) -> Result<Option<Made>> {
    let mut args = Args::new(&step.args);
    let Some((resource, what)) = step.call.split_once('.') else {
        return Ok(None);
    };
    let args = &mut args;
    let made = match resource {
        "users" => users(client, what, args, folder).await?,
        "groups" => groups(client, what, args).await?,
        "trainings" => trainings(client, what, args).await?,
        "offers" | "offer_events" | "enrollments" => offers(client, &step.call, args).await?,
        "certificates" | "portfolio" => portfolio(client, &step.call, args).await?,
        "extra_categories" => categories(client, what, args).await?,
        "files" => files(client, what, args).await?,
        "webhooks" => super::webhooks::call(what, args)?,
        _ => None,
    };
    // A call that failed may not have looked at all of them.
    if matches!(made, Some(Ok(_))) {
        args.end()?;
    }
    Ok(made)
}

async fn users(client: &Client, what: &str, args: &mut Args, folder: &Path) -> Result<Option<Made>> {
    let users = client.users();
    Ok(Some(match what {
        "all" => told(users.all().filters(args.rest()?).await),
        "create" => {
            let notify = args.notify()?;
            told(users.create(args.rest()?).notify(notify).await)
        }
        "update" => {
            let key = args.key()?;
            told(users.update(key, args.rest()?).await)
        }
        "upsert" => {
            let (key, notify) = (args.new_user_key()?, args.notify()?);
            let upserted = users.upsert(key, args.rest()?).notify(notify).await;
            upserted.map(|Upserted { user, created }| json!({"user": user, "created": created}))
        }
        "set_archived" => told(users.set_archived(args.key()?, args.need("archived")?).await),
        "archive" => {
            let ids: Vec<String> = args.need("ids")?;
            bulk_result(users.archive(ids, args.need("archive")?), args).await?
        }
        "upsert_many" => {
            let key = match args.take::<String>("key")?.as_deref() {
                None | Some("ref") => UpsertKey::Ref,
                Some("email") => UpsertKey::Email,
                Some(other) => return Err(format!("no row has the key {other}")),
            };
            let (rows, notify): (Vec<UpdateUserInput>, _) = (args.need("rows")?, args.notify()?);
            many(users.upsert_many(rows, key).notify(notify), args).await?
        }
        "archive_many" => {
            let rows: Vec<Map<String, Value>> = args.need("rows")?;
            let keys: Vec<Key> = rows
                .into_iter()
                .map(|row| Args(row).key())
                .collect::<Result<_>>()?;
            let archived = args.take("archived")?.unwrap_or(true);
            many(users.archive_many(keys, archived), args).await?
        }
        "sync" => sync::call(client, args, folder).await?,
        _ => return Ok(None),
    }))
}

async fn groups(client: &Client, what: &str, args: &mut Args) -> Result<Option<Made>> {
    let groups = client.groups();
    Ok(Some(match what {
        "all" => told(groups.all().filters(args.rest()?).await),
        "create" => told(groups.create(args.rest()?).await),
        "update" => {
            let key = args.key()?;
            told(groups.update(key, args.rest()?).await)
        }
        "delete" => told(groups.delete(args.need::<String>("id")?).await),
        "delete_many" => bulk_result(groups.delete_many(args.need::<Vec<String>>("ids")?), args).await?,
        "add_users" => membership(groups.add_users(args.key()?, args.members()?), args).await?,
        "remove_users" => membership(groups.remove_users(args.key()?, args.members()?), args).await?,
        "add_managers" => membership(groups.add_managers(args.key()?, args.members()?), args).await?,
        "remove_managers" => membership(groups.remove_managers(args.key()?, args.members()?), args).await?,
        _ => return Ok(None),
    }))
}

async fn trainings(client: &Client, what: &str, args: &mut Args) -> Result<Option<Made>> {
    let trainings = client.trainings();
    Ok(Some(match what {
        "all" => told(trainings.all().filters(args.rest()?).await),
        "create" => told(trainings.create(args.rest()?).await),
        "update" => {
            let key = args.key()?;
            told(trainings.update(key, args.rest()?).await)
        }
        "add_users" => {
            let (key, people, notify) = (args.key()?, args.members()?, args.notify()?);
            let role = args.take("role")?.unwrap_or(TrainingRole::Participant);
            membership(trainings.add_users(key, people, role).notify(notify), args).await?
        }
        "remove_users" => membership(trainings.remove_users(args.key()?, args.members()?), args).await?,
        _ => return Ok(None),
    }))
}

async fn offers(client: &Client, call: &str, args: &mut Args) -> Result<Option<Made>> {
    let (offers, events, enrollments) = (client.offers(), client.offer_events(), client.enrollments());
    Ok(Some(match call {
        "offers.list" => told(offers.list().await),
        "offers.get" => told(offers.get(args.key()?).await),
        "offers.create" => told(offers.create(args.rest()?).await),
        "offers.update" => {
            let id: String = args.need("id")?;
            told(offers.update(id, args.rest()?).await)
        }
        "offers.archive" => {
            let ids: Vec<String> = args.need("ids")?;
            bulk_result(offers.archive(ids, args.need("archive")?), args).await?
        }
        "offer_events.get" => told(events.get(args.key()?).await),
        "offer_events.create" => {
            let offer = args.key_of("offerId", "offerRef")?;
            told(events.create(offer, args.rest()?).await)
        }
        "offer_events.update" => {
            let (key, notify) = (args.key()?, args.notify()?);
            told(events.update(key, args.rest()?).notify(notify).await)
        }
        "offer_events.delete" => told(events.delete(args.key()?).await),
        "enrollments.list" => told(enrollments.list().filters(args.rest()?).await),
        "enrollments.get" => {
            let user: String = args.need("userId")?;
            told(enrollments.get(user, args.need::<String>("offerEventId")?).await)
        }
        "enrollments.enroll_many" => {
            let event = args.key_of("offerEventId", "offerEventRef")?;
            let (people, notify) = (args.members()?, args.notify()?);
            told(enrollments.enroll_many(event, people).notify(notify).await)
        }
        "enrollments.enroll" => told(enrollments.enroll(args.rest()?).await),
        "enrollments.unenroll" => {
            let user: String = args.need("userId")?;
            told(
                enrollments
                    .unenroll(user, args.need::<String>("offerEventId")?)
                    .await,
            )
        }
        _ => return Ok(None),
    }))
}

async fn portfolio(client: &Client, call: &str, args: &mut Args) -> Result<Option<Made>> {
    let portfolio = client.portfolio();
    Ok(Some(match call {
        "certificates.issue" => {
            let mut parts = args.parts();
            let issue: CertificateIssue = args.rest()?;
            bulk_result(client.certificates().issue(&issue), &mut parts).await?
        }
        "portfolio.list" => told(portfolio.list().filters(args.rest()?).await),
        "portfolio.get" => told(portfolio.get(args.need::<String>("id")?).await),
        "portfolio.create" => told(portfolio.create(args.rest()?).await),
        "portfolio.update" => {
            let id: String = args.need("id")?;
            told(portfolio.update(id, args.rest()?).await)
        }
        "portfolio.delete" => told(portfolio.delete(args.need::<String>("id")?).await),
        _ => return Ok(None),
    }))
}

async fn categories(client: &Client, what: &str, args: &mut Args) -> Result<Option<Made>> {
    let categories = client.extra_categories();
    Ok(Some(match what {
        "list" => told(categories.list().filters(args.rest()?).await),
        "get" => told(categories.get(args.need::<String>("id")?).await),
        "create" => told(categories.create(args.rest()?).await),
        "update" => {
            let id: String = args.need("id")?;
            told(categories.update(id, args.rest()?).await)
        }
        "archive" => {
            let ids: Vec<String> = args.need("ids")?;
            bulk_result(categories.archive(ids, args.need("archive")?), args).await?
        }
        "set_values" => {
            let content_type: ContentType = args.need("contentType")?;
            let (of, values) = (args.key()?, values(args)?);
            told(categories.set_values(content_type, of, values).await)
        }
        "set_values_many" => {
            let content_type: ContentType = args.need("contentType")?;
            let row = |row| {
                let mut row = Args(row);
                Ok(ExtraValues::new(row.key()?, values(&mut row)?))
            };
            let rows: Vec<Map<String, Value>> = args.need("rows")?;
            let rows: Vec<ExtraValues> = rows.into_iter().map(row).collect::<Result<_>>()?;
            many(categories.set_values_many(content_type, rows), args).await?
        }
        _ => return Ok(None),
    }))
}

/// The values of extra categories by ref and by id: text, yes or no, or a list of options.
fn values(args: &mut Args) -> Result<Vec<(Key, ExtraValue)>> {
    let mut values = Vec::new();
    for (name, key) in [
        ("values", Key::Ref as fn(String) -> Key),
        ("valuesById", |id| Key::id(id)),
    ] {
        for (category, value) in args.take::<Map<String, Value>>(name)?.unwrap_or_default() {
            let value = match value {
                Value::String(text) => ExtraValue::Plain(text),
                Value::Bool(flag) => ExtraValue::Boolean(flag),
                Value::Array(options) => ExtraValue::choices(options.iter().filter_map(Value::as_str)),
                other => ExtraValue::Plain(other.to_string()),
            };
            values.push((key(category), value));
        }
    }
    Ok(values)
}

async fn files(client: &Client, what: &str, args: &mut Args) -> Result<Option<Made>> {
    let files = client.files();
    if what == "create" {
        let prepared = files.create(args.rest()?).await;
        return Ok(Some(prepared.map(|prepared| {
            let fields: BTreeMap<_, _> = prepared.fields().collect();
            json!({"file": prepared.file(), "url": prepared.url().as_str(), "fields": fields})
        })));
    }
    let (name, content): (String, String) = (args.need("name")?, args.need("content")?);
    let mut file = FileUpload::bytes(name, content);
    if let Some(media_type) = args.take::<String>("mediaType")? {
        file = file.media_type(media_type);
    }
    Ok(Some(match what {
        "upload" => told(files.upload(file).await),
        "upload_large" => {
            let public = args.take("public")?.unwrap_or(false);
            told(files.upload_large(file, public).await)
        }
        "store" => {
            let Prepared {
                file: there,
                url,
                fields,
            } = args.need("prepared")?;
            match PreparedUpload::new(there, &url, fields) {
                Ok(prepared) => files.store(&prepared, file).await.map(|()| Value::Null),
                Err(error) => Err(error),
            }
        }
        _ => return Ok(None),
    }))
}

/// A prepared upload as a scenario writes it.
#[derive(Deserialize)]
struct Prepared {
    file: File,
    url: String,
    fields: BTreeMap<String, String>,
}

fn told<T: Serialize>(made: pluvo_sdk::Result<T>) -> Made {
    made.map(|made| json!(made))
}

/// Sends a long list, in parts as the step says.
async fn in_parts<T: Merge + Send + 'static>(
    mut write: Chunked<T>,
    args: &mut Args,
) -> Result<pluvo_sdk::Result<T>> {
    if let Some(names) = args.take("chunk")? {
        write = write.chunk(names);
    }
    if let Some(requests) = args.take("inFlight")? {
        write = write.in_flight(requests);
    }
    Ok(write.await)
}

async fn bulk_result(write: Chunked<BulkResult>, args: &mut Args) -> Result<Made> {
    let made = in_parts(write, args).await?;
    Ok(made.map(|result| json!({"succeeded": result.succeeded, "failed": result.failed})))
}

async fn membership(write: Chunked<Membership>, args: &mut Args) -> Result<Made> {
    let made = in_parts(write, args).await?;
    Ok(made.map(|all| {
        json!({
            "added": all.added,
            "removed": all.removed,
            "already": all.already,
            "linkedViaObject": all.linked_via_object,
            "failed": all.failed,
            "refs": {
                "added": all.refs.added,
                "removed": all.refs.removed,
                "already": all.refs.already,
                "linkedViaObject": all.refs.linked_via_object,
                "failed": all.refs.failed,
            },
        })
    }))
}

async fn many(mut bulk: Bulk, args: &mut Args) -> Result<Made> {
    if let Some(rows) = args.take("batch")? {
        bulk = bulk.batch(rows);
    }
    if let Some(requests) = args.take("inFlight")? {
        bulk = bulk.in_flight(requests);
    }
    args.end()?;
    let report = bulk.run().await;
    let totals = &report.totals;
    let rows = report.rows.iter().map(|row| {
        let mut told = outcome(&row.outcome);
        told["index"] = row.index.into();
        told
    });
    Ok(Ok(json!({
        "totals": {
            "done": totals.done,
            "created": totals.created,
            "updated": totals.updated,
            "unchanged": totals.unchanged,
            "failed": totals.failed,
            "indeterminate": totals.indeterminate,
        },
        "rows": rows.collect::<Vec<_>>(),
    })))
}

/// `{"outcome", "id", "error": {"code"}}`.
pub(super) fn outcome(outcome: &Outcome) -> Value {
    let word = match outcome {
        Outcome::Created(_) => "created",
        Outcome::Unchanged => "unchanged",
        Outcome::Failed(_) => "failed",
        Outcome::Indeterminate(_) => "indeterminate",
        _ => "updated",
    };
    let code = |error: &Error| json!({"code": error.kind().code()});
    json!({"outcome": word, "id": outcome.id(), "error": outcome.error().map(code)})
}
