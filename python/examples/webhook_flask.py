"""Receives Pluvo's webhooks with Flask."""

import os

from flask import Flask, Response, request

from pluvo_sdk import WebhookError, webhooks

app = Flask(__name__)
seen: set[str] = set()


@app.post("/pluvo")
def receive() -> Response:
    # The bytes as they arrived: JSON that was read and written anew has another signature.
    try:
        delivery = webhooks.verify(request.get_data(), request.headers, os.environ["PLUVO_WEBHOOK_KEY"])
    except WebhookError:
        return Response(status=401)
    # Pluvo repeats what was not answered with success.
    if delivery.key not in seen:
        seen.add(delivery.key)
        match delivery.payload:
            case webhooks.UserPayload(name=name):
                print(delivery.event, name)
            case _:
                print(delivery.event)
    return Response(status=204)
