"""Nothing is left over. `PLUVO_LEAK_TEST=full` makes 10,000 clients and reads 100,000 pages."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pluvo_sdk import AsyncPluvo
from pluvo_sdk.testing import Sandbox

FULL = os.environ.get("PLUVO_LEAK_TEST") == "full"
CLIENTS = 10_000 if FULL else 300
PAGES = 100_000 if FULL else 600
#: What an allocator may keep.
SLACK = 24 << 20

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is told by /proc"),
    pytest.mark.thread_unsafe(reason="what other threads take would count"),
]


def held() -> tuple[int, int, int]:
    """Bytes, threads and files."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))


def leaks_nothing(work: Callable[[int], None], times: int) -> None:
    work(max(times // 10, 1))
    memory, threads, files = held()
    work(times)
    after = held()
    assert after[0] - memory < SLACK, f"{(after[0] - memory) >> 20} MiB more"
    assert after[1] <= threads + 8
    assert after[2] <= files + 8


def test_clients(pluvo_sandbox: Sandbox) -> None:
    def work(times: int) -> None:
        for number in range(times):
            with pluvo_sandbox.client() as pluvo:
                if number % 10 == 0:
                    pluvo.users.list(q="a").count()

    leaks_nothing(work, CLIENTS)


def test_pages(pluvo_sandbox: Sandbox) -> None:
    with pluvo_sandbox.client() as pluvo:

        def work(times: int) -> None:
            read = 0
            while read < times:
                read += sum(1 for _ in pluvo.users.list().page_size(5).pages())

        leaks_nothing(work, PAGES)


def test_coroutines_that_are_given_up(pluvo_sandbox: Sandbox) -> None:
    async def give_up(pluvo: AsyncPluvo, times: int) -> None:
        for _ in range(times):
            tasks = [asyncio.ensure_future(pluvo.users.list().count()) for _ in range(10)]
            await asyncio.sleep(0)
            for task in tasks[:5]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def once(times: int) -> None:
        async with pluvo_sandbox.async_client() as pluvo:
            await give_up(pluvo, times)

    leaks_nothing(lambda times: asyncio.run(once(times)), CLIENTS // 30)


def test_a_thousand_tasks_share_a_client(pluvo_sandbox: Sandbox) -> None:
    async def work() -> list[int]:
        async with pluvo_sandbox.async_client() as pluvo:
            return await asyncio.gather(*(pluvo.users.list(q=str(n)).count() for n in range(1000)))

    assert len(asyncio.run(work())) == 1000
    tokens = [entry for entry in pluvo_sandbox.log() if entry["path"] == "/oauth/token/"]
    assert len(tokens) == 1
