"""`python -m pluvo_sdk` and the `pluvo` script: the `pluvo` command, which `pip install pluvo-sdk[cli]` brings."""

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
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(words[0], words)
    return subprocess.call(words)


if __name__ == "__main__":
    sys.exit(main())
