"""What the users of a plain HTTP or GraphQL client write themselves: the loop over pages."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, Protocol

PAGE = 50


class Page(NamedTuple):
    """A page of which every row was looked at."""

    rows: int
    mark: int
    """The number of its last row: proof that it is this page."""
    next: str | None


class Peer(Protocol):
    """Somebody who can do the jobs, for threads."""

    def page(self, variables: dict[str, Any]) -> Page: ...
    def one(self) -> None: ...


class AsyncPeer(Protocol):
    """The same for coroutines."""

    async def page(self, variables: dict[str, Any]) -> Page: ...
    async def one(self) -> None: ...


def headers(job: dict[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {job['token']}", "content-type": "application/json"}


def read(answer: dict[str, Any]) -> Page:
    """Goes through the rows of an answer that consists of dictionaries."""
    connection = answer["paginatedUsers"]
    rows = 0
    for edge in connection["edges"]:
        row = edge["node"]
        rows += 1
    info = connection["pageInfo"]
    return Page(rows, number(row["ref"]), info["endCursor"] if info["hasNextPage"] else None)


def number(reference: str) -> int:
    """The number in `EMP-000123`."""
    return int(reference[4:])


def begin() -> None:
    """Everything is warm: waits until the work is to begin."""
    print("ready", flush=True)
    sys.stdin.readline()


def tell(rows: int = 0, marks: int = 0) -> None:
    print(f'{{"rows": {rows}, "marks": {marks}}}', flush=True)


def after(cursor: str | None) -> dict[str, Any]:
    return {"first": PAGE, "after": cursor}


def at(page: int) -> dict[str, Any]:
    return {"first": PAGE, "offset": page * PAGE}


def contest(job: dict[str, Any], peer: Peer) -> None:
    """Does a job with threads, where several pages are in flight."""
    task, in_flight = job["task"], job["inFlight"]
    if task == "start":
        return tell()
    peer.page(after(None))
    begin()
    if task == "one":
        for _ in range(job["calls"]):
            peer.one()
        return tell()
    rows = marks = 0
    if in_flight == 1:
        cursor = None
        while True:
            page = peer.page(after(cursor))
            rows += page.rows
            marks += page.mark
            cursor = page.next
            if cursor is None:
                return tell(rows, marks)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(in_flight) as threads:
        for page in threads.map(peer.page, map(at, range(job["pages"]))):
            rows += page.rows
            marks += page.mark
    return tell(rows, marks)


async def contest_async(job: dict[str, Any], peer: AsyncPeer) -> None:
    """Does a job with tasks, where several pages are in flight."""
    task, in_flight = job["task"], job["inFlight"]
    if task == "start":
        return tell()
    await peer.page(after(None))
    begin()
    if task == "one":
        for _ in range(job["calls"]):
            await peer.one()
        return tell()
    rows = marks = 0
    if in_flight == 1:
        cursor = None
        while True:
            page = await peer.page(after(cursor))
            rows += page.rows
            marks += page.mark
            cursor = page.next
            if cursor is None:
                return tell(rows, marks)
    import asyncio

    pages = iter(range(job["pages"]))

    async def work() -> tuple[int, int]:
        rows = marks = 0
        for number in pages:
            page = await peer.page(at(number))
            rows += page.rows
            marks += page.mark
        return rows, marks

    done = await asyncio.gather(*(work() for _ in range(in_flight)))
    return tell(sum(rows for rows, _ in done), sum(marks for _, marks in done))


def run(main: Callable[[], Awaitable[None]]) -> None:
    import asyncio

    asyncio.run(main())  # type: ignore[arg-type]
