"""The client for coroutines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from . import _settings
from ._generated.clients import AsyncResources

if TYPE_CHECKING:
    from os import PathLike
    from types import TracebackType

    from graphql import DocumentNode
    from typing_extensions import Self, Unpack

    from ._attempt import Attempt
    from ._core import Core
    from ._generated.models import Access
    from ._native import TestClock
    from ._query import Partial
    from ._settings import AsyncTokenFunction, Limits, Options, Paging, Renewal, Retry, RetryBudget, Timeouts

T = TypeVar("T")


class AsyncPluvo(AsyncResources):
    """A client for one organisation, for coroutines.

    Made without I/O, and shared freely: one client serves all tasks of a program. Nothing is sent before it is awaited,
    and who stops waiting ends the request. Where `organization`, `base_url`, `client_id`, `client_secret`, `scopes` and
    `token` are all absent, `PLUVO_*` of the environment are read.

    Args:
        organization: `acme`, `learn.example.com` or a URL.
        base_url: The URL, in place of `organization`.
        client_id: The id of an OAuth client. Never ship a secret with an app: hand out tokens there.
        client_secret: Its secret.
        scopes: The scopes to ask for; those that the client may have where nothing is said.
        token: A token, or a function that hands one out, a coroutine function too: a text, or a text and its lifetime
            in seconds.
        token_store: A file in which tokens are kept, for several processes to share.
        timeouts: How long an attempt may take.
        retry: How calls are repeated.
        retry_budget: How much is repeated over all calls.
        renewal: When tokens are renewed.
        limits: How much is asked at once.
        paging: How lists are read.
        max_body: The largest answer, in bytes.
        idle_timeout: Seconds after which an idle connection is closed.
        certificate_authority: A certificate to trust beside the system's, as PEM.
        proxy: The URL of a proxy; False for none, whatever the environment says.
        user_agent: What the program calls itself.
        on_request: Is told of each attempt once it is over, on another thread.
        environment: Whether what is absent is read from the environment.

    Raises:
        ConfigError: A setting is missing or wrong.

    Example:
        >>> from pluvo_sdk import AsyncPluvo
        >>> async with AsyncPluvo("acme", client_id="...", client_secret="...", scopes=["users.read"]) as pluvo:
        ...     async for user in pluvo.users.list(archived=False):
        ...         print(user.name)
    """

    def __init__(
        self,
        organization: str | None = None,
        *,
        base_url: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        scopes: Sequence[str] | None = None,
        token: str | AsyncTokenFunction | None = None,
        token_store: str | PathLike[str] | None = None,
        timeouts: Timeouts | None = None,
        retry: Retry | None = None,
        retry_budget: RetryBudget | None = None,
        renewal: Renewal | None = None,
        limits: Limits | None = None,
        paging: Paging | None = None,
        max_body: int | None = None,
        idle_timeout: float | None = None,
        certificate_authority: str | None = None,
        proxy: str | Literal[False] | None = None,
        user_agent: str | None = None,
        on_request: Callable[[Attempt], object] | None = None,
        environment: bool | None = None,
        _clock: TestClock | None = None,
    ) -> None:
        given = (organization, base_url, client_id, client_secret, scopes, token)
        if environment is None:
            environment = all(value is None for value in given)
        self._core: Core = _settings.core(
            is_async=True,
            organization=organization,
            base_url=base_url,
            client_id=client_id,
            client_secret=client_secret,
            scopes=_settings.scopes_of(scopes),
            token=token,
            token_store=token_store,
            timeouts=timeouts,
            retry=retry,
            retry_budget=retry_budget,
            renewal=renewal,
            limits=limits,
            paging=paging,
            max_body=max_body,
            idle_timeout=idle_timeout,
            certificate_authority=certificate_authority,
            proxy=proxy,
            user_agent=user_agent,
            on_request=on_request,
            environment=environment,
            clock=_clock,
        )

    @classmethod
    def from_env(cls, **settings: Any) -> Self:
        """A client whose settings stand in the environment: `PLUVO_ORGANIZATION` or `PLUVO_BASE_URL`, and
        `PLUVO_CLIENT_ID` and `PLUVO_CLIENT_SECRET` or `PLUVO_ACCESS_TOKEN`, and `PLUVO_SCOPES`. What is given wins.

        Raises:
            ConfigError: A setting is missing or wrong.
        """
        return cls(**settings, environment=True)

    def with_options(self, **options: Unpack[Options]) -> Self:
        """A client that shares connections, tokens and limits with this one, and has other options for its calls.

        Example:
            >>> patient = pluvo.with_options(timeout=120, max_attempts=8)
        """
        derived = object.__new__(type(self))
        derived._core = self._core.with_options({**options})
        return derived

    @overload
    async def query(
        self,
        document: str | DocumentNode,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
        repeatable: bool | None = None,
        partial: Literal[False] = False,
    ) -> dict[str, Any]: ...

    @overload
    async def query(
        self,
        document: str | DocumentNode,
        variables: Mapping[str, Any] | None = None,
        *,
        result_type: type[T],
        operation_name: str | None = None,
        repeatable: bool | None = None,
        partial: Literal[False] = False,
    ) -> T: ...

    @overload
    async def query(
        self,
        document: str | DocumentNode,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
        repeatable: bool | None = None,
        partial: Literal[True],
    ) -> Partial[dict[str, Any] | None]: ...

    @overload
    async def query(
        self,
        document: str | DocumentNode,
        variables: Mapping[str, Any] | None = None,
        *,
        result_type: type[T],
        operation_name: str | None = None,
        repeatable: bool | None = None,
        partial: Literal[True],
    ) -> Partial[T | None]: ...

    async def query(
        self,
        document: str | DocumentNode,
        variables: Mapping[str, Any] | None = None,
        *,
        result_type: Any = Any,
        operation_name: str | None = None,
        repeatable: bool | None = None,
        partial: bool = False,
    ) -> Any:
        """Sends a GraphQL document of one's own and gives its data.

        Args:
            document: Its text, or a `DocumentNode` of graphql-core.
            variables: The values of its variables.
            result_type: What the data is to be: a struct of msgspec, a dataclass, a typed dictionary or a model of
                pydantic.
            operation_name: Which of the document's operations to run, where it has several.
            repeatable: Whether a mutation may be sent again when it fails on the way. A query always may.
            partial: Whether data with errors beside it is given, with the errors, instead of raising.

        Raises:
            GraphQLError: Pluvo answered with errors.
            DecodeError: The data does not fit the type.
            PluvoError: Whatever else can befall a request.

        Example:
            >>> data = await pluvo.query("query($ref: String!) { user(ref: $ref) { name } }", {"ref": "EMP-1"})
        """
        from . import _query

        work = _query.send(self._core, document, variables, operation_name, repeatable, partial)
        return _query.read(await self._core.settle(work), result_type, partial)

    async def check(self) -> Access:
        """Gets a token, if there is none yet, and tells what it may do.

        Raises:
            AuthError: There is no token to be had.

        Example:
            >>> access = await pluvo.check()
        """
        from ._generated.models import Access
        from ._wire import decode

        return decode(await self._core.settle(self._core.session.call("check", "{}")), Access)

    async def aclose(self) -> None:
        """Ends the client: calls raise `ConfigError` from now on. Connections end when nobody uses them any more."""
        self._core.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        where = "closed" if self._core.is_closed else self._core.session.describe()[len("Pluvo(") : -1]
        return f"{type(self).__name__}({where})"
