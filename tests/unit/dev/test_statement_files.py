"""Files of statements become deliveries."""

from typing import Any

import orjson
import pytest

from readystream.dev.statement_files import deliveries, parse_statements
from schemas.errors import ConfigError


def _statements(count: int) -> list[dict[str, Any]]:
    return [{"id": f"00000000-0000-4000-8000-{number:012d}"} for number in range(count)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b'[{"id": "1"}, {"id": "2"}]'),
        ("a.ndjson", b'{"id": "1"}\n{"id": "2"}\n'),
        ("a.jsonl", b'{"id": "1"}\r\n\r\n{"id": "2"}'),
    ],
)
def test_formats(name: str, data: bytes) -> None:
    assert parse_statements(data, name) == [{"id": "1"}, {"id": "2"}]


def test_one_statement_may_stand_alone() -> None:
    assert parse_statements(b'{"id": "1"}', "a.json") == [{"id": "1"}]


@pytest.mark.parametrize(
    ("name", "data", "where"),
    [
        ("a.json", b"[{]", "a.json has"),
        ("a.json", b'[{"id": "1"}, 2]', "a.json item 2"),
        ("a.ndjson", b'{"id": "1"}\n[]\n', "a.ndjson line 2"),
        ("a.ndjson", b'{"id": "1"}\n\n{', "a.ndjson line 3"),
    ],
)
def test_anything_else_is_named(name: str, data: bytes, where: str) -> None:
    with pytest.raises(ConfigError, match=where):
        parse_statements(data, name)


def test_batches_keep_the_order() -> None:
    statements = _statements(7)
    sent = deliveries(statements, 3)
    assert [len(one.statements) for one in sent] == [3, 3, 1]
    assert [one for delivery in sent for one in delivery.statements] == statements


def test_an_id_that_comes_again_begins_a_new_batch() -> None:
    first, second = _statements(2)
    sent = deliveries([first, second, {**first, "id": first["id"].upper()}], 50)
    assert [len(one.statements) for one in sent] == [2, 1]


def test_statements_without_an_id_share_a_batch() -> None:
    assert len(deliveries([{"verb": 1}, {"verb": 2}], 50)) == 1


def test_repeated_and_shuffled() -> None:
    statements = _statements(40)
    sent = deliveries(statements, 6, repeat=2, shuffle_seed=5)
    ids = [one["id"] for delivery in sent for one in delivery.statements]
    assert sorted(ids) == sorted([one["id"] for one in statements] * 2)
    assert ids[:40] != [one["id"] for one in statements]
    assert all(
        len({one["id"] for one in delivery.statements}) == len(delivery.statements) for delivery in sent
    )
    again = deliveries(statements, 6, repeat=2, shuffle_seed=5)
    assert orjson.dumps([one.statements for one in again]) == orjson.dumps([one.statements for one in sent])
    assert statements == _statements(40)
