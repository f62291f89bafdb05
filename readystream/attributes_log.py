"""What `hr.attributes` said last of each person."""

from collections.abc import Sequence
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from lrs_adapter.hr.attributes import Attributes
from readystream.topics import end_offsets
from schemas.codec import decode
from schemas.errors import UnavailableError
from schemas.topics import HR_ATTRIBUTES
from streams.engine.restore import read_to_end


async def read_attributes(bootstrap: str, source: str) -> dict[str, Attributes]:
    """The last record of `source` about each person. Raises `UnavailableError` if Kafka does not answer."""
    last: dict[str, Attributes] = {}

    def take(_: TopicPartition, records: Sequence[Any]) -> None:
        for value in (decode(HR_ATTRIBUTES, record.value) for record in records):
            if value["source"] == source:
                last[value["person_id"]] = value

    try:
        ends = await end_offsets(bootstrap, HR_ATTRIBUTES.name)
        await read_to_end(bootstrap, {TopicPartition(HR_ATTRIBUTES.name, number): 0 for number in ends}, take)
    except KafkaError as error:
        raise UnavailableError(f"the broker at {bootstrap}: {error!r}") from error
    return last
