"""Committing positions to the consumer group."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from sinks.intents import Partition

_TIMEOUT_S = 30


class Committer:
    """Commits positions; a refusal is an answer, not an error."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer

    async def __call__(self, positions: Mapping[Partition, int]) -> bool:
        """Commit; False if the group has given the partitions to somebody else, or the broker fails."""
        offsets = {TopicPartition(*partition): offset for partition, offset in positions.items()}
        try:
            await asyncio.wait_for(self._consumer.commit(offsets), _TIMEOUT_S)
        except (KafkaError, IllegalStateError, TimeoutError):
            return False
        return True
