from schemas.dead_letter import DeadLetter
from schemas.topics import STATEMENTS
from sinks.letters import dead_letter
from sinks.records import Refused, RefusedRecord
from tests.unit.sinks.records import raw


def test_a_dead_letter_holds_the_record_whole_and_the_reason() -> None:
    record = raw(STATEMENTS, b"\x01junk", offset=8, key=b"\xff")

    letter = DeadLetter.decode(dead_letter(RefusedRecord(record, Refused("undecodable", "why")), 77))

    assert letter == DeadLetter(
        reason="undecodable",
        where="sink",
        detail="why",
        topic="xapi.statements",
        partition=3,
        offset=8,
        epoch=1,
        key=b"\xff",
        value=b"\x01junk",
        failed_at=77,
        correlation_id="delivery",
    )


def test_a_tombstone_that_was_refused_has_no_bytes() -> None:
    letter = DeadLetter.decode(dead_letter(RefusedRecord(raw(STATEMENTS, None), Refused("empty", "")), 0))

    assert letter.value == b""


def test_a_record_that_was_replayed_says_which_attempt_failed() -> None:
    first = raw(STATEMENTS, b"junk")
    record = first._replace(headers=[*first.headers, ("attempt", b"2")])

    assert DeadLetter.decode(dead_letter(RefusedRecord(record, Refused("undecodable", "")), 0)).attempt == 2
