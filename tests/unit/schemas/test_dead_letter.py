"""Dead letters: one shape for every process, and an id that tells one failure from another."""

from dataclasses import replace

import pytest

from schemas.dead_letter import DeadLetter, attempt_of

LETTER = DeadLetter(
    reason="conflict",
    where="persona",
    detail="said before, otherwise",
    key=b"persona",
    value=b"\x00bytes",
    failed_at=1,
    correlation_id="delivery",
    topic="xapi.statements",
    partition=2,
    offset=57,
)


def test_what_is_written_is_read() -> None:
    assert DeadLetter.decode(LETTER.encode()) == LETTER


def test_the_same_failure_told_again_has_the_same_id() -> None:
    again = replace(LETTER, failed_at=2, correlation_id="another", detail="in other words")

    assert again.id == LETTER.id
    assert replace(LETTER, resolution="replayed", note="mended").id == LETTER.id


@pytest.mark.parametrize("other", [{"offset": 58}, {"where": "sink"}, {"attempt": 2}, {"value": b"other"}])
def test_another_failure_has_another_id(other: dict[str, object]) -> None:
    assert replace(LETTER, **other).id != LETTER.id  # type: ignore[arg-type]


def test_a_record_is_its_first_attempt_unless_it_says_otherwise() -> None:
    assert attempt_of({}) == 1
    assert attempt_of({"attempt": b"3"}) == 3
    assert attempt_of({"attempt": b"many"}) == 1
