"""The adapter's speed next to Ralph's: `python -m tests.bench.adapter`, or `make bench-adapter`.

Both get the same statements from the same loader on the same machine, one after the other, and answer once
their storage has acknowledged: ours Kafka's broker, Ralph's ClickHouse. Then the adapter alone: latency at
half of its load, and a thousand open connections.
"""

import argparse
import asyncio
import json
import uuid
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from rich.console import Console
from rich.markdown import Markdown

from readystream.dev.generator import Delivery, generate
from schemas.xapi import is_voiding
from tests.bench import machine
from tests.bench.adapter_page import figures
from tests.bench.load import Outcome, as_fast_as_answered, at_pace, connect
from tests.bench.receivers import KEY, Receiver, ours, ralph
from tests.contract.adapter_kit import SECRET

SIZES = (1, 50, 500)
_MOST = {1: 15_000, 50: 2_000, 500: 250}
_CONNECTIONS = 8
_MANY_CONNECTIONS = 1000
_WARM_UP = 50
_LATENCY_SIZE = 50
_LEARNERS, _DAYS, _AS_OF = 40, 60, date(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a receiver did with batches of one size; processor time in microseconds for each statement."""

    per_second: float
    cpu_us: float
    outcome: Outcome


def main() -> None:
    """Measure and print."""
    options = _parser().parse_args()
    console = Console(width=100)
    run: dict[str, Any] = {"machine": machine.describe()}
    with TemporaryDirectory() as directory:
        home = Path(directory)
        theirs = _measured(ralph(_made(home / "theirs"), options.ralph.resolve()), options.seconds)
        with ours(_made(home / "ours")) as receiver:
            own = {size: _figure(receiver, size, options.seconds) for size in SIZES}
            run["batches"] = [_compared(size, own[size], theirs[size]) for size in SIZES]
            run["half_load"] = _latency(receiver, own[_LATENCY_SIZE], options.seconds)
            run["connections"] = asyncio.run(_connections(receiver))
    console.print(Markdown(figures(run)))
    options.out.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6.0, help="how long each measurement takes")
    parser.add_argument(
        "--ralph", type=Path, default=Path(".cache/ralph"), help="environment that Ralph is installed in"
    )
    parser.add_argument("--out", type=Path, default=Path("adapter.json"), help="where the figures go")
    return parser


def _made(home: Path) -> Path:
    home.mkdir()
    return home


def _measured(serving: AbstractContextManager[Receiver], seconds: float) -> dict[int, Figure]:
    with serving as receiver:
        return {size: _figure(receiver, size, seconds) for size in SIZES}


def _figure(receiver: Receiver, size: int, seconds: float) -> Figure:
    """Warm up, then send for that long."""
    requests = list(_requests(receiver, size, _WARM_UP + _MOST[size]))
    asyncio.run(as_fast_as_answered(receiver.port, requests[:_WARM_UP], _CONNECTIONS, seconds))
    before = receiver.cpu_s()
    outcome = asyncio.run(as_fast_as_answered(receiver.port, requests[_WARM_UP:], _CONNECTIONS, seconds))
    if set(outcome.statuses) != {200}:
        raise RuntimeError(f"{receiver.name} answered {outcome.statuses}")
    statements = size * outcome.statuses[200]
    return Figure(statements / outcome.seconds, 1e6 * (receiver.cpu_s() - before) / statements, outcome)


def _compared(size: int, own: Figure, theirs: Figure) -> dict[str, Any]:
    return {
        "batch": size,
        "per_s": own.per_second,
        "ralph_per_s": theirs.per_second,
        "cpu_us": own.cpu_us,
        "ralph_cpu_us": theirs.cpu_us,
    }


def _latency(receiver: Receiver, most: Figure, seconds: float) -> dict[str, Any]:
    """Requests at an even pace, half as many as the receiver took at most."""
    per_second = most.per_second / _LATENCY_SIZE / 2
    requests = list(_requests(receiver, _LATENCY_SIZE, int(per_second * seconds)))
    outcome = asyncio.run(at_pace(receiver.port, requests, _CONNECTIONS, per_second))
    return {
        "batch": _LATENCY_SIZE,
        "requests_per_s": per_second,
        "p50_ms": outcome.percentile_ms(0.5),
        "p99_ms": outcome.percentile_ms(0.99),
        "answers": outcome.statuses,
    }


async def _connections(receiver: Receiver) -> dict[str, Any]:
    """Hold many connections open, and post over every one of them, twice."""
    requests = list(_requests(receiver, 1, 2 * _MANY_CONNECTIONS))
    opened = [await connect(receiver.port) for _ in range(_MANY_CONNECTIONS)]
    statuses: list[int] = []
    for part in (requests[:_MANY_CONNECTIONS], requests[_MANY_CONNECTIONS:]):
        statuses += await asyncio.gather(
            *(one.exchange(request) for one, request in zip(opened, part, strict=True))
        )
    for one in opened:
        one.close()
    held = {"open": len(opened), "posts": len(statuses), "ok": statuses.count(200)}
    return held | {"mb": receiver.memory_mb()}


def _requests(receiver: Receiver, size: int, count: int) -> Iterator[bytes]:
    """Requests as they stand on the wire; every statement has an id of its own."""
    authorization = b64encode(f"{KEY}:{SECRET}".encode()).decode()
    statements = cycle(_templates())
    for _ in range(count):
        batch = [one | {"id": str(uuid.uuid4())} for one in islice(statements, size)]
        body = orjson.dumps(batch)
        yield (
            f"POST {receiver.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {authorization}\r\n"
            "X-Experience-API-Version: 1.0.3\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body


def _templates() -> Sequence[dict[str, Any]]:
    simulation = generate(_LEARNERS, _DAYS, 7, _AS_OF)
    valid = (one for sent in simulation.deliveries if _suits(sent) for one in sent.statements)
    return [one for one in valid if not is_voiding(one)]


def _suits(sent: Delivery) -> bool:
    """Whether these are valid statements of the version that the requests name."""
    return sent.valid and sent.version.startswith("1.0")


if __name__ == "__main__":
    main()
