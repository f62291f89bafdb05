"""A receiver for the tests of one module."""

import asyncio
from collections.abc import Iterator

import pytest

from readystream.topics import create_topics
from schemas.topics import DEAD_LETTERS, STATEMENTS
from tests.contract.adapter_kit import Adapter, is_ready, serving, settings_for, until
from tests.services.kafka import PARTITIONS, Kafka


@pytest.fixture(scope="module")
def adapter(kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adapter]:
    """The receiver, ready, before a broker that has its topic."""
    asyncio.run(create_topics(kafka.bootstrap, [STATEMENTS, DEAD_LETTERS], PARTITIONS, replication=1))
    with serving(settings_for(kafka, tmp_path_factory.mktemp("adapter")), kafka) as served:
        until(lambda: is_ready(served), 20)
        yield served
