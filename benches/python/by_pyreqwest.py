"""pyreqwest, whose core is in Rust too, with orjson."""

import orjson
from peers import contest, contest_async, headers, read, run
from pyreqwest.client import ClientBuilder, SyncClientBuilder


class Pyreqwest:
    def __init__(self, job, client):
        self._job = job
        self._client = client

    def _send(self, query, variables):
        body = orjson.dumps({"query": query, "variables": variables})
        response = self._client.post(self._job["url"]).body_bytes(body).build().send()
        return orjson.loads(memoryview(response.bytes()))["data"]

    def page(self, variables):
        return read(self._send(self._job["users"], variables))

    def one(self):
        return self._send(self._job["one"], {"ref": "EMP-000001"})["user"]["name"]


class AsyncPyreqwest:
    def __init__(self, job, client):
        self._job = job
        self._client = client

    async def _send(self, query, variables):
        body = orjson.dumps({"query": query, "variables": variables})
        response = await self._client.post(self._job["url"]).body_bytes(body).build().send()
        return orjson.loads(memoryview(await response.bytes()))["data"]

    async def page(self, variables):
        return read(await self._send(self._job["users"], variables))

    async def one(self):
        return (await self._send(self._job["one"], {"ref": "EMP-000001"}))["user"]["name"]


def contend(job, variant):
    if variant != "async":
        with SyncClientBuilder().error_for_status(True).default_headers(headers(job)).build() as client:
            return contest(job, Pyreqwest(job, client))

    async def main():
        async with ClientBuilder().error_for_status(True).default_headers(headers(job)).build() as client:
            await contest_async(job, AsyncPyreqwest(job, client))

    return run(main)
