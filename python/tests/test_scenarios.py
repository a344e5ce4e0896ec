"""Every scenario of `tests/conformance`, by threads and by coroutines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .checkout import CONFORMANCE
from .scenarios.faces import AsyncFace, SyncFace
from .scenarios.house import House
from .scenarios.run import run

FILES = sorted((CONFORMANCE / "scenarios").glob("*/*.json"))


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    house = House()
    yield house
    house.close()


def test_there_are_scenarios() -> None:
    assert len(FILES) > 200


@pytest.mark.parametrize("face", [SyncFace, AsyncFace], ids=["sync", "async"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_scenario(path: Path, face: type, house: House) -> None:
    scenario = json.loads(path.read_text())
    reason = scenario.get("except", {}).get("python")
    if reason is not None:
        pytest.skip(reason)
    wrong = run(scenario, house, face)
    assert not wrong, "\n".join([scenario["title"], *wrong])
