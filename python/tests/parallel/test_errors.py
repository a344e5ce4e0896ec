"""The tree of exceptions."""

from __future__ import annotations

import pickle

import pytest

from pluvo_sdk import PluvoError, errors
from pluvo_sdk._wire import failure

CODES = {
    "config": "ConfigError",
    "auth": "AuthError",
    "permission": "PermissionDeniedError",
    "not_found": "NotFoundError",
    "invalid": "InvalidRequestError",
    "conflict": "ConflictError",
    "rate_limited": "RateLimitError",
    "timeout": "RequestTimeoutError",
    "connect": "ConnectError",
    "server": "ServerError",
    "indeterminate": "IndeterminateError",
    "graphql": "GraphQLError",
    "decode": "DecodeError",
    "pagination": "PaginationError",
    "webhook": "WebhookError",
    "cancelled": "CancelledError",
    "internal": "InternalError",
}


def wire(code: str) -> str:
    return (
        f'{{"code":"{code}","message":"it failed","operation":"Users","status":503,"requestId":"r-1","retryAfter":1.5,'
        '"attempts":3,"retryable":true,"indeterminate":false,"graphql":[{"message":"canary","path":["a",0],'
        '"extensions":{"code":"X"}}],"causes":["outer","inner"]}'
    )


@pytest.mark.parametrize(("code", "name"), CODES.items())
def test_every_code_has_its_class(code: str, name: str) -> None:
    error = failure(wire(code))
    assert type(error) is getattr(errors, name)
    assert error.code == code
    assert isinstance(error, PluvoError)
    assert str(error) == "it failed"
    assert repr(error) == f"{name}('it failed')"
    assert (error.operation, error.status, error.request_id, error.retry_after) == ("Users", 503, "r-1", 1.5)
    assert (error.attempts, error.is_retryable, error.is_indeterminate) == (3, True, False)
    assert str(error.__cause__) == "outer"
    assert error.__cause__ is not None
    assert str(error.__cause__.__cause__) == "inner"


def test_every_class_has_a_code() -> None:
    classes = {
        kind.__name__ for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, PluvoError)
    }
    assert classes == {*CODES.values(), "PluvoError"}
    assert {*errors.__all__} == {*classes, "Cause", "ErrorDetail"}


@pytest.mark.parametrize("code", CODES)
def test_errors_are_pickled(code: str) -> None:
    error = failure(wire(code))
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert again.__dict__ == error.__dict__
    assert str(again) == str(error)
    assert str(again.__cause__.__cause__) == "inner"


def test_errors_are_what_they_are_in_python() -> None:
    assert issubclass(errors.RequestTimeoutError, TimeoutError)
    assert issubclass(errors.ConnectError, ConnectionError)


def test_a_code_of_the_future_is_an_error_all_the_same() -> None:
    assert type(failure(wire("moon_phase"))) is PluvoError


def test_the_words_of_the_server_are_read_and_not_shown() -> None:
    detail = failure(wire("graphql")).graphql[0]
    assert detail.message == "canary"
    assert detail.code == "X"
    assert detail.path == ["a", 0]
    assert repr(detail) == "ErrorDetail(code='X', path=['a', 0])"
