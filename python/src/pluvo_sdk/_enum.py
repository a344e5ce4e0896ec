"""Enums that take words which they do not know."""

from __future__ import annotations

from enum import Enum

# Words that a server makes up without end are not remembered without end.
_REMEMBERED = 1000


class OpenEnum(str, Enum):
    """Words with a meaning. One that is not known is a member all the same, and equal to itself."""

    @property
    def is_known(self) -> bool:
        """Whether this version knows the word."""
        return self._value_ in type(self).__members__.values()

    @classmethod
    def _missing_(cls, value: object) -> OpenEnum | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        if len(cls._value2member_map_) < _REMEMBERED:
            # Two threads that meet here agree on the first.
            return cls._value2member_map_.setdefault(value, member)  # type: ignore[return-value]
        return member

    def __reduce_ex__(self, protocol: object) -> tuple[type[OpenEnum], tuple[str]]:
        return type(self), (self._value_,)

    def __str__(self) -> str:
        return self._value_

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self._name_}" if self.is_known else f"{type(self).__name__}({self._value_!r})"
