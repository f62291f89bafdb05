"""Which letters an operator means."""

from dataclasses import replace

import pytest

from readystream.dead_letters.selection import Filed, Selection, still_open
from schemas.dead_letter import DeadLetter

LETTER = DeadLetter(
    reason="invalid",
    where="adapter",
    detail="/verb is missing",
    key=b"id",
    value=b"{}",
    failed_at=1_000,
    correlation_id="delivery",
    credential="lms",
)
OTHER = replace(LETTER, reason="conflict", where="persona", topic="xapi.statements", offset=3, failed_at=500)


def filed(letter: DeadLetter) -> Filed:
    return Filed(letter, letter.key, 0)


@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(ids=(LETTER.id[:4],)),
        Selection(fields={"reason": "invalid", "where": "adapter", "topic": "", "credential": "lms"}),
        Selection(since_us=1_000, until_us=1_001),
    ],
)
def test_what_fits_is_meant(selection: Selection) -> None:
    assert selection.wants(LETTER)


@pytest.mark.parametrize(
    "selection",
    [
        Selection(ids=("x",)),
        Selection(fields={"reason": "conflict"}),
        Selection(since_us=1_001),
        Selection(until_us=1_000),
    ],
)
def test_what_does_not_fit_is_not(selection: Selection) -> None:
    assert not selection.wants(LETTER)


def test_a_letter_told_twice_is_one_and_the_oldest_comes_first() -> None:
    told = [filed(LETTER), filed(replace(LETTER, failed_at=2_000)), filed(OTHER)]

    assert [one.letter for one in still_open(told)] == [OTHER, LETTER]


def test_a_settled_letter_is_open_no_more_whatever_is_read_first() -> None:
    settled = filed(replace(LETTER, resolution="dropped"))

    assert still_open([filed(LETTER), settled]) == []
    assert still_open([settled, filed(LETTER)]) == []
    assert [one.letter for one in still_open([settled, filed(OTHER)])] == [OTHER]
