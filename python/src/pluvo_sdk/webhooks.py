"""Deliveries of Pluvo's webhooks: knowing that they are Pluvo's, and reading them.

>>> from pluvo_sdk import webhooks
>>> match webhooks.verify(body, headers, "webhook-key").payload:
...     case webhooks.UserPayload(id=id, email=email):
...         print(id, email)
...     case webhooks.UnknownPayload():
...         pass

Pluvo signs with HMAC-SHA-1 and no time stamp, so a recorded delivery can be sent again: keep `Delivery.key` for a while
and drop what you have seen. Never answer 410, which ends the subscription for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from msgspec import ValidationError

from . import _native
from ._enum import OpenEnum
from ._generated.enums import EnrollmentStatus, OfferEventType
from ._model import Model
from ._wire import convert, decode

__all__ = [
    "Delivery",
    "EnrollmentPayload",
    "Event",
    "GroupPayload",
    "ModuleGroupPayload",
    "OfferEventPayload",
    "Payload",
    "TrainingPayload",
    "UnknownPayload",
    "UserPayload",
    "verify",
]


class Event(OpenEnum):
    """What happened. One that is not known here is a member all the same."""

    USER_CREATED = "USER_CREATED"
    USER_UPDATED = "USER_UPDATED"
    USER_DELETED = "USER_DELETED"
    TRAINING_CREATED = "TRAINING_CREATED"
    TRAINING_UPDATED = "TRAINING_UPDATED"
    TRAINING_DELETED = "TRAINING_DELETED"
    GROUP_CREATED = "GROUP_CREATED"
    GROUP_UPDATED = "GROUP_UPDATED"
    GROUP_DELETED = "GROUP_DELETED"
    OFFER_EVENT_ENROLLED = "OFFER_EVENT_ENROLLED"
    OFFER_EVENT_ENROLLMENT_STATUS_UPDATED = "OFFER_EVENT_ENROLLMENT_STATUS_UPDATED"
    OFFER_EVENT_UNENROLLED = "OFFER_EVENT_UNENROLLED"
    EVENT_CONDITIONS_FULFILLED = "EVENT_CONDITIONS_FULFILLED"
    EVENT_FILE_UPLOADED = "EVENT_FILE_UPLOADED"
    EVENT_CERTIFICATE_ACHIEVED = "EVENT_CERTIFICATE_ACHIEVED"
    EVENT_CERTIFICATE_STATUS_CHANGED = "EVENT_CERTIFICATE_STATUS_CHANGED"
    PORTFOLIO_ITEM_CREATED = "PORTFOLIO_ITEM_CREATED"
    PORTFOLIO_ITEM_UPDATED = "PORTFOLIO_ITEM_UPDATED"
    PORTFOLIO_ITEM_DELETED = "PORTFOLIO_ITEM_DELETED"
    TRAINING_FINISHED = "TRAINING_FINISHED"
    COURSE_FINISHED = "COURSE_FINISHED"


class UserPayload(Model, frozen=True, kw_only=True):
    """A person."""

    id: str
    """Pluvo's id."""
    ref: str | None = None
    """The caller's own id."""
    name: str | None = None
    """The full name."""
    email: str | None = None
    """The e-mail address."""
    is_active: bool | None = None
    """Whether the person is active."""
    extra_fields: dict[str, Any] | None = None
    """Extra fields by name."""


class TrainingPayload(Model, frozen=True, kw_only=True):
    """A training."""

    id: str
    """Pluvo's id."""
    ref: str | None = None
    """The caller's own id."""
    title: str | None = None
    """The title."""
    subtitle: str | None = None
    """The subtitle."""
    introduction: str | None = None
    """The introduction."""
    start_date: date | None = None
    """The first day."""
    end_date: date | None = None
    """The last day."""
    is_active: bool | None = None
    """Whether it is active."""


class GroupPayload(Model, frozen=True, kw_only=True):
    """A group. It does not list the members."""

    id: str
    """Pluvo's id."""
    ref: str | None = None
    """The caller's own id."""
    name: str | None = None
    """The name."""
    enable_chat: bool | None = None
    """Whether members may chat."""


class OfferEventPayload(Model, frozen=True, kw_only=True):
    """A moment of an offer."""

    id: str
    """Pluvo's id."""
    ref: str | None = None
    """The caller's own id."""
    title: str | None = None
    """The title."""
    price: Decimal | None = None
    """The price."""
    max_subscriptions: int | None = None
    """How many may enrol."""
    cancelled: bool | None = None
    """Whether it is cancelled."""
    type: OfferEventType | None = None
    """What kind it is."""


class EnrollmentPayload(Model, frozen=True, kw_only=True):
    """An enrolment."""

    id: str
    """Pluvo's id."""
    user: UserPayload | None = None
    """Who is enrolled."""
    status: EnrollmentStatus | None = None
    """How far it has come."""
    offer_event: OfferEventPayload | None = None
    """For what."""


class ModuleGroupPayload(Model, frozen=True, kw_only=True):
    """A module group."""

    id: str
    """Pluvo's id."""
    ref: str | None = None
    """The caller's own id."""
    training: TrainingPayload | None = None
    """The training it belongs to."""
    user: UserPayload | None = None
    """Who unlocked it or handed something in."""
    conditions: list[Any] | None = None
    """The conditions that were fulfilled, as they came."""
    file: str | None = None
    """The address of a file."""


class UnknownPayload(Model, frozen=True, kw_only=True):
    """What a delivery is about whose body nobody documents: see `Delivery.raw`."""


Payload = UserPayload | TrainingPayload | GroupPayload | EnrollmentPayload | ModuleGroupPayload | UnknownPayload
"""What a delivery is about. Its class says which kind of thing."""

_KINDS: dict[str, type[Payload]] = {
    "user": UserPayload,
    "training": TrainingPayload,
    "group": GroupPayload,
    "enrollment": EnrollmentPayload,
    "module_group": ModuleGroupPayload,
}


class Delivery(Model, frozen=True, kw_only=True):
    """A delivery that was verified."""

    event: Event
    """What happened."""
    sent_date: datetime | None = None
    """When it was sent, as Pluvo says."""
    payload: Payload
    """What it happened to."""
    key: str
    """The same for two deliveries of one body: keep it for a while and drop what you have seen."""
    raw: dict[str, Any]
    """Everything as it was sent."""


class _Told(Model, frozen=True, kw_only=True):
    event: Event
    sent_date: str | None = None
    kind: str
    payload: Any = None
    key: str
    raw: dict[str, Any]


def verify(
    body: bytes | bytearray | memoryview,
    headers: Mapping[str, str] | Iterable[tuple[str, str]],
    keys: str | Iterable[str],
    *,
    literal: bool = False,
) -> Delivery:
    """Checks the signature of a delivery, in constant time, and reads it.

    Args:
        body: The bytes as they arrived. JSON that was read and written anew has another signature.
        headers: The request's headers, in any case.
        keys: The Pluvo Webhook Key; several while one is being replaced.
        literal: Whether the words of Pluvo's newest page for the signature are taken as they stand.

    Raises:
        WebhookError: It is not Pluvo's, or not a JSON object.
        ConfigError: There is no key, or an empty one.
    """
    pairs = cast("Mapping[str, str]", headers).items() if isinstance(headers, Mapping) else headers
    named = [(str(name), str(value)) for name, value in pairs]
    told: _Told = decode(
        _native.verify(bytes(body), named, [keys] if isinstance(keys, str) else list(keys), literal), _Told
    )
    kind = _KINDS.get(told.kind)
    payload: Payload = UnknownPayload()
    if kind is not None:
        try:
            payload = convert(told.payload, kind)
        except ValidationError:
            payload = UnknownPayload()
    return Delivery(event=told.event, sent_date=_moment(told.sent_date), payload=payload, key=told.key, raw=told.raw)


def _moment(text: str | None) -> datetime | None:
    try:
        return convert(text, datetime | None)
    except ValidationError:
        return None
