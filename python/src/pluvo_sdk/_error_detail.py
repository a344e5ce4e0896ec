"""What a server says of an error."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class ErrorDetail(Struct, frozen=True):
    """One GraphQL error of an answer. Its text shows code and path; the message may repeat what was sent."""

    message: str = ""
    """What the server says. It may repeat what was sent, personal data too."""
    path: list[str | int] = []
    """Where in the data."""
    locations: list[dict[str, int]] = []
    """Where in the document, `line` and `column` counted from 1."""
    extensions: dict[str, Any] = {}
    """Whatever the server adds."""

    @property
    def code(self) -> str | None:
        """The server's word for the kind of error, where it has one."""
        code = self.extensions.get("code")
        return code if isinstance(code, str) else None

    def __repr__(self) -> str:
        return f"ErrorDetail(code={self.code!r}, path={self.path!r})"
