"""Finding the records whose rows ClickHouse refuses, so that the others of their block can go in.

Rows are tried on a copy of the table that keeps nothing but has its constraints. So nothing is written while
we search, the block without them goes in under the token of its whole range, and who repeats the search comes
to the same end.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from sinks.container import Pack
from sinks.insert import insert_records
from sinks.records import Refused, RefusedRecord

MOST = 100
"""More refused records than this in one insert are no bad records but a table of another release."""

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
        748,  # AVRO_EXCEPTION
    }
)
_OTHER_LIBRARY = 1001  # STD_EXCEPTION: older servers have no code of its own for Avro
_VIEW_FAILED = "while pushing to view"

Rejects = Callable[[Pack], str | None]
"""Why rows of these records are refused, or None if they are taken."""


def is_row_fault(error: Exception) -> bool:
    """Whether a record may be to blame: ClickHouse cannot read it, or the table does not take its rows.

    A materialized view that fails is a fault of the view: rows may be in the table already.
    """
    return (
        isinstance(error, DatabaseError)
        and _VIEW_FAILED not in str(error)
        and (error.code in _ROW_FAULT_CODES or (error.code == _OTHER_LIBRARY and "avro" in str(error)))
    )


def insert_sound(
    client: Client, name: str, records: Pack, token: str = ""
) -> tuple[int, list[RefusedRecord]]:
    """Insert into the table called `name` without the records whose rows are refused.

    Returns how many rows ClickHouse says it wrote, and the records that were left out. Raises what the client
    raises, also if no single record is to blame, or too many are.
    """
    try:
        return insert_records(client, name, records, token), []
    except DatabaseError as error:
        poison = _search(client, name, records) if is_row_fault(error) else []
        if not poison:
            raise
    rest = records.without({one.raw.offset for one in poison})
    return insert_records(client, name, rest, token), poison


def _search(client: Client, name: str, records: Pack) -> list[RefusedRecord]:
    with _sieve(client, name) as rejects:
        poison = poison_of(records, rejects)
    return poison if len(poison) <= MOST else []


def poison_of(records: Pack, rejects: Rejects) -> list[RefusedRecord]:
    """The records that are refused even alone, found by halving; no more than one beyond `MOST`."""
    found: list[RefusedRecord] = []
    waiting = [records]
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
def _sieve(client: Client, like: str) -> Iterator[Rejects]:
    name = f"sieve_{uuid.uuid4().hex}"
    client.command(f"CREATE TABLE {name} AS {like} ENGINE = Null")

    def rejects(some: Pack) -> str | None:
        try:
            insert_records(client, name, some)
        except DatabaseError as error:
            if not is_row_fault(error):
                raise
            return str(error)
        return None

    try:
        yield rejects
    finally:
        client.command(f"DROP TABLE IF EXISTS {name}")
