"""Lists as tables, which no Python object is made for."""

from __future__ import annotations

import asyncio

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pluvo_sdk import DecodeError, Pluvo, ServerError
from pluvo_sdk.testing import Sandbox


def test_a_table_has_the_rows_of_the_list(pluvo: Pluvo, tmp_path: object) -> None:
    users = pluvo.users.list()
    table = users.to_arrow()
    rows = list(users)
    assert table.column_names == ["id", "name", "email", "ref", "archived", "roles", "language"]
    assert table.schema.field("roles").type == pa.list_(pa.string())
    assert table["id"].to_pylist() == [row.id for row in rows]
    assert table["roles"].to_pylist() == [row.roles for row in rows]
    assert table["archived"].to_pylist() == [row.archived for row in rows]
    pq.write_table(table, f"{tmp_path}/users.parquet")
    assert pq.read_table(f"{tmp_path}/users.parquet").num_rows == len(rows)


def test_data_frames(pluvo: Pluvo) -> None:
    users = pluvo.users.list(archived=False)
    names = [user.name for user in users]
    frame = users.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame["name"]) == names
    assert users.to_polars()["name"].to_list() == names
    # Any consumer of Arrow takes a list as it is.
    assert pl.DataFrame(users)["name"].to_list() == names
    assert pa.table(users).num_rows == len(names)


def test_nested_rows_have_columns_too(pluvo: Pluvo) -> None:
    training = pluvo.trainings.list().first()
    assert training is not None
    table = pluvo.trainings.participants(id=training.id).to_arrow()
    assert pa.types.is_struct(table.schema.field("user").type)
    report = pluvo.portfolio_report.list().to_arrow()
    rows = list(pluvo.portfolio_report.list())
    assert report["completion_date"].to_pylist() == [row.completion_date for row in rows]
    assert report["score"].to_pylist() == [row.score for row in rows]
    spent = [None if row.time_spent is None else row.time_spent.seconds for row in rows]
    assert pc.struct_field(report["time_spent"], "seconds").to_pylist() == spent


def test_a_selection_has_the_columns_that_its_rows_have(pluvo: Pluvo) -> None:
    table = pluvo.users.list().select("id profileImage { url } isActive").to_arrow()
    assert {*table.column_names} >= {"id", "is_active"}
    assert table.num_rows == pluvo.users.list().count()


def test_no_rows_are_a_table_all_the_same(pluvo: Pluvo) -> None:
    table = pluvo.users.list(q="nobody is called so").to_arrow()
    assert table.num_rows == 0
    assert "email" in table.column_names


def test_rows_that_are_none_are_left_out(pluvo_sandbox: Sandbox, pluvo: Pluvo) -> None:
    edit = {"kind": "edit", "edits": [{"path": "data.paginatedUsers.edges.0.node", "set": None}]}
    pluvo_sandbox.add_faults({"times": 1, "do": edit})
    users = pluvo.users.list()
    # Page by page: with several in flight the lost row is noticed, and the list is read again.
    table = pa.table(users._core.wait(users._open().table(users._columns)))
    assert table.num_rows == users.count() - 1
    assert table["id"].null_count == 0


def test_a_stream_reads_as_it_is_consumed(pluvo: Pluvo, pluvo_sandbox: Sandbox) -> None:
    users = pluvo.users.list().page_size(5).prefetch(False)
    rows = list(users)
    pluvo_sandbox.control("DELETE", "log")
    reader = pa.RecordBatchReader.from_stream(users)
    assert pluvo_sandbox.log() == []
    read = []
    # The first batch is a page, and each one twice the one before.
    for pages, count in [(1, 5), (3, 10), (7, 20)]:
        batch = reader.read_next_batch()
        assert batch.num_rows == count
        assert len(pluvo_sandbox.log()) == pages
        read += batch["id"].to_pylist()
    read += reader.read_all()["id"].to_pylist()
    assert read == [row.id for row in rows]
    # Who has enough reads no more.
    pluvo_sandbox.control("DELETE", "log")
    reader = pa.RecordBatchReader.from_stream(users[10:])
    assert reader.read_next_batch()["id"].to_pylist() == [row.id for row in rows[10:15]]
    reader.close()
    assert len(pluvo_sandbox.log()) == 1


def test_a_stream_that_breaks_says_so(pluvo_sandbox: Sandbox) -> None:
    with pluvo_sandbox.client(retry={"max_attempts": 1}, paging={"page_size": 10, "prefetch": False}) as pluvo:
        pluvo.check()
        pluvo_sandbox.add_faults({"from": 3, "times": None, "do": {"kind": "status", "status": 503}})
        reader = pa.RecordBatchReader.from_stream(pluvo.users.list())
        assert reader.read_next_batch().num_rows == 10
        with pytest.raises(OSError, match="503"):
            reader.read_next_batch()
        with pytest.raises(StopIteration):
            reader.read_next_batch()
        with pytest.raises(Exception, match="503"):
            pl.DataFrame(pluvo.users.list())
        with pytest.raises(ServerError, match="503"):
            pluvo.users.list().to_polars()


def test_a_stream_whose_tokens_come_from_python(pluvo_sandbox: Sandbox) -> None:
    """Whoever consumes it may hold the interpreter, which the function that hands out tokens needs."""
    with Pluvo(base_url=pluvo_sandbox.url, token=pluvo_sandbox.token, proxy=False) as pluvo:
        assert pl.DataFrame(pluvo.users.list()).height == 60
    with Pluvo(base_url=pluvo_sandbox.url, token=pluvo_sandbox.token, proxy=False) as pluvo:
        assert pa.table(pluvo.users.list()).num_rows == 60


def test_what_fits_no_column_is_an_error_that_repeats_no_data(pluvo_sandbox: Sandbox, pluvo: Pluvo) -> None:
    edit = {"kind": "edit", "edits": [{"path": "data.paginatedUsers.edges.3.node.archived", "set": "canary"}]}
    pluvo_sandbox.add_faults({"times": 1, "do": edit})
    with pytest.raises(DecodeError) as raised:
        pluvo.users.list().to_arrow()
    assert "canary" not in str(raised.value)


def test_coroutines(pluvo_sandbox: Sandbox) -> None:
    async def work() -> None:
        async with pluvo_sandbox.async_client() as pluvo:
            users = pluvo.users.list()
            count = await users.count()
            assert (await users.to_arrow()).num_rows == count
            assert len(await users.to_pandas()) == count
            assert len(await users.to_polars()) == count

    asyncio.run(work())
