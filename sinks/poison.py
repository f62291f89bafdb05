"""Finding the records whose rows ClickHouse refuses, so that the others of their block can go in.

Rows are tried on a copy of the table that keeps nothing but has its constraints. So nothing is written while
we search, the block without them goes in under the token of its whole range, and who repeats the search comes
to the same end.
"""

import struct
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError, DataError

from schemas.topics import by_name
from sinks.buffer import Block
from sinks.convert import RefusedRecord, convert
from sinks.insert import insert_columns
from sinks.records import RawRecord, Refused
from sinks.table import Table

MOST = 100
"""More refused records than this in one block are no bad records but a table of another release."""

_ROW_FAULT_CODES = frozenset(
    {
        6,  # CANNOT_PARSE_TEXT
        26,  # CANNOT_PARSE_QUOTED_STRING
        27,  # CANNOT_PARSE_INPUT_ASSERTION_FAILED
        38,  # CANNOT_PARSE_DATE
        41,  # CANNOT_PARSE_DATETIME
        53,  # TYPE_MISMATCH
        69,  # ARGUMENT_OUT_OF_BOUND
        70,  # CANNOT_CONVERT_TYPE
        72,  # CANNOT_PARSE_NUMBER
        117,  # INCORRECT_DATA
        131,  # TOO_LARGE_STRING_SIZE
        321,  # VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
        349,  # CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
        469,  # VIOLATED_CONSTRAINT
    }
)
_VIEW_FAILED = "while pushing to view"

Rejects = Callable[[Sequence[RawRecord]], str | None]
"""Why rows of these records are refused, or None if they are taken."""


def is_row_fault(error: Exception) -> bool:
    """Whether a row may be to blame: the client cannot write it, or the table does not take it.

    A materialized view that fails is a fault of the view: rows may be in the table already.
    """
    if isinstance(error, DatabaseError) and not isinstance(error, DataError):
        return error.code in _ROW_FAULT_CODES and _VIEW_FAILED not in str(error)
    return isinstance(error, DataError | ValueError | TypeError | OverflowError | struct.error)


def without_poison(client: Client, block: Block) -> Block | None:
    """`block` without the records whose rows are refused, they among its dead letters.

    None if no single record is to blame, or too many are. Raises what the client raises.
    """
    with _sieve(client, block.table) as rejects:
        poison = poison_of(block.raws, rejects)
    if not poison or len(poison) > MOST:
        return None
    bad = {one.raw.offset for one in poison}
    topic, _ = block.partition
    rest = convert(by_name(topic), block.table, [raw for raw in block.raws if raw.offset not in bad])
    return Block(block.intent, block.table, rest.columns, [*rest.refused, *poison], block.raws, block.size)


def poison_of(raws: Sequence[RawRecord], rejects: Rejects) -> list[RefusedRecord]:
    """The records that are refused even alone, found by halving; no more than one beyond `MOST`."""
    found: list[RefusedRecord] = []
    waiting = [raws]
    while waiting and len(found) <= MOST:
        some = waiting.pop()
        why = rejects(some)
        if why is not None and len(some) == 1:
            found.append(RefusedRecord(some[0], Refused("rejected", why)))
        elif why is not None:
            middle = len(some) // 2
            waiting += [some[middle:], some[:middle]]
    return found


@contextmanager
def _sieve(client: Client, table: Table) -> Iterator[Rejects]:
    name = f"sieve_{uuid.uuid4().hex}"
    client.command(f"CREATE TABLE {name} AS {table.name} ENGINE = Null")

    def rejects(raws: Sequence[RawRecord]) -> str | None:
        columns = convert(by_name(raws[0].topic), table, raws).columns
        try:
            insert_columns(client, name, table, columns)
        except (ClickHouseError, ValueError, TypeError, OverflowError, struct.error) as error:
            if not is_row_fault(error):
                raise
            return str(error)
        return None

    try:
        yield rejects
    finally:
        client.command(f"DROP TABLE IF EXISTS {name}")
