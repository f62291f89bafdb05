"""The log of links between personas and persons, as an import writes to it.

Reads: nothing.
Writes: `identity.links`.
Key: persona.
State: none.
Guarantee: `publish_links` returns once every link is acknowledged by all in-sync replicas.
On failure: `UnavailableError`; some links may be there already, and writing all of them again is harmless.
"""

from collections.abc import Sequence
from typing import Any

from lrs_adapter.log.producer import publish
from lrs_adapter.log.record import Record
from schemas import codec
from schemas.headers import headers
from schemas.topics import LINKS, partition_for

Link = dict[str, Any]
"""A value of `identity.links`."""


async def publish_links(
    bootstrap_servers: str, links: Sequence[Link], *, partitions: int, idempotent: bool = True
) -> int:
    """Append links; returns how many. `partitions` is the topic's partition count."""
    await publish(bootstrap_servers, [link_record(link, partitions) for link in links], idempotent=idempotent)
    return len(links)


def link_record(link: Link, partitions: int) -> Record:
    """The link as a record, in the partition of its persona."""
    persona = link["persona_id"]
    told = headers(LINKS, link["correlation_id"])
    value = codec.encode(LINKS, link)
    return Record(partition_for(persona, partitions), persona.encode(), value, told, LINKS.name)
