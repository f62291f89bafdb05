"""The file of a batch, read by another reader of Avro than ClickHouse's."""

from io import BytesIO
from typing import Any

from fastavro import reader

from schemas.examples import EXAMPLES
from schemas.topics import EVENTS, SKILLS, STATEMENTS, Topic
from sinks.container import Pack
from sinks.records import RawRecord
from sinks.sift import sift
from sinks.table import OWN_VERSION
from sinks.tables import BY_TOPIC
from tests.unit.sinks.records import example, raw


def pack(topic: Topic, *raws: RawRecord) -> Pack:
    sound, refused = sift(BY_TOPIC[topic.name], raws)
    assert not refused
    return sound


def read(topic: Topic, *raws: RawRecord) -> list[Any]:
    """What another reader finds in the file."""
    return list(reader(BytesIO(pack(topic, *raws).file())))


def test_envelope_and_value_are_one_record() -> None:
    raws = [raw(EVENTS, example(EVENTS), offset=5), raw(EVENTS, example(EVENTS), offset=2**40, version=None)]

    packed = read(EVENTS, *raws)

    place = {"log_partition": 3, "log_epoch": 1, "withdrawn": False, "wire": example(EVENTS)[:5]}
    assert packed == [
        {**EXAMPLES[EVENTS.name], **place, "log_offset": 5, "log_version": 42},
        {**EXAMPLES[EVENTS.name], **place, "log_offset": 2**40, "log_version": OWN_VERSION},
    ]


def test_a_value_without_a_version_has_that_of_its_place() -> None:
    one = raw(STATEMENTS, example(STATEMENTS), version=None)

    (packed,) = read(STATEMENTS, one)

    assert packed["log_version"] == one.version


def test_a_tombstone_says_what_it_withdraws_and_nothing_else() -> None:
    (packed,) = read(SKILLS, raw(SKILLS, None, key=b"someone|what|ever"))

    assert (packed["person_id"], packed["skill"], packed["withdrawn"]) == ("someone", "what|ever", True)
    assert (packed["level"], packed["top_evidence"], packed["mapping"]) == (0.0, [], "")
    assert (packed["log_version"], packed["correlation_id"]) == (42, "delivery")


def test_a_part_of_a_pack_is_packed_as_if_alone() -> None:
    raws = [raw(EVENTS, example(EVENTS, statement_id=str(offset)), offset=offset) for offset in range(5)]
    whole = pack(EVENTS, *raws[:3])
    whole.extend(pack(EVENTS, *raws[3:]))

    assert list(whole) == raws
    assert whole.file() == pack(EVENTS, *raws).file()
    assert whole[1:3].file() == pack(EVENTS, *raws[1:3]).file()
    assert whole.without({0, 3}).file() == pack(EVENTS, raws[1], raws[2], raws[4]).file()
