"""Runs a scenario through a face and says what was wrong with what came of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

from . import account, check
from .check import Seen
from .faces import AsyncFace, SyncFace, main_thread
from .house import TRUTH, House, Json
from .stage import Stage

#: Seconds. No time is asserted: this ends a test that would never end.
HUNG = 60


def run(scenario: Json, house: House, kind: type[SyncFace] | type[AsyncFace]) -> list[str]:
    """What was wrong. Steps are carried out on another thread, so that the main thread can be interrupted."""
    stage = Stage(scenario, house, time.time())
    face = kind(stage)
    wrong: list[str] = []
    try:
        running = Run(stage, face)

        def work() -> None:
            try:
                wrong.extend(running.whole())
            except BaseException as error:
                wrong.append(f"{type(error).__name__}: {error}")
                raise
            finally:
                main_thread.put(None)

        thread = threading.Thread(target=work)
        thread.start()
        while (job := main_thread.get()) is not None:
            job()
        thread.join()
    finally:
        face.close()
        stage.close()
    return wrong


class Run:
    """A scenario that is being run."""

    def __init__(self, stage: Stage, face: SyncFace | AsyncFace) -> None:
        self._stage = stage
        self._face = face
        self._positions: dict[str, str] = {}
        self._background: dict[str, tuple[Json, Future[Seen]]] = {}
        self._lists: list[tuple[Json, list[Json]]] = []
        self._cancelled = {step["cancel"] for step in stage.scenario["steps"] if "cancel" in step}

    def whole(self) -> Iterator[str]:
        wrong: list[str] = []
        for number, step in enumerate(self._stage.scenario["steps"], 1):
            wrong += [f"step {number}: {what}" for what in self._step(step)]
        log = self._stage.sandbox.log()
        wrong += self._end(log)
        if wrong:
            yield from wrong
            yield f"the requests were:\n{_summary(log)}"

    def _step(self, step: Json) -> Iterator[str]:
        if "call" in step:
            yield from self._call(step)
        elif "join" in step:
            call, future = self._background.pop(step["join"])
            yield from self._judge(call, step.get("expect", {}), future.result(HUNG))
        elif "cancel" in step:
            _, future = self._background.pop(step["cancel"])
            if not self._face.cancel(future):
                yield f"{step['cancel']} was over before it could be given up"
        elif "until" in step:
            yield from self._until(step["until"])
        elif "advance" in step:
            advance = step["advance"]
            if "sandbox" in advance:
                self._stage.sandbox.advance(advance["sandbox"])
            self._face.advance(advance.get("client"), advance.get("calendar"))
        else:
            control = step["control"]
            path = control["path"].removeprefix("/__sandbox/")
            self._stage.sandbox.control(control["method"], path, control.get("body"))

    def _call(self, step: Json) -> Iterator[str]:
        how = step.get("how", {})
        after = self._positions[how["after"]] if "after" in how else how.get("after_text")
        name = step.get("background")
        if name is not None:
            future = self._face.begin(step, after, to_be_cancelled=name in self._cancelled)
            self._background[name] = (step, future)
            return
        for future in self._face.begin_all(step, after, step.get("concurrently", 1)):
            yield from self._judge(step, step.get("expect", {}), future.result(HUNG))

    def _judge(self, step: Json, expected: Json, seen: Seen) -> Iterator[str]:
        yield from check.outcome(expected, seen)
        args = step.get("args", {})
        if expected.get("rows", "kept") != "kept":
            yield from check.rows(expected["rows"], seen.rows, self._stage.rows(step["call"], args))
        keep = step.get("how", {}).get("keep")
        if keep is not None:
            if seen.position is None:
                yield f"there is no position to keep as {keep}"
            else:
                self._positions[keep] = seen.position
        if step["call"] in TRUTH:
            self._lists.append((step, seen.rows))

    def _until(self, until: Json) -> Iterator[str]:
        deadline = time.monotonic() + HUNG / 6
        while time.monotonic() < deadline:
            log = self._stage.sandbox.log()
            seen = {"tokens": len(account.of(log, "token")), "graphql": len(account.of(log, "graphql"))}
            if all(seen[name] >= number for name, number in until.items()):
                return
        yield f"{until} never came; there were {seen}"

    def _end(self, log: list[Json]) -> Iterator[str]:
        expected = self._stage.scenario.get("expect", {})
        yield from account.requests(expected, log)
        yield from account.faults(expected, self._stage.sandbox.control("GET", "faults")["faults"])
        yield from account.outbox(expected, self._stage.sandbox.control("GET", "outbox"))
        trapped = self._stage.trap.log()
        if trapped:
            yield f"{len(trapped)} requests went to the host that may not be called"
        if "waited" in expected:
            yield from account.waits(expected["waited"], self._face.clock.waits())
        said = self._face.log()
        yield from (f"the log does not say {text!r}: {said}" for text in expected.get("logs", []) if text not in said)
        secrets = self._secrets(expected)
        yield from account.leaks(secrets, said, "the log")
        yield from account.leaks(secrets, self._face.told(), "what the client gave off")
        mode = expected.get("store_mode")
        if mode is not None and mode != self._face.store_mode():
            yield f"the token file's mode: {mode} expected, {self._face.store_mode()} seen"
        yield from self._rows(expected.get("rows"))

    def _secrets(self, expected: Json) -> list[str]:
        auth: dict[str, Any] = self._stage.scenario.get("client", {}).get("auth", {})
        own = {"credentials": auth.get("secret", "sandbox-secret"), "token": auth.get("value")}
        secret = own.get(auth.get("kind", "credentials"))
        return [*expected.get("secrets", []), "sandbox-token-", *([secret] if secret else [])]

    def _rows(self, together: Json) -> Iterator[str]:
        """The rows of all steps together, and those that need a reading at the end."""
        for step, seen in self._lists:
            if step.get("expect", {}).get("rows") == "kept":
                yield from self._against("kept", step, seen)
        if together is not None and self._lists:
            everything = [row for _, seen in self._lists for row in seen]
            yield from self._against(together, self._lists[0][0], everything)

    def _against(self, expected: Json, step: Json, seen: list[Json]) -> Iterator[str]:
        call, args = step["call"], step.get("args", {})
        after = self._stage.rows_now(call, args) if expected == "kept" else None
        yield from check.rows(expected, seen, self._stage.rows(call, args), after)


def _summary(log: list[Json]) -> str:
    return "\n".join(
        f"  {entry['seq']} {entry.get('operation') or entry['path']} {entry.get('variables') or ''} "
        f"-> {entry.get('status')} {entry.get('fault') or ''}"
        for entry in log[:40]
    )
