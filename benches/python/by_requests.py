"""requests with a session, and the standard library's json."""

import requests
from peers import contest, headers, read
from requests.adapters import HTTPAdapter


class Requests:
    def __init__(self, job):
        self._job = job
        self._session = requests.Session()
        self._session.headers.update(headers(job))
        # Its pool keeps ten connections where nothing is said.
        self._session.mount("http://", HTTPAdapter(pool_maxsize=max(10, job["inFlight"])))

    def _send(self, query, variables):
        response = self._session.post(self._job["url"], json={"query": query, "variables": variables})
        response.raise_for_status()
        return response.json()["data"]

    def page(self, variables):
        return read(self._send(self._job["users"], variables))

    def one(self):
        return self._send(self._job["one"], {"ref": "EMP-000001"})["user"]["name"]


def contend(job, _variant):
    contest(job, Requests(job))
