"""The program of the project's README: people, a Parquet file of them, and three upserts."""

import pyarrow.parquet as pq

from pluvo_sdk import Pluvo

with Pluvo() as pluvo:
    users = pluvo.users.list(archived=False)
    for user in users:
        print(user.name)
    pq.write_table(users.to_arrow(), "users.parquet")
    rows = [
        {"ref": f"EMP-{n}", "name": name, "email": f"{name}@example.com"} for n, name in enumerate(["ann", "bo", "cy"])
    ]
    print(pluvo.users.upsert_many(rows, key="ref"))
