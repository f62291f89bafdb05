"""Senders that retry as LRSPipe, Moodle and Learning Locker do: an outage costs them time and no statement.

Their pauses are shortened; what they take for success, for a reason to try again and for the end is theirs.
"""

import asyncio
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from readystream.topics import create_topics
from schemas.topics import STATEMENTS
from tests.contract.adapter_kit import (
    Adapter,
    all_records,
    decoded,
    is_ready,
    serving,
    settings_for,
    statement,
    until,
)
from tests.services.kafka import PARTITIONS, Broker, describe
from tests.unit.adapter.attachments_kit import BOUNDARY, mixed

ACK_TIMEOUT_S = 0.5
OUTAGES = 2
PAUSE_S = 0.1
Statements = list[dict[str, Any]]


class Forwarder(threading.Thread, ABC):
    """Sends its statements, in its way, until all are taken or it gives up."""

    size = 1
    count = 400

    def __init__(self, adapter: Adapter, going_on: threading.Event) -> None:
        super().__init__(name=type(self).__name__)
        self._adapter = adapter
        self._going_on = going_on
        self.sent: list[str] = []
        self.statuses: list[int] = []
        self.given_up = False

    def run(self) -> None:
        """Send batch after batch, at least `count` statements and until the outages are over."""
        while not self.given_up and (len(self.sent) < self.count or self._going_on.is_set()):
            batch = [statement() for _ in range(self.size)]
            self.sent += [one["id"] for one in batch]
            self.deliver(batch)

    @abstractmethod
    def deliver(self, batch: Statements) -> None:
        """See a batch through, or set `given_up`."""

    def post(self, body: bytes | None, batch: Statements, content_type: str, timeout_s: float) -> int:
        """One attempt; its status, 0 if there was no answer in time."""
        with self._adapter.sender() as sender:
            headers = {"Content-Type": content_type}
            given: dict[str, Any] = {"json": batch if self.size > 1 else batch[0]}
            if body is not None:
                given = {"content": body}
            try:
                status = sender.post("/statements", headers=headers, timeout=timeout_s, **given).status_code
            except httpx.TimeoutException:
                status = 0
        self.statuses.append(status)
        return status


class LrsPipe(Forwarder):
    """Takes exactly 200, tries again at five codes for ten seconds, and stops the job at any other."""

    size = 50

    def deliver(self, batch: Statements) -> None:
        """Multipart, with an exponential pause."""
        started, pause_s = time.monotonic(), PAUSE_S
        content_type = f"multipart/mixed; boundary={BOUNDARY}"
        while (status := self.post(mixed(batch), batch, content_type, 30)) != 200:
            if status not in (420, 429, 502, 503, 504) or time.monotonic() - started > 10:
                self.given_up = True
                return
            time.sleep(pause_s)
            pause_s *= 1.5


class Moodle(Forwarder):
    """Takes exactly 200, halves a batch at 400, and keeps for its next run what got any other code."""

    size = 20

    def deliver(self, batch: Statements) -> None:
        """All of it, in as many runs as it takes."""
        waiting = [batch]
        while waiting:
            part = waiting.pop()
            status = self.post(None, part, "application/json", 30)
            if status == 400:
                half = len(part) // 2
                self.given_up = half == 0
                waiting += [part[:half], part[half:]] if half else []
            elif status != 200:
                time.sleep(PAUSE_S)
                waiting.append(part)


class LearningLocker(Forwarder):
    """One at a time, an answer below 400 within five seconds, ten more attempts after a long pause each."""

    count = 100

    def deliver(self, batch: Statements) -> None:
        """Eleven attempts."""
        for _ in range(11):
            if 200 <= self.post(None, batch, "application/json", 5) < 400:
                return
            time.sleep(10 * PAUSE_S)
        self.given_up = True


def test_outages_cost_retrying_senders_nothing(private_broker: Callable[[], Broker], tmp_path: Path) -> None:
    broker = private_broker()
    kafka = describe(broker)
    asyncio.run(create_topics(kafka.bootstrap, [STATEMENTS], PARTITIONS, replication=1))
    outages = threading.Event()
    outages.set()
    with serving(settings_for(kafka, tmp_path, ack_timeout_s=ACK_TIMEOUT_S), kafka) as adapter:
        until(lambda: is_ready(adapter), 20)
        senders = [kind(adapter, outages) for kind in (LrsPipe, Moodle, LearningLocker)]
        for sender in senders:
            sender.start()
        for _ in range(OUTAGES):
            _outage(broker, senders)
        outages.clear()
        for sender in senders:
            sender.join()
    stored = {decoded(record)["statement_id"] for record in asyncio.run(all_records(kafka.bootstrap))}
    for sender in senders:
        assert not sender.given_up, (sender.name, sender.statuses)
        assert set(sender.statuses) == {200, 503}, sender.name
        assert set(sender.sent) <= stored, sender.name


def _outage(broker: Broker, senders: Sequence[Forwarder]) -> None:
    """Freeze the broker once all have got through, until each has been turned away."""
    through = [sender.statuses.count(200) for sender in senders]
    until(lambda: all(s.statuses.count(200) > n for s, n in zip(senders, through, strict=True)), 30)
    broker.freeze()
    away = [sender.statuses.count(503) for sender in senders]
    until(lambda: all(s.statuses.count(503) > n for s, n in zip(senders, away, strict=True)), 30)
    broker.thaw()
