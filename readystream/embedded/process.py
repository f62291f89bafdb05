"""Child processes: started with a log of their own, waited for, ended with their parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from schemas.errors import UnavailableError

_LEASH = Path(__file__).with_name("leash.py")
_POLL_S = 0.05
_LOG_TAIL_BYTES = 2000


def spawn(
    args: Sequence[str], log_path: Path, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start `args`; what it prints is appended to `log_path`.

    It gets a session of its own, so that Ctrl-C reaches only us and we end our children in order. On Linux
    the kernel kills it when the thread that called us ends: hence `RuntimeError` outside the main thread.
    `env` is added to our environment.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("spawn from the main thread: a child ends with the thread that started it")
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with log_path.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own command lines, without a shell
            _leashed(args),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            start_new_session=True,
        )


def _leashed(args: Sequence[str]) -> list[str]:
    if sys.platform != "linux":
        return list(args)
    return [sys.executable, "-I", "-S", str(_LEASH), str(os.getpid()), *args]


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str, log_path: Path, timeout_s: float
) -> None:
    """Return once `ready()` holds.

    Raises `UnavailableError`, with the end of the log, if the process ends before or takes too long.
    """
    deadline = time.monotonic() + timeout_s
    while not ready():
        if (code := process.poll()) is not None:
            raise UnavailableError(f"{name} ended with code {code}. {_log_tail(log_path)}")
        if time.monotonic() > deadline:
            raise UnavailableError(f"{name} did not answer within {timeout_s:g} s. {_log_tail(log_path)}")
        time.sleep(_POLL_S)


def _log_tail(log_path: Path) -> str:
    tail = log_path.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace").strip()
    return f"Its log, {log_path}, ends:\n{tail}" if tail else f"Its log, {log_path}, is empty."


def terminate(process: subprocess.Popen[bytes], grace_s: float = 10.0) -> int:
    """End `process`: SIGTERM, after `grace_s` seconds SIGKILL. Returns its exit code; safe to repeat."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)  # a frozen one would not see the other signal
        try:
            process.wait(grace_s)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def freeze(process: subprocess.Popen[bytes]) -> None:
    """Stop `process` where it is: its connections stay open and nothing answers."""
    process.send_signal(signal.SIGSTOP)


def thaw(process: subprocess.Popen[bytes]) -> None:
    """Let a frozen `process` go on."""
    process.send_signal(signal.SIGCONT)
