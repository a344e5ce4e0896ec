"""Django's settings: only what the two endpoints need."""

import os

SECRET_KEY = "only for tests"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "pluvo_django.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["PLUVO_DJANGO_DATABASE"]}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "oauth2_provider",
    "graphene_django",
    "pluvo_django",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
GRAPHENE = {"SCHEMA": "pluvo_django.schema.schema", "RELAY_CONNECTION_MAX_LIMIT": 50}
OAUTH2_PROVIDER = {
    "SCOPES": {
        "users.read": "Read users",
        "users.write": "Write users",
        "groups.read": "Read groups",
        "groups.write": "Write groups",
    },
    "DEFAULT_SCOPES": ["users.read", "groups.read"],
    "ACCESS_TOKEN_EXPIRE_SECONDS": 86400,
}
LOGGING_CONFIG = None
