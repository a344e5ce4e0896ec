"""Programs that tests run in a process of their own."""

from __future__ import annotations

import subprocess
import sys
import textwrap

from pluvo_sdk.testing import Sandbox

BEGIN = """
import asyncio, gc, multiprocessing, os, signal, sys, threading, time
from pluvo_sdk import AsyncPluvo, Pluvo
def settings():
    return dict(base_url=sys.argv[1], client_id="sandbox", client_secret="sandbox-secret", proxy=False)
"""


def start(sandbox: Sandbox, code: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-X", "faulthandler", "-W", "error", "-c", BEGIN + textwrap.dedent(code), sandbox.url]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(sandbox: Sandbox, code: str, *, status: int = 0) -> str:
    """What a program prints. It ends by itself, and says nothing on standard error."""
    with start(sandbox, code) as process:
        try:
            out, err = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert err == "", err
    assert process.returncode == status, out
    return out
