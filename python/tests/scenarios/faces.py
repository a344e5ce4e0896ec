"""The package as scenarios call it, by threads and by coroutines."""

from __future__ import annotations

import asyncio
import inspect
import logging
import queue
import signal
import stat
import tempfile
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import msgspec

from pluvo_sdk import AsyncPluvo, Pluvo, PluvoError, _native, webhooks
from pluvo_sdk._reading import Reading

from .check import Failed, Seen
from .house import Json, milliseconds, seconds
from .stage import Stage

_GROUPS = {"retry", "retry_budget", "renewal", "limits", "timeouts"}
_SPANS = {
    "base_delay", "max_delay", "total", "max_retry_after", "window", "ahead", "margin", "pause", "provider_timeout",
    "connect", "read", "attempt",
}  # fmt: skip


class Face:
    """What both faces share."""

    kind: type[Any]
    is_async: bool

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._clients: dict[str, Any] = {}
        self._making = threading.Lock()
        self._told: list[str] = []
        self.clock = _native.TestClock()
        self._folder = tempfile.TemporaryDirectory()
        self._closing = threading.Event()
        self._log = _Log()
        logger = logging.getLogger("pluvo_sdk")
        logger.setLevel(5)
        logger.addHandler(self._log)

    def close(self) -> None:
        self._closing.set()
        logger = logging.getLogger("pluvo_sdk")
        logger.removeHandler(self._log)
        logger.setLevel(logging.NOTSET)
        self._folder.cleanup()

    def log(self) -> str:
        return "\n".join(self._log.lines)

    def told(self) -> str:
        return "\n".join([*self._told, *map(repr, self._clients.values()), *map(str, self._clients.values())])

    def store_mode(self) -> str | None:
        path = Path(self._folder.name) / "token.json"
        return f"{stat.S_IMODE(path.stat().st_mode):o}" if path.exists() else None

    def advance(self, client: str | None, calendar: str | None) -> None:
        if client is not None:
            self.clock.advance(milliseconds(client))
        if calendar is not None:
            self.clock.shift_wall(milliseconds(calendar))

    def client(self, name: str) -> Any:
        with self._making:
            if name not in self._clients:
                self._clients[name] = self.kind(**self._settings(), _clock=self.clock)
            return self._clients[name]

    def _settings(self) -> dict[str, Any]:
        given = dict(self._stage.scenario.get("client", {}))
        auth = given.pop("auth", {"kind": "credentials"})
        store = given.pop("store", None)
        trust = given.pop("trust", False)
        settings: dict[str, Any] = {"proxy": False, "on_request": lambda attempt: self._told.append(repr(attempt))}
        settings["base_url"] = given.pop("organization", self._stage.sandbox.url)
        if not settings["base_url"].startswith("http"):
            settings["organization"] = settings.pop("base_url")
        if auth["kind"] == "credentials":
            settings["client_id"] = auth.get("id", "sandbox")
            settings["client_secret"] = auth.get("secret", "sandbox-secret")
        elif auth["kind"] == "token":
            settings["token"] = auth["value"] if "value" in auth else self._stage.sandbox.token()
        else:
            settings["token"] = self._provider(auth["does"])
        if store is not None:
            path = Path(self._folder.name) / "token.json"
            if "holds" in store and not path.exists():
                path.write_text(store["holds"])
                path.chmod(0o600)
            settings["token_store"] = path
        if trust:
            settings["certificate_authority"] = self._stage.sandbox.certificate_authority
        for name, value in given.items():
            settings[name] = _spans(value) if name in _GROUPS else value
        return settings

    def _provider(self, does: str) -> Callable[[], Any]:
        def give() -> Any:
            match does:
                case "fresh":
                    return self._stage.sandbox.token()
                case "fails":
                    raise RuntimeError("the vault is shut")
                case "hangs":
                    self._closing.wait()
                    return "too-late"
                case "empty":
                    return ""
                case _:
                    return "once-good", 0.0

        async def give_later() -> Any:
            return await asyncio.to_thread(give)

        return give_later if self.is_async else give

    def _made(self, step: Json, after: str | None) -> Any:
        """What the call gives: a value, something to await, or a list."""
        client = self.client(step.get("client", "first"))
        args = dict(step.get("args", {}))
        how = step.get("how", {})
        if step["call"] == "query":
            for name in ("partial", "repeatable", "operation_name"):
                if name in how:
                    args[name] = how[name]
            return client.query(args.pop("document"), **args)
        if step["call"] == "check":
            return client.check()
        if step["call"] == "webhooks.verify":
            delivery = webhooks.verify(args.pop("body").encode(), [tuple(pair) for pair in args.pop("headers")], **args)
            return {"event": delivery.event, "raw": delivery.raw}
        if "content" in args:
            args["content"] = args["content"].encode()
        resource, method = step["call"].split(".")
        if isinstance(args.get("sort_by"), str):
            args["sort_by"] = {"direction": args["sort_by"]}
        apply = {name: args.pop(name) for name in _APPLY if name in args} if step["call"] == "users.sync" else {}
        if "journal" in apply:
            apply["journal"] = Path(self._folder.name) / apply["journal"]
        called = getattr(getattr(client, resource), method)
        if "select" in how and "select" in inspect.signature(called).parameters:
            args["select"] = how["select"]
        rows = [args.pop("rows")] if "rows" in args else []
        made = called(*rows, **args)
        if step["call"] == "users.sync":
            return self._synced(made, apply)
        if isinstance(made, Reading):
            made = made.select(how["select"]) if "select" in how else made
            made = made.limit(how["limit"]) if "limit" in how else made
            made = made.page_size(how["page_size"]) if "page_size" in how else made
            made = made.parallel(how["parallel"]) if "parallel" in how else made
            made = made.prefetch(how["prefetch"]) if "prefetch" in how else made
            made = made.after(after) if after is not None else made
        return made

    def _synced(self, sync: Any, apply: Json) -> Any:
        raise NotImplementedError

    def _pause(self, how: Json) -> None:
        if "pause" in how:
            self.clock.advance(milliseconds(how["pause"]))
            self._stage.sandbox.advance(how["pause"])

    def _failed(self, error: PluvoError) -> Failed:
        texts, cause = [str(error)], error.__cause__
        while cause is not None:
            texts.append(str(cause))
            cause = cause.__cause__
        trace = "".join(traceback.format_exception(error))
        self._told += [repr(error), *texts, trace, str(error.graphql), str(error.__dict__)]
        return Failed(
            error.code, ": ".join(texts), error.status, error.retry_after, error.attempts, error.is_retryable,
            len(error.graphql),
        )  # fmt: skip


_APPLY = {
    "apply", "archive_share", "archive_at_most", "problem_share", "journal", "notify", "batch", "in_flight",
}  # fmt: skip


class SyncFace(Face):
    """Calls on threads. One that is to be given up runs on the main thread, which a signal interrupts."""

    kind = Pluvo
    is_async = False

    def begin(
        self,
        step: Json,
        after: str | None,
        *,
        to_be_cancelled: bool = False,
        together: threading.Barrier | None = None,
    ) -> Future[Seen]:
        future: Future[Seen] = Future()

        def work() -> None:
            try:
                if together is not None:
                    together.wait()
                future.set_result(self._call(step, after))
            except BaseException as error:
                future.set_exception(error)

        if to_be_cancelled:
            main_thread.put(work)
        else:
            threading.Thread(target=work, daemon=True).start()
        return future

    def begin_all(self, step: Json, after: str | None, number: int) -> list[Future[Seen]]:
        together = threading.Barrier(number)
        return [self.begin(step, after, together=together) for _ in range(number)]

    def cancel(self, future: Future[Seen]) -> bool:
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        return isinstance(future.exception(timeout=10), KeyboardInterrupt)

    def _call(self, step: Json, after: str | None) -> Seen:
        seen = Seen()
        try:
            made = self._made(step, after)
            if isinstance(made, Reading):
                self._read(made, step.get("how", {}), seen)
            else:
                seen.value = plain(made)
        except PluvoError as error:
            seen.error = self._failed(error)
        return seen

    def _synced(self, sync: Any, apply: Json) -> Any:
        plan = sync.plan()
        told = {"summary": plan.summary, "steps": plan.steps, "problems": plan.problems}
        if apply.pop("apply", False):
            told["applied"] = plan.apply(**apply)
        return told

    def _read(self, reading: Any, how: Json, seen: Seen) -> None:
        take = how.get("take", float("inf"))
        read = how.get("read", "pages")
        if read == "count":
            seen.told = reading.count()
        elif read == "all":
            seen.rows = plain(reading.to_list())
        elif read == "items":
            for row in reading:
                seen.rows.append(plain(row))
                if len(seen.rows) >= take:
                    break
        else:
            pages = reading.pages()
            seen.pages = []
            try:
                while len(seen.pages) < take and (page := next(pages, None)) is not None:
                    seen.pages.append(len(page.items))
                    seen.rows += plain(page.items)
                    self._pause(how)
            finally:
                seen.told, seen.position = pages.count, pages.position


class AsyncFace(Face):
    """Calls in an event loop."""

    kind = AsyncPluvo
    is_async = True

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def close(self) -> None:
        super().close()
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await asyncio.get_running_loop().shutdown_default_executor()

    def begin(self, step: Json, after: str | None, *, to_be_cancelled: bool = False) -> Future[Seen]:
        return asyncio.run_coroutine_threadsafe(self._call(step, after), self._loop)

    def begin_all(self, step: Json, after: str | None, number: int) -> list[Future[Seen]]:
        """All of them in one turn of the loop."""
        begun: Future[list[Future[Seen]]] = Future()
        self._loop.call_soon_threadsafe(lambda: begun.set_result([self.begin(step, after) for _ in range(number)]))
        return begun.result()

    def cancel(self, future: Future[Seen]) -> bool:
        return future.cancel()

    async def _call(self, step: Json, after: str | None) -> Seen:
        seen = Seen()
        try:
            made = self._made(step, after)
            if isinstance(made, Reading):
                await self._read(made, step.get("how", {}), seen)
            else:
                seen.value = plain(await made if inspect.isawaitable(made) else made)
        except PluvoError as error:
            seen.error = self._failed(error)
        return seen

    async def _synced(self, sync: Any, apply: Json) -> Any:
        plan = await sync.plan()
        told = {"summary": plan.summary, "steps": plan.steps, "problems": plan.problems}
        if apply.pop("apply", False):
            told["applied"] = await plan.apply(**apply)
        return told

    async def _read(self, reading: Any, how: Json, seen: Seen) -> None:
        take = how.get("take", float("inf"))
        read = how.get("read", "pages")
        if read == "count":
            seen.told = await reading.count()
        elif read == "all":
            seen.rows = plain(await reading.to_list())
        elif read == "items":
            async for row in reading:
                seen.rows.append(plain(row))
                if len(seen.rows) >= take:
                    break
        else:
            pages = reading.pages()
            seen.pages = []
            try:
                while len(seen.pages) < take and (page := await anext(pages, None)) is not None:
                    seen.pages.append(len(page.items))
                    seen.rows += plain(page.items)
                    await asyncio.to_thread(self._pause, how)
            finally:
                seen.told, seen.position = pages.count, pages.position


#: What the main thread is to do.
main_thread: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name} {record.getMessage()} {vars(record).get('pluvo')}")


def plain(value: Any) -> Json:
    """A value with the API's names."""
    if type(value).__name__ == "Report":
        return {"totals": plain(value.totals), "rows": plain(value.outcomes)}
    if type(value).__name__ == "Partial":
        return {"data": value.data, "errors": len(value.errors)}
    return msgspec.to_builtins(value, enc_hook=_error, str_keys=True)


def _error(value: Any) -> Json:
    if isinstance(value, PluvoError):
        return {"code": value.code, "message": value.message, "retryable": value.is_retryable}
    raise NotImplementedError(f"no way to write a {type(value)}")


def _spans(given: Json) -> Json:
    return {name: seconds(value) if name in _SPANS else value for name, value in given.items()}
