"""Many rows whose outcomes are taken one by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from pluvo_sdk import Pluvo
from pluvo_sdk.models import BulkTotals, RowOutcome, RowState
from pluvo_sdk.testing import Sandbox


class Source:
    """Rows, and how many of them were taken."""

    def __init__(self, count: int, fails_at: int | None = None) -> None:
        self.taken = 0
        self._count = count
        self._fails_at = fails_at

    def __iter__(self) -> Iterator[dict[str, str]]:
        for number in range(self._count):
            if number == self._fails_at:
                raise LookupError("no further row")
            self.taken += 1
            yield {"ref": f"S-{number}", "name": f"Person {number}", "email": f"s-{number}@example.com"}

    async def __aiter__(self) -> AsyncIterator[dict[str, str]]:
        for row in self:
            yield row


def created(sandbox: Sandbox) -> int:
    with sandbox.client() as pluvo:
        return sum(1 for user in pluvo.users.list() if (user.ref or "").startswith("S-"))


def test_outcomes_come_in_the_order_of_the_rows(pluvo: Pluvo) -> None:
    source = Source(2500)
    told: list[BulkTotals] = []
    heard: list[RowOutcome] = []
    outcomes = pluvo.users.upsert_many(source, stream=True, on_progress=told.append, on_outcome=heard.append)
    assert source.taken == 0
    first = next(outcomes)
    assert (first.index, first.outcome) == (0, RowState.CREATED)
    # Rows are taken as outcomes are asked for: what is on its way is bounded.
    assert source.taken < 2500
    rest = list(outcomes)
    assert [outcome.index for outcome in rest] == list(range(1, 2500))
    assert heard == [first, *rest]
    assert outcomes.totals.created == told[-1].created == told[-1].total == 2500


@pytest.mark.parametrize("leave", [lambda o: o.close(), lambda o: o.__exit__(None, None, None)])
def test_who_leaves_takes_no_more_rows(pluvo: Pluvo, pluvo_sandbox: Sandbox, leave: Callable[[object], object]) -> None:
    source = Source(5000)
    heard: list[RowOutcome] = []
    outcomes = pluvo.users.upsert_many(source, stream=True, on_outcome=heard.append)
    next(outcomes)
    leave(outcomes)
    assert source.taken < 5000
    # What was in flight is finished and told.
    assert created(pluvo_sandbox) == len(heard) == outcomes.totals.created


def test_a_loop_that_is_left_takes_no_more_rows(pluvo: Pluvo, pluvo_sandbox: Sandbox) -> None:
    source = Source(5000)
    heard: list[RowOutcome] = []
    for outcome in pluvo.users.upsert_many(source, stream=True, on_outcome=heard.append):
        if outcome.index == 7:
            break
    assert source.taken < 5000
    assert created(pluvo_sandbox) == len(heard)


def test_stopping_tells_what_was_in_flight(pluvo: Pluvo, pluvo_sandbox: Sandbox) -> None:
    source = Source(5000)
    outcomes = pluvo.users.upsert_many(source, stream=True)
    next(outcomes)
    outcomes.stop()
    assert created(pluvo_sandbox) == 1 + len([row for row in outcomes if row.outcome is RowState.CREATED])
    assert source.taken < 5000


def test_rows_that_fail_to_come_are_told_last(pluvo: Pluvo, pluvo_sandbox: Sandbox) -> None:
    heard: list[RowOutcome] = []
    with pytest.raises(LookupError, match="no further row"):
        pluvo.users.upsert_many(Source(5000, fails_at=650), on_outcome=heard.append)
    # What came before is written and told.
    assert len(heard) == created(pluvo_sandbox) == 650
    outcomes = pluvo.users.upsert_many(Source(5000, fails_at=450), stream=True)
    read = [next(outcomes).index for _ in range(450)]
    assert read == list(range(450))
    with pytest.raises(LookupError, match="no further row"):
        next(outcomes)


def test_coroutines(pluvo_sandbox: Sandbox) -> None:
    async def work() -> None:
        async with pluvo_sandbox.async_client() as pluvo:
            outcomes = pluvo.users.upsert_many(Source(450), stream=True)
            assert [outcome.index async for outcome in outcomes] == list(range(450))
            assert outcomes.totals.created == 450
            source = Source(5000)
            async with pluvo.users.upsert_many(source, stream=True) as outcomes:
                async for outcome in outcomes:
                    if outcome.index == 7:
                        break
            assert source.taken < 5000
            source = Source(5000)
            outcomes = pluvo.users.upsert_many(source, stream=True)
            await anext(outcomes)
            outcomes.stop()
            assert source.taken > len([outcome async for outcome in outcomes])
            heard: list[RowOutcome] = []
            with pytest.raises(LookupError, match="no further row"):
                await pluvo.users.upsert_many(Source(5000, fails_at=350), on_outcome=heard.append)
            assert len(heard) == 350

    asyncio.run(work())
