"""Stopping a worker that makes no progress.

A consumer can be wedged in ways that raise nothing: a group that is never joined, a rebalance that never
ends, a fetcher that died. None can be told from idleness by looking at the consumer, so the watchdog asks
the broker whether there is something to do.
"""

import asyncio
from typing import NoReturn

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.log_events import WORKER_STALLED
from streams.engine.config import EngineConfig
from streams.engine.health import Health

_LOOKS = 8  # in the time that nothing may move

_log = structlog.get_logger(__name__)


class Watchdog:
    """Ends the process when nothing moved for `watchdog_s` seconds though there was something to do."""

    def __init__(self, config: EngineConfig, health: Health, topics: tuple[str, ...]) -> None:
        self._config = config
        self._health = health
        self._topics = topics

    async def watch(self) -> NoReturn:
        """Look now and then, for ever."""
        while True:
            await asyncio.sleep(self._config.watchdog_s / _LOOKS)
            if await self.stalled():
                _log.error(WORKER_STALLED, ready=self._health.ready, seconds=self._config.watchdog_s)
                self._config.on_fatal("no progress")

    async def stalled(self) -> bool:
        """Whether nothing moved for too long: on the way to being ready, or with records waiting."""
        if self._health.clock() - self._health.progressed_at < self._config.watchdog_s:
            return False
        return not self._health.ready or await self._lags()

    async def _lags(self) -> bool:
        """Whether our partitions hold records after our positions. False if the broker does not answer."""
        places = [TopicPartition(t, p) for t in self._topics for p in self._health.partitions]
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._config.bootstrap_servers,
            group_id=self._config.app_id,
            enable_auto_commit=False,
        )
        try:
            await consumer.start()
            ends = await consumer.end_offsets(places)
            return any([await self._position(consumer, place) < end for place, end in ends.items()])
        except KafkaError:
            return False
        finally:
            await consumer.stop()

    async def _position(self, consumer: AIOKafkaConsumer, place: TopicPartition) -> int:
        position = self._health.positions.get((place.topic, place.partition))
        if position is None:
            position = await consumer.committed(place)
        if position is None:
            position = (await consumer.beginning_offsets([place]))[place]
        return int(position)
