"""Receives Pluvo's webhooks with FastAPI."""

import os

from fastapi import FastAPI, Request, Response

from pluvo_sdk import WebhookError, webhooks

app = FastAPI()
seen: set[str] = set()


@app.post("/pluvo")
async def receive(request: Request) -> Response:
    # The bytes as they arrived: JSON that was read and written anew has another signature.
    body = await request.body()
    try:
        delivery = webhooks.verify(body, request.headers, os.environ["PLUVO_WEBHOOK_KEY"])
    except WebhookError:
        return Response(status_code=401)
    # Pluvo repeats what was not answered with success.
    if delivery.key not in seen:
        seen.add(delivery.key)
        match delivery.payload:
            case webhooks.UserPayload(name=name):
                print(delivery.event, name)
            case _:
                print(delivery.event)
    return Response(status_code=204)
