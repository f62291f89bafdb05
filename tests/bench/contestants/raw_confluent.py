"""confluent-kafka alone: fetch and count. What librdkafka can deliver to Python at most."""

from confluent_kafka import Consumer

from tests.bench.contestants.meter import Meter, Task

_BATCH = 5000


def main(task: Task) -> None:
    """Consume until it is enough."""
    meter = Meter(task)
    consumer = Consumer(
        {
            "bootstrap.servers": task.bootstrap,
            "group.id": task.group,
            "auto.offset.reset": "earliest",
            "session.timeout.ms": 6000,
            "heartbeat.interval.ms": 1000,
        }
    )
    consumer.subscribe([task.topic])
    enough = False
    while not enough:
        fetched = [message for message in consumer.consume(_BATCH, 1.0) if message.error() is None]
        enough = bool(fetched) and meter.did(len(fetched))
    meter.tell()
    consumer.close()


if __name__ == "__main__":
    main(Task.from_command_line())
