"""What tests share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["pluvo_sdk.pytest_plugin"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--counts", help="a file to write `passed failed skipped` to")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    counts = config.getoption("--counts")
    if counts:
        of = {name: len(found) for name, found in terminalreporter.stats.items()}
        failed = of.get("failed", 0) + of.get("error", 0)
        Path(counts).write_text(f"{of.get('passed', 0)} {failed} {of.get('skipped', 0)}\n")
