"""The wheel and the source distribution, installed and used outside the checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from pluvo_sdk.testing import Sandbox

from .checkout import CHECKOUT

CACHE = Path(os.environ.get("PLUVO_CI_CACHE", Path.home() / ".cache" / "pluvo-sdk-ci"))

pytestmark = pytest.mark.thread_unsafe(reason="builds")

PROGRAM = """
import sys
from importlib.metadata import entry_points, version
import pluvo_sdk
from pluvo_sdk import Pluvo
assert "site-packages" in pluvo_sdk.__file__, pluvo_sdk.__file__
assert version("pluvo-sdk") == pluvo_sdk.__version__
assert [e.value for e in entry_points(group="pytest11") if e.name == "pluvo_sdk"] == ["pluvo_sdk.pytest_plugin"]
with Pluvo(base_url=sys.argv[1], client_id="sandbox", client_secret="sandbox-secret", proxy=False) as pluvo:
    print(len(pluvo.users.list().to_list()))
"""


def run(*words: object, cwd: Path, **environment: str) -> str:
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def maturin(*words: object) -> None:
    # The checkout's own folder: maturin reads pyproject.toml there.
    run("maturin", *words, cwd=CHECKOUT / "python")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    maturin("build", "--quiet", "--profile", "dev", "--out", folder)
    [wheel] = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    maturin("sdist", "--out", folder)
    [archive] = folder.glob("*.tar.gz")
    return archive


def installed(what: Path, folder: Path, sandbox: Sandbox, **environment: str) -> str:
    """Installs it into an empty environment, and says what the program prints from there."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", what, cwd=folder, **environment)
    return run(python, "-c", PROGRAM, sandbox.url, cwd=folder)


def test_the_wheel_works_outside_the_checkout(wheel: Path, tmp_path: Path, pluvo_sandbox: Sandbox) -> None:
    assert re.fullmatch(r"pluvo_sdk-0\.1\.0-cp310-abi3-\w+\.whl", wheel.name)
    assert installed(wheel, tmp_path, pluvo_sandbox) == "60\n"


def test_the_wheel_holds_what_it_should(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read("pluvo_sdk-0.1.0.dist-info/METADATA").decode()
    assert {"pluvo_sdk/py.typed", "pluvo_sdk/_native.pyi", "pluvo_sdk/_native.abi3.so"} <= names
    assert not [name for name in names if "test" in Path(name).parent.name or name.endswith(".pyc")]
    for extra in ("arrow", "pandas", "polars", "cli"):
        assert f"Provides-Extra: {extra}" in metadata
    assert "Requires-Python: >=3.10" in metadata


def test_the_source_builds_from_itself(source: Path, tmp_path: Path, pluvo_sandbox: Sandbox) -> None:
    # Always the same folder, so that what cargo built of it before is used again.
    folder = CACHE / "python" / "source"
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(source) as archive:
        archive.extractall(folder, filter="data")
    [unpacked] = folder.iterdir()
    assert (unpacked / "crates/pluvo-bridge/src/lib.rs").exists()
    assert not (unpacked / "crates/pluvo-cli").exists()
    words = ["cargo", "metadata", "--manifest-path", CHECKOUT / "Cargo.toml", "--format-version", "1", "--no-deps"]
    environment = {
        # Beside other builds, whose work on other people's crates is used again.
        "CARGO_TARGET_DIR": json.loads(subprocess.check_output(words))["target_directory"],
        "MATURIN_PEP517_ARGS": "--profile dev",
    }
    assert installed(unpacked, tmp_path, pluvo_sandbox, **environment) == "60\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the command is handed over to otherwise there")
def test_the_command_is_handed_over_to(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "pluvo_sdk", "--version"]
    assert subprocess.check_output(words, text=True).startswith("pluvo ")
    empty = {"PATH": str(tmp_path), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    done = subprocess.run(words, env=empty, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pluvo-sdk[cli]" in done.stderr
