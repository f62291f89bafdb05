import pytest

from schemas.origin import origin_version
from schemas.topics import ENGAGEMENT, EVENTS, LINKS, READINESS, STATEMENTS, Topic
from sinks.records import Record, Refused, decode
from tests.unit.sinks.records import example, raw


def test_a_record_keeps_its_coordinates_key_and_correlation_id() -> None:
    record = decode(STATEMENTS, raw(STATEMENTS, example(STATEMENTS), offset=9, key=b"someone"))

    assert isinstance(record, Record)
    assert (record.raw.partition, record.raw.offset, record.raw.epoch) == (3, 9, 1)
    assert (record.key, record.raw.correlation_id) == ("someone", "delivery")


@pytest.mark.parametrize(
    ("topic", "header", "version"),
    [
        (READINESS, b"42", 42),
        (READINESS, None, 5),
        (STATEMENTS, None, origin_version(7, 1)),
        (READINESS, b"0", 0),
        (READINESS, b"9223372036854775807", 2**63 - 1),
    ],
    ids=["header", "value", "origin", "least", "greatest"],
)
def test_the_version_is_the_headers_else_the_values_else_the_origins(
    topic: Topic, header: bytes | None, version: int
) -> None:
    changes = {"version": 5} if topic is READINESS else {}

    record = decode(topic, raw(topic, example(topic, **changes), version=header))

    assert isinstance(record, Record)
    assert record.version == version


@pytest.mark.parametrize("header", [b"-1", b"9223372036854775808", b"1" * 40, b"1.5", b"", b"\xff"])
def test_a_version_that_is_no_version_is_refused(header: bytes) -> None:
    refused = decode(READINESS, raw(READINESS, example(READINESS), version=header))

    assert isinstance(refused, Refused)
    assert refused.reason == "no_version"


def test_a_tombstone_withdraws_its_key() -> None:
    record = decode(ENGAGEMENT, raw(ENGAGEMENT, None, key=b"someone"))

    assert isinstance(record, Record)
    assert (record.value, record.key, record.version) == (None, "someone", 42)


@pytest.mark.parametrize(
    ("topic", "value", "key", "header", "reason"),
    [
        (STATEMENTS, b"", b"k", b"1", "undecodable"),
        (STATEMENTS, b"no avro at all", b"k", b"1", "undecodable"),
        (STATEMENTS, example(EVENTS), b"k", b"1", "undecodable"),
        (STATEMENTS, example(STATEMENTS)[:-40], b"k", b"1", "undecodable"),
        (STATEMENTS, example(STATEMENTS), b"\xff", b"1", "undecodable"),
        (STATEMENTS, None, b"k", b"1", "empty"),
        (LINKS, None, b"k", b"1", "empty"),
        (EVENTS, None, b"k", b"1", "empty"),
        (READINESS, None, b"k", None, "no_version"),
    ],
    ids=[
        "nothing",
        "other bytes",
        "other schema",
        "cut off",
        "key is no text",
        "statement without value",
        "link without value",
        "event without value",
        "tombstone without version",
    ],
)
def test_what_says_nothing_is_refused_with_a_reason(
    topic: Topic, value: bytes | None, key: bytes, header: bytes | None, reason: str
) -> None:
    refused = decode(topic, raw(topic, value, key=key, version=header))

    assert isinstance(refused, Refused)
    assert refused.reason == reason
    assert refused.detail
