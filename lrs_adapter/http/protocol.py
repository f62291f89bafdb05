"""Connections with bounds that uvicorn leaves to a proxy: how large a request's head may be, and how slow."""

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 65_536
"""What a head may have beyond the first piece that arrives of it."""

HEAD_S: Final = 20.0


class BoundedProtocol(HttpToolsProtocol):
    """Answers 400 to a head that is too large, and closes a connection whose head does not come in time."""

    _timer: asyncio.TimerHandle | None = None
    _is_open = False
    _later_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection: its first head may take a while, but not for ever."""
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._unwatch()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass data on, then see how much of it was head."""
        was_open = self._is_open
        super().data_received(data)
        if was_open and self._is_open and not self.transport.is_closing():
            self._later_bytes += len(data)
            if self._later_bytes > HEAD_BYTES:
                self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._is_open, self._later_bytes = True, 0
        self._watch()

    def on_headers_complete(self) -> None:
        """It is complete; from here on the body has bounds of its own."""
        self._is_open = False
        self._unwatch()
        super().on_headers_complete()

    def _watch(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(HEAD_S, self.transport.close)

    def _unwatch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
