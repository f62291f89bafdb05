import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from schemas.topics import STATEMENTS
from sinks.container import Pack
from sinks.poison import MOST, is_row_fault, poison_of
from sinks.sift import sift
from sinks.tables.statements import STATEMENTS_TABLE
from tests.unit.sinks.records import example, raw


def some_records(count: int) -> Pack:
    raws = [raw(STATEMENTS, example(STATEMENTS), offset=offset) for offset in range(count)]
    return sift(STATEMENTS_TABLE, raws)[0]


@pytest.mark.parametrize("bad", [{0}, {9}, {3, 4}, {0, 5, 9}, set(range(10))], ids=str)
def test_exactly_the_bad_records_are_found(bad: set[int]) -> None:
    records = some_records(10)

    def rejects(some: Pack) -> str | None:
        return "bad" if bad & {one.offset for one in some} else None

    found = poison_of(records, rejects)

    assert [(one.raw.offset, one.why.reason, one.why.detail) for one in found] == [
        (offset, "rejected", "bad") for offset in sorted(bad)
    ]


def test_records_that_are_bad_only_together_are_not_to_blame() -> None:
    records = some_records(8)

    assert poison_of(records, lambda some: "too many" if len(some) > 3 else None) == []


def test_the_search_ends_when_too_many_are_bad() -> None:
    records = some_records(1000)

    assert len(poison_of(records, lambda _: "all")) == MOST + 1


@pytest.mark.parametrize(
    ("error", "row"),
    [
        (DatabaseError("Constraint is violated", code=469), True),
        (DatabaseError("violated: while pushing to view v", code=469), False),
        (DatabaseError("unknown table", code=60), False),
        (OperationalError("connection refused"), False),
        (DatabaseError("avro::Exception: EOF reached", code=748), True),
        (DatabaseError("std::exception. avro::Exception: EOF reached", code=1001), True),
        (DatabaseError("std::exception. of something else", code=1001), False),
        (ConnectionResetError(), False),
    ],
    ids=lambda value: value if isinstance(value, bool) else repr(value)[:40],
)
def test_only_what_a_row_can_be_blamed_for_is_searched(error: Exception, row: bool) -> None:
    assert is_row_fault(error) is row
