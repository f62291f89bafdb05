"""What an operator sees: our lines from their level on, of libraries only what went wrong."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from readystream import logs


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_our_info_lines_are_json_with_the_process_and_libraries_are_quiet(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("info", "json", process="adapter")
    logging.getLogger("aiokafka").info("key=b'secret'")
    structlog.get_logger("lrs_adapter.app").info("adapter.started", port=8010)
    structlog.get_logger("lrs_adapter.app").debug("not shown")
    [line] = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["port"], told["process"]) == ("adapter.started", 8010, "adapter")
    assert told["level"] == "info"


def test_an_exception_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "json")
    try:
        int("no such thing")
    except ValueError:
        structlog.get_logger("streams.engine").exception("worker.fatal")
    [line] = capsys.readouterr().err.splitlines()
    assert "ValueError: invalid literal" in json.loads(line)["exception"]
