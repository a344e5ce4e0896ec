"""What a start loads: a program that sends nothing pays for nothing."""

from __future__ import annotations

import subprocess
import sys

#: The decoder, and what takes long to load.
LATER = {"msgspec", "asyncio", "logging", "inspect", "dataclasses", "decimal", "uuid"}


def loaded(code: str) -> set[str]:
    """What a program has loaded at its end that a bare interpreter has not."""
    bare, here = (
        subprocess.run(
            [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        for code in ("", code)
    )
    return {*here} - {*bare}


def test_a_client_that_sends_nothing() -> None:
    for kind in ("Pluvo", "AsyncPluvo"):
        found = loaded(f"from pluvo_sdk import {kind}\n{kind}('acme', token='t')")
        assert "pluvo_sdk._native" in found
        assert found & LATER == set()
        assert {name for name in found if name.startswith("pluvo_sdk._generated.")} <= {
            "pluvo_sdk._generated.clients",
            "pluvo_sdk._generated.mappings",
        }


def test_types_of_arguments_are_loaded_by_nobody() -> None:
    found = loaded("from pluvo_sdk import Pluvo\nPluvo('acme', token='t').users.list()")
    assert "pluvo_sdk._generated.models" in found
    assert "pluvo_sdk._generated.inputs" not in found
