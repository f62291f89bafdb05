"""Structured logging, set up once per process."""

import logging
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from structlog.typing import Processor

_OURS = ("schemas", "lrs_adapter", "streams", "sinks", "dashboards", "readystream")


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
    # Libraries tell what went wrong; below that some of them print keys and values of records.
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)
    for package in _OURS:
        logging.getLogger(package).setLevel(number)
    structlog.contextvars.bind_contextvars(**bound)
