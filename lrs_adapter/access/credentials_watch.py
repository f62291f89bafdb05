"""The credentials file, watched: what it says comes into force without a restart.

Reads: the credentials file, every few seconds.
Writes: nothing.
State: the bytes that were read last.
Guarantee: a file that cannot be read or is wrong changes nothing.
On failure: what was in force stays; the log names every problem and no secret, once for each wrong file.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog

from lrs_adapter.access.credentials import CredentialsFile, parse_credentials, read_file
from schemas import log_events
from schemas.errors import ConfigError
from schemas.mounts import Mount

log = structlog.get_logger()


class CredentialsWatch:
    """Looks every `every_s` seconds and hands a good new file to `replace`; `text` is what is in force."""

    def __init__(
        self,
        path: Path,
        text: bytes,
        *,
        mounts: Sequence[Mount],
        every_s: float,
        replace: Callable[[CredentialsFile], None],
    ) -> None:
        self._path = path
        self._mounts = mounts
        self._seen: bytes | None = text
        self._every_s = every_s
        self._replace = replace

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch while the block lasts."""
        task = asyncio.create_task(self._watch(), name="credentials-watch")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            await self.look()

    async def look(self) -> None:
        """Look once. The bytes are compared, since times of files are coarse and mounts can keep them."""
        found = await asyncio.to_thread(_read, self._path)
        text = found if isinstance(found, bytes) else None
        if text == self._seen:
            return
        self._seen = text
        file = found if isinstance(found, ConfigError) else self._parsed(found)
        if isinstance(file, ConfigError):
            log.error(log_events.ADAPTER_CREDENTIALS_KEPT, problems=file.problems)
            return
        self._replace(file)
        log.info(log_events.ADAPTER_CREDENTIALS_RELOADED, credentials=len(file.credentials))

    def _parsed(self, text: bytes) -> CredentialsFile | ConfigError:
        try:
            return parse_credentials(text, str(self._path), self._mounts)
        except ConfigError as error:
            return error


def _read(path: Path) -> bytes | ConfigError:
    try:
        return read_file(path)
    except ConfigError as error:
        return error
