"""Receives Pluvo's webhooks with Django: `path("pluvo", receive)` among the URLs."""

import os

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from pluvo_sdk import WebhookError, webhooks

seen: set[str] = set()


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    # The bytes as they arrived: JSON that was read and written anew has another signature.
    try:
        delivery = webhooks.verify(request.body, request.headers, os.environ["PLUVO_WEBHOOK_KEY"])
    except WebhookError:
        return HttpResponse(status=401)
    # Pluvo repeats what was not answered with success.
    if delivery.key not in seen:
        seen.add(delivery.key)
        match delivery.payload:
            case webhooks.UserPayload(name=name):
                print(delivery.event, name)
            case _:
                print(delivery.event)
    return HttpResponse(status=204)
