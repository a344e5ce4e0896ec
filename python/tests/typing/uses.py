"""Typical uses, for type checkers alone: pyright in strict mode and mypy read it, nobody runs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from uuid import UUID

import msgspec
from typing_extensions import assert_type

from pluvo_sdk import AsyncPluvo, List, Page, Partial, Plan, Pluvo, RateLimitError, Report, webhooks
from pluvo_sdk.inputs import SyncRow, UserRow
from pluvo_sdk.models import (
    Applied,
    ExtraCategoryBooleanValue,
    ExtraCategoryStringValue,
    Membership,
    Role,
    Upserted,
    User,
)


@dataclass
class Name:
    name: str


class Answer(msgspec.Struct):
    user: Name | None


def reads(pluvo: Pluvo) -> None:
    users = pluvo.users.list(
        archived=False,
        q="anne",
        user_roles=[Role.MANAGER, "TRAINER"],
        last_login_gt=datetime(2026, 1, 1, tzinfo=timezone.utc),
        sort_by={"field": "NAME", "direction": "DESC"},
    )
    assert_type(users, List[User])
    for user in users:
        assert_type(user, User)
        assert_type(user.id, str)
        assert_type(user.last_login, datetime | None)
    for page in users.pages():
        assert_type(page, Page[User])
        assert_type(page.count, int | None)
    assert_type(users.first(), User | None)
    assert_type(users.to_list(limit=10), list[User])
    assert_type(users.parallel(8), List[User])
    assert_type(users.select("id name").first(), dict[str, Any] | None)
    assert_type(pluvo.users.get(ref="EMP-1"), User | None)
    assert_type(pluvo.users.get(id=UUID(int=0), select="id"), dict[str, Any] | None)
    assert_type(pluvo.query("{ a }"), dict[str, Any])
    assert_type(pluvo.query("{ a }", {"b": 1}, result_type=Answer), Answer)
    assert_type(pluvo.query("{ a }", result_type=Answer, partial=True), Partial[Answer | None])


def writes(pluvo: Pluvo) -> None:
    upserted = pluvo.users.upsert(ref="EMP-1", name="Anne", email="anne@example.com", roles=["PARTICIPANT"])
    assert_type(upserted, Upserted)
    rows: list[UserRow] = [{"ref": "EMP-1", "name": "Anne"}]
    report = pluvo.users.upsert_many(rows, key="ref", on_progress=lambda totals: print(totals.done))
    assert_type(report, Report)
    assert_type(report.created, int)
    assert_type(pluvo.groups.add_users(ref="sales", user_refs=["EMP-1"]), Membership)
    wanted: list[SyncRow] = [{"ref": "EMP-1", "groups": ["sales"], "values": {"department": "Care"}}]
    plan = pluvo.users.sync(wanted, archive_missing=True).plan()
    assert_type(plan, Plan)
    assert_type(plan.apply(archive_at_most=3), Applied)
    for value in (pluvo.users.get(ref="EMP-1") or upserted.user).extra_category_values or []:
        match value:
            case ExtraCategoryStringValue(string_value=text):
                assert_type(text, str | None)
            case ExtraCategoryBooleanValue(boolean_value=yes):
                assert_type(yes, bool | None)
            case _:
                pass


def fails(pluvo: Pluvo) -> float | None:
    try:
        pluvo.with_options(timeout=5, max_attempts=2).check()
    except RateLimitError as error:
        return error.retry_after
    return None


async def coroutines() -> None:
    async with AsyncPluvo.from_env() as pluvo:
        async for user in pluvo.users.list(archived=False):
            assert_type(user, User)
        assert_type(await pluvo.users.list().first(), User | None)
        assert_type(await pluvo.users.get(email="anne@example.com"), User | None)
        assert_type(await pluvo.query("{ a }", result_type=Answer), Answer)


def takes_parts(pluvo: Pluvo) -> list[str | None]:
    users = pluvo.users.list()
    one: User = users[5]
    return [one.name, *(user.name for user in users[100:150]), *(row["name"] for row in users.select("name")[:3])]


async def takes_parts_async(pluvo: AsyncPluvo) -> list[str | None]:
    users = pluvo.users.list()
    one: User = await users[5]
    return [one.name, *[user.name async for user in users[100:150]]]


def takes_outcomes(pluvo: Pluvo) -> int:
    with pluvo.users.upsert_many([{"ref": "EMP-1"}], stream=True) as outcomes:
        failed = [outcome.index for outcome in outcomes if outcome.error is not None]
    return outcomes.totals.created + len(failed)


async def takes_outcomes_async(pluvo: AsyncPluvo) -> int:
    report = await pluvo.users.upsert_many([{"ref": "EMP-1"}])
    async with pluvo.users.upsert_many([{"ref": "EMP-1"}], stream=True) as outcomes:
        failed = [outcome.index async for outcome in outcomes if outcome.error is not None]
    return outcomes.totals.created + report.created + len(failed)


def receives(body: bytes, headers: dict[str, str]) -> str:
    delivery = webhooks.verify(body, headers, ["old key", "new key"])
    match delivery.payload:
        case webhooks.UserPayload(id=id):
            return id
        case webhooks.GroupPayload(name=name):
            return name or ""
        case _:
            return delivery.key


# What is wrong is found: a checker that finds nothing wrong with these says that the comments are of no use.
def mistakes(pluvo: Pluvo) -> None:
    pluvo.users.list(archivd=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    pluvo.users.list(user_roles=["MANGER"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    pluvo.users.create(name="Anne")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    reversed(pluvo.users.list())  # pyright: ignore[reportArgumentType]
    pluvo.users.upsert_many([], key="name")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
