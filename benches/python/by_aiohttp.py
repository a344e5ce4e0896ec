"""aiohttp, with orjson into dictionaries or with pydantic into models whose moments and enums are read."""

from datetime import datetime
from enum import Enum

import aiohttp
import orjson
from peers import Page, contest_async, headers, number, read, run


class Aiohttp:
    def __init__(self, job, session):
        self._job = job
        self._session = session

    async def _send(self, query, variables):
        body = orjson.dumps({"query": query, "variables": variables})
        async with self._session.post(self._job["url"], data=body) as response:
            response.raise_for_status()
            return await response.read()

    async def page(self, variables):
        return read(orjson.loads(await self._send(self._job["users"], variables))["data"])

    async def one(self):
        answer = await self._send(self._job["one"], {"ref": "EMP-000001"})
        return orjson.loads(answer)["data"]["user"]["name"]


def models():
    """As one writes them for this answer."""
    from pydantic import BaseModel, ConfigDict
    from pydantic.alias_generators import to_camel

    class Model(BaseModel):
        model_config = ConfigDict(alias_generator=to_camel)

    class Language(str, Enum):
        NL = "NL"
        EN = "EN"
        DE = "DE"

    class User(Model):
        id: str
        name: str
        email: str
        ref: str | None
        archived: bool
        is_active: bool
        roles: list[str]
        language: Language
        last_login: datetime | None
        invited_on: datetime | None
        group_count: int

    class Edge(Model):
        node: User

    class PageInfo(Model):
        has_next_page: bool
        end_cursor: str | None

    class Users(Model):
        page_info: PageInfo
        count: int
        edges: list[Edge]

    class Data(Model):
        paginated_users: Users

    class Answer(Model):
        data: Data

    return Answer


class AiohttpPydantic(Aiohttp):
    def __init__(self, job, session):
        super().__init__(job, session)
        self._answer = models()

    async def page(self, variables):
        answer = self._answer.model_validate_json(await self._send(self._job["users"], variables))
        connection = answer.data.paginated_users
        rows = 0
        for edge in connection.edges:
            row = edge.node
            rows += 1
        info = connection.page_info
        return Page(rows, number(row.ref), info.end_cursor if info.has_next_page else None)


def contend(job, variant):
    async def main():
        async with aiohttp.ClientSession(headers=headers(job)) as session:
            kind = AiohttpPydantic if variant == "pydantic" else Aiohttp
            await contest_async(job, kind(job, session))

    return run(main)
