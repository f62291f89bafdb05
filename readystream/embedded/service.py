"""A backing service run as our child process on a loopback port."""

import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from readystream.embedded import process as processes
from readystream.embedded.ports import ReservedPort
from schemas.errors import ConfigError


class Service(ABC):
    """Starts, stops, freezes and restarts one server process, always on the same `port`.

    As a context manager it is ready on entry and gone on exit. Otherwise: `start`, `wait_ready`, `close`.
    `process` is present once started; `log_path` holds what it prints.
    """

    name: ClassVar[str]
    stop_grace_s: ClassVar[float] = 30.0
    ready_within_s: ClassVar[float] = 30.0
    process: subprocess.Popen[bytes]

    def __init__(self, log_path: Path) -> None:
        self.log_path = log_path
        self._port = ReservedPort()
        self.port = self._port.number

    @abstractmethod
    def command(self) -> list[str]:
        """The command line. `ConfigError` if what it needs is not installed."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether a client gets an answer; asked only once something listens on the port."""

    def environment(self) -> Mapping[str, str]:
        """What the process finds in its environment besides ours."""
        return {}

    def start(self) -> None:
        """Start the process, from the main thread. `wait_ready` waits until it serves."""
        self.process = processes.spawn(self.command(), self.log_path, self.environment())

    def wait_ready(self) -> None:
        """Return once clients are answered; `UnavailableError`, with the end of its log, if they are not."""
        processes.wait_until(
            lambda: self._port.answers() and self.answers(),
            self.process,
            self.name,
            self.log_path,
            self.ready_within_s,
        )

    def stop(self) -> None:
        """End the process in good order; `start` may follow."""
        processes.terminate(self.process, self.stop_grace_s)

    def kill(self) -> None:
        """End the process at once, as a crash would; `start` may follow."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """Halt the process where it is: connections stay open and nothing answers."""
        processes.freeze(self.process)

    def thaw(self) -> None:
        """Let a frozen process go on."""
        processes.thaw(self.process)

    def close(self) -> None:
        """End the process, if it was started, and give up its port."""
        if hasattr(self, "process"):
            self.stop()
        self._port.release()

    def __enter__(self) -> Self:
        try:
            self.start()
            self.wait_ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def missing(package: str) -> ConfigError:
    """The error for an optional `package` that a service needs and that is not installed."""
    advice = f"{package} is missing: install readystream[embedded], or give the address of a server"
    return ConfigError("the embedded runtime", [advice])
