"""What can be given as a dictionary: `UserRow`, `SyncRow`, `OfferEventDateInput`, ..."""

from ._generated.inputs import *  # noqa: F403
