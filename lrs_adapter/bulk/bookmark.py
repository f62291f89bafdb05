"""How far an interrupted import came: a small file for each file that is being imported.

Reads, Writes: `<directory>/<name>`; the name is made of what the import depends on, such as the file's
content, the mapping and the log.
State: the file, from the first batch on until the import is done.
Guarantee: the rows that it counts are acknowledged by all in-sync replicas.
On failure: `UnavailableError` where it cannot be written. A bookmark that is lost or unreadable means a start
from the first row: harmless.
"""

import os
from hashlib import sha256
from pathlib import Path
from typing import Final

from schemas.errors import UnavailableError

EVERY_ROWS: Final = 10_000


class Bookmark:
    """The bookmark of one file in one log. `depends_on` is everything that makes another import of it."""

    def __init__(self, directory: Path, *depends_on: str) -> None:
        name = sha256("\0".join(depends_on).encode()).hexdigest()
        self._path = directory / name

    def rows(self) -> int:
        """Rows that need not be written again."""
        try:
            return int(self._path.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    def set(self, rows: int) -> None:
        """So many rows are in the log. Raises `UnavailableError` if the disk does not take it."""
        try:
            self._write(rows)
        except OSError as error:
            where = f"the import cannot note in {self._path.parent} how far it came"
            raise UnavailableError(f"{where}: {error.strerror}") from error

    def _write(self, rows: int) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_suffix(".new")
        with aside.open("w", encoding="ascii") as file:
            file.write(str(rows))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self._path)

    def remove(self) -> None:
        """The import is done: another one of the same file begins anew."""
        self._path.unlink(missing_ok=True)
