//! Trainings and who takes part in them.

use async_graphql::Error;

use super::groups::{ADDED, REMOVED};
use super::people::{People, by_id_or_ref, named};
use super::{Change, Mutation, free_reference, not_blank, not_found, payload};
use crate::clock::DAY;
use crate::data::Store;
use crate::data::member::Member;
use crate::data::trainings::{Participation, Training, TrainingRole};
use crate::resolve::{Got, Input, Node};

pub(super) fn mutation(name: &str) -> Option<Mutation> {
    let mutation: Mutation = match name {
        "createTraining" => create,
        "updateTraining" => update,
        "addUsersToTraining" => add,
        "removeUsersFromTraining" => remove,
        _ => return None,
    };
    Some(mutation)
}

/// When the training starts and ends, as far as the input says: days.
type Dates = [Option<i64>; 2];

fn check(c: &Change<'_>, input: Input<'_>, own: Option<u32>) -> Result<Dates, Error> {
    not_blank("title", input.str("title"))?;
    free_reference(&c.store.trainings, input.str("ref"), own)?;
    let day = |name| -> Result<Option<i64>, Error> {
        let moment = input.moment(name)?;
        Ok(moment.map(|seconds| seconds - seconds.rem_euclid(DAY)))
    };
    Ok([day("startDate")?, day("endDate")?])
}

fn apply(training: &mut Training, input: Input<'_>, [start, end]: Dates) {
    if let Some(title) = input.str("title") {
        title.clone_into(&mut training.title);
    }
    let set = |field: &mut Option<String>, name| {
        if let Some(text) = input.str(name) {
            *field = Some(text.to_owned());
        }
    };
    set(&mut training.reference, "ref");
    set(&mut training.subtitle, "subtitle");
    set(&mut training.introduction, "introduction");
    let set = |field: &mut bool, name| *field = input.flag(name).unwrap_or(*field);
    set(&mut training.is_active, "isActive");
    set(&mut training.archived, "archived");
    set(&mut training.show_participants, "showParticipants");
    set(&mut training.show_shared_files, "showSharedFiles");
    set(&mut training.enable_chat, "enableChat");
    training.start = start.or(training.start);
    training.end = end.or(training.end);
}

fn create(c: &mut Change<'_>) -> Result<Got, Error> {
    let input = c.input("training")?;
    let dates = check(c, input, None)?;
    let mut training = Training {
        id: c.store.new_id(),
        reference: Some(c.store.new_id().to_string()),
        title: String::new(),
        subtitle: None,
        introduction: None,
        is_active: true,
        archived: false,
        start: None,
        end: None,
        minutes: None,
        show_participants: false,
        show_shared_files: false,
        enable_chat: false,
        has_image: false,
        portfolio_item: None,
        modules: Vec::new(),
        people: Vec::new(),
        extra: Vec::new(),
    };
    apply(&mut training, input, dates);
    let i = c.store.trainings.insert(training);
    c.tell("TRAINING_CREATED", &Node::Training(i));
    Ok(payload([("training", Got::Node(Node::Training(i)))]))
}

fn update(c: &mut Change<'_>) -> Result<Got, Error> {
    let i = c
        .one_of(&c.store.trainings)?
        .ok_or_else(|| not_found("training"))?;
    let input = c.input("training")?;
    let dates = check(c, input, Some(i))?;
    c.store
        .trainings
        .update(i, |training| apply(training, input, dates));
    c.tell("TRAINING_UPDATED", &Node::Training(i));
    Ok(payload([("training", Got::Node(Node::Training(i)))]))
}

fn training(c: &Change<'_>) -> Result<u32, Error> {
    by_id_or_ref(
        &c.store.trainings,
        c.args,
        "trainingId",
        "trainingRef",
        "training",
    )
}

fn takes_part(store: &Store, training: u32, user: u32) -> bool {
    let mut people = store.trainings.get(training).people.iter();
    people.any(|person| person.user == user)
}

fn add(c: &mut Change<'_>) -> Result<Got, Error> {
    let training = training(c)?;
    let people = People::of(c)?;
    let role = match c.str("role") {
        Some("TRAINER") => TrainingRole::Trainer,
        Some("MENTOR") => TrainingRole::Mentor,
        _ => TrainingRole::Participant,
    };
    let (mut added, mut already) = (Vec::new(), Vec::new());
    for &user in &people.found {
        if takes_part(c.store, training, user) {
            already.push(user);
            continue;
        }
        let person = Participation {
            user,
            role,
            progress: 0,
            score: None,
            spent: 0,
            completed: None,
        };
        c.store.take_part(training, person);
        added.push(user);
    }
    if c.flag("sendInvites").unwrap_or(true) {
        c.mail("invite", &added);
    }
    let [one, two] = named(c.store, ADDED[0], &added);
    let [three, four] = named(c.store, ADDED[1], &already);
    let [five, six] = people.failed();
    Ok(payload([one, two, three, four, five, six]))
}

fn remove(c: &mut Change<'_>) -> Result<Got, Error> {
    let training = training(c)?;
    let people = People::of(c)?;
    let (mut removed, mut already, mut linked) = (Vec::new(), Vec::new(), Vec::new());
    for &user in &people.found {
        if is_linked(c.store, training, user) {
            linked.push(user);
        } else if takes_part(c.store, training, user) {
            let people = &mut c.store.trainings.get_mut(training).people;
            people.retain(|person| person.user != user);
            removed.push(user);
        } else {
            already.push(user);
        }
    }
    let [one, two] = named(c.store, REMOVED[0], &removed);
    let [three, four] = named(c.store, REMOVED[1], &already);
    let [five, six] = named(c.store, ["idsLinkedViaObject", "refsLinkedViaObject"], &linked);
    let [seven, eight] = people.failed();
    Ok(payload([one, two, three, four, five, six, seven, eight]))
}

/// Whether somebody has access to a training through a group or an enrolment.
fn is_linked(store: &Store, training: u32, user: u32) -> bool {
    let mut groups = store.users.get(user).participant_groups.iter();
    let mut events = store.events.order().iter().map(|&i| store.events.get(i));
    groups.any(|&group| store.groups.get(group).trainings.contains(&training))
        || events.any(|event| {
            let mut enrollments = event.enrollments.iter();
            event.trainings.contains(&training)
                && enrollments.any(|one| one.user == user && one.status == Member("ENROLLED"))
        })
}
