"""The aliases command's wiring.

Reads: `xapi.statements`, for addresses that are aliases; `identity.links`.
Writes: `identity.links`, and `identity.audit` for what somebody has to look at.
Key: persona.
State: none. Addresses are held in memory while it runs and are written nowhere.
Guarantee: when the report is there, everything is acknowledged. Repeating it writes what changed since.
On failure: `UnavailableError`; some links may be there already.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson
import structlog
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from lrs_adapter.bulk.writer import log_writer
from lrs_adapter.hr.aliases import SOURCE, alias_links
from lrs_adapter.hr.crowds import without_crowds
from lrs_adapter.hr.identity_rules import read_identity_rules
from lrs_adapter.hr.link_log import link_record
from lrs_adapter.hr.links import Provenance
from lrs_adapter.hr.reviews import SUB_ADDRESS, TOO_MANY, review_record
from readystream.identity_log import read_identity_log
from readystream.topics import end_offsets
from schemas import codec, log_events
from schemas.errors import CodecError, UnavailableError
from schemas.identity_rules import IdentityRules
from schemas.settings import IdentitySettings
from schemas.topics import STATEMENTS
from streams.engine.restore import read_to_end

_MAILTO = "mailto:"
_ACTOR = "identity-aliases"
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class AliasReport:
    """How many aliases were seen, have a mailbox that is linked, gave links, and wait for review."""

    seen: int
    known: int
    links: int
    reviews: int


async def link_aliases(settings: IdentitySettings, day: int) -> AliasReport:
    """Link the aliases of the log. `day`, since 1970-01-01, is from when on crowds are counted.

    Raises `ConfigError` for faulty identity rules and `UnavailableError` while Kafka is away.
    """
    rules = read_identity_rules(settings.identity_rules_file)
    addresses = await _aliases(settings.kafka_bootstrap_servers, rules)
    identities = await read_identity_log(settings.kafka_bootstrap_servers)
    said = Provenance(settings.tenant_key_bytes, SOURCE, _ACTOR, time.time_ns() // 1000, str(uuid4()))
    standing = identities.standing()
    found = alias_links(addresses, rules, said, standing, identities.standing(SOURCE), identities.barred())
    links, waiting = without_crowds(found.links, standing, most=rules.most_of_a_kind, day=day)
    reviews = [*((link, TOO_MANY) for link in waiting), *((link, SUB_ADDRESS) for link in found.reviews)]
    async with log_writer(
        settings.kafka_bootstrap_servers, idempotent=settings.producer_idempotence
    ) as writer:
        await writer.write(link_record(link, writer.partitions) for link in links)
        await writer.write(review_record(link, why, writer.partitions) for link, why in reviews)
    report = AliasReport(len(addresses), found.known, len(links), len(reviews))
    _log.info(log_events.IDENTITY_ALIASES, seen=report.seen, links=report.links, reviews=report.reviews)
    return report


async def _aliases(bootstrap: str, rules: IdentityRules) -> set[str]:
    """The addresses in the log that are aliases of something."""
    found: set[str] = set()

    def take(_: TopicPartition, records: Sequence[Any]) -> None:
        addresses = {address for record in records if (address := _address(record.value))}
        found.update(address for address in addresses if rules.mailbox(address))

    try:
        ends = await end_offsets(bootstrap, STATEMENTS.name)
        await read_to_end(bootstrap, {TopicPartition(STATEMENTS.name, number): 0 for number in ends}, take)
    except KafkaError as error:
        raise UnavailableError(f"the broker at {bootstrap}: {error!r}") from error
    return found


def _address(value: bytes) -> str:
    """The actor's e-mail address; empty for an actor without one and for what is no statement."""
    try:
        statement = orjson.loads(codec.decode(STATEMENTS, value)["statement"])
    except (CodecError, orjson.JSONDecodeError):
        return ""
    actor = statement.get("actor") if isinstance(statement, dict) else None
    mbox = actor.get("mbox") if isinstance(actor, dict) else None
    return mbox.removeprefix(_MAILTO) if isinstance(mbox, str) else ""
