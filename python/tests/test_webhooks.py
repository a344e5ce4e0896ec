"""Deliveries, and the examples that receive them."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import pytest

from pluvo_sdk import ConfigError, WebhookError, webhooks
from pluvo_sdk.testing import sign_for_test

KEY = "webhook-key"
BODY = b'{"event":"USER_CREATED","id":"933d8663","name":"Anne","sentDate":"2026-01-31T10:15:00.000Z"}'
HEADERS = sign_for_test(BODY, KEY)
EXAMPLES = Path(__file__).parents[1] / "examples"


def test_a_delivery_is_read() -> None:
    delivery = webhooks.verify(BODY, HEADERS, KEY)
    assert delivery.event is webhooks.Event.USER_CREATED
    assert delivery.sent_date is not None
    assert delivery.sent_date.year == 2026
    assert delivery.key == webhooks.verify(BODY, HEADERS, KEY).key
    assert delivery.raw["name"] == "Anne"
    match delivery.payload:
        case webhooks.UserPayload(name=name):
            assert name == "Anne"
        case other:
            pytest.fail(repr(other))


def test_the_documented_vector() -> None:
    body = b'{"event":"USER_CREATED","id":"933d8663-edf6-42c9-895a-eeec13fff0ab"}'
    headers = {"x-signature": "t7YSkU7k1zNFBf5p-sGIMsGEHhA", "x-signature-salt": "a1b2c3"}
    assert webhooks.verify(body, headers, ["another", KEY]).event == "USER_CREATED"


@pytest.mark.parametrize(
    ("event", "fields", "kind"),
    [
        ("TRAINING_UPDATED", {"startDate": "2026-01-01"}, webhooks.TrainingPayload),
        ("GROUP_CREATED", {"enableChat": True}, webhooks.GroupPayload),
        (
            "OFFER_EVENT_ENROLLED",
            {"offer_event": {"id": "1", "price": "0.00", "kind": "TRAINING"}},
            webhooks.EnrollmentPayload,
        ),
        ("EVENT_FILE_UPLOADED", {"file": "a"}, webhooks.ModuleGroupPayload),
        ("MOON_LANDED", {}, webhooks.UnknownPayload),
        ("USER_CREATED", {"name": ["a"]}, webhooks.UnknownPayload),
    ],
)
def test_every_kind_of_payload(event: str, fields: dict[str, Any], kind: type) -> None:
    body = json.dumps({"event": event, "id": "1", **fields}).encode()
    delivery = webhooks.verify(body, sign_for_test(body, KEY), KEY)
    assert type(delivery.payload) is kind
    assert delivery.event == event


def test_what_is_not_pluvos_is_refused() -> None:
    wrong: list[tuple[bytes, Any, str]] = [
        (BODY + b" ", HEADERS, KEY),
        (BODY, {}, KEY),
        (BODY, HEADERS, "another"),
        (BODY, {**HEADERS, "X-Signature": "AAAA"}, KEY),
        (BODY, [*HEADERS.items(), *HEADERS.items()], KEY),
        (b"[]", sign_for_test(b"[]", KEY), KEY),
        (b"", sign_for_test(b"", KEY), KEY),
    ]
    for body, headers, key in wrong:
        with pytest.raises(WebhookError) as raised:
            webhooks.verify(body, headers, key)
        assert KEY not in str(raised.value)
    for keys in ("", []):
        with pytest.raises(ConfigError):
            webhooks.verify(BODY, HEADERS, keys)


def example(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUVO_WEBHOOK_KEY", KEY)


def test_fastapi(capsys: pytest.CaptureFixture[str]) -> None:
    import httpx

    async def work() -> None:
        transport = httpx.ASGITransport(app=example("webhook_fastapi").app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            for _ in range(2):
                assert (await client.post("/pluvo", content=BODY, headers=HEADERS)).status_code == 204
            assert (await client.post("/pluvo", content=b"{}", headers=HEADERS)).status_code == 401

    asyncio.run(work())
    assert capsys.readouterr().out == "USER_CREATED Anne\n"


def test_flask(capsys: pytest.CaptureFixture[str]) -> None:
    client = example("webhook_flask").app.test_client()
    for _ in range(2):
        assert client.post("/pluvo", data=BODY, headers=HEADERS).status_code == 204
    assert client.post("/pluvo", data=b"{}", headers=HEADERS).status_code == 401
    assert capsys.readouterr().out == "USER_CREATED Anne\n"


def test_django(capsys: pytest.CaptureFixture[str]) -> None:
    from django.conf import settings
    from django.test import RequestFactory

    if not settings.configured:
        settings.configure(DEBUG=False, SECRET_KEY=os.urandom(16).hex(), ALLOWED_HOSTS=["*"])
    receive = example("webhook_django").receive
    factory = RequestFactory()
    for body, status in ((BODY, 204), (BODY, 204), (b"{}", 401)):
        request = factory.post("/pluvo", data=body, content_type="application/json", headers=HEADERS)
        assert receive(request).status_code == status
    assert receive(factory.get("/pluvo")).status_code == 405
    assert capsys.readouterr().out == "USER_CREATED Anne\n"
