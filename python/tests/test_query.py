"""Documents of the caller's own, and what their data is read as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import msgspec
import pydantic
import pytest
from graphql import parse

from pluvo_sdk import DecodeError, GraphQLError, Pluvo

DOCUMENT = "query People($first: Int!) { paginatedUsers(first: $first) { count edges { node { id name } } } }"


class Node(msgspec.Struct):
    id: str
    name: str


@dataclass
class Person:
    node: Node


@dataclass
class Connection:
    count: int
    edges: list[Person]


class Answer(msgspec.Struct, rename="camel"):
    paginated_users: Connection


class Dictionary(TypedDict):
    paginatedUsers: Connection


class Count(pydantic.BaseModel):
    count: int


class Model(pydantic.BaseModel):
    paginatedUsers: Count


def test_data_is_plain_or_of_a_type(pluvo: Pluvo) -> None:
    variables = {"first": 2}
    assert pluvo.query(DOCUMENT, variables)["paginatedUsers"]["count"] == 60
    assert len(pluvo.query(DOCUMENT, variables, result_type=Answer).paginated_users.edges) == 2
    assert pluvo.query(DOCUMENT, variables, result_type=Dictionary)["paginatedUsers"].count == 60
    assert pluvo.query(DOCUMENT, variables, result_type=Model).paginatedUsers.count == 60


def test_a_document_of_graphql_core(pluvo: Pluvo) -> None:
    assert pluvo.query(parse(DOCUMENT), {"first": 1})["paginatedUsers"]["count"] == 60


def test_data_that_does_not_fit(pluvo: Pluvo) -> None:
    class Other(pydantic.BaseModel):
        nobody: int

    class Another(msgspec.Struct):
        nobody: int

    for kind in (Other, Another):
        with pytest.raises(DecodeError):
            pluvo.query(DOCUMENT, {"first": 1}, result_type=kind)


def test_errors_beside_data(pluvo: Pluvo) -> None:
    document = '{ paginatedUsers(first: 1) { count } group(id: "nonsense") { id } }'
    with pytest.raises(GraphQLError) as raised:
        pluvo.query(document)
    assert raised.value.graphql
    partial = pluvo.query(
        "{ a: paginatedUsers(first: 1) { count } b: paginatedUsers(first: 51) { count } }", partial=True
    )
    assert partial.errors[0].code == "PAGE_TOO_LARGE"
    assert raised.value.operation is not None
