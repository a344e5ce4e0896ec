"""The public operations: each that the surface file has is there in both clients, and no other."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest

from pluvo_sdk import AsyncPluvo, Pluvo, _native

from .checkout import CONFORMANCE

SURFACE = json.loads((CONFORMANCE / "surface.json").read_text())
NAMES = {entry["python"] for entry in SURFACE.values() if entry["python"] is not None}
#: What clients are, beside what they call.
OWN = {"from_env", "with_options", "close", "aclose"}


def operations(client: Any) -> set[str]:
    found = {name for name in dir(type(client)) if not name.startswith("_")} - OWN
    calls: set[str] = set()
    for name in found:
        member = getattr(client, name)
        if callable(member):
            calls.add(name)
        else:
            calls |= {f"{name}.{method}" for method in dir(member) if not method.startswith("_")}
    return calls


@pytest.mark.parametrize("kind", [Pluvo, AsyncPluvo])
def test_the_surface_is_what_is_there(kind: type[Any]) -> None:
    assert operations(kind("acme", token="t")) == NAMES


def test_both_clients_have_one_shape() -> None:
    sync, other = Pluvo("acme", token="t"), AsyncPluvo("acme", token="t")
    for name in NAMES:
        one, two = sync, other
        for part in name.split("."):
            one, two = getattr(one, part), getattr(two, part)
        first, second = inspect.signature(one), inspect.signature(two)
        assert list(first.parameters) == list(second.parameters), name
        assert inspect.getdoc(one), name
    assert list(inspect.signature(Pluvo).parameters) == list(inspect.signature(AsyncPluvo).parameters)


def test_every_call_reaches_the_native_module_with_arguments_that_it_knows() -> None:
    """The bridge names an argument that it does not know; there is none."""
    pluvo = Pluvo(base_url="http://127.0.0.1:1", token="t", retry={"max_attempts": 1})
    for name in NAMES - {"query", "check"}:
        call = pluvo
        for part in name.split("."):
            call = getattr(call, part)
        parameters = inspect.signature(call).parameters
        assert all(p.kind is p.KEYWORD_ONLY or p.name == "rows" for p in parameters.values()), name


def test_nothing_prints_a_secret() -> None:
    secrets = {"client_id": "an-id", "client_secret": "canary-secret", "proxy": "http://user:canary-pass@127.0.0.1:1"}
    with Pluvo("acme", **secrets) as pluvo:
        for shown in (
            pluvo,
            pluvo.users,
            pluvo.users.list(),
            pluvo.users.list().pages(),
            pluvo._core,
            pluvo._core.session,
        ):
            assert "canary" not in repr(shown) + str(shown)
    fixed = Pluvo("acme", token="canary-token")
    assert "canary" not in repr(fixed) + str(vars(fixed))


def test_the_native_module_is_private() -> None:
    names = {name for name in dir(_native) if not name.startswith("_")}
    assert names == {
        "Bell", "Bulk", "Pages", "Plan", "Session", "Table", "Task", "TestClock", "Work",
        "close", "set_log", "sign_for_test", "verify",
    }  # fmt: skip
