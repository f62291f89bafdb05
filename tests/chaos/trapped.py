"""A worker that is caught at a known moment of its work: `python -m tests.chaos.trapped worker`.

It is `readystream worker` with a trap: a file that names a moment and a signal. A worker that comes to that
moment takes the file away and sends itself the signal. The moments are those after each numbered step, and
the worst one for a halt: it has asked whether its partition is still its own, and its changelog records have
not left. When it wakes, long after, they leave first, into the changelog of its successor.
"""

import asyncio
import dataclasses
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from signal import Signals
from typing import Literal

from readystream import worker
from readystream.cli import app
from readystream.dev.stack import Part
from streams.engine.runner import StageRunner

Moment = Literal[
    "after step 1", "after step 2", "after step 3", "after step 4", "after step 5", "before its append"
]

_TRAP = "trap"
_PATIENCE_S = 20.0
_POLL_S = 0.05


class TrappedWorker(Part):
    """One stream worker that traps can be set for."""

    def __init__(self, number: int, log_dir: Path, data_dir: Path, env: Mapping[str, str]) -> None:
        home = data_dir / f"worker-{number}"
        own = {"READYSTREAM_DATA_DIR": str(home)}
        super().__init__("worker", log_dir / f"{home.name}.log", "READYSTREAM_OPS_PORT", {**env, **own})
        self._trap = home / _TRAP

    def command(self) -> list[str]:
        return [sys.executable, "-m", __name__, "worker"]

    async def catch(self, moment: Moment, number: Signals) -> bool:
        """Whether the worker came to `moment` and was halted or killed there. False: it had nothing to do."""
        self._trap.parent.mkdir(parents=True, exist_ok=True)
        laid = self._trap.with_suffix(".laid")
        laid.write_text(f"{number} {moment}")
        laid.replace(self._trap)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while not self._is_caught():  # noqa: ASYNC110 - no event tells it: another process
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            self._trap.unlink(missing_ok=True)
        return self._is_caught()

    def _is_caught(self) -> bool:
        """Whether the process has ended or stands still."""
        if self.process.poll() is not None:
            return True
        state = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        return state.rpartition(")")[2].split()[0] == "T"


def _step_in(data_dir: Path, moment: str) -> None:
    """Be caught if a trap in `data_dir` is for this moment."""
    trap = data_dir / _TRAP
    if trap.exists():
        number, wanted = trap.read_text().split(" ", 1)
        if wanted == moment:
            trap.unlink()
            os.kill(os.getpid(), int(number))


def _lay_traps() -> None:
    """Let this process come by its traps."""
    engine_config, log_changes = worker._engine_config, StageRunner._log_changes

    def config_with_traps(*given: object) -> object:
        config = engine_config(*given)  # type: ignore[arg-type]
        return dataclasses.replace(
            config, after_step=lambda step: _step_in(config.data_dir, f"after step {step}")
        )

    async def append_late(
        runner: StageRunner, partition: int, writes: Mapping[str, Mapping[bytes, bytes | None]]
    ) -> dict[str, int]:
        if writes:
            _step_in(runner._config.data_dir, "before its append")
        return await log_changes(runner, partition, writes)

    worker._engine_config = config_with_traps  # type: ignore[assignment]
    StageRunner._log_changes = append_late  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    _lay_traps()
    app()
