"""The Pluvo SDK for Python.

>>> from pluvo_sdk import Pluvo
>>> with Pluvo("acme", client_id="...", client_secret="...") as pluvo:
...     for user in pluvo.users.list(archived=False):
...         print(user.name)

`AsyncPluvo` is the same for coroutines. `pluvo_sdk.models` has what is read, `pluvo_sdk.errors` what can go wrong,
`pluvo_sdk.webhooks` checks deliveries, `pluvo_sdk.testing` runs a Pluvo on this machine.
"""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING, Any

from . import _native
from .errors import (
    AuthError,
    CancelledError,
    ConfigError,
    ConflictError,
    ConnectError,
    DecodeError,
    GraphQLError,
    IndeterminateError,
    InternalError,
    InvalidRequestError,
    NotFoundError,
    PaginationError,
    PermissionDeniedError,
    PluvoError,
    RateLimitError,
    RequestTimeoutError,
    ServerError,
    WebhookError,
)

if TYPE_CHECKING:
    from ._async_client import AsyncPluvo
    from ._attempt import Attempt
    from ._bulk import AsyncOutcomes, Outcomes
    from ._client import Pluvo
    from ._list import AsyncList, AsyncPager, List, Pager
    from ._page import Page
    from ._query import Partial
    from ._sync import AsyncPlan, Plan
    from ._values import Report

__version__ = "0.1.0"

__all__ = [
    "AsyncList",
    "AsyncOutcomes",
    "AsyncPager",
    "AsyncPlan",
    "AsyncPluvo",
    "Attempt",
    "AuthError",
    "CancelledError",
    "ConfigError",
    "ConflictError",
    "ConnectError",
    "DecodeError",
    "GraphQLError",
    "IndeterminateError",
    "InternalError",
    "InvalidRequestError",
    "List",
    "NotFoundError",
    "Outcomes",
    "Page",
    "Pager",
    "PaginationError",
    "Partial",
    "PermissionDeniedError",
    "Plan",
    "Pluvo",
    "PluvoError",
    "RateLimitError",
    "Report",
    "RequestTimeoutError",
    "ServerError",
    "WebhookError",
]

# What is loaded when it is first used: a program that sends nothing pays for nothing.
_LAZY = {
    "AsyncList": "_list",
    "AsyncOutcomes": "_bulk",
    "AsyncPager": "_list",
    "AsyncPlan": "_sync",
    "AsyncPluvo": "_async_client",
    "Attempt": "_attempt",
    "List": "_list",
    "Outcomes": "_bulk",
    "Page": "_page",
    "Pager": "_list",
    "Partial": "_query",
    "Plan": "_sync",
    "Pluvo": "_client",
    "Report": "_values",
}

# No thread of ours may touch an interpreter that is ending.
atexit.register(_native.close)


def __getattr__(name: str) -> Any:
    module = _LAZY.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{module}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
