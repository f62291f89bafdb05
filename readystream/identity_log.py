"""What `identity.links` says at this moment: read whole, folded as the persona stage folds it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from lrs_adapter.hr.delta import Claimed, Standing
from readystream.topics import end_offsets
from schemas.codec import decode
from schemas.errors import UnavailableError
from schemas.origin import origin_version
from schemas.topics import LINKS
from streams.core.identity import TRUST, Assertion, fold
from streams.core.links import from_record
from streams.engine.restore import read_to_end

Assertions = Mapping[str, tuple[Assertion, ...]]
"""What stands, by persona."""


@dataclass(frozen=True, slots=True)
class IdentityLog:
    """The assertions that stand."""

    assertions: Assertions

    def standing(self, source: str | None = None) -> tuple[Standing, ...]:
        """The links of one source, or of all of them."""
        return tuple(
            Standing(persona, one.person_id, one.rule, one.confidence, one.valid_from, one.valid_to)
            for persona, said in self.assertions.items()
            for one in said
            if one.action == "link" and source in (None, one.source)
        )

    def barred(self) -> frozenset[Claimed]:
        """Claims that somebody at least as trusted has withdrawn."""
        return frozenset(
            (persona, one.person_id, rule)
            for persona, said in self.assertions.items()
            for one in said
            if one.action == "unlink"
            for rule in TRUST
            if TRUST[rule] <= one.trust
        )


async def read_identity_log(bootstrap: str) -> IdentityLog:
    """Read all of the topic. Raises `UnavailableError` if Kafka does not answer."""
    folded: defaultdict[str, tuple[Assertion, ...]] = defaultdict(tuple)

    def take(_: TopicPartition, records: Sequence[Any]) -> None:
        for persona, assertion in _assertions(records):
            folded[persona] = fold(folded[persona], assertion)

    try:
        ends = await end_offsets(bootstrap, LINKS.name)
        await read_to_end(bootstrap, {TopicPartition(LINKS.name, number): 0 for number in ends}, take)
    except KafkaError as error:
        raise UnavailableError(f"the broker at {bootstrap}: {error!r}") from error
    return IdentityLog(folded)


def _assertions(records: Sequence[Any]) -> Iterator[tuple[str, Assertion]]:
    """A persona is in one partition alone, so that its offsets order what was said about it."""
    for record in records:
        value = decode(LINKS, record.value)
        yield value["persona_id"], from_record(value, origin_version(record.offset))
