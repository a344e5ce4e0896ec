"""Ours, as it is out of the box, but for as many requests in flight as the job says."""

from peers import PAGE, begin, number, run, tell


def settings(job):
    given = {"base_url": job["origin"], "client_id": "sandbox", "client_secret": "sandbox-secret", "proxy": False}
    if job["inFlight"] > 8:
        given["limits"] = {"in_flight": job["inFlight"]}
    return given


def reading(job, users):
    return users if job["inFlight"] == 1 else users.parallel(job["inFlight"])


def typed(job, pluvo):
    rows = marks = 0
    for user in reading(job, pluvo.users.list()):
        rows += 1
        if not rows % PAGE:
            marks += number(user.ref)
    tell(rows, marks)


def plain(job, pluvo):
    rows = marks = 0
    for user in reading(job, pluvo.users.list().select(job["fields"])):
        rows += 1
        if not rows % PAGE:
            marks += number(user["ref"])
    tell(rows, marks)


async def typed_async(job, pluvo):
    rows = marks = 0
    async for user in reading(job, pluvo.users.list()):
        rows += 1
        if not rows % PAGE:
            marks += number(user.ref)
    tell(rows, marks)


async def plain_async(job, pluvo):
    """By pages, for whoever minds what a turn of `async for` costs."""
    rows = marks = 0
    async for page in reading(job, pluvo.users.list().select(job["fields"])).pages():
        for user in page:
            rows += 1
            if not rows % PAGE:
                marks += number(user["ref"])
    tell(rows, marks)


def ask(job, pluvo):
    for _ in range(job["calls"]):
        pluvo.query(job["one"], {"ref": "EMP-000001"})["user"]["name"]
    tell()


def get(job, pluvo):
    for _ in range(job["calls"]):
        pluvo.users.get(ref="EMP-000001").name
    tell()


async def ask_async(job, pluvo):
    for _ in range(job["calls"]):
        (await pluvo.query(job["one"], {"ref": "EMP-000001"}))["user"]["name"]
    tell()


DOERS = {
    "drain": {"typed": typed, "plain": plain, "typed-async": typed_async, "plain-async": plain_async},
    "one": {"query": ask, "get": get, "query-async": ask_async},
}


def contend(job, variant):
    if variant.endswith("async"):
        return run(lambda: contend_async(job, variant))
    from pluvo_sdk import Pluvo

    pluvo = Pluvo(**settings(job))
    if job["task"] == "start":
        return tell()
    with pluvo:
        pluvo.users.list().first()
        begin()
        return DOERS[job["task"]][variant](job, pluvo)


async def contend_async(job, variant):
    from pluvo_sdk import AsyncPluvo

    pluvo = AsyncPluvo(**settings(job))
    if job["task"] == "start":
        return tell()
    async with pluvo:
        await pluvo.users.list().first()
        begin()
        return await DOERS[job["task"]][variant](job, pluvo)
