"""One client and several threads: each of these runs on all of them at once, too."""

from __future__ import annotations

import asyncio

from pluvo_sdk import Pluvo
from pluvo_sdk.testing import Sandbox


def test_lists(pluvo: Pluvo) -> None:
    users = pluvo.users.list()
    assert len(list(users)) == users.count() == 60
    assert len(users.parallel(4).to_list()) == 60


def test_tables(pluvo: Pluvo) -> None:
    assert pluvo.users.list().to_arrow().num_rows == 60


def test_calls(pluvo: Pluvo) -> None:
    user = pluvo.users.list().first()
    assert user is not None
    again = pluvo.users.get(id=user.id)
    assert again is not None
    assert again.name == user.name
    assert pluvo.query("{ paginatedUsers(first: 1) { count } }")["paginatedUsers"]["count"] == 60


def test_loops(pluvo_sandbox: Sandbox) -> None:
    async def work() -> int:
        async with pluvo_sandbox.async_client() as pluvo:
            return len([user async for user in pluvo.users.list()])

    assert asyncio.run(work()) == 60
