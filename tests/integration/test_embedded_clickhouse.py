"""The embedded ClickHouse, through the ordinary client."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import clickhouse_connect
import httpx
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError, StreamFailureError

from readystream.embedded.clickhouse import EmbeddedClickHouse
from schemas.errors import UnavailableError

ROWS = 100_000
MIB = 1 << 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedClickHouse]:
    home = tmp_path_factory.mktemp("embedded")
    with EmbeddedClickHouse(home / "data", home / "log", memory_bytes=1024 * MIB) as running:
        yield running


@pytest.fixture
def client(server: EmbeddedClickHouse) -> Iterator[Client]:
    with clickhouse_connect.get_client(dsn=server.dsn) as connected:
        connected.command("DROP DATABASE IF EXISTS scratch SYNC")
        connected.command("CREATE DATABASE scratch")
        connected.database = "scratch"
        yield connected


def make_table(client: Client) -> None:
    client.command(
        "CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n"
        " SETTINGS non_replicated_deduplication_window = 1000"
    )


def count(client: Client) -> int:
    return int(str(client.command("SELECT count() FROM t")))


@pytest.mark.parametrize("compression", [False, "lz4", "zstd", "gzip"])
def test_every_row_of_a_large_insert_arrives(
    server: EmbeddedClickHouse, client: Client, compression: bool | str
) -> None:
    make_table(client)
    rows = [(n, f"row {n}") for n in range(ROWS)]
    with clickhouse_connect.get_client(
        dsn=server.dsn, database="scratch", compress=compression, settings={"max_insert_block_size": 10_000}
    ) as sender:
        summary = sender.insert("t", rows, column_names=["n", "s"])
    assert summary.written_rows == ROWS
    assert client.query("SELECT n, s FROM t ORDER BY n").result_rows == rows


def test_written_rows_count_what_views_wrote_too(client: Client) -> None:
    make_table(client)
    client.command("CREATE TABLE sums (n UInt64) ENGINE = SummingMergeTree ORDER BY n")
    client.command("CREATE MATERIALIZED VIEW v TO sums AS SELECT n FROM t")
    assert client.insert("t", [(1, "a"), (2, "b")], column_names=["n", "s"]).written_rows == 4


def test_a_token_is_inserted_once_even_with_other_rows(client: Client) -> None:
    make_table(client)
    token = {"insert_deduplication_token": "t:topic:0:0:0-1"}
    client.insert("t", [(1, "a"), (2, "b")], column_names=["n", "s"], settings=token)
    client.insert("t", [(1, "a"), (2, "b")], column_names=["n", "s"], settings=token)
    client.insert("t", [(3, "c")], column_names=["n", "s"], settings=token)
    client.insert("t", [(4, "d")], column_names=["n", "s"])
    assert client.query("SELECT n FROM t ORDER BY n").result_columns == [[1, 2, 4]]


@pytest.mark.parametrize(
    ("statement", "code", "name"),
    [
        ("SELECT * FROM missing", 60, "UNKNOWN_TABLE"),
        ("SELEC 1", 62, "SYNTAX_ERROR"),
        ("SELECT throwIf(number = 3) FROM numbers(5)", 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"),
        ("SELECT {missing:String}", 456, "UNKNOWN_QUERY_PARAMETER"),
        ("SELECT 1 SETTINGS no_such_setting = 1", 115, "UNKNOWN_SETTING"),
        ("SELECT groupArray(number) FROM numbers(1000000000)", 241, "MEMORY_LIMIT_EXCEEDED"),
    ],
)
def test_errors_carry_clickhouse_codes(client: Client, statement: str, code: int, name: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        client.query(statement)
    assert (caught.value.code, caught.value.name) == (code, name)


def test_a_refused_insert_says_why(client: Client) -> None:
    with pytest.raises(DatabaseError) as caught:
        client.raw_insert("missing", ["n"], b'{"n": 1}\n', fmt="JSONEachRow")
    assert caught.value.code == 60


def test_an_insert_that_a_constraint_or_a_view_stops_is_an_error(client: Client) -> None:
    client.command("CREATE TABLE t (n UInt64, CONSTRAINT small CHECK n < 10) ENGINE = MergeTree ORDER BY n")
    client.command("CREATE MATERIALIZED VIEW v ENGINE = Null AS SELECT throwIf(n = 5) AS bad FROM t")

    with pytest.raises(DatabaseError, match="VIOLATED_CONSTRAINT"):
        client.insert("t", [[10]], column_names=["n"])
    with pytest.raises(DatabaseError, match="throwIf"):
        client.insert("t", [[5]], column_names=["n"])


@pytest.mark.parametrize("text", ["plain", "it's", "back\\slash", "tab\tline\n", "ünïcødé ✓", ""])
def test_parameters_arrive_as_they_are(client: Client, text: str) -> None:
    parameters = {"text": text, "numbers": [1, 2, 3]}
    result = client.query("SELECT {text:String}, {numbers:Array(UInt8)}", parameters=parameters)
    assert result.result_rows == [(text, [1, 2, 3])]


def test_parameters_too_large_for_an_address_arrive(client: Client) -> None:
    numbers = list(range(20_000))
    result = client.query("SELECT length({numbers:Array(UInt32)})", parameters={"numbers": numbers})
    assert result.result_rows == [(20_000,)]


def test_settings_hold_for_one_request_only(client: Client) -> None:
    ask = "SELECT toUInt64(getSetting('max_threads'))"
    before = client.command(ask)
    assert client.command(ask, settings={"max_threads": 7}) == 7
    assert client.command(ask) == before


def test_statements_without_result_differ_from_empty_results(client: Client) -> None:
    make_table(client)
    assert client.command("SELECT n FROM t WHERE n = 1") == ""
    assert client.query("SELECT n FROM t").result_rows == []
    assert client.command("INSERT INTO t VALUES (1, 'the FORMAT CSV of it')").written_rows == 1  # type: ignore[union-attr]
    assert client.query("SELECT s FROM t").result_rows == [("the FORMAT CSV of it",)]


def test_blocks_are_streamed(client: Client) -> None:
    with client.query_row_block_stream("SELECT number FROM numbers(1000000)") as blocks:
        sizes = [len(block) for block in blocks]
    assert sum(sizes) == 1_000_000
    assert len(sizes) > 1


def test_an_error_in_mid_stream_reaches_the_client(client: Client) -> None:
    query = "SELECT throwIf(number = 900000) FROM numbers(1000000)"
    with (
        pytest.raises(StreamFailureError, match="throwIf"),
        client.query_row_block_stream(query, settings={"max_threads": 1}) as blocks,
    ):
        for _block in blocks:
            pass


def test_a_stream_that_is_left_harms_nobody(client: Client) -> None:
    with client.query_row_block_stream("SELECT number FROM numbers(100000000)") as blocks:
        next(iter(blocks))
    assert client.command("SELECT 1") == 1


def test_any_http_client_may_ask(server: EmbeddedClickHouse) -> None:
    address = f"http://127.0.0.1:{server.port}"
    assert httpx.get(f"{address}/ping").text == "Ok.\n"
    assert httpx.post(address, content=b"SELECT 40 + 2 AS n").text == "42\n"
    assert httpx.get(address, params={"query": "SELECT {n:UInt8} FORMAT CSV", "param_n": "7"}).text == "7\n"


def test_what_it_cannot_decode_is_refused(server: EmbeddedClickHouse) -> None:
    address = f"http://127.0.0.1:{server.port}/?query=SELECT+1"
    cut = httpx.post(address, content=b"\x04\x22\x4d\x18", headers={"Content-Encoding": "lz4"})
    unknown = httpx.post(address, content=b"x", headers={"Content-Encoding": "br"})
    assert (cut.status_code, unknown.status_code) == (400, 400)


@pytest.mark.parametrize("headers", [{"Origin": "http://127.0.0.1"}, {"Host": "rebound.example.com"}])
def test_web_pages_are_refused(server: EmbeddedClickHouse, headers: dict[str, str]) -> None:
    reply = httpx.post(f"http://127.0.0.1:{server.port}/", content=b"SELECT 1", headers=headers)
    assert reply.status_code == 403


def test_an_insert_that_breaks_off_inserts_nothing(server: EmbeddedClickHouse, client: Client) -> None:
    make_table(client)

    def body() -> Iterator[bytes]:
        yield b"INSERT INTO scratch.t FORMAT CSV\n1,whole\n"
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        httpx.post(f"http://127.0.0.1:{server.port}/", content=body())
    assert count(client) == 0


def test_a_second_owner_is_refused_with_the_address_of_the_first(
    server: EmbeddedClickHouse, tmp_path: Path
) -> None:
    second = EmbeddedClickHouse(server.data_dir, tmp_path / "log")
    with (
        pytest.raises(UnavailableError, match=f"in use by process {server.process.pid}.*:{server.port}"),
        second,
    ):
        pass


def test_a_taken_port_is_named(server: EmbeddedClickHouse, tmp_path: Path) -> None:
    where = ["--data-dir", str(tmp_path / "data"), "--port", str(server.port)]
    command = [sys.executable, "-m", "readystream.embedded.clickhouse", *where]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert f"port {server.port}" in done.stderr


def test_restart_keeps_data_and_address(tmp_path: Path) -> None:
    with EmbeddedClickHouse(tmp_path / "data", tmp_path / "log") as server:
        with clickhouse_connect.get_client(dsn=server.dsn) as client:
            make_table(client)
            client.insert("t", [(1, "a")], column_names=["n", "s"])
        server.stop()
        assert server.process.returncode == 0
        server.start()
        server.wait_ready()
        with clickhouse_connect.get_client(dsn=server.dsn) as client:
            assert client.query("SELECT n, s FROM t").result_rows == [(1, "a")]


def test_acknowledged_rows_survive_a_kill(tmp_path: Path) -> None:
    with EmbeddedClickHouse(tmp_path / "data", tmp_path / "log") as server:
        with clickhouse_connect.get_client(dsn=server.dsn) as client:
            make_table(client)
            for batch in range(20):
                rows = [(batch * 1000 + n, "x") for n in range(1000)]
                client.insert("t", rows, column_names=["n", "s"])
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        server.start()
        server.wait_ready()
        with clickhouse_connect.get_client(dsn=server.dsn) as client:
            assert client.query("SELECT count(), uniqExact(n) FROM t").result_rows == [(20_000, 20_000)]


def test_stopping_answers_the_request_in_hand(tmp_path: Path) -> None:
    slow = "SELECT sum(sleepEachRow(0.1)) FROM numbers(20) SETTINGS max_block_size = 1"
    with EmbeddedClickHouse(tmp_path / "data", tmp_path / "log") as server:
        asked = subprocess.Popen(
            [sys.executable, "-c", _ASK, server.dsn, slow], stdout=subprocess.PIPE, stdin=subprocess.PIPE
        )
        assert asked.stdout is not None
        assert asked.stdout.readline() == b"asking\n"
        with clickhouse_connect.get_client(dsn=server.dsn) as client:
            while "sleepEachRow" not in str(client.command("SELECT groupArray(query) FROM system.processes")):
                assert asked.poll() is None
        server.stop()
        assert asked.communicate(timeout=30)[0] == b"0\n"


_ASK = """
import sys, clickhouse_connect
client = clickhouse_connect.get_client(dsn=sys.argv[1])
print("asking", flush=True)
print(client.command(sys.argv[2]))
"""
