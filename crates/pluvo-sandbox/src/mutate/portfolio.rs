//! Certificates and portfolio items.

use async_graphql::Error;

use super::{Change, Mutation, bulk, flag, invalid, not_blank, not_found, payload};
use crate::data::certificates::PortfolioItem;
use crate::resolve::{Got, Input, Node};

pub(super) fn mutation(name: &str) -> Option<Mutation> {
    let mutation: Mutation = match name {
        "generateCertificate" => generate,
        "createPortfolioItem" => create,
        "updatePortfolioItem" => update,
        "deletePortfolioItem" => delete,
        _ => return None,
    };
    Some(mutation)
}

/// Issues a certificate to each of the people, however often they have got it before.
fn generate(c: &mut Change<'_>) -> Result<Got, Error> {
    let certificate = c
        .one_of(&c.store.certificates)?
        .ok_or_else(|| not_found("certificate"))?;
    if c.uuid("trainingId")
        .is_some_and(|id| c.store.trainings.by_id(id).is_none())
    {
        return Err(not_found("training"));
    }
    not_blank("title", c.str("title"))?;
    let certificate = c.store.certificates.get(certificate);
    let own = certificate.title.as_ref().unwrap_or(&certificate.name);
    let title = c.str("title").unwrap_or(own).to_owned();
    let start = c.moment("issueDate")?.unwrap_or(c.now);
    let wanted = c.uuids("userIds").unwrap_or_default();
    let done = bulk(
        c,
        &wanted,
        |store| &store.users,
        |c, user| {
            let id = c.store.new_id();
            let i = c.store.portfolio.insert(PortfolioItem {
                id,
                user,
                title: title.clone(),
                description: None,
                start,
                end: None,
                files: vec![format!("https://files.example.com/{id}.pdf")],
                created_at: c.now,
                updated_at: c.now,
            });
            c.tell("EVENT_CERTIFICATE_ACHIEVED", &Node::PortfolioItem(i));
            c.tell("PORTFOLIO_ITEM_CREATED", &Node::PortfolioItem(i));
        },
    );
    Ok(payload([("bulkGenerate", done)]))
}

/// When the item starts and ends, as far as the input says.
type Dates = [Option<i64>; 2];

fn check(input: Input<'_>) -> Result<Dates, Error> {
    not_blank("title", input.str("title"))?;
    Ok([input.moment("startDate")?, input.moment("endDate")?])
}

fn in_order(start: i64, end: Option<i64>) -> Result<(), Error> {
    if end.is_some_and(|end| end < start) {
        return Err(invalid("`endDate` is before `startDate`."));
    }
    Ok(())
}

fn apply(item: &mut PortfolioItem, input: Input<'_>, [start, end]: Dates, now: i64) {
    if let Some(title) = input.str("title") {
        title.clone_into(&mut item.title);
    }
    if let Some(description) = input.str("description") {
        item.description = Some(description.to_owned());
    }
    if let Some(files) = input.strs("files") {
        item.files = files.into_iter().map(str::to_owned).collect();
    }
    item.start = start.unwrap_or(item.start);
    item.end = end.or(item.end);
    item.updated_at = now;
}

fn create(c: &mut Change<'_>) -> Result<Got, Error> {
    let input = c.input("input")?;
    let user = input.uuid("userId").and_then(|id| c.store.users.by_id(id));
    let user = user.ok_or_else(|| not_found("person"))?;
    let dates = check(input)?;
    in_order(dates[0].unwrap_or(c.now), dates[1])?;
    let mut item = PortfolioItem {
        id: c.store.new_id(),
        user,
        title: String::new(),
        description: None,
        start: c.now,
        end: None,
        files: Vec::new(),
        created_at: c.now,
        updated_at: c.now,
    };
    apply(&mut item, input, dates, c.now);
    let i = c.store.portfolio.insert(item);
    c.tell("PORTFOLIO_ITEM_CREATED", &Node::PortfolioItem(i));
    Ok(payload([("portfolioItem", Got::Node(Node::PortfolioItem(i)))]))
}

fn update(c: &mut Change<'_>) -> Result<Got, Error> {
    let i = c
        .one_of(&c.store.portfolio)?
        .ok_or_else(|| not_found("portfolio item"))?;
    let (input, now) = (c.input("input")?, c.now);
    let dates = check(input)?;
    let item = c.store.portfolio.get(i);
    in_order(dates[0].unwrap_or(item.start), dates[1].or(item.end))?;
    c.store.portfolio.update(i, |item| apply(item, input, dates, now));
    c.tell("PORTFOLIO_ITEM_UPDATED", &Node::PortfolioItem(i));
    Ok(payload([("portfolioItem", Got::Node(Node::PortfolioItem(i)))]))
}

fn delete(c: &mut Change<'_>) -> Result<Got, Error> {
    let i = c
        .one_of(&c.store.portfolio)?
        .ok_or_else(|| not_found("portfolio item"))?;
    c.tell("PORTFOLIO_ITEM_DELETED", &Node::PortfolioItem(i));
    c.store.portfolio.remove(i);
    Ok(payload([("success", flag(true))]))
}
