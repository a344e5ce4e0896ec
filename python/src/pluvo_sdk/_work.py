"""Waiting for native work, as a coroutine."""

from __future__ import annotations

from asyncio import get_running_loop
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import Future

    from ._native import Work


async def settle(work: Work) -> Any:
    """Begins work and waits for it. Who stops waiting ends the work."""
    loop = get_running_loop()
    future: Future[Any] = loop.create_future()

    def done(value: Any, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)

    task = work.start(loop, done)
    if isinstance(task, tuple):
        # It was there already, a page that was fetched ahead for example.
        return task[0]
    try:
        return await future
    except BaseException:
        task.cancel()
        raise
