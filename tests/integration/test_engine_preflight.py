"""What a worker finds wrong with topics before it starts."""

from pathlib import Path

import pytest

from schemas.errors import ConfigError, UnavailableError
from streams.engine.config import EngineConfig
from streams.engine.preflight import check_topics
from tests.integration.engine_harness import make_topics
from tests.services.kafka import Kafka


def _config(bootstrap: str) -> EngineConfig:
    return EngineConfig(
        app_id="preflight", bootstrap_servers=bootstrap, partitions=3, data_dir=Path("unused")
    )


async def test_topics_that_are_as_they_should_be(kafka: Kafka, topic_prefix: str) -> None:
    source, changelog = f"{topic_prefix}source", f"{topic_prefix}changelog"
    await make_topics(kafka.bootstrap, 3, source)
    await check_topics(_config(kafka.bootstrap), [source], [changelog])


async def test_every_problem_is_named(kafka: Kafka, topic_prefix: str) -> None:
    source, changelog = f"{topic_prefix}source", f"{topic_prefix}changelog"
    await make_topics(kafka.bootstrap, 2, changelog)
    with pytest.raises(ConfigError) as refused:
        await check_topics(_config(kafka.bootstrap), [source], [changelog])
    assert refused.value.problems == (
        f"topic {source} does not exist",
        f"topic {changelog} has 2 partitions instead of 3",
    )


async def test_a_broker_that_is_not_there(unused_tcp_port: int) -> None:
    with pytest.raises(UnavailableError, match="does not answer"):
        await check_topics(_config(f"127.0.0.1:{unused_tcp_port}"), ["any"], [])
