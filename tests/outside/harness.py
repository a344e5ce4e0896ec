"""Starts the servers, runs the suites against them, stops them, and adds the counts up.

Started by `run`, which sets up Node's and Python's packages first.
"""

import argparse
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

CREDENTIALS = ("outside", "outside-secret")
SANDBOX_USERS = 237
# Seconds. So long nothing takes by itself; past it something hangs.
START_WITHIN = 60
SUITE_WITHIN = 600
SANDBOX_SCOPES = "users.read groups.read trainings.read"


@dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


class NotStarted(Exception):
    """A server that did not come up."""


@contextlib.contextmanager
def server(name, command, log, **options):
    """Runs `command` until the block ends; gives the URL that it prints first. What it complains of goes to `log`."""
    with open(log, "w", encoding="utf-8") as complaints:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints, text=True, **options
        )
    late = threading.Timer(START_WITHIN, process.kill)
    late.start()
    try:
        for line in process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                break
        else:
            print(Path(log).read_text(encoding="utf-8"))
            raise NotStarted(f"{name} ended before it said where it listens (exit code {process.wait()})")
        late.cancel()
        # Nothing reads what it prints from here on, so it must not be able to fill the pipe.
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield f"{found[0]}/"
    finally:
        late.cancel()
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def build(root, *command):
    """Builds one program and gives its path: what runs later must not wait for cargo's locks."""
    done = subprocess.run(
        ["cargo", *command, "--quiet", "--message-format=json-render-diagnostics"],
        cwd=root,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    messages = (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))
    programs = [message["executable"] for message in messages if message.get("executable")]
    if done.returncode != 0 or len(programs) != 1:
        raise NotStarted(f"cargo {' '.join(command)} failed, or made {len(programs)} programs instead of one")
    return programs[0]


def run(title, command, log, read, **options):
    """Runs one suite; its output is shown when something failed, and the reasons of what it skipped always."""
    started = time.monotonic()
    with open(log, "w", encoding="utf-8") as output:
        # A session of its own, so that what the suite starts can be ended with it.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )
        try:
            code = process.wait(timeout=SUITE_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
            print(f"{title}: ended after {SUITE_WITHIN} s")
    output = log.read_text(encoding="utf-8")
    counts = read(output)
    if code != 0 and counts.failed == 0:
        counts.failed = 1
    if counts.passed == 0 and counts.failed == 0:
        counts.failed = 1
        print(f"{title}: ran no test")
    if counts.failed:
        print(output)
    for skipped in re.findall(r"^ok \d+ - (.*?) # SKIP (.*)$", output, re.MULTILINE):
        print("  skipped:", " — ".join(skipped))
    print(f"{title}: {counts} ({time.monotonic() - started:.1f} s)", flush=True)
    return counts


def read_tap(output):
    totals = dict(re.findall(r"^# (pass|fail|cancelled|skipped) (\d+)$", output, re.MULTILINE))
    return Counts(
        int(totals.get("pass", 0)),
        int(totals.get("fail", 0)) + int(totals.get("cancelled", 0)),
        int(totals.get("skipped", 0)),
    )


def read_libtest(output):
    results = re.findall(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored", output, re.MULTILINE)
    return sum((Counts(*map(int, result)) for result in results), Counts())


def read_junit(path):
    def read(_output):
        if not path.exists():
            return Counts()
        suite = ElementTree.parse(path).getroot().find("testsuite")
        total, skipped = int(suite.get("tests")), int(suite.get("skipped"))
        failed = int(suite.get("failures")) + int(suite.get("errors"))
        return Counts(total - failed - skipped, failed, skipped)

    return read


def our_client(root, work, env):
    """Our client against other people's servers."""
    commands = {
        "YOGA": ["node", "servers/yoga.mjs"],
        "APOLLO": ["node", "servers/apollo.mjs"],
        "DJANGO": [sys.executable, "servers/django_server.py"],
    }
    tests = build(root, "test", "--no-run", "-p", "pluvo-outside", "--features", "servers")
    with contextlib.ExitStack() as stack:
        urls = {
            name: stack.enter_context(
                server(name, command, work / f"{name}.log", cwd=work, env={**env, "NODE_ENV": "production"})
            )
            for name, command in commands.items()
        }
        return run(
            "our client against GraphQL Yoga + oidc-provider, Apollo Server + oauth2-server, Django + graphene",
            [tests, "--quiet", "--test-threads=1"],
            work / "client.log",
            read_libtest,
            cwd=root,
            env={
                **env,
                "RUST_BACKTRACE": "0",
                "PLUVO_OUTSIDE_CLIENT_ID": CREDENTIALS[0],
                "PLUVO_OUTSIDE_CLIENT_SECRET": CREDENTIALS[1],
                **{f"PLUVO_OUTSIDE_{name}": url for name, url in urls.items()},
            },
        )


def our_sandbox(root, work, env):
    """Other people's clients and audits against our sandbox."""
    pluvo = build(root, "build", "-p", "pluvo-cli", "--bin", "pluvo")
    sandbox = [pluvo, "sandbox", "--port", "0", "--users", str(SANDBOX_USERS)]
    with server("pluvo sandbox", sandbox, work / "sandbox.log", cwd=root) as url:
        env = {
            **env,
            "PLUVO_BASE_URL": url,
            "PLUVO_CLIENT_ID": "sandbox",
            "PLUVO_CLIENT_SECRET": "sandbox-secret",
            "PLUVO_SCOPES": SANDBOX_SCOPES,
            "PLUVO_USERS": str(SANDBOX_USERS),
            "PLUVO_COMMAND": pluvo,
        }
        node = [str(path.relative_to(work)) for path in sorted((work / "clients").glob("*.test.mjs"))]
        junit = work / "junit.xml"
        pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={junit}"]
        return run(
            "Node's clients and audits against our sandbox",
            ["node", "--test", "--test-reporter=tap", *node],
            work / "node.log",
            read_tap,
            cwd=work,
            env=env,
        ) + run(
            "Python's clients against our sandbox",
            [*pytest, "clients"],
            work / "python.log",
            read_junit(junit),
            cwd=work,
            env=env,
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only", choices=["client", "sandbox"], help="one half alone")
    arguments = parser.parse_args()

    halves = {"client": our_client, "sandbox": our_sandbox}
    env = {**os.environ, "PLUVO_SCHEMA": str(arguments.root / "schema" / "pluvo.graphql")}
    total = Counts()
    for name, half in halves.items():
        if arguments.only in (None, name):
            try:
                total += half(arguments.root, arguments.work, env)
            except NotStarted as problem:
                print(problem)
                total.failed += 1
    print(total)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
