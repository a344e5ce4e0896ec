"""Python's GraphQL and OAuth clients against the sandbox."""

import asyncio
import os

import pytest
from authlib.integrations.httpx_client import OAuth2Client
from gql import Client, GraphQLRequest, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport
from gql.transport.requests import RequestsHTTPTransport
from oauthlib.oauth2 import BackendApplicationClient, InvalidClientError
from requests_oauthlib import OAuth2Session

BASE = os.environ["PLUVO_BASE_URL"]
USERS = int(os.environ["PLUVO_USERS"])
CLIENT_ID = os.environ["PLUVO_CLIENT_ID"]
CLIENT_SECRET = os.environ["PLUVO_CLIENT_SECRET"]
SCOPES = os.environ["PLUVO_SCOPES"].split()
GRAPHQL_URL = f"{BASE}graphql/"
TOKEN_URL = f"{BASE}oauth/token/"

PAGE = gql(
    """
    query Users($first: Int, $after: String) {
      paginatedUsers(first: $first, after: $after) {
        count
        pageInfo { hasNextPage endCursor }
        edges { node { id name email ref } }
      }
    }
    """
)


@pytest.fixture(autouse=True)
def plain_http(monkeypatch):
    """oauthlib wants https unless told that this is a test."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def token():
    session = OAuth2Session(client=BackendApplicationClient(client_id=CLIENT_ID, scope=SCOPES))
    return session.fetch_token(
        TOKEN_URL, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, include_client_id=True, scope=SCOPES
    )


@pytest.fixture
def headers(token):
    return {"Authorization": f"Bearer {token['access_token']}"}


def drain(execute):
    ids, after = [], None
    while True:
        page = execute({"first": 50, "after": after})["paginatedUsers"]
        ids += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return ids, page["count"]
        after = page["pageInfo"]["endCursor"]


def assert_complete(ids, count):
    assert count == USERS
    assert len(ids) == len(set(ids)) == USERS


def with_variables(document, variables):
    request = GraphQLRequest(document.document)
    request.variable_values = variables
    return request


def execute_with(client):
    return lambda variables: client.execute(with_variables(PAGE, variables))


def test_requests_oauthlib_gets_a_token(token):
    assert token["token_type"] == "Bearer"
    assert token["expires_in"] > 0
    assert sorted(token["scope"]) == sorted(SCOPES)


def test_requests_oauthlib_reads_a_wrong_secret_as_invalid_client():
    session = OAuth2Session(client=BackendApplicationClient(client_id=CLIENT_ID))
    with pytest.raises(InvalidClientError):
        session.fetch_token(TOKEN_URL, client_id=CLIENT_ID, client_secret="wrong", include_client_id=True)


def test_authlib_gets_a_token_and_sends_it():
    with OAuth2Client(CLIENT_ID, CLIENT_SECRET, token_endpoint_auth_method="client_secret_post") as client:
        client.fetch_token(TOKEN_URL, grant_type="client_credentials", scope=" ".join(SCOPES))
        answer = client.post(GRAPHQL_URL, json={"query": "{ paginatedUsers(first: 1) { count } }"})
    assert answer.status_code == 200
    assert answer.json()["data"]["paginatedUsers"]["count"] == USERS


def test_gql_over_requests_reads_every_user(headers):
    transport = RequestsHTTPTransport(GRAPHQL_URL, headers=headers)
    with Client(transport=transport, fetch_schema_from_transport=True) as client:
        assert_complete(*drain(execute_with(client)))


def test_gql_over_httpx_reads_every_user(headers):
    with Client(transport=HTTPXTransport(GRAPHQL_URL, headers=headers)) as client:
        assert_complete(*drain(execute_with(client)))


def test_gql_over_aiohttp_reads_pages_at_once(headers):
    query = gql("query ($offset: Int) { paginatedUsers(first: 50, offset: $offset) { edges { node { id } } } }")

    async def pages():
        transport = AIOHTTPTransport(GRAPHQL_URL, headers=headers)
        async with Client(transport=transport) as session:

            async def page(offset):
                return await session.execute(with_variables(query, {"offset": offset}))

            return await asyncio.gather(*(page(offset) for offset in range(0, USERS, 50)))

    edges = [edge for page in asyncio.run(pages()) for edge in page["paginatedUsers"]["edges"]]
    assert_complete([edge["node"]["id"] for edge in edges], USERS)


def test_gql_tells_a_field_that_is_not_there(headers):
    transport = RequestsHTTPTransport(GRAPHQL_URL, headers=headers)
    with Client(transport=transport) as client, pytest.raises(TransportQueryError) as caught:
        client.execute(gql("{ paginatedUsers(first: 1) { nope } }"))
    assert "nope" in caught.value.errors[0]["message"]
