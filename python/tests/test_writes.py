"""Writing: single calls, many rows, syncs, files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from uuid import UUID

import pytest

from pluvo_sdk import ConflictError, InvalidRequestError, NotFoundError, Pluvo
from pluvo_sdk.inputs import SyncRow
from pluvo_sdk.models import BulkTotals, ExtraCategoryStringValue, Role, RowOutcome, RowState, SyncAction
from pluvo_sdk.testing import Sandbox


def people(count: int) -> Iterator[dict[str, str]]:
    return ({"ref": f"NEW-{n}", "name": f"Person {n}", "email": f"new-{n}@example.com"} for n in range(count))


def test_single_writes(pluvo: Pluvo, pluvo_sandbox: Sandbox) -> None:
    created = pluvo.users.create(name="Anne", email="anne@example.com", ref="EMP-1", roles=[Role.MANAGER, "TRAINER"])
    assert created.roles == [Role.MANAGER, Role.TRAINER]
    with pytest.raises(ConflictError):
        pluvo.users.create(name="Anne", email="anne@example.com")
    upserted = pluvo.users.upsert(ref="EMP-1", name="Anne J.")
    assert not upserted.created
    assert upserted.user.id == created.id
    assert pluvo.users.update(ref="EMP-1", language="EN").language == "EN"
    assert pluvo.users.set_archived(id=UUID(created.id), archived=True).archived
    with pytest.raises(NotFoundError):
        pluvo.users.update(ref="nobody", name="x")
    with pytest.raises(InvalidRequestError):
        pluvo.users.update(name="x")
    group = pluvo.groups.create(name="Sales", ref="sales")
    done = pluvo.groups.add_users(ref="sales", user_refs=["EMP-1"])
    assert [str(id) for id in done.added] == [created.id]
    assert [user.id for user in pluvo.groups.members(ref="sales")] == [created.id]
    assert pluvo.groups.delete(id=group.id) is None
    # Nobody was mailed without having been asked for.
    assert pluvo_sandbox.outbox() == []
    pluvo.users.upsert(ref="EMP-2", name="Bo", email="bo@example.com", notify=True)
    assert len(pluvo_sandbox.outbox()) == 1


def test_extra_values(pluvo: Pluvo) -> None:
    pluvo.users.create(name="Anne", email="anne@example.com", ref="EMP-1")
    pluvo.extra_categories.create(name="My text", ref="my_text", category_type="TEXT", for_model_types=["USER"])
    values = pluvo.extra_categories.set_values(content_type="USER", ref="EMP-1", values={"my_text": "Care"})
    assert [value.string_value for value in values if isinstance(value, ExtraCategoryStringValue)] == ["Care"]
    assert pluvo.extra_categories.kinds(content_type="USER")["my_text"] == "TEXT"


def test_filters_take_values_of_python(pluvo: Pluvo, pluvo_sandbox: Sandbox) -> None:
    moment = datetime(2026, 1, 1, tzinfo=timezone.utc)
    list(pluvo.users.list(last_login_gt=moment, user_roles={Role.MANAGER}))
    variables = pluvo_sandbox.log()[-1]["variables"]
    assert variables["lastLoginGt"] == "2026-01-01T00:00:00Z"
    assert variables["userRoles"] == ["MANAGER"]


def test_many_rows(pluvo: Pluvo) -> None:
    totals: list[BulkTotals] = []
    outcomes: list[RowOutcome] = []
    rows = [
        *people(450),
        {"name": "no key"},
        {"ref": "x", "nmae": "y"},
        {"ref": "X-1", "name": "y", "email": "no address"},
    ]
    report = pluvo.users.upsert_many(iter(rows), key="ref", on_progress=totals.append, on_outcome=outcomes.append)
    assert (report.created, report.failed, report.updated, report.indeterminate) == (450, 3, 0, 0)
    assert not report.is_complete
    assert [row.index for row in report.outcomes] == list(range(453))
    assert report.outcomes == outcomes
    assert totals[-1] == report.totals
    assert totals[-1].total == 453
    errors = [row.error for row in report.unfinished]
    assert all(isinstance(error, InvalidRequestError) for error in errors)
    assert "nmae" in str(errors[1])
    assert report.outcomes[0].outcome is RowState.CREATED
    again = pluvo.users.upsert_many(people(3))
    assert (again.created, again.updated + again.unchanged) == (0, 3)
    archived = pluvo.users.archive_many([{"ref": "NEW-1"}, {"ref": "nobody"}])
    assert archived.failed == 1


def test_rows_may_be_dataclasses(pluvo: Pluvo) -> None:
    @dataclass
    class Person:
        ref: str
        name: str
        email: str

    assert pluvo.users.upsert_many([Person("P-1", "A", "p1@example.com")]).created == 1  # type: ignore[list-item]


def test_a_callback_that_raises_ends_the_call(pluvo: Pluvo) -> None:
    def refuse(outcome: RowOutcome) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        pluvo.users.upsert_many(people(500), on_outcome=refuse)


def test_a_sync(pluvo: Pluvo, tmp_path: Path) -> None:
    rows: list[SyncRow] = [
        {"ref": user.ref or "", "name": user.name or "", "email": user.email or "", "leaving": bool(user.archived)}
        for user in pluvo.users.list()
    ]
    next(row for row in rows if not row["leaving"])["name"] = "Another name"
    plan = pluvo.users.sync([*rows, {"ref": "NEW", "name": "New", "email": "new@example.com"}]).plan()
    assert plan.summary.create == 1
    actions = [step.action for step in plan.steps]
    assert SyncAction.CREATE in actions
    changes = [change for step in plan.steps for change in step.changes]
    assert any(change.field == "name" and change.to == "Another name" for change in changes)
    told: list[BulkTotals] = []
    applied = plan.apply(journal=tmp_path / "journal.jsonl", on_progress=told.append)
    assert applied.complete
    assert applied.done == len(plan.steps)
    assert told[-1].done == len(plan.steps)
    assert pluvo.users.sync([*rows, {"ref": "NEW", "name": "New", "email": "new@example.com"}]).plan().is_empty


def test_a_sync_that_archives_too_many_is_refused(pluvo: Pluvo) -> None:
    plan = pluvo.users.sync([], archive_missing=True).plan()
    assert plan.summary.archive > 10
    with pytest.raises(InvalidRequestError):
        plan.apply()
    assert pluvo.users.list(archived=False).count() == plan.summary.active


def test_files(pluvo: Pluvo, tmp_path: Path) -> None:
    path = tmp_path / "anne.png"
    path.write_bytes(b"picture")
    for content in (b"picture", path, str(path)):
        file = pluvo.files.upload(content=content, name="anne.png", media_type="image/png")
        assert isinstance(file.id, UUID)
    assert pluvo.files.upload_large(content=path).id
    prepared = pluvo.files.create(name="handbook.pdf")
    pluvo.files.store(prepared=prepared, content=b"pages", name="handbook.pdf")
    with pytest.raises(InvalidRequestError):
        pluvo.files.upload(content=tmp_path / "nothing.png")


def test_coroutines(pluvo_sandbox: Sandbox) -> None:
    async def rows() -> AsyncIterator[dict[str, str]]:
        for row in people(250):
            yield row

    async def work() -> None:
        async with pluvo_sandbox.async_client() as pluvo:
            seen: list[RowOutcome] = []
            report = await pluvo.users.upsert_many(rows(), on_outcome=seen.append)
            assert report.created == len(seen) == 250
            assert (await pluvo.users.upsert_many(people(2))).created == 0
            plan = await pluvo.users.sync([{"ref": "NEW-1", "name": "Changed", "email": "new-1@example.com"}]).plan()
            applied = await plan.apply()
            assert applied.complete
            assert plan.summary.update == 1
            user = await pluvo.users.get(ref="NEW-1")
            assert user is not None
            assert user.name == "Changed"
            assert (await pluvo.files.upload(content=b"x", name="x.txt")).id

    asyncio.run(work())
