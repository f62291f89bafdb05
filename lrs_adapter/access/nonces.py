"""Nonces that count once: across receivers that share a directory, across restarts and crashes.

Reads, Writes: one small file for each nonce, named by its SHA-256.
State: the files, for seven days; a signature's timestamp lasts for ten minutes.
Guarantee: of all who claim a nonce, one at a time holds it, and nobody once it is spent. A holder that dies
lets go of it unspent, so that the sender's next attempt is taken.
On failure: `OSError` when the disk does not answer.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from io import FileIO
from pathlib import Path
from typing import Final, Literal

KEPT_S: Final = 7 * 86_400.0
_SWEEP_EVERY_S = 3600.0
_SPENT = b"spent\n"

Taken = Literal["spent", "held"]


@dataclass(frozen=True, slots=True)
class Held:
    """A nonce that is ours until the block of `claim` ends."""

    file: FileIO

    def spend(self) -> None:
        """Use it up; on return that survives a loss of power."""
        self.file.write(_SPENT)
        os.fsync(self.file.fileno())


class Nonces:
    """A directory of nonces; it is made when the first one comes."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._sweep_at = 0.0

    @contextmanager
    def claim(self, nonce: str) -> Iterator[Held | Taken]:
        """The nonce; or `spent`, or `held` by another request at this moment."""
        self._directory.mkdir(parents=True, exist_ok=True)
        self._sweep(time.time())
        path = self._directory / sha256(nonce.encode()).hexdigest()
        with FileIO(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield "held"
                return
            yield "spent" if file.read(1) else Held(file)

    def _sweep(self, now: float) -> None:
        """Forget what is old, once an hour."""
        if now < self._sweep_at:
            return
        self._sweep_at = now + _SWEEP_EVERY_S
        for path in self._directory.iterdir():
            with suppress(FileNotFoundError):  # another receiver sweeps too
                if path.stat().st_mtime < now - KEPT_S:
                    path.unlink()
