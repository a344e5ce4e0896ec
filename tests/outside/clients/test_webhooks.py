"""Webhooks between Django's own `salted_hmac`, which Pluvo's samples match, and the sandbox and the command."""

import json
import os
import queue
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests
from django.core.signing import b64_encode
from django.utils.crypto import constant_time_compare, salted_hmac

BASE = os.environ["PLUVO_BASE_URL"]
COMMAND = os.environ["PLUVO_COMMAND"]
KEY = "the key – with a dash"
BODY = '{"event":"USER_CREATED","id":"933d8663-edf6-42c9-895a-eeec13fff0ab","name":"Zoë"}'.encode()
# Seconds. So long nothing takes by itself; past it something hangs.
PATIENCE = 60


def sign(salt, body, key=KEY):
    return b64_encode(salted_hmac(salt, body, secret=key).digest()).decode()


@pytest.fixture
def receiver():
    """An address that takes deliveries, and a queue of their headers and bodies."""
    received = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.put((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", received
        server.shutdown()


def is_signed(headers, body):
    """As a Django application would check it."""
    found = {name.lower(): value for name, value in headers.items()}
    return constant_time_compare(found["x-signature"], sign(found["x-signature-salt"], body))


def pluvo(*words, body=None, key=KEY):
    env = {**os.environ, "PLUVO_WEBHOOK_KEY": key}
    return subprocess.run(
        [COMMAND, "webhook", *words], input=body, env=env, capture_output=True, check=False, timeout=PATIENCE
    )


def test_the_sandbox_signs_its_deliveries_as_django_does(receiver):
    url, received = receiver
    subscription = {"url": url, "key": KEY, "events": ["USER_UPDATED"]}
    requests.post(f"{BASE}__sandbox/webhooks", json=subscription, timeout=PATIENCE).raise_for_status()
    try:
        credentials = {
            "grant_type": "client_credentials",
            "client_id": os.environ["PLUVO_CLIENT_ID"],
            "client_secret": os.environ["PLUVO_CLIENT_SECRET"],
        }
        token = requests.post(f"{BASE}oauth/token/", data=credentials, timeout=PATIENCE).json()["access_token"]
        document = 'mutation { updateUser(ref: "EMP-00001", user: { language: EN }) { user { id } } }'
        answer = requests.post(
            f"{BASE}graphql/",
            json={"query": document},
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE,
        ).json()
        assert answer["data"]["updateUser"]["user"]["id"]
        headers, body = received.get(timeout=PATIENCE)
    finally:
        requests.delete(f"{BASE}__sandbox/webhooks", timeout=PATIENCE)
    assert is_signed(headers, body)
    assert not is_signed(headers, body + b" ")
    payload = json.loads(body)
    assert (payload["event"], payload["ref"]) == ("USER_UPDATED", "EMP-00001")
    assert payload["id"] == answer["data"]["updateUser"]["user"]["id"]


def test_the_command_signs_what_it_sends_as_django_does(receiver):
    url, received = receiver
    for event in ["USER_CREATED", "GROUP_UPDATED", "OFFER_EVENT_ENROLLED", "EVENT_CERTIFICATE_ACHIEVED"]:
        done = pluvo("send", url, "--event", event)
        assert done.returncode == 0, done.stderr
        headers, body = received.get(timeout=PATIENCE)
        assert is_signed(headers, body)
        assert json.loads(body)["event"] == event


def test_the_command_verifies_what_django_signed():
    for salt in ["a1b2c3", "0", "x" * 64]:
        words = ["verify", "--signature", sign(salt, BODY), "--salt", salt]
        done = pluvo(*words, body=BODY)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["payload"] == json.loads(BODY)
        assert pluvo(*words, body=BODY + b"\n").returncode == 17
        assert pluvo(*words, body=BODY, key="another key").returncode == 17
