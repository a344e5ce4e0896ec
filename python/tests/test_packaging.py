"""The wheels and the source distributions, installed and used outside the checkout."""

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

from pluvo_sdk import __version__ as VERSION
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

SANDBOX = """
from pluvo_sdk.testing import Sandbox, command
with Sandbox(users=7) as sandbox, sandbox.client() as pluvo:
    print(command(), pluvo.users.list().count())
"""


def run(*words: object, cwd: Path, **environment: str) -> str:
    ours = re.compile("PLUVO_|PYTHONPATH$|PYTHONHOME$")
    clean = {name: value for name, value in os.environ.items() if not ours.match(name)}
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


def maturin(folder: str, *words: object) -> None:
    # The checkout's own folders: maturin reads pyproject.toml there.
    run("maturin", *words, cwd=CHECKOUT / folder)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel of the package and that of the command."""
    folder = tmp_path_factory.mktemp("wheels")
    maturin("python", "build", "--quiet", "--profile", "dev", "--out", folder)
    # As it is built for all tests: stripped it would be another, built anew.
    maturin("python/cli", "build", "--quiet", "--profile", "dev", "--strip", "false", "--out", folder)
    return folder


@pytest.fixture(scope="module")
def wheel(wheels: Path) -> Path:
    [wheel] = wheels.glob("pluvo_sdk-*.whl")
    return wheel


def environment(folder: Path) -> Path:
    """Makes an empty environment, and says where its programs are."""
    venv.create(folder / "venv", with_pip=True)
    return folder / "venv" / "bin"


def source(project: str, name: str, folder: Path) -> Path:
    """Unpacks the source distribution of a project."""
    maturin(project, "sdist", "--out", folder)
    [packed] = folder.glob("*.tar.gz")
    # Always the same folder, so that what cargo built of it before is used again. What is lacking it builds anew, and
    # fails.
    unpacked = CACHE / "python" / "source" / name
    shutil.rmtree(unpacked, ignore_errors=True)
    with tarfile.open(packed) as archive:
        archive.extractall(unpacked, filter="data")
    [source] = unpacked.iterdir()
    return source


def building(*arguments: str) -> dict[str, str]:
    """The environment in which pip builds beside other builds, whose work on other people's crates is used again."""
    words = ["cargo", "metadata", "--manifest-path", CHECKOUT / "Cargo.toml", "--format-version", "1", "--no-deps"]
    return {
        "CARGO_TARGET_DIR": json.loads(subprocess.check_output(words))["target_directory"],
        "MATURIN_PEP517_ARGS": " ".join(["--profile", "dev", *arguments]),
    }


def test_the_wheel_works_outside_the_checkout(wheel: Path, tmp_path: Path, pluvo_sandbox: Sandbox) -> None:
    assert re.fullmatch(rf"pluvo_sdk-{re.escape(VERSION)}-cp310-abi3-\w+\.whl", wheel.name)
    python = environment(tmp_path) / "python"
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    assert run(python, "-c", PROGRAM, pluvo_sandbox.url, cwd=tmp_path) == "60\n"
    words = [python, "-m", "pluvo_sdk", "--version"]
    lacking = subprocess.run(words, cwd=tmp_path, env={"PATH": ""}, capture_output=True, text=True, check=False)
    assert (lacking.returncode, lacking.stdout) == (1, "")
    assert "pip install 'pluvo-sdk[cli]'" in lacking.stderr


def test_the_extra_brings_the_command(wheels: Path, tmp_path: Path, pluvo_sandbox: Sandbox) -> None:
    programs = environment(tmp_path)
    python = programs / "python"
    pip = [python, "-m", "pip", "install", "--quiet"]
    run(*pip, "msgspec", "typing-extensions", cwd=tmp_path)
    run(*pip, "--no-index", "--find-links", wheels, "pluvo-sdk[cli]", cwd=tmp_path)
    assert run(programs / "pluvo", "--version", cwd=tmp_path) == f"pluvo {VERSION}\n"

    # No other command is to be found.
    where = {"PATH": "", "PLUVO_BASE_URL": pluvo_sandbox.url, "PLUVO_CLIENT_ID": pluvo_sandbox.client_id}
    secret = {"PLUVO_CLIENT_SECRET": pluvo_sandbox.client_secret}
    listed = run(python, "-m", "pluvo_sdk", "users", "list", "--format", "jsonl", cwd=tmp_path, **where, **secret)
    assert len([json.loads(line)["id"] for line in listed.splitlines()]) == 60
    assert run(python, "-c", SANDBOX, cwd=tmp_path, PATH="") == f"{programs / 'pluvo'} 7\n"


def test_the_wheel_holds_what_it_should(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(f"pluvo_sdk-{VERSION}.dist-info/METADATA").decode()
    assert {"pluvo_sdk/py.typed", "pluvo_sdk/_native.pyi", "pluvo_sdk/_native.abi3.so"} <= names
    assert not [name for name in names if "test" in Path(name).parent.name or name.endswith(".pyc")]
    for extra in ("arrow", "pandas", "polars", "cli"):
        assert f"Provides-Extra: {extra}" in metadata
    assert f"Requires-Dist: pluvo-cli=={VERSION} ; extra == 'cli'" in metadata
    assert "Requires-Python: >=3.10" in metadata


def test_the_wheel_of_the_command_holds_nothing_else(wheels: Path) -> None:
    [wheel] = wheels.glob("pluvo_cli-*.whl")
    assert re.fullmatch(rf"pluvo_cli-{re.escape(VERSION)}-py3-none-\w+\.whl", wheel.name)
    with zipfile.ZipFile(wheel) as archive:
        files = [name for name in archive.namelist() if ".dist-info/" not in name]
        metadata = archive.read(f"pluvo_cli-{VERSION}.dist-info/METADATA").decode()
    assert files == [f"pluvo_cli-{VERSION}.data/scripts/pluvo"]
    assert "\n# The pluvo command\n" in metadata


def test_wheels_hold_the_licences(wheels: Path) -> None:
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            for name in ("LICENSE-APACHE", "LICENSE-MIT"):
                [path] = [path for path in archive.namelist() if path.endswith(f".dist-info/licenses/{name}")]
                assert archive.read(path) == (CHECKOUT / name).read_bytes()


def test_the_source_builds_from_itself(tmp_path: Path, pluvo_sandbox: Sandbox) -> None:
    unpacked = source("python", "package", tmp_path)
    assert (unpacked / "crates/pluvo-bridge/src/lib.rs").exists()
    assert not (unpacked / "crates/pluvo-cli").exists()
    python = environment(tmp_path) / "python"
    run(python, "-m", "pip", "install", "--quiet", unpacked, cwd=tmp_path, **building())
    assert run(python, "-c", PROGRAM, pluvo_sandbox.url, cwd=tmp_path) == "60\n"


def test_the_source_of_the_command_builds_from_itself(tmp_path: Path) -> None:
    unpacked = source("python/cli", "command", tmp_path)
    assert not (unpacked / "crates/pluvo-bridge").exists()
    programs = environment(tmp_path)
    pip = [programs / "python", "-m", "pip", "install", "--quiet"]
    run(*pip, unpacked, cwd=tmp_path, **building("--strip", "false"))
    assert run(programs / "pluvo", "--version", cwd=tmp_path) == f"pluvo {VERSION}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the command is handed over to otherwise there")
def test_the_command_is_handed_over_to(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "pluvo_sdk", "--version"]
    assert subprocess.check_output(words, text=True).startswith("pluvo ")
    empty = {"PATH": str(tmp_path), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    done = subprocess.run(words, env=empty, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pluvo-sdk[cli]" in done.stderr
    wrong = {**empty, "PLUVO_COMMAND": str(tmp_path / "pluvo")}
    done = subprocess.run(words, env=wrong, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: {tmp_path / 'pluvo'} cannot be run: No such file or directory\n"
