"""Where the project is: the package is tested from a copy."""

import os
from pathlib import Path

CHECKOUT = Path(os.environ.get("PLUVO_CHECKOUT", Path(__file__).parents[2]))
CONFORMANCE = CHECKOUT / "tests" / "conformance"
