"""Tokens that the caller's own code hands out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .errors import ConfigError

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop


class Provider:
    """Asks the caller's function for a token, in the event loop where it is a coroutine function."""

    def __init__(self, ask: Callable[[], Any], *, is_async_client: bool) -> None:
        from inspect import iscoroutinefunction

        self._ask = ask
        self._is_async_client = is_async_client
        self._loop: AbstractEventLoop | None = None
        self.failure: BaseException | None = None
        if iscoroutinefunction(ask) and not is_async_client:
            raise ConfigError("`token` is a coroutine function, which only AsyncPluvo can await")

    def use_running_loop(self) -> None:
        """Coroutines are run in the loop that last waited."""
        from asyncio import get_running_loop

        self._loop = get_running_loop()

    def __call__(self) -> tuple[str, float | None]:
        """Called by a thread of the native module's."""
        from inspect import isawaitable

        self.failure = None
        try:
            given = self._ask()
            if isawaitable(given):
                given = self._awaited(given)
        except BaseException as error:
            self.failure = error
            raise
        if isinstance(given, str):
            return given, None
        token, expires_in = given
        return token, expires_in

    def _awaited(self, given: Any) -> Any:
        from asyncio import run_coroutine_threadsafe

        async def answer() -> Any:
            return await given

        if self._loop is None:
            raise ConfigError("`token` is to be awaited, which only AsyncPluvo can")
        return run_coroutine_threadsafe(answer(), self._loop).result()
