"""`python -m pluvo_sdk`: the `pluvo` command, which `pip install 'pluvo-sdk[cli]'` brings."""

from __future__ import annotations

import os
import subprocess
import sys

from .errors import ConfigError
from .testing import command


def main() -> int:
    """Hands over to the command, with its arguments."""
    try:
        words = [command(), *sys.argv[1:]]
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    try:
        if os.name == "posix":
            sys.stdout.flush()
            os.execv(words[0], words)
        return subprocess.call(words)
    except OSError as error:
        print(f"error: {words[0]} cannot be run: {error.strerror}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
