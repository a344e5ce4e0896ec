"""Bringing the people of an organisation in line with rows: plan first, then apply."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ._bulk import plain
from ._generated.models import Applied, BulkTotals, SyncProblem, SyncStep, SyncSummary
from ._model import Model
from ._wire import decode, encode

if TYPE_CHECKING:
    from os import PathLike

    from . import _native
    from ._core import Core
    from ._native import Work


class _Described(Model, frozen=True, kw_only=True):
    summary: SyncSummary
    steps: list[SyncStep]
    problems: list[SyncProblem]


class _Planned:
    """What a sync would do. Nothing has been written."""

    def __init__(self, core: Core, plan: _native.Plan) -> None:
        self._core = core
        self._plan = plan
        described: _Described = decode(plan.describe(), _Described)
        self.summary: SyncSummary = described.summary
        """The plan in numbers."""
        self.steps: list[SyncStep] = described.steps
        """What would be done, in the order of the rows."""
        self.problems: list[SyncProblem] = described.problems
        """What is left alone, and why."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be done."""
        return not self.steps

    def stop(self) -> None:
        """Begins no further step, from another thread or task. What is in flight is finished and told."""
        self._plan.stop()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.summary!r})"

    def _apply(self, args: dict[str, Any], on_progress: Callable[[BulkTotals], object] | None) -> Work:
        def tell(progress: str) -> None:
            if on_progress is not None:
                on_progress(decode(progress, BulkTotals))

        hook = tell if on_progress is not None else None
        return self._plan.apply(encode({"args": args}), hook)


class Plan(_Planned):
    """What a sync would do. Nothing has been written."""

    def apply(
        self,
        *,
        archive_share: float | None = None,
        archive_at_most: int | None = None,
        problem_share: float | None = None,
        journal: str | PathLike[str] | None = None,
        notify: bool | None = None,
        batch: int | None = None,
        in_flight: int | None = None,
        on_progress: Callable[[BulkTotals], object] | None = None,
    ) -> Applied:
        """Carries it out, once.

        Args:
            archive_share: The share of active people that may be archived, from 0 to 1. A tenth where nothing is said.
            archive_at_most: The number of people that may be archived, whatever the share.
            problem_share: The share of rows that may be unusable, from 0 to 1. A tenth where nothing is said.
            journal: A file in which is written down what is done, so that an interrupted run can be gone on with.
            notify: Whether to mail an invitation to people who are created.
            batch: People in a request.
            in_flight: Requests in flight.
            on_progress: Is told how far it is, ten times a second at most.

        Raises:
            InvalidRequestError: It would archive too many, or too many rows are unusable. Nothing was written then.
            PluvoError: Whatever else can befall a request. What befalls single steps is told with them.
        """
        args = _args(archive_share, archive_at_most, problem_share, journal, notify, batch, in_flight)
        return decode(self._core.wait(self._apply(args, on_progress)), Applied)


class AsyncPlan(_Planned):
    """What a sync would do. Nothing has been written."""

    async def apply(
        self,
        *,
        archive_share: float | None = None,
        archive_at_most: int | None = None,
        problem_share: float | None = None,
        journal: str | PathLike[str] | None = None,
        notify: bool | None = None,
        batch: int | None = None,
        in_flight: int | None = None,
        on_progress: Callable[[BulkTotals], object] | None = None,
    ) -> Applied:
        """Carries it out, once. The arguments are those of `Plan.apply`; `on_progress` is called on another thread."""
        args = _args(archive_share, archive_at_most, problem_share, journal, notify, batch, in_flight)
        return decode(await self._core.settle(self._apply(args, on_progress)), Applied)


def _args(
    archive_share: float | None,
    archive_at_most: int | None,
    problem_share: float | None,
    journal: str | PathLike[str] | None,
    notify: bool | None,
    batch: int | None,
    in_flight: int | None,
) -> dict[str, Any]:
    return {
        "archiveShare": archive_share,
        "archiveAtMost": archive_at_most,
        "problemShare": problem_share,
        "journal": None if journal is None else str(journal),
        "notify": notify,
        "batch": batch,
        "inFlight": in_flight,
    }


class _Comparison:
    def __init__(self, core: Core, rows: Iterable[Any], args: dict[str, Any]) -> None:
        self._core = core
        self._request = encode({"args": {**args, "rows": [plain(row) for row in rows]}})


class Sync(_Comparison):
    """A sync that is about to be planned. Nothing is read before it is."""

    def plan(self) -> Plan:
        """Reads the organisation and compares. A plan is made of a complete reading or not at all.

        Raises:
            PluvoError: Whatever can befall the reading.
        """
        return Plan(self._core, self._core.wait(self._core.session.plan(self._request)))


class AsyncSync(_Comparison):
    """A sync that is about to be planned. Nothing is read before it is."""

    async def plan(self) -> AsyncPlan:
        """Reads the organisation and compares. A plan is made of a complete reading or not at all.

        Raises:
            PluvoError: Whatever can befall the reading.
        """
        return AsyncPlan(self._core, await self._core.settle(self._core.session.plan(self._request)))
