"""ClickHouse's engine in this process.

Every call opens a connection of its own (well under a millisecond), so settings and the chosen database of
one request never reach another.
"""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlencode

import chdb

from readystream.embedded.statement import Statement

_UNKNOWN_EXCEPTION = 1002
_CODE = re.compile(r"Code: (\d+)\.")
_INPUT = re.compile(r"\bFROM\s+input\s*\(", re.IGNORECASE)
_SETTING_NAME = re.compile(r"[A-Za-z_]\w*")


class EngineError(Exception):
    """The engine refused or failed. `code` is ClickHouse's error code, the text its message."""

    def __init__(self, message: str) -> None:
        start = message.find("Code: ")
        super().__init__(message[max(start, 0) :].strip())
        match = _CODE.search(message)
        self.code = int(match[1]) if match else _UNKNOWN_EXCEPTION


@dataclass(frozen=True, slots=True)
class Result:
    """A whole answer: the bytes in the asked format, and how many rows were read and written for it."""

    body: bytes
    read_rows: int
    written_rows: int


@dataclass(frozen=True, slots=True)
class Written:
    """What an insert wrote, rows of dependent materialized views included, as ClickHouse servers count."""

    rows: int
    bytes: int


class Engine:
    """The engine over `data_dir`. One per process and one process per directory: see `owner.own`.

    `memory_bytes` caps what it allocates.
    """

    def __init__(self, data_dir: Path, memory_bytes: int) -> None:
        self._address = f"{data_dir}?{urlencode(_memory_limits(memory_bytes))}"
        self._keeper = _connect(self._address)  # the engine lives as long as a connection does

    def query(self, statement: Statement) -> Result:
        """Run `statement` to its end. Raises `EngineError`."""
        with self._session(statement) as connection:
            result = connection.query(statement.sql, statement.format, params=dict(statement.parameters))
            return Result(result.bytes() or b"", result.rows_read(), result.rows_written())

    def stream(self, statement: Statement) -> Generator[bytes]:
        """Run `statement`, giving each block as it comes, in its format. Raises `EngineError` at any step."""
        with self._session(statement) as connection:
            blocks = connection.send_query(statement.sql, statement.format, params=dict(statement.parameters))
            with blocks:
                for block in blocks:
                    yield block.bytes()

    def insert(self, statement: Statement, data: bytes) -> Written:
        """Insert `data` through `statement`: `INSERT INTO table (columns)`, or `… SELECT … FROM input(…)`.

        By way of a file: of the engine's own stream for inserts, a violated constraint, a view that fails and
        too little memory come back as success. Raises `EngineError`.
        """
        with NamedTemporaryFile(prefix="readystream-insert-") as file, self._session(statement) as connection:
            file.write(data)
            file.flush()
            result = connection.query(_reading(statement, _quote(file.name)))
            return Written(result.rows_written(), len(data))

    def close(self) -> None:
        """Close the engine. Acknowledged rows are on disk already."""
        self._keeper.close()

    @contextmanager
    def _session(self, statement: Statement) -> Iterator[Any]:
        connection = _connect(self._address)
        try:
            for command in _preparation(statement):
                connection.query(command)
            yield connection
        except RuntimeError as error:  # what the engine raises for whatever it does not like
            raise EngineError(str(error)) from error
        finally:
            connection.close()


def _connect(address: str) -> Any:
    engine: Any = chdb  # typed or not, depending on which of its two distributions was unpacked last
    return engine.connect(address)


def _preparation(statement: Statement) -> Iterator[str]:
    if statement.database:
        name = statement.database.replace("\\", "\\\\").replace("`", "\\`")
        yield f"USE `{name}`"
    for setting, value in statement.settings.items():
        if not _SETTING_NAME.fullmatch(setting):
            raise EngineError(f"Code: 115. DB::Exception: Unknown setting {setting!r}. (UNKNOWN_SETTING)")
        yield f"SET {setting} = {_quote(value)}"


def _reading(statement: Statement, file: str) -> str:
    """The insert with the data in `file`: read by `file()` where it says `input()`."""
    sql, inputs = _INPUT.subn(lambda _: f"FROM file({file}, {_quote(statement.format)}, ", statement.sql)
    return sql if inputs else f"{sql} FROM INFILE {file} FORMAT {statement.format}"


def _quote(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _memory_limits(memory_bytes: int) -> dict[str, int]:
    """A query fails before the process does, and large sorts and groupings go to disk before they fail."""
    return {
        "max_server_memory_usage": memory_bytes,
        "max_memory_usage": memory_bytes * 3 // 4,
        "max_bytes_before_external_group_by": memory_bytes // 4,
        "max_bytes_before_external_sort": memory_bytes // 4,
    }
