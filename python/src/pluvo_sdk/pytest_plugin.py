"""Fixtures for pytest: `pluvo_sandbox`, a Pluvo on this machine, and `pluvo`, a client that calls it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from . import Pluvo
    from .testing import Sandbox


@pytest.fixture(scope="session")
def pluvo_sandbox_process() -> Iterator[Sandbox]:
    """A Pluvo on this machine that all tests share. Override it for another one: `Sandbox(users=1000)`."""
    from .testing import Sandbox

    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def pluvo_sandbox(pluvo_sandbox_process: Sandbox) -> Sandbox:
    """A Pluvo on this machine, as it was at the start of the session."""
    pluvo_sandbox_process.reset()
    return pluvo_sandbox_process


@pytest.fixture
def pluvo(pluvo_sandbox: Sandbox) -> Iterator[Pluvo]:
    """A client that calls the sandbox."""
    with pluvo_sandbox.client() as client:
        yield client
