"""What requests of ClickHouse's HTTP interface ask for."""

from urllib.parse import urlencode

import pytest

from readystream.embedded.http_request import Insert, Query, parse
from readystream.embedded.statement import Statement


def ask(sql: str, **parameters: str) -> Query | Insert:
    return parse(urlencode(parameters), "text/plain", sql.encode())


def test_parameters_are_told_from_settings_and_transport() -> None:
    asked = ask("SELECT 1", database="d", session_id="s", param_x="5", max_threads="2", compress="1")
    statement = Statement("SELECT 1", "TabSeparatedWithNames", "d", {"max_threads": "2"}, {"x": "5"})
    assert asked == Query(statement, format_named=False, streamed=False)


@pytest.mark.parametrize(
    ("sql", "parameters", "name", "streamed"),
    [
        ("SELECT 1\n FORMAT Native", {}, "Native", True),
        ("SELECT 1 FORMAT Native", {"wait_end_of_query": "1"}, "Native", False),
        ("SELECT 1 format JSONEachRow ;", {}, "JSONEachRow", True),
        ("SELECT 1 FORMAT JSON", {}, "JSON", False),
        ("SELECT 1 FORMAT CSV SETTINGS max_threads = 1", {}, "CSV", True),
        ("SELECT 1", {"default_format": "TSV"}, "TSV", True),
        ("SELECT 'FORMAT CSV'", {"default_format": "Parquet"}, "Parquet", False),
    ],
)
def test_the_format_decides_about_streaming(
    sql: str, parameters: dict[str, str], name: str, streamed: bool
) -> None:
    asked = ask(sql, **parameters)
    assert isinstance(asked, Query)
    assert (asked.statement.format, asked.format_named, asked.streamed) == (name, True, streamed)


@pytest.mark.parametrize(
    ("sql", "statement", "name", "data"),
    [
        ("INSERT INTO t (a, b) FORMAT Native\n\x01\n", "INSERT INTO t (a, b) ", "Native", b"\x01\n"),
        ("insert into t settings x=1 format CSV\r\n1,2", "insert into t settings x=1 ", "CSV", b"1,2"),
        ('INSERT INTO t FORMAT JSONEachRow {"a":1}', "INSERT INTO t ", "JSONEachRow", b'{"a":1}'),
        ("INSERT INTO t FORMAT Values (1)", "INSERT INTO t ", "Values", b"(1)"),
        ("-- note\n /* FORMAT x */ INSERT INTO t FORMAT CSV\n1", "INSERT INTO t ", "CSV", b"1"),
        (
            "INSERT INTO t (format) FORMAT CSV\nFORMAT CSV\n",
            "INSERT INTO t (format) ",
            "CSV",
            b"FORMAT CSV\n",
        ),
        ("INSERT INTO t FORMAT Native", "INSERT INTO t ", "Native", b""),
        (
            "INSERT INTO t (a) SELECT x FROM input('x Int8') WHERE x > 1 FORMAT Avro\nObj\x01",
            "INSERT INTO t (a) SELECT x FROM input('x Int8') WHERE x > 1 ",
            "Avro",
            b"Obj\x01",
        ),
    ],
)
def test_an_insert_is_parted_from_its_data(sql: str, statement: str, name: str, data: bytes) -> None:
    assert ask(sql) == Insert(Statement(statement, name), data)


def test_an_insert_in_the_address_takes_the_body_as_data() -> None:
    asked = parse(urlencode({"query": "INSERT INTO t FORMAT Native"}), "", b"\x00\xff")
    assert asked == Insert(Statement("INSERT INTO t ", "Native"), b"\x00\xff")


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t VALUES ('a FORMAT CSV b')",
        "INSERT INTO t SELECT 1 FORMAT TSV",
        "SELECT 'INSERT INTO t FORMAT x'",
    ],
)
def test_inserts_without_data_of_their_own_are_queries(sql: str) -> None:
    asked = ask(sql)
    assert isinstance(asked, Query)
    assert asked.statement.sql == sql


def test_form_fields_count_like_parameters() -> None:
    body = (
        b'--frontier\r\nContent-Disposition: form-data; name="query"\r\n\r\nSELECT {x:String}\r\n'
        b'--frontier\r\nContent-Disposition: form-data; name="param_x"\r\n\r\n\xc3\xbc\r\n--frontier--\r\n'
    )
    asked = parse("database=d", "multipart/form-data; boundary=frontier", body)
    assert isinstance(asked, Query)
    assert asked.statement.sql == "SELECT {x:String}"
    assert asked.statement.parameters == {"x": "ü"}
    assert asked.statement.database == "d"


def test_what_is_not_utf8_is_an_error() -> None:
    with pytest.raises(UnicodeDecodeError):
        parse("", "", b"SELECT '\xff'")
