"""Waiting for native work, as a coroutine."""

from __future__ import annotations

from asyncio import AbstractEventLoop, get_running_loop
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from ._native import Bell

if TYPE_CHECKING:
    from asyncio import Future

    from ._native import Work

_bells: WeakKeyDictionary[AbstractEventLoop, Bell] = WeakKeyDictionary()


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

    task = work.start(_bells.get(loop) or _hang(loop), done)
    if isinstance(task, tuple):
        # It was there already, a page that was fetched ahead for example.
        return task[0]
    try:
        return await future
    except BaseException:
        task.cancel()
        raise


def _hang(loop: AbstractEventLoop) -> Bell:
    """The bell of a loop."""
    try:
        bell = Bell()
        loop.add_reader(bell.fileno(), bell.answer)
    except (NotImplementedError, OSError):
        # A loop that watches no files, as that of Windows.
        here = ref(loop)

        def ring(bell: Bell) -> None:
            there = here()
            if there is not None:
                there.call_soon_threadsafe(bell.answer)

        bell = Bell(ring)
    _bells[loop] = bell
    return bell
