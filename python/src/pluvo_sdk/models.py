"""What can be read: `User`, `Group`, `Training`, ... and the words they hold, `Role`, `Language`, ..."""

from ._generated.enums import *  # noqa: F403
from ._generated.models import *  # noqa: F403
