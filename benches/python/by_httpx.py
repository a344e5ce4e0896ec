"""httpx with a client, and the standard library's json, which it uses itself."""

import httpx
from peers import contest, contest_async, headers, read, run


class Httpx:
    def __init__(self, job):
        self._job = job
        self._client = httpx.Client(headers=headers(job))

    def _send(self, query, variables):
        response = self._client.post(self._job["url"], json={"query": query, "variables": variables})
        return response.raise_for_status().json()["data"]

    def page(self, variables):
        return read(self._send(self._job["users"], variables))

    def one(self):
        return self._send(self._job["one"], {"ref": "EMP-000001"})["user"]["name"]


class AsyncHttpx:
    def __init__(self, job, client):
        self._job = job
        self._client = client

    async def _send(self, query, variables):
        response = await self._client.post(self._job["url"], json={"query": query, "variables": variables})
        return response.raise_for_status().json()["data"]

    async def page(self, variables):
        return read(await self._send(self._job["users"], variables))

    async def one(self):
        return (await self._send(self._job["one"], {"ref": "EMP-000001"}))["user"]["name"]


def contend(job, variant):
    if variant != "async":
        return contest(job, Httpx(job))

    async def main():
        async with httpx.AsyncClient(headers=headers(job)) as client:
            await contest_async(job, AsyncHttpx(job, client))

    return run(main)
