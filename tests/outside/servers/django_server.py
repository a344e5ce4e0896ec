"""Serves `pluvo_django` with waitress on a free port and says where on one line."""

import json
import os
import tempfile

os.environ["DJANGO_SETTINGS_MODULE"] = "pluvo_django.settings"
os.environ["PLUVO_DJANGO_DATABASE"] = os.path.join(tempfile.mkdtemp(prefix="pluvo-outside-"), "db.sqlite3")

import django

django.setup()

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from oauth2_provider.models import Application
from pluvo_django.people import fill
from waitress import create_server

call_command("migrate", run_syncdb=True, verbosity=0)
fill()
Application.objects.create(
    name="outside",
    client_id="outside",
    client_secret="outside-secret",
    client_type=Application.CLIENT_CONFIDENTIAL,
    authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
)

server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=8)
print(json.dumps({"url": f"http://127.0.0.1:{server.effective_port}/"}), flush=True)
server.run()
