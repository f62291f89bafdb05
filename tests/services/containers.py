"""Servers in containers, where Docker answers."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

_CLICKHOUSE_IMAGE = "clickhouse/clickhouse-server:25.8"
_CLICKHOUSE_HTTP = 8123
_DOCKER_WAIT_S = 10.0


def docker_answers() -> bool:
    """Whether containers can be started here."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    try:
        asked = subprocess.run([docker, "info"], capture_output=True, check=False, timeout=_DOCKER_WAIT_S)
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0


@contextmanager
def kafka_container() -> Iterator[str]:
    """A Kafka broker; yields its address."""
    from testcontainers.community.kafka import KafkaContainer  # noqa: PLC0415 - it waits for Docker when read

    with KafkaContainer().with_kraft() as container:
        yield container.get_bootstrap_server()


@contextmanager
def clickhouse_container() -> Iterator[str]:
    """A ClickHouse server; yields its address."""
    from testcontainers.community.clickhouse import ClickHouseContainer  # noqa: PLC0415

    with ClickHouseContainer(_CLICKHOUSE_IMAGE) as container:
        host = container.get_container_host_ip()
        port = container.get_exposed_port(_CLICKHOUSE_HTTP)
        yield f"http://{container.username}:{container.password}@{host}:{port}"
