"""Lists, by threads and by coroutines."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from pluvo_sdk import Page, Pluvo, ServerError
from pluvo_sdk.models import User
from pluvo_sdk.testing import Sandbox


@pytest.fixture(scope="module")
def pluvo_sandbox_process() -> Iterator[Sandbox]:
    with Sandbox(users=120) as sandbox:
        yield sandbox


def test_rows_and_pages(pluvo: Pluvo) -> None:
    users = pluvo.users.list()
    with pytest.raises(TypeError):
        len(users)
    assert users
    rows = list(users)
    assert len(rows) == len(users) == users.count() == 120
    assert all(isinstance(row, User) for row in rows)
    pages = list(users.pages())
    assert [len(page) for page in pages] == [50, 50, 20]
    assert pages[0].count == 120
    assert pages[0].has_next
    assert not pages[2].has_next
    assert [row for page in pages for row in page] == rows
    assert pages[0][0] == rows[0]
    assert pages[0][:3] == rows[:3]
    assert isinstance(pages[0], Page)
    assert users.first() == rows[0]
    assert users.to_list(limit=7) == rows[:7]
    assert users.limit(60).to_list() == rows[:60]
    assert users.parallel(8).to_list() == rows
    assert [len(page) for page in users.page_size(30).pages()] == [30] * 4
    assert pluvo.users.list(q="nobody is called so").first() is None


def test_a_list_is_read_anew_each_time(pluvo: Pluvo, pluvo_sandbox: Sandbox) -> None:
    users = pluvo.users.list()
    assert list(users) == list(users)
    assert len([entry for entry in pluvo_sandbox.log() if entry["operation"] == "Users"]) == 6


def test_plain_rows(pluvo: Pluvo) -> None:
    rows = pluvo.users.list().select("id name participantGroups { name }").to_list(limit=3)
    assert {*rows[0]} == {"id", "name", "participantGroups"}


def test_a_position_is_gone_on_from(pluvo: Pluvo) -> None:
    users = pluvo.users.list()
    rows = list(users)
    page = next(users.pages())
    assert page.position is not None
    assert list(users.after(page.position)) == rows[50:]


def test_a_reading_goes_on_after_an_error(pluvo_sandbox: Sandbox) -> None:
    fault = {"from": 2, "times": 1, "do": {"kind": "status", "status": 503}}
    with pluvo_sandbox.client(retry={"max_attempts": 1}, paging={"prefetch": False}) as pluvo:
        everything = list(pluvo.users.list())
        pluvo_sandbox.control("DELETE", "log")
        pluvo_sandbox.add_faults(fault)
        pages = pluvo.users.list().pages()
        found = list(next(pages))
        with pytest.raises(ServerError) as raised:
            next(pages)
        assert raised.value.status == 503
        found += [row for page in pages for row in page]
        assert found == everything


def test_coroutines(pluvo_sandbox: Sandbox) -> None:
    async def work() -> None:
        async with pluvo_sandbox.async_client() as pluvo:
            users = pluvo.users.list()
            rows = [user async for user in users]
            assert len(rows) == len(users) == await users.count() == 120
            assert [len(page) async for page in users.pages()] == [50, 50, 20]
            assert await users.first() == rows[0]
            assert await users.to_list(limit=7) == rows[:7]
            assert await users.parallel(4).to_list() == rows
            assert len(await users.select("id").to_list()) == 120
            assert await pluvo.users.list(q="nobody is called so").first() is None

    asyncio.run(work())
