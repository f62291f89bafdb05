"""Outages: what is acknowledged is in the log, what is not is answered 503 in time, and it all comes back."""

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from aiokafka.admin import AIOKafkaAdminClient

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

ACK_TIMEOUT_S = 1.0


def _create_topic(broker: Broker) -> None:
    asyncio.run(create_topics(broker.bootstrap, [STATEMENTS], PARTITIONS, replication=1))


def _post(adapter: Adapter, count: int = 1, size: int = 0) -> tuple[httpx.Response, list[str], float]:
    """Post statements; the answer, their ids, and how long it took in seconds."""
    sent = [statement(result={"response": "x" * size}) for _ in range(count)]
    started = time.monotonic()
    with adapter.sender() as sender:
        response = sender.post("/statements", json=sent)
    return response, [one["id"] for one in sent], time.monotonic() - started


def _accepts(adapter: Adapter) -> bool:
    return _post(adapter)[0].status_code == 200


class _Load(threading.Thread):
    """A sender that goes on and on, and remembers what it was promised."""

    def __init__(self, adapter: Adapter) -> None:
        super().__init__()
        self._adapter = adapter
        self._stopping = threading.Event()
        self.acknowledged: list[str] = []
        self.statuses: list[int] = []
        self.slowest_s = 0.0

    def run(self) -> None:
        """Post until stopped, or until the server has gone."""
        while not self._stopping.is_set():
            try:
                response, ids, seconds = _post(self._adapter, count=5)
            except httpx.TransportError:
                return
            self.statuses.append(response.status_code)
            self.slowest_s = max(self.slowest_s, seconds)
            if response.status_code == 200:
                assert response.json() == ids
                self.acknowledged += ids

    def stop(self) -> None:
        """Finish the request under way, then end."""
        self._stopping.set()
        self.join()


def test_a_frozen_broker_loses_nothing_that_was_acknowledged(
    private_broker: Callable[[], Broker], tmp_path: Path
) -> None:
    broker = private_broker()
    _create_topic(broker)
    kafka = describe(broker)
    with serving(settings_for(kafka, tmp_path, ack_timeout_s=ACK_TIMEOUT_S), kafka) as adapter:
        until(lambda: is_ready(adapter), 20)
        load = _Load(adapter)
        load.start()
        until(lambda: len(load.acknowledged) > 50, 20)
        broker.freeze()
        until(lambda: load.statuses.count(503) >= 2, 20)
        response, _, seconds = _post(adapter)
        assert response.status_code == 503
        assert int(response.headers["retry-after"]) >= 1
        assert response.json()["type"] == "urn:readystream:problem:not-acknowledged"
        assert seconds < ACK_TIMEOUT_S + 1
        assert httpx.get(f"{adapter.url}/healthz").status_code == 200
        before = len(load.acknowledged)
        broker.thaw()
        until(lambda: len(load.acknowledged) > before + 50, 30)
        load.stop()
        until(lambda: _in_flight(adapter) == 0, 20)
    assert set(load.statuses) == {200, 503}
    assert load.slowest_s < ACK_TIMEOUT_S + 2
    stored = {decoded(record)["statement_id"] for record in asyncio.run(all_records(kafka.bootstrap))}
    assert set(load.acknowledged) <= stored


def test_what_is_in_flight_is_bounded(private_broker: Callable[[], Broker], tmp_path: Path) -> None:
    broker = private_broker()
    _create_topic(broker)
    kafka = describe(broker)
    settings = settings_for(kafka, tmp_path, ack_timeout_s=ACK_TIMEOUT_S, max_in_flight_bytes=100_000)
    with serving(settings, kafka) as adapter:
        until(lambda: is_ready(adapter), 20)
        assert _post(adapter, size=60_000)[0].status_code == 200
        broker.freeze()
        assert _post(adapter, size=60_000)[0].json()["type"].endswith(":not-acknowledged")
        response, _, seconds = _post(adapter, size=60_000)
        assert response.status_code == 503
        assert response.json()["type"].endswith(":saturated")
        assert "retry-after" in response.headers
        assert seconds < ACK_TIMEOUT_S / 2
        broker.thaw()
        until(lambda: _post(adapter, size=60_000)[0].status_code == 200, 20)
        assert 'unavailable_total{reason="saturated"}' in httpx.get(f"{adapter.url}/metrics").text


def test_the_receiver_lives_while_there_is_no_broker(
    private_broker: Callable[[], Broker], tmp_path: Path
) -> None:
    broker = private_broker()
    broker.stop()
    kafka = describe(broker)
    with serving(settings_for(kafka, tmp_path), kafka) as adapter:
        response, _, seconds = _post(adapter)
        assert (response.status_code, seconds < 1) == (503, True)
        assert response.headers["retry-after"] == "5"
        assert httpx.get(f"{adapter.url}/healthz").status_code == 200
        assert httpx.get(f"{adapter.url}/readyz").status_code == 503
        broker.start()
        broker.wait_ready()
        assert not _has_topic(broker)
        _create_topic(broker)
        until(lambda: is_ready(adapter), 20)
        assert _accepts(adapter)


def test_the_receiver_never_creates_the_topic(private_broker: Callable[[], Broker], tmp_path: Path) -> None:
    kafka = describe(private_broker())
    with serving(settings_for(kafka, tmp_path), kafka) as adapter:
        for _ in range(5):
            assert _post(adapter)[0].status_code == 503
            time.sleep(0.5)
        assert not is_ready(adapter)
    assert not asyncio.run(_topics(kafka.bootstrap))


def test_a_stop_does_not_wait_for_a_frozen_broker(
    private_broker: Callable[[], Broker], tmp_path: Path
) -> None:
    broker = private_broker()
    _create_topic(broker)
    kafka = describe(broker)
    with serving(settings_for(kafka, tmp_path, ack_timeout_s=ACK_TIMEOUT_S), kafka) as adapter:
        until(lambda: is_ready(adapter), 20)
        assert _accepts(adapter)
        broker.freeze()
        assert not _accepts(adapter)
        stopping = time.monotonic()
    assert time.monotonic() - stopping < ACK_TIMEOUT_S + 3
    broker.thaw()


def test_a_broker_that_comes_back_is_found_again(
    private_broker: Callable[[], Broker], tmp_path: Path
) -> None:
    broker = private_broker()
    _create_topic(broker)
    kafka = describe(broker)
    with serving(settings_for(kafka, tmp_path, ack_timeout_s=ACK_TIMEOUT_S), kafka) as adapter:
        until(lambda: is_ready(adapter), 20)
        accepted, ids, _ = _post(adapter, count=50)
        assert accepted.status_code == 200
        broker.kill()
        response, _, seconds = _post(adapter)
        assert (response.status_code, seconds < ACK_TIMEOUT_S + 1) == (503, True)
        broker.start()
        broker.wait_ready()
        _create_topic(broker)
        until(lambda: _accepts(adapter), 30)
    if not kafka.is_embedded:
        stored = {decoded(record)["statement_id"] for record in asyncio.run(all_records(kafka.bootstrap))}
        assert set(ids) <= stored


def _in_flight(adapter: Adapter) -> float:
    name = "readystream_adapter_in_flight_bytes "
    lines = httpx.get(f"{adapter.url}/metrics").text.splitlines()
    return float(next(line for line in lines if line.startswith(name)).removeprefix(name))


def _has_topic(broker: Broker) -> bool:
    return STATEMENTS.name in asyncio.run(_topics(broker.bootstrap))


async def _topics(bootstrap: str) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        return list(await admin.list_topics())
    finally:
        await admin.close()
