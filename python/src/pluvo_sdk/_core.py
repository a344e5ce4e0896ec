"""What a client stands on: its native session, and the tokens that its caller hands out.

What reads answers is loaded with the first call: a client that sends nothing needs none of it.
"""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Any

from ._names import wire
from .errors import AuthError, ConfigError, PluvoError

if TYPE_CHECKING:
    from ._native import Session, Work
    from ._token import Provider


def settings_text(settings: dict[str, Any]) -> str:
    """Settings as the native module takes them."""
    return dumps(wire(settings))


class Core:
    """A native session, while the client is open."""

    __slots__ = ("_session", "provider")

    def __init__(self, session: Session, provider: Provider | None) -> None:
        self._session: Session | None = session
        self.provider = provider

    @property
    def session(self) -> Session:
        if self._session is None:
            raise ConfigError("this client is closed")
        return self._session

    @property
    def is_closed(self) -> bool:
        return self._session is None

    def close(self) -> None:
        self._session = None

    def with_options(self, options: dict[str, Any]) -> Core:
        return Core(self.session.with_options(settings_text(options)), self.provider)

    def wait(self, work: Work) -> Any:
        """Waits for work as a thread."""
        try:
            return work.wait()
        except AuthError as error:
            self._explain(error)
            raise

    async def settle(self, work: Work) -> Any:
        """Waits for work as a coroutine."""
        from ._work import settle

        if self.provider is not None:
            self.provider.use_running_loop()
        try:
            return await settle(work)
        except AuthError as error:
            self._explain(error)
            raise

    def _explain(self, error: PluvoError) -> None:
        """What the caller's own code raised is the cause."""
        cause = self.provider.failure if self.provider is not None else None
        if cause is not None and str(cause) in error.causes:
            error.__cause__ = cause


class Connected:
    """Something that makes calls."""

    _core: Core
