"""sgqlc over requests, with the types that one writes for it."""

import sys
from pathlib import Path

# It wants an older graphql-core than gql, so it lives in a folder of its own.
sys.path.insert(0, str(Path(__file__).parent / "sgqlc-packages"))

import requests
from peers import Page, contest, headers, number
from requests.adapters import HTTPAdapter
from sgqlc.endpoint.requests import RequestsEndpoint
from sgqlc.operation import Operation
from sgqlc.types import Boolean, Field, ID, Int, Schema, String, Type, Variable, list_of, non_null
from sgqlc.types.datetime import DateTime

schema = Schema()


class User(Type):
    __schema__ = schema
    id = non_null(ID)
    name = String
    email = String
    ref = String
    archived = Boolean
    is_active = Boolean
    roles = list_of(String)
    language = String
    last_login = DateTime
    invited_on = DateTime
    group_count = Int


class Edge(Type):
    __schema__ = schema
    node = Field(User)


class PageInfo(Type):
    __schema__ = schema
    has_next_page = Boolean
    end_cursor = String


class Users(Type):
    __schema__ = schema
    page_info = Field(PageInfo)
    count = Int
    edges = list_of(Edge)


class Query(Type):
    __schema__ = schema
    paginated_users = Field(Users, args={"first": Int, "after": String, "offset": Int})
    user = Field(User, args={"ref": String})


class Sgqlc:
    def __init__(self, job):
        session = requests.Session()
        session.mount("http://", HTTPAdapter(pool_maxsize=max(10, job["inFlight"])))
        self._endpoint = RequestsEndpoint(job["url"], headers(job), session=session)
        self._users = Operation(Query, name="Users", variables={"first": Int, "after": String, "offset": Int})
        users = self._users.paginated_users(first=Variable("first"), after=Variable("after"), offset=Variable("offset"))
        users.page_info.__fields__()
        users.count()
        users.edges.node.__fields__()
        self._one = Operation(Query, name="One", variables={"ref": String})
        self._one.user(ref=Variable("ref")).__fields__("id", "name")

    def page(self, variables):
        connection = (self._users + self._endpoint(self._users, variables)).paginated_users
        rows = 0
        for edge in connection.edges:
            row = edge.node
            rows += 1
        info = connection.page_info
        return Page(rows, number(row.ref), info.end_cursor if info.has_next_page else None)

    def one(self):
        return (self._one + self._endpoint(self._one, {"ref": "EMP-000001"})).user.name


def contend(job, _variant):
    contest(job, Sgqlc(job))
