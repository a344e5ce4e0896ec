"""What is told: `logging`, and the hook of each attempt."""

from __future__ import annotations

import asyncio
import logging

import pytest

from pluvo_sdk import Attempt, NotFoundError, Pluvo
from pluvo_sdk.testing import Sandbox

from .programs import run


def test_it_is_quiet_by_default(pluvo_sandbox: Sandbox) -> None:
    pluvo_sandbox.add_faults({"times": 2, "do": {"kind": "status", "status": 503}})
    assert run(pluvo_sandbox, "print(Pluvo(**settings()).users.list().count())") == "60\n"


def test_attempts_are_logged(pluvo_sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "pluvo_sdk"), pluvo_sandbox.client() as pluvo:
        pluvo.users.list().count()
    records = [record for record in caplog.records if record.name == "pluvo_sdk.http"]
    assert "operation=Users" in records[-1].getMessage()
    assert records[-1].pluvo["status"] == 200  # type: ignore[attr-defined]
    assert "sandbox-secret" not in caplog.text
    assert "sandbox-token" not in caplog.text


def test_the_hook_is_told_before_the_call_is_over(pluvo_sandbox: Sandbox) -> None:
    attempts: list[Attempt] = []
    pluvo_sandbox.add_faults({"do": {"kind": "status", "status": 503}})
    with pluvo_sandbox.client(on_request=attempts.append, retry={"base_delay": 0.001}) as pluvo:
        pluvo.users.list().count()
        told = [(attempt.number, attempt.status) for attempt in attempts if attempt.operation == "Users"]
        assert told == [(1, 503), (2, 200)]
        assert attempts[-1].bytes > 0
        with pytest.raises(NotFoundError):
            pluvo.groups.members(ref="nobody").first()

    async def work() -> None:
        async with pluvo_sandbox.async_client(on_request=attempts.append) as other:
            await other.users.list().count()

    attempts.clear()
    asyncio.run(work())
    assert [attempt.status for attempt in attempts if attempt.operation == "Users"] == [200]


def test_a_hook_that_raises_harms_nobody(pluvo_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(attempt: Attempt) -> None:
        raise LookupError("a hook")

    seen: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", lambda unraisable: seen.append(unraisable.exc_type))
    with pluvo_sandbox.client(on_request=refuse) as pluvo:
        assert pluvo.users.list().count() == 60
    assert seen == [LookupError]


def test_what_the_callers_own_code_raises_is_the_cause(pluvo_sandbox: Sandbox) -> None:
    from pluvo_sdk import AuthError

    class Shut(Exception):
        pass

    def token() -> str:
        raise Shut("the vault is shut")

    with Pluvo(base_url=pluvo_sandbox.url, token=token, proxy=False) as pluvo, pytest.raises(AuthError) as raised:
        pluvo.users.list().count()
    assert isinstance(raised.value.__cause__, Shut)
