"""A Pluvo on this machine, for tests: `Sandbox` runs the `pluvo sandbox` command.

The command is found by `PLUVO_COMMAND`, where pip puts scripts, or on the `PATH`; `pip install 'pluvo-sdk[cli]'` brings
it.

>>> from pluvo_sdk.testing import Sandbox
>>> with Sandbox(users=100) as sandbox, sandbox.client() as pluvo:
...     assert pluvo.users.list().count() == 100
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from . import _native
from .errors import ConfigError, PluvoError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

    from . import AsyncPluvo, Pluvo

__all__ = ["Sandbox", "command", "sign_for_test"]


def command() -> str:
    """Where the `pluvo` command is.

    Raises:
        ConfigError: It is not there.
    """
    named = os.environ.get("PLUVO_COMMAND")
    if named:
        return named
    folders = [
        sysconfig.get_path("scripts"),
        # Of `pip install --user` and of `pip install --target`.
        sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user")),
        str(Path(__file__).parents[1] / "bin"),
    ]
    found = shutil.which("pluvo", path=os.pathsep.join(folders)) or shutil.which("pluvo")
    if found is None:
        raise ConfigError("there is no `pluvo` command: `pip install 'pluvo-sdk[cli]'`, or name it in PLUVO_COMMAND")
    return found


class Sandbox:
    """A Pluvo organisation on this machine, as long as it is open.

    Args:
        users: How many people there are. 60 where nothing is said.
        groups: How many groups.
        trainings: How many trainings.
        seed: Equal seeds give equal data.
        tls: Whether it speaks HTTPS; or which certificate it has, `wrong-host` or `expired`.
        latency: How long every answer takes at least: `50ms`.
        options: Further options of the command, `{"rate-limit": "10/s"}`.
        path: Where the command is.

    Raises:
        ConfigError: There is no command, or it does not start.
    """

    def __init__(
        self,
        *,
        users: int | None = None,
        groups: int | None = None,
        trainings: int | None = None,
        seed: int | None = None,
        tls: bool | str = False,
        latency: str | None = None,
        options: Mapping[str, str] | None = None,
        path: str | None = None,
    ) -> None:
        given = {"users": users, "groups": groups, "trainings": trainings, "seed": seed, "latency": latency}
        words = [path or command(), "sandbox", "--port", "0", "--format", "json"]
        for name, value in {**given, **(options or {})}.items():
            if value is not None:
                words += [f"--{name}", str(value)]
        if tls:
            words.append("--tls" if tls is True else f"--tls={tls}")
        self._process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.stop()
            raise ConfigError("the sandbox did not start; standard error says why")
        told = json.loads(line)
        self.url: str = told["url"]
        """Its base URL."""
        self.client_id: str = told["client_id"]
        """The id of its OAuth client."""
        self.client_secret: str = told["client_secret"]
        """The secret of its OAuth client."""
        self.certificate_authority: str | None = told["ca_pem"]
        """The authority of its certificate, as PEM, where it speaks HTTPS."""
        self._control: str = told["control_url"]
        # This machine's proxy has no business with this machine's servers.
        self._opener = build_opener(ProxyHandler({}))

    def settings(self) -> dict[str, Any]:
        """What a client is made with to call it."""
        settings: dict[str, Any] = {
            "base_url": self.url,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "proxy": False,
        }
        if self.certificate_authority is not None:
            settings["certificate_authority"] = self.certificate_authority
        return settings

    def client(self, **settings: Any) -> Pluvo:
        """A client that calls it. Settings are those of `Pluvo`."""
        from . import Pluvo

        return Pluvo(**{**self.settings(), **settings})

    def async_client(self, **settings: Any) -> AsyncPluvo:
        """A client that calls it. Settings are those of `AsyncPluvo`."""
        from . import AsyncPluvo

        return AsyncPluvo(**{**self.settings(), **settings})

    def control(self, method: str, path: str, body: object = None) -> Any:
        """Asks something of its control API, `log` or `faults` for example, and gives the answer.

        Raises:
            PluvoError: It refuses.
        """
        data = None if body is None else json.dumps(body).encode()
        request = Request(self._control + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with self._opener.open(request, timeout=60) as response:
                text = response.read()
        except HTTPError as error:
            with error:
                said = error.read().decode(errors="replace")
            raise PluvoError(f"the sandbox refuses {method} {path}: {said}") from None
        return json.loads(text) if text else None

    def add_faults(self, *faults: Mapping[str, Any]) -> None:
        """Lets it do wrong: `{"from": 2, "do": {"kind": "status", "status": 503}}`."""
        self.control("POST", "faults", list(faults))

    def log(self) -> list[dict[str, Any]]:
        """The requests that came in, oldest first."""
        return self.control("GET", "log")

    def outbox(self) -> list[dict[str, Any]]:
        """What it would have mailed."""
        return self.control("GET", "outbox")

    def reset(self) -> None:
        """Makes its data anew, and forgets faults, settings and requests."""
        self.control("POST", "reset")

    def advance(self, duration: str) -> None:
        """Lets time pass on its clock: `25h`."""
        self.control("POST", "clock", {"advance": duration})

    def token(self, scopes: Sequence[str] | None = None) -> str:
        """A token of it, with all scopes where nothing is said."""
        return self.control("POST", "tokens", None if scopes is None else {"scopes": list(scopes)})["access_token"]

    def stop(self) -> None:
        """Ends it."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"Sandbox({self.url})"


def sign_for_test(body: bytes, key: str, salt: str = "a1b2c3") -> dict[str, str]:
    """The headers with which Pluvo would sign a delivery, for tests of what receives them."""
    return json.loads(_native.sign_for_test(body, key, salt))
