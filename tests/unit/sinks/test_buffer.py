import pytest

from schemas.errors import ReadystreamError
from schemas.topics import LINKS, SKILLS, STATEMENTS
from sinks.buffer import Buffer
from sinks.intents import Intent
from sinks.policy import FlushPolicy
from tests.unit.sinks.records import example, raw

POLICY = FlushPolicy(max_rows=3, max_age_s=0.5)
HERE = (STATEMENTS.name, 3)
GOOD = example(STATEMENTS)


def buffer_of(*offsets: int, finish: Intent | None = None, now: float = 10.0) -> Buffer:
    """A buffer that took good records at these offsets."""
    buffer = Buffer(HERE, 1, finish)
    for offset in offsets:
        assert not buffer.add([raw(STATEMENTS, GOOD, offset=offset)], now)
    return buffer


def pending(start: int, end: int) -> Intent:
    """A predecessor's intent."""
    return Intent(STATEMENTS.name, 3, 1, start, end)


def test_the_block_has_the_range_of_what_was_added() -> None:
    block = buffer_of(5, 6, 9).block()

    assert block is not None
    assert block.intent == Intent(STATEMENTS.name, 3, 1, 5, 9)
    assert block.token == "statements:xapi.statements:1:3:5-9"
    assert block.rows == 3


def test_an_empty_buffer_is_no_block_and_never_due() -> None:
    buffer = buffer_of()

    assert buffer.block() is None
    assert not buffer.due(POLICY, now=1e9)


@pytest.mark.parametrize(
    ("offsets", "now", "due"),
    [((1,), 10.4, False), ((1,), 10.5, True), ((1, 2), 10.0, False), ((1, 2, 3), 10.0, True)],
)
def test_age_counts_from_the_first_record(offsets: tuple[int, ...], now: float, due: bool) -> None:
    assert buffer_of(*offsets, now=10.0).due(POLICY, now) is due


def test_a_refused_record_belongs_to_the_range_but_is_no_row() -> None:
    buffer = buffer_of(1)

    refused = buffer.add([raw(STATEMENTS, b"junk", offset=2)], 10.0)

    block = buffer.block()
    assert block is not None
    assert (block.intent.end, block.rows) == (2, 1)
    assert block.refused == refused
    assert [(one.raw.value, one.why.reason) for one in refused] == [(b"junk", "undecodable")]


def test_copies_and_junk_alone_make_a_block_without_rows() -> None:
    buffer = Buffer(HERE, 1)
    buffer.add([raw(STATEMENTS, example(STATEMENTS, copy=True), offset=4)], 10.0)

    block = buffer.block()

    assert block is not None
    assert (block.intent.start, block.intent.end, block.rows) == (4, 4, 0)


@pytest.mark.parametrize(
    ("offsets", "rows"),
    [((5, 6, 7), 3), ((5, 6, 7, 8, 9), 3), ((5, 9), 1), ((9,), 0)],
    ids=["exactly", "and more", "end was compacted away", "all was deleted"],
)
def test_a_range_to_finish_is_cut_exactly_as_it_was(offsets: tuple[int, ...], rows: int) -> None:
    buffer = buffer_of(*offsets, finish=pending(5, 7))

    block = buffer.block()

    assert buffer.due(POLICY, now=10.0)
    assert block is not None
    assert block.intent == pending(5, 7)
    assert block.rows == rows


def test_a_range_to_finish_waits_for_its_end_however_many_and_old() -> None:
    buffer = buffer_of(1, 2, 3, 4, 5, finish=pending(1, 9))

    assert not buffer.due(POLICY, now=1e9)
    assert buffer.block() is None


def test_a_topic_made_anew_under_the_same_epoch_is_noticed() -> None:
    buffer = Buffer(HERE, 1, pending(100, 149))

    with pytest.raises(ReadystreamError, match="READYSTREAM_TOPIC_EPOCH"):
        buffer.add([raw(STATEMENTS, GOOD, offset=0)], 10.0)


def test_the_table_follows_from_the_topic() -> None:
    buffer = Buffer((LINKS.name, 0), 1)
    buffer.add([raw(LINKS, example(LINKS), offset=1)], 10.0)

    block = buffer.block()

    assert block is not None
    assert block.table.name == "identity_links"


def test_upserts_may_wait_longer() -> None:
    buffer = Buffer((SKILLS.name, 3), 1)
    buffer.add([raw(SKILLS, example(SKILLS))], 10.0)

    assert [buffer.due(POLICY, now) for now in (11.9, 12.0)] == [False, True]


def test_what_has_waited_half_its_time_goes_along_with_others() -> None:
    buffer = buffer_of(1, now=10.0)

    assert [buffer.worth_taking(POLICY, now) for now in (10.2, 10.25)] == [False, True]
    assert not buffer_of().worth_taking(POLICY, now=99.0)


def test_a_record_that_comes_again_is_a_fault() -> None:
    with pytest.raises(ReadystreamError, match="4 came after 5"):
        buffer_of(4, 5).add([raw(STATEMENTS, GOOD, offset=4)], 10.0)
