"""Structured logging, set up once per process."""

import logging
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from structlog.typing import Processor

_OURS = ("schemas", "lrs_adapter", "streams", "sinks", "dashboards", "readystream")
_QUIET_S = 10.0


class FewerRepetitions(logging.Filter):
    """Lets a library say the same once in ten seconds, and then how often it has said it meanwhile.

    While a broker is away, aiokafka says so twenty times a second in each process. That would bury our own
    lines, and fill a disk. `clock` gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether `record` is told; of one that is, the text may grow by how many were not."""
        if record.name.partition(".")[0] in _OURS:
            return True
        now, said = self._clock(), (record.name, record.getMessage())
        told_at, kept_back = self._said.pop(said, (-_QUIET_S, 0))
        is_told = now - told_at >= _QUIET_S
        self._said[said] = (now, 0) if is_told else (told_at, kept_back + 1)
        if is_told:
            self._forget(now)
        if is_told and kept_back:
            record.msg, record.args = f"{said[1]} (and {kept_back} times before)", ()
        return is_told

    def _forget(self, now: float) -> None:
        """Drop what was said long ago: messages with an offset in them never come again."""
        for said, (told_at, _) in list(self._said.items()):
            if now - told_at >= 6 * _QUIET_S:
                del self._said[said]


def configure(level: str = "info", log_format: str = "json", **bound: Any) -> None:
    """Send every line, ours and the libraries', to standard error as JSON or for a console.

    `bound` is added to each line, for instance the name of the process.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    handler.addFilter(FewerRepetitions())
    # Libraries tell what went wrong; below that some of them print keys and values of records.
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)
    for package in _OURS:
        logging.getLogger(package).setLevel(number)
    structlog.contextvars.bind_contextvars(**bound)
