"""Which positions are committed after a batch."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.topics import ALERTS
from sinks.records import RawRecord
from sinks.webhooks.feed import behind
from tests.unit.sinks.records import raw


def _raw(partition: int, offset: int) -> RawRecord:
    return raw(ALERTS, b"", offset=offset)._replace(partition=partition)


@given(st.lists(st.booleans(), max_size=8), st.lists(st.booleans(), max_size=8))
def test_nothing_that_is_not_done_lies_behind_what_is_committed(
    first: list[bool], second: list[bool]
) -> None:
    halves = (first, second)
    records = [
        (_raw(number, 10 + at), is_done)
        for number, half in enumerate(halves)
        for at, is_done in enumerate(half)
    ]

    reached = behind([one for one, _ in records], [one for one, is_done in records if not is_done])

    for number, half in enumerate(halves):
        whole = half.index(False) if False in half else len(half)
        assert reached.get((ALERTS.name, number)) == (10 + whole if whole else None)
