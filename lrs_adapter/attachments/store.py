"""Attachment data on the file system, addressed by its content.

Reads: the same files, for statements that are read back.
Writes: `<directory>/<first two digits>/<SHA-2 sum>`, in lower-case hexadecimal digits.
Key: the sum that the statement names as `sha2`, so the same data sent twice is one file.
State: the files; whole or absent, since each is written aside, flushed and then renamed.
Guarantee: `keep` returns None only once all data is on the disk. Nothing is ever overwritten or removed.
On failure: a `Problem` 503. Files that are there already stay: a resend finds them.
"""

import asyncio
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

import structlog

from lrs_adapter.wire.problems import Problem, unavailable
from schemas import log_events

_RETRY_AFTER_S = 30.0

NOT_STORED = unavailable(
    "attachments-not-stored", "The attachments could not be stored. Nothing was kept.", _RETRY_AFTER_S
)

log = structlog.get_logger()


class Attachments(Protocol):
    """Keeps the data of attachments by SHA-2 sum, and gives it back."""

    async def keep(self, sent: Mapping[str, bytes]) -> Problem | None:
        """Store data; None once it is safe."""

    async def found(self, sums: Collection[str]) -> dict[str, bytes]:
        """The data with these sums, as far as it is here. May raise `UnavailableError`."""


class AttachmentStore:
    """A directory of attachment data; it is made when the first data comes."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def keep(self, sent: Mapping[str, bytes]) -> Problem | None:
        """Store data by its SHA-2 sum, which the caller has checked."""
        try:
            if sent:
                await asyncio.to_thread(self._write_all, sent)
        except OSError as error:
            log.warning(log_events.ADAPTER_ATTACHMENTS_NOT_STORED, error=error.strerror)
            return NOT_STORED
        return None

    async def found(self, sums: Collection[str]) -> dict[str, bytes]:
        """The data with these SHA-2 sums, as far as it is here."""
        return await asyncio.to_thread(self._read_all, [sha2.lower() for sha2 in sums])

    def path_of(self, sha2: str) -> Path:
        """Where the data with this sum is."""
        return self._directory / sha2[:2] / sha2

    def _read_all(self, sums: Collection[str]) -> dict[str, bytes]:
        return {sha2: path.read_bytes() for sha2 in sums if (path := self.path_of(sha2)).exists()}

    def _write_all(self, sent: Mapping[str, bytes]) -> None:
        for sha2, data in sent.items():
            path = self.path_of(sha2)
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(path, data)


def _write(path: Path, data: bytes) -> None:
    """Write aside, flush, rename, and flush the directory: after that the file survives a loss of power."""
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
