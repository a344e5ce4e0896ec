"""`/oauth/token/` and `/graphql/`, and the routes that only the tests use."""

from datetime import timedelta

from django.http import JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from graphene_django.views import GraphQLView
from oauth2_provider.models import get_access_token_model
from oauth2_provider.views import TokenView
from oauth2_provider.views.generic import ScopedProtectedResourceView
from oauth2_provider.views.mixins import ProtectedResourceMetadataMixin

from pluvo_django.models import Group, Person
from pluvo_django.people import fill


class ProtectedGraphQLView(ProtectedResourceMetadataMixin, ScopedProtectedResourceView, GraphQLView):
    """GraphQL for a bearer: 401 without a valid token, 403 without the scope."""

    required_scopes = ("users.read",)
    resource_metadata_url = ""


def tokens(request):
    return JsonResponse({"issued": get_access_token_model().objects.count()})


@csrf_exempt
@require_POST
def expire(request):
    get_access_token_model().objects.update(expires=timezone.now() - timedelta(hours=1))
    return JsonResponse({"ok": True})


def state(request):
    users = Person.objects.values("id", "ref", "name", "email", "archived")
    members = Group.objects.get(ref="GROUP-1").members.values_list("id", flat=True)
    return JsonResponse({"users": list(users), "members": list(members)})


@csrf_exempt
@require_POST
def reset(request):
    Group.objects.all().delete()
    Person.objects.all().delete()
    fill()
    return JsonResponse({"ok": True})


urlpatterns = [
    path("oauth/token/", TokenView.as_view()),
    path("graphql/", csrf_exempt(ProtectedGraphQLView.as_view(graphiql=False))),
    path("test/tokens", tokens),
    path("test/expire", expire),
    path("test/state", state),
    path("test/reset", reset),
]
