import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, DataError, OperationalError, ProgrammingError

from sinks.clickhouse import is_transient


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (OperationalError("connection refused"), True),
        (ConnectionResetError(), True),
        (DatabaseError("bad gateway"), True),
        (DatabaseError("too many parts", code=252), True),
        (DatabaseError("unknown status of insert", code=319), True),
        (DatabaseError("unknown table", code=60), False),
        (DatabaseError("authentication failed", code=516), False),
        (DataError("a value does not fit"), False),
        (ProgrammingError("unknown setting"), False),
        (ValueError("a bug"), False),
    ],
    ids=str,
)
def test_only_what_passes_by_itself_is_tried_again(error: Exception, transient: bool) -> None:
    assert is_transient(error) is transient
