"""Loopback ports that nobody else is given."""

import socket
import sys

LOOPBACK = "127.0.0.1"


class ReservedPort:
    """A loopback port, `number`, that stays ours until `release`.

    For programs that must be told a port and cannot be handed a socket. On Linux it stays bound, though not
    listening: a program that sets SO_REUSEADDR, as servers do, may listen on it, and again when it is
    restarted, while the kernel gives it to nobody else. Other systems refuse the second bind: there it is
    let go at once.
    """

    def __init__(self) -> None:
        self._holder = socket.socket()
        self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._holder.bind((LOOPBACK, 0))
        self.number: int = self._holder.getsockname()[1]
        if sys.platform != "linux":
            self.release()

    def release(self) -> None:
        """Let others have the port."""
        self._holder.close()

    def answers(self) -> bool:
        """Whether something listens on the port."""
        try:
            socket.create_connection((LOOPBACK, self.number), timeout=1.0).close()
        except OSError:
            return False
        return True
