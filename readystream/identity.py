"""The identity commands' wiring."""

import asyncio
import time
from pathlib import Path
from uuid import uuid4

import structlog

from lrs_adapter.hr_feed import parse_feed, publish_links
from schemas import log_events
from schemas.outcomes import Fault
from schemas.settings import IdentitySettings

_log = structlog.get_logger()


async def import_feed(settings: IdentitySettings, feed: Path) -> tuple[int, tuple[Fault, ...]]:
    """Write the feed's links; returns how many, and what is wrong with the other rows."""
    text = await asyncio.to_thread(feed.read_text, encoding="utf-8-sig")
    parsed = parse_feed(
        text,
        settings.tenant_key_bytes,
        source=feed.name,
        recorded_at_us=time.time_ns() // 1000,
        correlation_id=str(uuid4()),
    )
    written = await publish_links(
        settings.kafka_bootstrap_servers,
        parsed.links,
        partitions=settings.partitions,
        idempotent=settings.producer_idempotence,
    )
    _log.info(log_events.IDENTITY_IMPORTED, links=written, faults=len(parsed.faults), feed=feed.name)
    return written, parsed.faults
