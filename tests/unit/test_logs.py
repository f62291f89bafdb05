"""What an operator sees: our lines from their level on, of libraries only what went wrong."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from readystream import logs


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    yield
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


def test_what_a_library_repeats_is_told_once_in_a_while_and_counted() -> None:
    now = [100.0]
    thinned = logs.FewerRepetitions(lambda: now[0])

    def told(text: str, *args: object, name: str = "aiokafka") -> str | None:
        record = logging.LogRecord(name, logging.ERROR, "", 0, text, args, None)
        return record.getMessage() if thinned.filter(record) else None

    assert told("no node %s", 3) == "no node 3"
    assert told("no node %s", 3) is None
    assert told("no node %s", 2) == "no node 2"
    assert [told("adapter.request", name="lrs_adapter.app") for _ in range(2)] == ["adapter.request"] * 2
    now[0] = 109.9
    assert told("no node %s", 3) is None
    now[0] = 110.0
    assert told("no node %s", 3) == "no node 3 (and 2 times before)"
    assert told("no node %s", 3) is None
    now[0] = 200.0
    assert told("another") == "another"
    assert told("no node %s", 3) == "no node 3"
