"""The examples of all docstrings and of the guide are run."""

from __future__ import annotations

import ast
import asyncio
import doctest
import inspect
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pluvo_sdk import AsyncPluvo, InvalidRequestError, Pluvo, PluvoError
from pluvo_sdk.testing import Sandbox, sign_for_test

from .checkout import CHECKOUT
from .test_surface import NAMES

#: Pluvo does not have what an example is about, or has it already.
FINE = {"not_found", "conflict"}


def source(call: Any) -> str:
    examples = doctest.DocTestParser().get_examples(inspect.getdoc(call) or "")
    assert examples, f"{call} has no example"
    return "".join(example.source for example in examples)


def found(client: Any, name: str) -> Any:
    for part in name.split("."):
        client = getattr(client, part)
    return client


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files are that examples speak of."""
    monkeypatch.chdir(tmp_path)
    for name in ("anne.png", "handbook.pdf"):
        (tmp_path / name).write_bytes(b"content")


def globals_of(name: str, pluvo: Any, sandbox: Sandbox) -> dict[str, Any]:
    names: dict[str, Any] = {"pluvo": pluvo, "print": lambda *words: None, "content": "handbook.pdf"}
    if name == "files.store":  # what files.create gave
        with sandbox.client() as client:
            names["prepared"] = client.files.create(name="handbook.pdf")
    return names


@pytest.mark.parametrize("name", sorted(NAMES))
def test_an_example_of_threads(name: str, pluvo: Pluvo, pluvo_sandbox: Sandbox, folder: None) -> None:
    code = source(found(pluvo, name))
    with only_what_is_fine():
        exec(compile(code, name, "exec"), globals_of(name, pluvo, pluvo_sandbox))


@pytest.mark.parametrize("name", sorted(NAMES))
def test_an_example_of_coroutines(name: str, pluvo_sandbox: Sandbox, folder: None) -> None:
    async def work() -> None:
        async with pluvo_sandbox.async_client() as pluvo:
            code = source(found(pluvo, name))
            assert "await" in code or "async for" in code
            compiled = compile(code, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            with only_what_is_fine():
                await eval(compiled, globals_of(name, pluvo, pluvo_sandbox))

    asyncio.run(work())


@contextmanager
def only_what_is_fine() -> Iterator[None]:
    try:
        yield
    except InvalidRequestError as error:
        # Pluvo's own word or a guard's is fine, not that of the bridge, which would have sent nothing.
        if not error.attempts and "raise the guard" not in str(error):
            raise
    except PluvoError as error:
        if error.code not in FINE:
            raise


GUIDE = CHECKOUT / "docs" / "python.md"
BLOCKS = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL) if GUIDE.exists() else []


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_block_of_the_guide(
    number: int, pluvo_sandbox: Sandbox, folder: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUVO_BASE_URL", pluvo_sandbox.url)
    monkeypatch.setenv("PLUVO_CLIENT_ID", pluvo_sandbox.client_id)
    monkeypatch.setenv("PLUVO_CLIENT_SECRET", pluvo_sandbox.client_secret)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    body = b'{"event":"USER_CREATED","id":"1","name":"Anne"}'
    with pluvo_sandbox.client() as pluvo:
        names: dict[str, Any] = {
            "__name__": "__main__",
            "pluvo": pluvo,
            "print": lambda *words: None,
            "body": body,
            "headers": sign_for_test(body, "webhook-key"),
            "token_of_our_back_end": pluvo_sandbox.token,
        }
        name = f"{GUIDE}, block {number + 1}"
        code = compile(BLOCKS[number], name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        made = eval(code, names)
        if inspect.iscoroutine(made):
            asyncio.run(run_with_client(made, names, pluvo_sandbox))
        for name, test in list(names.items()):
            if name.startswith("test_") and inspect.isfunction(test):
                given = {"pluvo": pluvo, "pluvo_sandbox": pluvo_sandbox}
                pluvo_sandbox.reset()
                test(**{name: given[name] for name in inspect.signature(test).parameters})


async def run_with_client(block: Any, names: dict[str, Any], sandbox: Sandbox) -> None:
    client: AsyncPluvo
    async with sandbox.async_client() as client:
        names["pluvo"] = client
        await block


def test_the_program_of_the_readme(pluvo_sandbox: Sandbox, folder: None, monkeypatch: pytest.MonkeyPatch) -> None:
    import runpy

    monkeypatch.setenv("PLUVO_BASE_URL", pluvo_sandbox.url)
    monkeypatch.setenv("PLUVO_CLIENT_ID", pluvo_sandbox.client_id)
    monkeypatch.setenv("PLUVO_CLIENT_SECRET", pluvo_sandbox.client_secret)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    runpy.run_path(str(Path(__file__).parents[1] / "examples" / "quickstart.py"))
    import pyarrow.parquet as pq

    with pluvo_sandbox.client() as pluvo:
        count = pluvo.users.list(archived=False).count()
    assert pq.read_table("users.parquet").num_rows == count - 3
    assert os.path.exists("users.parquet")
