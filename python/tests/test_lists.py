"""Lists, by threads and by coroutines."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from pluvo_sdk import InvalidRequestError, Page, Pluvo, ServerError
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


def test_a_part_of_a_list(pluvo: Pluvo, pluvo_sandbox: Sandbox) -> None:
    users = pluvo.users.list()
    rows = list(users)
    pluvo_sandbox.control("DELETE", "log")
    part = users[30:110]
    assert pluvo_sandbox.log() == []
    assert list(part) == rows[30:110]
    assert len(part) == 80
    asked = [entry["variables"] for entry in pluvo_sandbox.log()]
    assert [variables.get("offset") for variables in asked] == [30, None]
    assert [len(page) for page in users[30:110].pages()] == [50, 30]
    for part in (slice(10), slice(100, None), slice(0), slice(50, 50), slice(60, 40), slice(115, 200), slice(200, 210)):
        assert users[part].to_list() == rows[part], part
    assert users[20:100][10:][:5].to_list() == rows[30:35]
    assert users[20:100][70:].to_list() == rows[90:100]
    assert users[:10].to_list(limit=20) == users[:10].limit(20).to_list() == rows[:10]
    assert users[30:110].page_size(7).to_list() == rows[30:110]
    assert users[30:32].select("id").to_list() == [{"id": row.id} for row in rows[30:32]]
    assert users[30:].first() == users[30] == users[20:40][10] == rows[30]
    assert users[0:0].first() is None
    assert users[119] == rows[119]
    for wrong in (lambda: users[120], lambda: users[20:40][20]):
        with pytest.raises(IndexError):
            wrong()


def test_what_is_no_part_of_a_list(pluvo: Pluvo) -> None:
    users = pluvo.users.list()
    for wrong in (lambda: users[-1], lambda: users[-3:], lambda: users[: -len("x")], lambda: users[::2]):
        with pytest.raises(ValueError, match="list"):
            wrong()
    # By its places it would be read row by row.
    with pytest.raises(TypeError):
        reversed(users)  # type: ignore[call-overload]
    # The first rows of any list can be had, others only where Pluvo documents how.
    assert len(pluvo.certificates.list()[:3].to_list()) == 3
    with pytest.raises(InvalidRequestError, match="offset"):
        pluvo.certificates.list()[3:].to_list()
    with pytest.raises(InvalidRequestError, match="offset"):
        pluvo.certificates.list()[3]
    with pytest.raises(InvalidRequestError, match="offset"):
        users.parallel(4)[3:].to_list()


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
            assert [user async for user in users[30:110]] == await users[30:110].to_list() == rows[30:110]
            assert await users[5] == await users[2:9][3] == rows[5]
            with pytest.raises(IndexError):
                await users[120]
            with pytest.raises(ValueError, match="list"):
                users[-1]
            with pytest.raises(TypeError):
                iter(users)  # type: ignore[call-overload]

    asyncio.run(work())
