"""What can go wrong, by kind: one tree under `PluvoError`.

Every class has a `code`, the same word in every language. No message holds a token, a secret or a variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from ._error_detail import ErrorDetail

__all__ = [
    "AuthError",
    "CancelledError",
    "Cause",
    "ConfigError",
    "ConflictError",
    "ConnectError",
    "DecodeError",
    "ErrorDetail",
    "GraphQLError",
    "IndeterminateError",
    "InternalError",
    "InvalidRequestError",
    "NotFoundError",
    "PaginationError",
    "PermissionDeniedError",
    "PluvoError",
    "RateLimitError",
    "RequestTimeoutError",
    "ServerError",
    "WebhookError",
]


class PluvoError(Exception):
    """Whatever the SDK raises."""

    code: ClassVar[str] = "internal"

    message: str
    """What happened, to what, and what to do."""
    operation: str | None
    """The operation that failed, `Users` for example."""
    status: int | None
    """The HTTP status of the last attempt."""
    request_id: str | None
    """The server's id of the last attempt."""
    retry_after: float | None
    """How long the server asked to wait, in seconds."""
    attempts: int
    """How many attempts were made; 0 where nothing was sent."""
    is_retryable: bool
    """Whether the same call may succeed later without any change."""
    is_indeterminate: bool
    """Whether a write may or may not have been carried out."""
    graphql: tuple[ErrorDetail, ...]
    """The GraphQL errors of the last answer."""
    causes: tuple[str, ...]
    """What caused it, the nearest cause first."""

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        attempts: int = 0,
        is_retryable: bool = False,
        is_indeterminate: bool = False,
        graphql: tuple[ErrorDetail, ...] = (),
        causes: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.operation = operation
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after
        self.attempts = attempts
        self.is_retryable = is_retryable
        self.is_indeterminate = is_indeterminate
        self.graphql = graphql
        self.causes = causes
        self.__cause__ = _chain(causes)

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.message!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        fields = {name: value for name, value in self.__dict__.items() if name != "message"}
        return _restore, (type(self), self.message, fields)


class Cause(Exception):
    """What lies behind an error of the SDK: a refused connection, an error of the system."""


class ConfigError(PluvoError):
    """A setting is missing or wrong."""

    code = "config"


class AuthError(PluvoError):
    """There is no token, or Pluvo does not take it."""

    code = "auth"


class PermissionDeniedError(PluvoError):
    """The token may not do it. The message names the scope that it needs."""

    code = "permission"


class NotFoundError(PluvoError):
    """What the call is about is not there."""

    code = "not_found"


class InvalidRequestError(PluvoError):
    """An argument is lacking or wrong, or Pluvo refuses it."""

    code = "invalid"


class ConflictError(PluvoError):
    """It contradicts what is there: a ref or an address that somebody else has."""

    code = "conflict"


class RateLimitError(PluvoError):
    """There were too many requests. `retry_after` says how long to wait, in seconds, where Pluvo said so."""

    code = "rate_limited"


class RequestTimeoutError(PluvoError, TimeoutError):
    """It took too long."""

    code = "timeout"


class ConnectError(PluvoError, ConnectionError):
    """There is no connection: the name, the network, the proxy or the certificate."""

    code = "connect"


class ServerError(PluvoError):
    """Pluvo failed within."""

    code = "server"


class IndeterminateError(PluvoError):
    """A write was sent, and nobody knows whether it was carried out. Look before you send it again."""

    code = "indeterminate"


class GraphQLError(PluvoError):
    """Pluvo answered with GraphQL errors, which are in `graphql`."""

    code = "graphql"


class DecodeError(PluvoError):
    """The answer could not be read."""

    code = "decode"


class PaginationError(PluvoError):
    """A list cannot be read to its end without doubt."""

    code = "pagination"


class WebhookError(PluvoError):
    """A delivery is not Pluvo's, or cannot be read."""

    code = "webhook"


class CancelledError(PluvoError):
    """It was given up. In coroutines `asyncio.CancelledError` is raised instead."""

    code = "cancelled"


class InternalError(PluvoError):
    """The SDK failed within. Please report it."""

    code = "internal"


def _chain(causes: tuple[str, ...]) -> Cause | None:
    cause: Cause | None = None
    for text in reversed(causes):
        outer = Cause(text)
        outer.__cause__ = cause
        cause = outer
    return cause


def _restore(kind: type[PluvoError], message: str, fields: dict[str, Any]) -> PluvoError:
    error = kind(message)
    error.__dict__.update(fields)
    error.__cause__ = _chain(error.causes)
    return error


def __getattr__(name: str) -> Any:
    # A program that meets no error of the server need not load what reads it.
    if name != "ErrorDetail":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ._error_detail import ErrorDetail

    globals()[name] = ErrorDetail
    return ErrorDetail
