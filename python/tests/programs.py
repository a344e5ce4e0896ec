"""Programs that tests run in a process of their own."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

from pluvo_sdk.testing import Sandbox

BEGIN = """
import asyncio, atexit, gc, json, multiprocessing, os, signal, sys, threading, time
from urllib.request import ProxyHandler, build_opener
from pluvo_sdk import AsyncPluvo, Pluvo
def settings():
    return dict(base_url=sys.argv[1], client_id="sandbox", client_secret="sandbox-secret", proxy=False)
def until_in_flight(count=1):
    ask = build_opener(ProxyHandler({})).open
    while True:
        with ask(sys.argv[1] + "/__sandbox/state") as answer:
            if json.load(answer)["in_flight"] == count:
                return
async def begun(count=1):
    await asyncio.get_running_loop().run_in_executor(None, until_in_flight, count)
async def ended():
    await begun(0)
"""


@contextmanager
def start(sandbox: Sandbox, code: str) -> Iterator[subprocess.Popen[str]]:
    """A program that runs. It is ended with the block."""
    words = [sys.executable, "-X", "faulthandler", "-W", "error", "-c", BEGIN + textwrap.dedent(code), sandbox.url]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def run(sandbox: Sandbox, code: str, *, status: int = 0) -> str:
    """What a program prints. It ends by itself, and says nothing on standard error."""
    with start(sandbox, code) as process:
        out, err = process.communicate(timeout=60)
    assert err == "", err
    assert process.returncode == status, out
    return out
