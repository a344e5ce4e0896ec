"""What is read: words that are not known, odd rows, copies, texts."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime, timezone
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest

from pluvo_sdk import DecodeError, models
from pluvo_sdk._names import camel
from pluvo_sdk._wire import decode, encode, rows
from pluvo_sdk.models import ExtraCategoryValue, OfferEvent, PreparedUpload, Role, User


def test_a_word_that_is_not_known_is_kept() -> None:
    user: User = decode('{"id":"1","roles":["MANAGER","ASTRONAUT"]}', User)
    known, unknown = user.roles or []
    assert known is Role.MANAGER
    assert known.is_known
    assert unknown == "ASTRONAUT"
    assert not unknown.is_known
    assert unknown is Role("ASTRONAUT")
    assert repr(unknown) == "Role('ASTRONAUT')"
    assert f"{unknown}" == str(unknown) == "ASTRONAUT"
    assert repr(known) == "Role.MANAGER"
    assert list(Role) == [Role.MANAGER, Role.TRAINER, Role.PARTICIPANT, Role.PLANNER]
    assert msgspec.json.encode(user) == b'{"id":"1","roles":["MANAGER","ASTRONAUT"]}'


def test_words_without_end_are_not_remembered_without_end() -> None:
    for number in range(3000):
        assert Role(f"ROLE-{number}") == f"ROLE-{number}"
    assert len(Role._value2member_map_) <= 1000


def test_values_have_the_types_of_python() -> None:
    event: OfferEvent = decode(
        '{"id":"933d8663-edf6-42c9-895a-eeec13fff0ab","price":"12.50","closingDate":"2026-01-31T10:15:00.000Z"}',
        OfferEvent,
    )
    assert event.price == Decimal("12.50")
    assert str(event.price) == "12.50"
    assert event.closing_date == datetime(2026, 1, 31, 10, 15, tzinfo=timezone.utc)
    training: models.Training = decode(
        '{"id":"933d8663-edf6-42c9-895a-eeec13fff0ab","startDate":"2026-02-01"}', models.Training
    )
    assert training.start_date == date(2026, 2, 1)
    file: models.File = decode('{"id":"933d8663-edf6-42c9-895a-eeec13fff0ab"}', models.File)
    assert file.id == UUID("933d8663-edf6-42c9-895a-eeec13fff0ab")


def test_models_compare_and_print_and_are_copied_and_pickled() -> None:
    user: User = decode(
        '{"id":"1","name":"Anne","roles":["MANAGER","ASTRONAUT"],"lastLogin":"2026-01-31T10:15:00Z"}', User
    )
    assert repr(User(id="1", name="Anne")) == "User(id='1', name='Anne')"
    assert pickle.loads(pickle.dumps(user)) == user
    assert copy.deepcopy(user) == user
    assert msgspec.structs.replace(user, name="Bo") != user
    with pytest.raises(AttributeError):
        user.name = "Bo"  # type: ignore[misc]


def test_every_model_is_pickled() -> None:
    for kind in vars(models).values():
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__.endswith("models"):
            required = {field.name: None for field in msgspec.structs.fields(kind) if field.required}
            made = kind(**required)
            assert pickle.loads(pickle.dumps(made)) == made


def test_a_member_of_a_union_is_told_by_its_own_field() -> None:
    values: list[ExtraCategoryValue] = decode(
        '[{"stringValue":"a"},{"booleanValue":false},{"choiceValue":{"id":"933d8663-edf6-42c9-895a-eeec13fff0ab"}},'
        '{"datetimeValue":null},{"colourValue":"red"}]',
        list[ExtraCategoryValue],
    )
    kinds = [type(value).__name__ for value in values]
    assert kinds == [
        "ExtraCategoryStringValue",
        "ExtraCategoryBooleanValue",
        "ExtraCategoryChoiceValue",
        "ExtraCategoryDatetimeValue",
        "ExtraCategoryOtherValue",
    ]
    assert isinstance(values[0], ExtraCategoryValue)
    match values[4]:
        case models.ExtraCategoryOtherValue(raw=raw):
            assert raw == {"colourValue": "red"}
        case other:
            pytest.fail(repr(other))


def test_nulls_in_lists_are_left_out() -> None:
    page = b'[{"node":{"id":"1","roles":["MANAGER",null]}},null,{"node":null},{"node":{"id":"2"}}]'
    assert rows(page, User) == [User(id="1", roles=[Role.MANAGER]), User(id="2")]


def test_what_does_not_fit_is_told_without_the_data() -> None:
    with pytest.raises(DecodeError) as raised:
        rows(b'[{"node":{"id":"1","archived":"canary"}}]', User)
    assert "edges[0].node.archived" in str(raised.value)
    assert "canary" not in str(raised.value)
    for text in (b"[", b'[{"node":{"id":"\\ud800"}}]', b'[{"node":{"id":' + b"[" * 20_000):
        with pytest.raises(DecodeError):
            rows(text, User)


def test_names_are_those_of_the_api_and_own_keys_stay() -> None:
    given = {
        "user_roles": (Role.MANAGER, "TRAINER"),
        "values": {"my_key": "a", "other": ["b"]},
        "nothing": None,
        "from_": date(2026, 1, 2),
        "price": Decimal("1.50"),
        "id": UUID(int=1),
    }
    assert msgspec.json.decode(encode(given)) == {
        "userRoles": ["MANAGER", "TRAINER"],
        "values": {"my_key": "a", "other": ["b"]},
        "from": "2026-01-02",
        "price": "1.50",
        "id": "00000000-0000-0000-0000-000000000001",
    }
    assert camel("last_login_gt") == "lastLoginGt"


def test_a_moment_without_a_zone_is_one_of_this_machine() -> None:
    naive = datetime(2026, 1, 2, 3, 4, 5)
    aware = naive.astimezone(timezone.utc)
    sent = datetime.fromisoformat(msgspec.json.decode(encode({"at": naive}))["at"].replace("Z", "+00:00"))
    assert sent == aware


def test_secrets_of_models_are_not_shown() -> None:
    prepared: PreparedUpload = decode(
        '{"file":{"id":"933d8663-edf6-42c9-895a-eeec13fff0ab"},"url":"https://canary","fields":{"policy":"canary"}}',
        PreparedUpload,
    )
    assert prepared.url == "https://canary"
    assert "canary" not in repr(prepared)
    assert "canary" not in str(prepared)
