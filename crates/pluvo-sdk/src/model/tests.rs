use serde_json::{Value, from_value, json, to_value};

use super::{
    ContentType, CreateUserInput, ExtraCategoryValue, Group, JsonString, Language, OfferEvent,
    PortfolioReportItem, Role, SortDirection, Training, TrainingUser, User, UserSortByInput, UserSortField,
};

fn user(json: Value) -> User {
    from_value(json).unwrap()
}

#[test]
fn what_is_not_there_and_what_is_null_read_alike() {
    let nulls = json!({
        "id": null, "name": null, "email": null, "roles": null, "language": null, "profileImage": null,
        "participantGroups": null, "extraCategoryValues": null, "lastLogin": null,
    });
    assert_eq!(user(nulls), User::default());
    assert_eq!(user(json!({})), User::default());
}

#[test]
fn null_elements_unknown_fields_and_unknown_members_do_not_lose_the_row() {
    let user = user(json!({
        "id": 7, "roles": ["TRAINER", null, "JANITOR"], "language": "FR", "shoeSize": {"eu": 43},
        "managerGroups": [null, {"id": "g", "isEditable": true, "permissions": "{\"edit\":true}"}],
        "lastLogin": "yesterday",
    }));
    assert_eq!(user.id, "7");
    assert_eq!(
        user.roles,
        Some(vec![Role::Trainer, Role::Other("JANITOR".to_owned())])
    );
    assert_eq!(user.language, Some(Language::Other("FR".to_owned())));
    let groups = user.manager_groups.unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!(
        groups[0].permissions.as_ref().map(JsonString::as_str),
        Some("{\"edit\":true}")
    );
    let last_login = user.last_login.unwrap();
    assert_eq!(
        (last_login.timestamp(), last_login.to_string()),
        (None, "yesterday".to_owned())
    );
}

#[test]
fn objects_are_written_as_they_were_read() {
    let row = json!({
        "id": "933d8663-edf6-42c9-895a-eeec13fff0ab", "name": "Zoë", "archived": false, "roles": ["MANAGER"],
        "profileImage": {"id": "f", "url": "https://files.example/f"}, "lastLogin": "2024-01-31T10:15:00Z",
    });
    assert_eq!(to_value(user(row.clone())).unwrap(), row);

    let event = json!({
        "id": "e", "type": "WEBINAR", "price": "12.50", "scoreThreshold": 5.5,
        "dates": [{"id": "d", "startDate": "2024-09-01T10:00:00Z"}],
    });
    assert_eq!(
        to_value(from_value::<OfferEvent>(event.clone()).unwrap()).unwrap(),
        event
    );

    let training = json!({"id": "t", "title": "Fire", "isActive": true, "startDate": "2024-09-01"});
    assert_eq!(
        to_value(from_value::<Training>(training.clone()).unwrap()).unwrap(),
        training
    );

    let row = json!({"user": {"id": "u"}, "progress": 0.5, "timeSpent": {"days": 1, "seconds": 30}});
    assert_eq!(
        to_value(from_value::<PortfolioReportItem>(row.clone()).unwrap()).unwrap(),
        row
    );
    let row = json!({"user": {"id": "u"}});
    assert_eq!(
        to_value(from_value::<TrainingUser>(row.clone()).unwrap()).unwrap(),
        row
    );
}

#[test]
fn the_field_that_is_there_tells_the_kind_of_an_extra_category_value() {
    let group = json!({
        "id": "g",
        "extraCategoryValues": [
            {"category": {"id": "c", "title": "Department"}, "color": null, "stringValue": "Sales"},
            {"category": {"id": "c"}, "datetimeValue": "2024-01-31T00:00:00Z"},
            {"category": {"id": "c"}, "choiceValue": {"id": "o", "stringValue": "Red"}, "modelId": "g"},
            {"category": {"id": "c"}, "booleanValue": null},
            {"__typename": "ExtraCategoryNumberValue", "category": {"id": "c"}, "numberValue": 7},
        ],
    });
    let group: Group = from_value(group).unwrap();
    let values = group.extra_category_values.unwrap();
    match &values[..] {
        [
            ExtraCategoryValue::String(text),
            ExtraCategoryValue::Datetime(moment),
            ExtraCategoryValue::Choice(choice),
            ExtraCategoryValue::Boolean(answer),
            ExtraCategoryValue::Other {},
        ] => {
            assert_eq!(text.string_value.as_deref(), Some("Sales"));
            assert_eq!(
                text.category.as_ref().unwrap().title.as_deref(),
                Some("Department")
            );
            assert!(moment.datetime_value.as_ref().unwrap().timestamp().is_some());
            assert_eq!(
                choice.choice_value.as_ref().unwrap().string_value.as_deref(),
                Some("Red")
            );
            assert_eq!(answer.boolean_value, None);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(
        to_value(&values[2]).unwrap()["choiceValue"],
        json!({"id": "o", "stringValue": "Red"})
    );
}

#[test]
fn inputs_leave_out_what_is_not_given() {
    let input = CreateUserInput {
        r#ref: Some("EMP-1".to_owned()),
        ..CreateUserInput::new("z@example.com", "Zoë")
    };
    assert_eq!(
        to_value(input).unwrap(),
        json!({"email": "z@example.com", "name": "Zoë", "ref": "EMP-1"})
    );
    let sort = UserSortByInput {
        field: Some(UserSortField::Name),
        direction: Some(SortDirection::Desc),
    };
    assert_eq!(
        to_value(sort).unwrap(),
        json!({"field": "NAME", "direction": "DESC"})
    );
    assert_eq!(to_value(UserSortByInput::default()).unwrap(), json!({}));
    assert_eq!(to_value(ContentType::User).unwrap(), "USER");
}
