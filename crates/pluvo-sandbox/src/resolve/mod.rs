//! How each field of the schema is answered from the data.
//!
//! A field's resolver is found once, by type and field name, when the schema is built. It gets the record it is a field
//! of and gives a value, a record, several records or a page. Nothing in it waits, so a page of fifty people is one run
//! of the executor.

#![allow(
    clippy::unnecessary_wraps,
    reason = "what makes a result has the type of all resolvers"
)]

pub(crate) mod args;
mod certificate;
mod connection;
mod event;
mod extra;
mod group;
mod payload;
mod portfolio;
mod query;
mod training;
mod user;

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use async_graphql::dynamic::{FieldFuture, FieldValue, ResolverContext};
use async_graphql::{Error, ErrorExtensions, Name, Value};
use jiff::Timestamp;
use uuid::Uuid;

pub(crate) use self::args::{Input, seconds};
use self::connection::Connection;
pub(crate) use self::connection::alias_cursor;
pub(crate) use self::extra::plain;
use crate::data::Store;
use crate::data::extra::ExtraValue;
use crate::data::member::Member;
use crate::data::trainings::Participation;
use crate::http::Upload;
use crate::settings::Rules;
use crate::state::Inner;

/// What a request is answered from.
pub(crate) struct World {
    pub(crate) inner: Arc<Inner>,
    pub(crate) rules: Rules,
    pub(crate) uploads: Vec<Upload>,
}

/// A record, as resolvers hand it on.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Root,
    User(u32),
    Group(u32),
    Training(u32),
    /// A training in a list, seen by one person where the list was asked for that person.
    TrainingItem(u32, Option<u32>),
    TrainingUser(Participation),
    /// Progress in hundredths.
    UserData(u8),
    Module(Uuid, Cow<'static, str>),
    Course(u32),
    Offer(u32),
    Event(u32),
    EventDate(Uuid, i64, i64),
    /// An event and the place of the enrolment in its list.
    Enrollment(u32, usize),
    Certificate(u32),
    PortfolioItem(u32),
    PortfolioStub(Uuid),
    Report(Place, Participation),
    TimeSpent(u32),
    Category(u32),
    Choice(u32, usize),
    Extra(Uuid, ExtraValue),
    File(Uuid),
    Page(Arc<Connection>),
    Edge(Arc<Connection>, usize),
    /// What a mutation gives, by field.
    Payload(Arc<Vec<(&'static str, Got)>>),
}

/// A training or a course, by row number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Training(u32),
    Course(u32),
}

/// What a resolver gives.
#[derive(Debug, Clone)]
pub(crate) enum Got {
    Nothing,
    Value(Value),
    Node(Node),
    Nodes(Vec<Node>),
}

/// One field to resolve.
pub(crate) struct Call<'a> {
    pub(crate) store: &'a Store,
    pub(crate) node: &'a Node,
    /// The field's name.
    pub(crate) field: &'a str,
    pub(crate) args: Input<'a>,
    pub(crate) rules: &'a Rules,
    /// The sandbox's own address.
    pub(crate) url: &'a str,
}

impl<'a> Deref for Call<'a> {
    type Target = Input<'a>;

    fn deref(&self) -> &Input<'a> {
        &self.args
    }
}

/// Answers one field.
pub(crate) type Resolver = fn(&Call<'_>) -> Result<Got, Error>;

/// The resolver of a field, if the sandbox has one.
pub(crate) fn find(ty: &str, field: &str) -> Option<Resolver> {
    match ty {
        "Query" => query::field(field),
        "User" => user::field(field),
        "Group" | "SkillListItem" => group::field(ty, field),
        "Training" | "TrainingListItem" | "TrainingUser" | "TrainingUserData" | "Module" | "Course" => {
            training::field(ty, field)
        }
        "Offer" | "OfferEvent" | "OfferEventDate" | "OfferEventEnrollment" | "Enrollment" => {
            event::field(ty, field)
        }
        "Certificate" => certificate::field(field),
        "PortfolioItem" | "PortfolioItemListItem" | "PortfolioReportItem" | "TimeSpent" => {
            portfolio::field(ty, field)
        }
        "ExtraCategory" | "ExtraField" | "ExtraCategoryChoiceOption" => extra::category(ty, field),
        "File" => user::file(field),
        "PageInfo" => connection::page_info(field),
        _ if ty.ends_with("Connection") => connection::connection(field),
        _ if ty.ends_with("Edge") => connection::edge(field),
        _ if ty.starts_with("ExtraCategory") && ty.ends_with("Value") => extra::value(field),
        "ExternalContent" | "Scorm" | "Video" => event::other_content(field),
        _ => payload::field(ty),
    }
}

/// An error with a code in its extensions.
pub(crate) fn failure(code: &'static str, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}

/// Runs a resolver for the executor. An error makes a nullable field null; the executor would give up the whole answer.
pub(crate) fn run<'a>(resolver: Resolver, nullable: bool, ctx: &ResolverContext<'a>) -> FieldFuture<'a> {
    let world = ctx.data_unchecked::<World>();
    let node = ctx.parent_value.downcast_ref::<Node>().unwrap_or(&Node::Root);
    let got = resolver(&Call {
        store: &world.inner.store(),
        node,
        field: ctx.item.node.name.node.as_str(),
        args: Input(ctx.args.as_index_map()),
        rules: &world.rules,
        url: &world.inner.url,
    });
    finish(got, nullable, ctx)
}

/// Hands what a field gives to the executor.
pub(crate) fn finish<'a>(
    got: Result<Got, Error>,
    nullable: bool,
    ctx: &ResolverContext<'a>,
) -> FieldFuture<'a> {
    match got {
        Ok(Got::Nothing) => FieldFuture::Value(None),
        Ok(Got::Value(value)) => FieldFuture::from_value(Some(value)),
        Ok(Got::Node(node)) => FieldFuture::Value(Some(field_value(node))),
        Ok(Got::Nodes(nodes)) => {
            FieldFuture::Value(Some(FieldValue::list(nodes.into_iter().map(field_value))))
        }
        Err(error) if nullable => {
            ctx.add_error(ctx.set_error_path(error.into_server_error(ctx.item.pos)));
            FieldFuture::Value(None)
        }
        Err(error) => FieldFuture::new(async move { Err::<Option<FieldValue<'_>>, _>(error) }),
    }
}

fn field_value(node: Node) -> FieldValue<'static> {
    match extra::type_of(&node) {
        Some(ty) => FieldValue::owned_any(node).with_type(ty),
        None => FieldValue::owned_any(node),
    }
}

fn text(value: impl Into<String>) -> Result<Got, Error> {
    Ok(Got::Value(Value::String(value.into())))
}

fn maybe_text(value: Option<&str>) -> Result<Got, Error> {
    value.map_or(Ok(Got::Nothing), text)
}

fn id(value: Uuid) -> Result<Got, Error> {
    text(value.to_string())
}

fn flag(value: bool) -> Result<Got, Error> {
    Ok(Got::Value(Value::Boolean(value)))
}

fn int(value: impl TryInto<i32>) -> Result<Got, Error> {
    Ok(Got::Value(Value::from(value.try_into().unwrap_or(i32::MAX))))
}

fn float(value: f64) -> Result<Got, Error> {
    Ok(Got::Value(Value::from(value)))
}

fn member(value: &str) -> Result<Got, Error> {
    Ok(Got::Value(Value::Enum(Name::new(value))))
}

fn members(values: &[Member]) -> Result<Got, Error> {
    Ok(Got::Value(Value::List(
        values
            .iter()
            .map(|value| Value::Enum(Name::new(value.0)))
            .collect(),
    )))
}

/// A moment as Django writes it: `2026-01-05T09:00:00+00:00`.
fn moment(seconds: i64) -> Result<Got, Error> {
    let time = Timestamp::from_second(seconds).unwrap_or_default().to_string();
    text(format!("{}+00:00", time.trim_end_matches('Z')))
}

fn maybe_moment(seconds: Option<i64>) -> Result<Got, Error> {
    seconds.map_or(Ok(Got::Nothing), moment)
}

/// The day of a moment: `2026-01-05`.
fn maybe_day(seconds: Option<i64>) -> Result<Got, Error> {
    let Some(seconds) = seconds else {
        return Ok(Got::Nothing);
    };
    let time = Timestamp::from_second(seconds).unwrap_or_default().to_string();
    text(&time[..10])
}

fn nodes(nodes: impl IntoIterator<Item = Node>) -> Result<Got, Error> {
    Ok(Got::Nodes(nodes.into_iter().collect()))
}

fn maybe_node(node: Option<Node>) -> Result<Got, Error> {
    Ok(node.map_or(Got::Nothing, Got::Node))
}
