"""aiokafka alone: fetch and count. What Python's asyncio client can deliver at most."""

import asyncio

from aiokafka import AIOKafkaConsumer

from tests.bench.contestants.meter import Meter, Task


async def main(task: Task) -> None:
    """Consume until it is enough."""
    meter = Meter(task)
    consumer = AIOKafkaConsumer(
        task.topic,
        bootstrap_servers=task.bootstrap,
        group_id=task.group,
        auto_offset_reset="earliest",
        session_timeout_ms=6000,
        heartbeat_interval_ms=1000,
    )
    await consumer.start()
    enough = False
    while not enough:
        fetched = await consumer.getmany(timeout_ms=1000)
        enough = bool(fetched) and meter.did(sum(map(len, fetched.values())))
    meter.tell()
    await consumer.stop()


if __name__ == "__main__":
    asyncio.run(main(Task.from_command_line()))
