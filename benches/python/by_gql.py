"""gql over each of its transports, the document parsed once."""

from gql import Client, GraphQLRequest, gql
from peers import contest, contest_async, headers, read, run


class Documents:
    def __init__(self, job, session):
        self._session = session
        self._users = gql(job["users"])
        self._one = GraphQLRequest(gql(job["one"]), variable_values={"ref": "EMP-000001"})

    def _request(self, variables):
        return GraphQLRequest(self._users, variable_values=variables)


class Gql(Documents):
    def page(self, variables):
        return read(self._session.execute(self._request(variables)))

    def one(self):
        return self._session.execute(self._one)["user"]["name"]


class AsyncGql(Documents):
    async def page(self, variables):
        return read(await self._session.execute(self._request(variables)))

    async def one(self):
        return (await self._session.execute(self._one))["user"]["name"]


def transport(job, variant):
    if variant == "requests":
        from gql.transport.requests import RequestsHTTPTransport

        return RequestsHTTPTransport(job["url"], headers=headers(job))
    if variant == "aiohttp":
        from gql.transport.aiohttp import AIOHTTPTransport

        return AIOHTTPTransport(job["url"], headers=headers(job))
    from gql.transport.httpx import HTTPXAsyncTransport

    return HTTPXAsyncTransport(job["url"], headers=headers(job))


def contend(job, variant):
    client = Client(transport=transport(job, variant))
    if variant == "requests":
        with client as session:
            return contest(job, Gql(job, session))

    async def main():
        async with client as session:
            await contest_async(job, AsyncGql(job, session))

    return run(main)
