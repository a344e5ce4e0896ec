"""The base of everything that is read."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import fields


# Models hold no references to themselves, so the garbage collector need not look at them.
class Model(Struct, frozen=True, kw_only=True, rename="camel", gc=False, omit_defaults=True, repr_omit_defaults=True):
    """The base of everything that is read. It cannot be changed; `msgspec.structs.replace` makes a changed copy."""


def hidden(model: Model, *secret: str) -> str:
    """The text of a model some of whose fields nobody may see."""
    shown = [
        f"{field.name}={'...' if field.name in secret else repr(getattr(model, field.name))}" for field in fields(model)
    ]
    return f"{type(model).__name__}({', '.join(shown)})"
