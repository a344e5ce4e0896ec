//! Fields of `Query`.

use async_graphql::{Error, Value};
use uuid::Uuid;

use super::args::text_of;
use super::{Call, Got, Node, Resolver, connection, extra, maybe_node, nodes, portfolio};
use crate::data::table::{Record, Table};
use crate::data::trainings::Training;

pub(super) fn field(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "user" => |c| one(c, &c.store.users, Node::User),
        "paginatedUsers" => paginated_users,
        "users" => |c| {
            let active = c.flag("active");
            let wanted =
                |i: &&u32| active.is_none_or(|active| active == c.store.users.get(**i).archived_at.is_none());
            nodes(
                c.store
                    .users
                    .order()
                    .iter()
                    .filter(wanted)
                    .map(|&i| Node::User(i)),
            )
        },
        "group" => |c| one(c, &c.store.groups, Node::Group),
        "groups" => |c| nodes(c.store.groups.order().iter().map(|&i| Node::Group(i))),
        "paginatedGroups" => paginated_groups,
        "training" => |c| one(c, &c.store.trainings, Node::Training),
        "trainings" => |c| {
            let query = c.str("query").map(str::to_lowercase);
            let has = |i: &&u32| has_title(c.store.trainings.get(**i), query.as_deref());
            nodes(
                c.store
                    .trainings
                    .order()
                    .iter()
                    .filter(has)
                    .map(|&i| Node::TrainingItem(i, None)),
            )
        },
        "paginatedTrainings" => paginated_trainings,
        "offer" => |c| one(c, &c.store.offers, Node::Offer),
        "offers" => |c| nodes(c.store.offers.order().iter().map(|&i| Node::Offer(i))),
        "offerEvent" => |c| one(c, &c.store.events, Node::Event),
        "enrollment" => |c| {
            let user = c.uuid("userId").and_then(|id| c.store.users.by_id(id));
            let event = c.uuid("offerEventId").and_then(|id| c.store.events.by_id(id));
            let (Some(user), Some(event)) = (user, event) else {
                return Ok(Got::Nothing);
            };
            let enrollments = &c.store.events.get(event).enrollments;
            let at = enrollments.iter().position(|enrollment| enrollment.user == user);
            maybe_node(at.map(|at| Node::Enrollment(event, at)))
        },
        "enrollments" => |c| {
            let whose = Whose::of(c);
            let mut found = Vec::new();
            for &event in c.store.events.order() {
                let people = c.store.events.get(event).enrollments.iter().enumerate();
                let wanted = people.filter(|(_, enrollment)| whose.is(enrollment.user));
                found.extend(wanted.map(|(at, _)| Node::Enrollment(event, at)));
            }
            nodes(found)
        },
        "certificates" => |c| {
            let rows = c.store.certificates.order();
            connection::page(c, "certificates", rows.len(), false, |i| {
                Node::Certificate(rows[i])
            })
        },
        "portfolioItem" => |c| one(c, &c.store.portfolio, Node::PortfolioItem),
        "portfolioItems" => |c| {
            let whose = Whose::of(c);
            let wanted = |i: &&u32| whose.is(c.store.portfolio.get(**i).user);
            nodes(
                c.store
                    .portfolio
                    .order()
                    .iter()
                    .filter(wanted)
                    .map(|&i| Node::PortfolioItem(i)),
            )
        },
        "portfolioReport" => portfolio::report,
        "extraCategories" => |c| {
            let of = c.str("contentType");
            let wanted = |i: &&u32| {
                let models = &c.store.categories.get(**i).models;
                of.is_none_or(|of| models.iter().any(|model| model.0 == of))
            };
            nodes(
                c.store
                    .categories
                    .order()
                    .iter()
                    .filter(wanted)
                    .map(|&i| Node::Category(i)),
            )
        },
        "extraCategory" => |c| one(c, &c.store.categories, Node::Category),
        _ => return None,
    };
    Some(resolver)
}

/// Whom the `userId` argument names.
#[derive(Clone, Copy)]
enum Whose {
    /// It was not given.
    Anybodys,
    /// Nobody has that id.
    Nobodys,
    Theirs(u32),
}

impl Whose {
    fn of(c: &Call<'_>) -> Self {
        match c.uuid("userId").map(|id| c.store.users.by_id(id)) {
            None => Self::Anybodys,
            Some(None) => Self::Nobodys,
            Some(Some(user)) => Self::Theirs(user),
        }
    }

    fn is(self, user: u32) -> bool {
        match self {
            Self::Anybodys => true,
            Self::Nobodys => false,
            Self::Theirs(wanted) => wanted == user,
        }
    }
}

fn one<T: Record>(c: &Call<'_>, table: &Table<T>, node: fn(u32) -> Node) -> Result<Got, Error> {
    maybe_node(c.one_of(table)?.map(node))
}

fn descending(c: &Call<'_>) -> bool {
    c.object("sortBy").and_then(|sort| sort.str("direction")) == Some("DESC")
}

fn page(c: &Call<'_>, list: &str, rows: &[u32], node: impl Fn(u32) -> Node) -> Result<Got, Error> {
    let descending = descending(c);
    let row = |i: usize| {
        if descending {
            rows[rows.len() - 1 - i]
        } else {
            rows[i]
        }
    };
    connection::page(c, list, rows.len(), descending, |i| node(row(i)))
}

fn paginated_users(c: &Call<'_>) -> Result<Got, Error> {
    let (after, before) = (c.moment("lastLogin_Gt")?, c.moment("lastLogin_Lt")?);
    let store = c.store;
    let rows = store.list(c.filter_key("paginatedUsers"), || {
        let q = c.str("q").map(str::to_lowercase);
        let archived = c.flag("archived");
        let roles = c.strs("userRoles");
        let groups = c
            .uuids("groupIds")
            .map(|ids| rows_of(&ids, |id| store.groups.by_id(id)));
        let trainings = c.uuids("trainingIds").map(|ids| {
            let people = rows_of(&ids, |id| store.trainings.by_id(id)).into_iter();
            let mut users: Vec<u32> = people
                .flat_map(|i| store.trainings.get(i).people.iter().map(|person| person.user))
                .collect();
            users.sort_unstable();
            users
        });
        let extra = c.list("extraCategories");
        let wanted = |i: u32| {
            let user = store.users.get(i);
            archived.is_none_or(|archived| archived == user.archived_at.is_some())
                && q.as_deref().is_none_or(|q| store.user_has(i, q))
                && roles
                    .as_ref()
                    .is_none_or(|roles| user.roles.iter().any(|role| roles.contains(&role.0)))
                && groups
                    .as_ref()
                    .is_none_or(|groups| user.participant_groups.iter().any(|g| groups.contains(g)))
                && trainings
                    .as_ref()
                    .is_none_or(|users| users.binary_search(&i).is_ok())
                && after.is_none_or(|after| user.last_login.is_some_and(|login| login > after))
                && before.is_none_or(|before| user.last_login.is_some_and(|login| login < before))
                && extra.is_none_or(|filters| filters.iter().all(|filter| has_extra(c, i, filter)))
        };
        store
            .users
            .order()
            .iter()
            .copied()
            .filter(|&i| wanted(i))
            .collect()
    });
    page(c, "paginatedUsers", &rows, Node::User)
}

fn rows_of(ids: &[Uuid], find: impl Fn(Uuid) -> Option<u32>) -> Vec<u32> {
    ids.iter().filter_map(|&id| find(id)).collect()
}

/// Whether the person has one of the filter's values in its category, or any value if it names none.
fn has_extra(c: &Call<'_>, i: u32, filter: &Value) -> bool {
    let Value::Object(filter) = filter else {
        return true;
    };
    let by_id = filter
        .get("categoryId")
        .and_then(text_of)
        .and_then(|id| Uuid::try_parse(id).ok());
    let by_reference = filter.get("categoryRef").and_then(text_of);
    let category = match (by_id, by_reference) {
        (Some(id), _) => c.store.categories.by_id(id),
        (None, Some(reference)) => c.store.categories.by_reference(reference),
        (None, None) => return true,
    };
    let values: Option<Vec<&str>> = match filter.get("values") {
        Some(Value::List(values)) => Some(values.iter().filter_map(text_of).collect()),
        _ => None,
    };
    let mut of_category = c
        .store
        .users
        .get(i)
        .extra
        .iter()
        .filter(|value| Some(value.category) == category);
    of_category.any(|value| {
        values
            .as_ref()
            .is_none_or(|values| values.contains(&extra::plain(c.store, value).as_str()))
    })
}

fn paginated_groups(c: &Call<'_>) -> Result<Got, Error> {
    let groups = &c.store.groups;
    let rows = c.store.list(c.filter_key("paginatedGroups"), || {
        let q = c.str("q").map(str::to_lowercase);
        let has = |&i: &u32| {
            q.as_deref()
                .is_none_or(|q| groups.get(i).name.to_lowercase().contains(q))
        };
        groups.order().iter().copied().filter(has).collect()
    });
    page(c, "paginatedGroups", &rows, Node::Group)
}

fn has_title(training: &Training, q: Option<&str>) -> bool {
    q.is_none_or(|q| training.title.to_lowercase().contains(q))
}

fn paginated_trainings(c: &Call<'_>) -> Result<Got, Error> {
    let trainings = &c.store.trainings;
    let whose = Whose::of(c);
    let rows = c.store.list(c.filter_key("paginatedTrainings"), || {
        let q = c.str("q").map(str::to_lowercase);
        let (archived, active) = (c.flag("archived"), c.flag("active"));
        let roles = c.strs("trainingUserRoles");
        let wanted = |&i: &u32| {
            let training = trainings.get(i);
            let mut people = training.people.iter();
            has_title(training, q.as_deref())
                && archived.is_none_or(|archived| archived == training.archived)
                && active.is_none_or(|active| active == training.is_active)
                && ((matches!(whose, Whose::Anybodys) && roles.is_none())
                    || people.any(|person| {
                        whose.is(person.user)
                            && roles
                                .as_ref()
                                .is_none_or(|roles| roles.contains(&person.role.name()))
                    }))
        };
        trainings.order().iter().copied().filter(wanted).collect()
    });
    let user = match whose {
        Whose::Theirs(user) => Some(user),
        _ => None,
    };
    page(c, "paginatedTrainings", &rows, |i| Node::TrainingItem(i, user))
}
