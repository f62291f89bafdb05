"""What letters are replayed as."""

from dataclasses import replace

import orjson

from lrs_adapter.log.record import Record
from readystream.dead_letters.replay import Replay, Unreplayable
from schemas.codec import decode
from schemas.dead_letter import DeadLetter
from schemas.topics import STATEMENTS
from tests.unit.adapter.samples import ID, STATEMENT

REPLAY = Replay(tenant_key=b"a key of this tenant alone", partitions=4, now_us=9_000_000)
FROM_A_TOPIC = DeadLetter(
    reason="core_fault",
    where="persona",
    detail="",
    topic="xapi.statements",
    partition=2,
    offset=57,
    key=b"persona",
    value=b"\x00record",
    failed_at=500,
    correlation_id="delivery",
)
REFUSED = DeadLetter(
    reason="invalid",
    where="adapter",
    detail="",
    key=ID.encode(),
    value=orjson.dumps(STATEMENT),
    failed_at=1_000,
    correlation_id="delivery",
    credential="lms",
)


def replayed(letter: DeadLetter) -> list[Record]:
    made = REPLAY.records(letter)
    assert not isinstance(made, Unreplayable), made.why
    return made


def why_not(letter: DeadLetter) -> str:
    made = REPLAY.records(letter)
    assert isinstance(made, Unreplayable)
    return made.why


def test_a_record_of_a_topic_goes_there_again_as_it_was() -> None:
    (record,) = replayed(FROM_A_TOPIC)

    assert (record.topic, record.partition) == ("xapi.statements", 2)
    assert (record.key, record.value) == (b"persona", b"\x00record")
    assert record.headers == (("correlation_id", b"delivery"), ("attempt", b"2"))


def test_a_statement_that_is_valid_now_is_accepted_as_from_its_sender() -> None:
    (record,) = replayed(REFUSED)

    accepted = decode(STATEMENTS, record.value)
    assert accepted["statement_id"] == ID
    assert (accepted["credential"], accepted["source"]) == ("lms", "http")
    assert (accepted["received_at"], accepted["stored_at"]) == (1_000, 9_000_000)
    assert ("attempt", b"2") in record.headers


def test_a_statement_without_an_id_keeps_the_one_that_its_sender_was_told() -> None:
    without = {name: value for name, value in STATEMENT.items() if name != "id"}

    (record,) = replayed(replace(REFUSED, value=orjson.dumps(without)))

    accepted = decode(STATEMENTS, record.value)
    assert accepted["statement_id"] == ID
    assert orjson.loads(accepted["statement"])["id"] == ID


def test_what_cannot_be_replayed_says_why() -> None:
    assert why_not(replace(REFUSED, value=b"{}")).startswith("it is still not valid: ")
    assert why_not(replace(REFUSED, reason="forbidden")) == "its sender may not void statements"
    assert why_not(replace(FROM_A_TOPIC, value=b"")) == "it has no content"
