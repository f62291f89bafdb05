import pytest

from schemas.topics import ENGAGEMENT, EVENTS, LINKS, READINESS, STATEMENTS, Topic
from sinks.container import Pack
from sinks.sift import put, sift
from sinks.tables import BY_TOPIC
from tests.unit.sinks.records import example, raw


def test_one_record_that_is_none_does_not_cost_the_others_theirs() -> None:
    values = [example(EVENTS), b"junk", example(EVENTS)]
    raws = [raw(EVENTS, value, offset=offset) for offset, value in enumerate(values)]

    sound, refused = sift(BY_TOPIC[EVENTS.name], raws)

    assert [one.offset for one in sound] == [0, 2]
    assert [(one.raw.offset, one.why.reason) for one in refused] == [(1, "undecodable")]


@pytest.mark.parametrize(
    ("topic", "value", "header"),
    [
        (STATEMENTS, example(STATEMENTS), None),
        (READINESS, example(READINESS), b"7"),
        (ENGAGEMENT, None, b"1"),
    ],
    ids=["without version", "with version", "tombstone"],
)
def test_nothing_is_wrong_with_what_workers_write(
    topic: Topic, value: bytes | None, header: bytes | None
) -> None:
    assert put(Pack(BY_TOPIC[topic.name]), raw(topic, value, version=header)) is None


@pytest.mark.parametrize(
    ("topic", "value", "key", "header", "reason"),
    [
        (STATEMENTS, b"", b"k", b"1", "undecodable"),
        (STATEMENTS, b"no avro at all", b"k", b"1", "undecodable"),
        (STATEMENTS, example(EVENTS), b"k", b"1", "undecodable"),
        (STATEMENTS, example(STATEMENTS), b"\xff", b"1", "undecodable"),
        (STATEMENTS, None, b"k", b"1", "empty"),
        (LINKS, None, b"k", b"1", "empty"),
        (EVENTS, None, b"k", b"1", "empty"),
        (READINESS, None, b"k", None, "no_version"),
        (READINESS, example(READINESS), b"k", b"-1", "no_version"),
    ],
    ids=[
        "nothing",
        "other bytes",
        "other schema",
        "key is no text",
        "statement without value",
        "link without value",
        "event without value",
        "tombstone without version",
        "version that is none",
    ],
)
def test_what_says_nothing_is_refused_with_a_reason(
    topic: Topic, value: bytes | None, key: bytes, header: bytes | None, reason: str
) -> None:
    why = put(Pack(BY_TOPIC[topic.name]), raw(topic, value, key=key, version=header))

    assert why is not None
    assert why.reason == reason
    assert why.detail
