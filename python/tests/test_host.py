"""The interpreter as a host: processes, threads, signals, event loops, its end."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from pluvo_sdk import ConfigError, Pluvo
from pluvo_sdk.testing import Sandbox

from .programs import run, start

pytestmark = pytest.mark.thread_unsafe(reason="the sandbox's faults and log are everybody's")

HANG = {"times": None, "do": {"kind": "connection", "action": "stall", "at": "start"}}
SLOW = {"delay": "1h", "do": {"kind": "pass"}}


@pytest.fixture
def held(pluvo_sandbox: Sandbox) -> Iterator[Sandbox]:
    """A sandbox whose clock stands still, so that it delays answers for as long as a test wants."""
    pluvo_sandbox.control("POST", "clock", {"hold": True})
    yield pluvo_sandbox
    pluvo_sandbox.control("POST", "clock", {"hold": False})


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="this system has no fork")
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes(pluvo_sandbox: Sandbox, method: str) -> None:
    code = f"""
    pluvo = None
    def work(number):
        client = pluvo or Pluvo(**settings())
        return client.users.list().count() + number
    if __name__ == "__main__":
        pluvo = Pluvo(**settings())
        count = pluvo.users.list().count()
        context = multiprocessing.get_context({method!r})
        if {method == "fork"}:
            with context.Pool(4) as pool:
                assert pool.map(work, range(8)) == [count + n for n in range(8)]
        else:
            process = context.Process(target=print, args=("a child",), kwargs={{"flush": True}})
            process.start()
            process.join()
            assert process.exitcode == 0
        assert pluvo.users.list().count() == count
        print("done")
    """
    assert run(pluvo_sandbox, code).endswith("done\n")


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no fork")
def test_a_forked_child_uses_and_drops_what_the_parent_made(pluvo_sandbox: Sandbox) -> None:
    code = """
    pluvo = Pluvo(**settings())
    pages = pluvo.users.list().pages()
    next(pages)
    child = os.fork()
    if child == 0:
        assert pluvo.users.list().count() == 60
        assert len(list(pluvo.users.list())) == 60
        async def work():
            async with AsyncPluvo(**settings()) as other:
                return await other.users.list().count()
        assert asyncio.run(work()) == 60
        pluvo = pages = None
        gc.collect()
        sys.exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert len(next(pages).items) == 10
    assert pluvo.users.list().count() == 60
    """
    run(pluvo_sandbox, code)


def test_threads_share_a_client(pluvo: Pluvo) -> None:
    with ThreadPoolExecutor(16) as pool:
        counts = list(pool.map(lambda _: len(list(pluvo.users.list())), range(64)))
    assert counts == [60] * 64


def test_threads_run_while_one_waits(held: Sandbox, pluvo: Pluvo) -> None:
    held.add_faults(SLOW)
    seen: list[int] = []
    waiting = threading.Thread(target=lambda: seen.append(pluvo.users.list().count()))
    waiting.start()
    # A thread that held on to the interpreter would let this one neither see nor do anything.
    until(lambda: in_flight(held) > 0)
    assert waiting.is_alive()
    assert seen == []
    held.advance("1h")
    waiting.join()
    assert seen == [60]


@pytest.mark.parametrize(
    "reader", ["list(pluvo.users.list())", "pluvo.users.get(ref='a')", "pluvo.users.list().to_arrow()"]
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_a_signal_ends_a_call(pluvo_sandbox: Sandbox, reader: str) -> None:
    pluvo_sandbox.add_faults(HANG)
    code = f"""
    pluvo = Pluvo(**settings())
    pluvo.check()
    print("ready", flush=True)
    try:
        {reader}
    except KeyboardInterrupt:
        print(time.monotonic(), flush=True)
        sys.stdin.readline()
    """
    with start(pluvo_sandbox, code) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        until(lambda: in_flight(pluvo_sandbox) > 0)
        process.send_signal(signal.SIGINT)
        assert float(process.stdout.readline()) > 0
        # The request was dropped, although the program lives on.
        until(lambda: in_flight(pluvo_sandbox) == 0)
        process.communicate(timeout=60)
        assert process.returncode == 0


def test_a_cancelled_task_drops_its_request(pluvo_sandbox: Sandbox) -> None:
    pluvo_sandbox.add_faults(HANG)
    code = """
    async def work():
        async with AsyncPluvo(**settings()) as pluvo:
            await pluvo.check()
            for call in (pluvo.users.get(ref="a"), pluvo.users.list().first(), pluvo.users.list().to_arrow()):
                task = asyncio.ensure_future(call)
                await begun()
                task.cancel()
                try:
                    await task
                except asyncio.CancelledError:
                    print("cancelled", flush=True)
                await ended()
            try:
                await asyncio.wait_for(pluvo.users.get(ref="a"), 0.05)
            except (TimeoutError, asyncio.TimeoutError):
                print("timed out", flush=True)
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    asyncio.run(work())
    """
    with start(pluvo_sandbox, code) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        assert lines == ["cancelled\n"] * 3 + ["timed out\n"]
        until(lambda: in_flight(pluvo_sandbox) == 0)
        process.communicate(timeout=60)


def test_nothing_is_sent_before_it_is_awaited(pluvo_sandbox: Sandbox) -> None:
    code = """
    import warnings
    async def work():
        pluvo = AsyncPluvo(**settings())
        warnings.simplefilter("ignore")
        calls = [pluvo.users.get(ref="a"), pluvo.users.list().first(), pluvo.check(), pluvo.users.list()[3]]
        del calls
        pluvo.users.list()
        pluvo.users.list().pages()
        pluvo.users.list()[3:5]
        pluvo.users.upsert_many([{"ref": "a"}], stream=True)
        gc.collect()
        # Whatever had been begun would have been sent before this.
        await pluvo.check()
    asyncio.run(work())
    """
    run(pluvo_sandbox, code)
    assert [entry["path"] for entry in pluvo_sandbox.log()] == ["/oauth/token/"]


def test_a_loop_that_is_closed_with_work_pending(held: Sandbox) -> None:
    held.add_faults(SLOW)
    code = """
    pluvo = AsyncPluvo(**settings())
    loop = asyncio.new_event_loop()
    task = loop.create_task(pluvo.users.list().count())
    task._log_destroy_pending = False
    loop.run_until_complete(begun())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    print("closed", flush=True)
    sys.stdin.readline()
    # Another loop goes on with the same client.
    assert asyncio.run(pluvo.users.list().count()) == 60
    """
    with start(held, code) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "closed\n"
        held.advance("1h")
        until(lambda: in_flight(held) == 0)
        out, err = process.communicate("\n", timeout=60)
        assert (out, err, process.returncode) == ("", "", 0)


def test_loops_take_turns(pluvo_sandbox: Sandbox) -> None:
    code = """
    class Blind(asyncio.SelectorEventLoop):
        \"\"\"A loop that watches no files, as that of Windows.\"\"\"
        def add_reader(self, *_):
            raise NotImplementedError
    pluvo = AsyncPluvo(**settings())
    loops = [asyncio.SelectorEventLoop(), Blind(), asyncio.SelectorEventLoop()]
    async def many():
        counts = await asyncio.gather(*(pluvo.users.list().count() for _ in range(20)))
        assert len([user async for user in pluvo.users.list().page_size(7)]) == 60
        return {*counts}
    for loop in loops * 3:
        assert loop.run_until_complete(many()) == {60}
    for loop in loops:
        loop.close()
    assert asyncio.run(many()) == {60}
    """
    run(pluvo_sandbox, code)


@pytest.mark.parametrize(
    "work",
    [
        "threading.Thread(target=lambda: list(pluvo.users.list()), daemon=True).start()",
        "threading.Thread(target=lambda: asyncio.run(other.users.get(ref='a')), daemon=True).start()",
        "pages = pluvo.users.list().pages(); next(pages)",
    ],
)
def test_the_interpreter_ends_while_calls_run(pluvo_sandbox: Sandbox, work: str) -> None:
    pluvo_sandbox.add_faults({**HANG, "from": 2})
    code = f"""
    pluvo = Pluvo(**settings(), on_request=lambda attempt: None)
    other = AsyncPluvo(**settings(), on_request=lambda attempt: None)
    assert pluvo.users.list().count() == 60
    try:
        {work}
    except BaseException as error:
        raise SystemExit(repr(error))
    {"" if "pages" in work else "until_in_flight()"}
    """
    if "pages" in work:
        pluvo_sandbox.control("DELETE", "faults")
    run(pluvo_sandbox, code)


def test_the_interpreter_ends_while_a_token_is_awaited(pluvo_sandbox: Sandbox) -> None:
    code = """
    asked, ending = threading.Event(), threading.Event()
    def token():
        print("asked", flush=True)
        asked.set()
        ending.wait()
        return "late"
    pluvo = Pluvo(base_url=sys.argv[1], token=token, proxy=False)
    atexit.register(ending.set)
    threading.Thread(target=lambda: pluvo.users.list().count(), daemon=True).start()
    asked.wait()
    """
    assert run(pluvo_sandbox, code) == "asked\n"


def test_a_closed_client_says_so(pluvo_sandbox: Sandbox) -> None:
    with pluvo_sandbox.client() as pluvo:
        users = pluvo.users.list()
        assert users.count() == 60
    with pytest.raises(ConfigError, match="closed"):
        users.count()
    assert repr(pluvo) == "Pluvo(closed)"


def test_a_client_without_settings_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ORGANIZATION", "BASE_URL", "CLIENT_ID", "CLIENT_SECRET", "ACCESS_TOKEN", "SCOPES"):
        monkeypatch.delenv(f"PLUVO_{name}", raising=False)
    with pytest.raises(ConfigError, match=r"PLUVO_ORGANIZATION|organization"):
        Pluvo()


def test_the_environment_is_read(pluvo_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUVO_BASE_URL", pluvo_sandbox.url)
    monkeypatch.setenv("PLUVO_CLIENT_ID", pluvo_sandbox.client_id)
    monkeypatch.setenv("PLUVO_CLIENT_SECRET", pluvo_sandbox.client_secret)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Pluvo() as pluvo, Pluvo.from_env(scopes=["users.read"]) as other:
        assert pluvo.users.list().count() == other.users.list().count() == 60
        assert other.check().granted == ["users.read"]


def test_options_are_a_derived_clients_own(pluvo_sandbox: Sandbox, pluvo: Pluvo) -> None:
    once = pluvo.with_options(max_attempts=1, timeout=20)
    pluvo_sandbox.add_faults({"times": 1, "do": {"kind": "status", "status": 503}})
    with pytest.raises(Exception, match="503"):
        once.users.list().count()
    assert once.users.list().count() == pluvo.users.list().count() == 60
    with pytest.raises(ConfigError, match="maxAttempt"):
        pluvo.with_options(max_attempt=1)  # type: ignore[call-arg]
    # One token serves both.
    assert len([entry for entry in pluvo_sandbox.log() if entry["path"] == "/oauth/token/"]) == 1


def test_a_signal_ends_a_table_that_another_package_reads(pluvo_sandbox: Sandbox) -> None:
    pluvo_sandbox.add_faults(HANG)
    code = """
    import pyarrow
    pluvo = Pluvo(**settings())
    pluvo.check()
    print("ready", flush=True)
    try:
        try:
            pyarrow.table(pluvo.users.list())
        except OSError:
            # The interpreter has been told, and ends this.
            while True:
                pass
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    """
    with start(pluvo_sandbox, code) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        until(lambda: in_flight(pluvo_sandbox) > 0)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (out, err, process.returncode) == ("interrupted\n", "", 0)


def in_flight(sandbox: Sandbox) -> int:
    return sandbox.control("GET", "state")["in_flight"]


def until(holds: Callable[[], bool]) -> None:
    """Asks until something holds, for half a minute at most."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "it never came"
