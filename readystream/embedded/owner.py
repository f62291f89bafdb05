"""Who owns a data directory: a file lock that the kernel drops when its holder ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import ConfigError

_LOCK_NAME = "owner.lock"


@contextmanager
def own(data_dir: Path, who: str) -> Iterator[None]:
    """Own `data_dir`, made if missing, while the block runs; `who` tells others what has it.

    Raises `ConfigError` naming the owner if there is one.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / _LOCK_NAME).open("a+", encoding="utf-8") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            note.seek(0)
            owner = note.read().strip() or "a process that is starting"
            raise ConfigError(
                f"the data directory {data_dir}", [f"it is in use by {owner}: stop that first"]
            ) from None
        note.truncate(0)
        note.write(f"process {os.getpid()}, {who}\n")
        note.flush()
        yield
