"""The identity commands' wiring.

Reads: an HR feed; `identity.links`, before and after.
Writes: `identity.links`: what the feed changes; `hr.attributes`: what is new of what it says besides;
`identity.audit`: what somebody has to look at.
Key: persona.
State: none.
Guarantee: when the report is there, every link is acknowledged, and the headcount was counted in the log.
On failure: `UnavailableError`; repeating the import writes what is missing.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog

from lrs_adapter.bulk.writer import log_writer
from lrs_adapter.hr.attributes import attributes, changed, publish_attributes
from lrs_adapter.hr.crowds import without_crowds
from lrs_adapter.hr.delta import Delta, delta
from lrs_adapter.hr.feed import HrFeed, parse_feed, publish_links
from lrs_adapter.hr.identity_rules import read_identity_rules
from lrs_adapter.hr.link_log import Link
from lrs_adapter.hr.reviews import TOO_MANY, review_record
from lrs_adapter.hr.rows import HomePages
from readystream.attributes_log import read_attributes
from readystream.identity_log import IdentityLog, read_identity_log
from schemas import log_events
from schemas.errors import ConfigError
from schemas.outcomes import Fault
from schemas.settings import IdentitySettings

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to read the feed. `day` is when links end that it no longer has, in days since 1970-01-01."""

    home_pages: HomePages
    day: int
    is_complete: bool = False
    headcount: int | None = None
    dry_run: bool = False


def day_of(text: str) -> int:
    """Days since 1970-01-01 of an ISO date, or of `today`, UTC. Raises `ConfigError`."""
    try:
        day = datetime.now(UTC).date() if text == "today" else date.fromisoformat(text)
    except ValueError:
        raise ConfigError("--as-of", [f"{text!r} is neither today nor an ISO date"]) from None
    return (day - date(1970, 1, 1)).days


@dataclass(frozen=True, slots=True)
class IdentityReport:
    """What the feed came to. `missing` people should be linked now and are not, `surplus` ones the reverse.

    The links `waiting` for review would give somebody more identifiers of a kind than people have.

    `written` is None where nothing was to be written.
    """

    feed: HrFeed
    delta: Delta
    options: ImportOptions
    written: int | None = None
    missing: int = 0
    surplus: int = 0
    waiting: tuple[Link, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with rows."""
        return self.feed.faults

    @property
    def has_headcount(self) -> bool:
        """Whether the feed names as many employees as it should."""
        return self.options.headcount in (None, len(self.feed.people))

    @property
    def is_reconciled(self) -> bool:
        """Whether nothing is left to look at."""
        return self.has_headcount and not (self.faults or self.missing or self.surplus or self.waiting)


async def import_feed(settings: IdentitySettings, feed: Path, options: ImportOptions) -> IdentityReport:
    """Write what the feed changes. Raises `ConfigError` for what is no feed."""
    rules = read_identity_rules(settings.identity_rules_file)
    text = await asyncio.to_thread(feed.read_text, encoding="utf-8-sig")
    parsed = parse_feed(
        text,
        settings.tenant_key_bytes,
        source=settings.hr_source,
        recorded_at_us=time.time_ns() // 1000,
        correlation_id=str(uuid4()),
        home_pages=options.home_pages,
        rules=rules,
    )
    if options.is_complete and not parsed.people:
        raise ConfigError(str(feed), ["a complete feed names nobody: everybody would have left"])
    before = await read_identity_log(settings.kafka_bootstrap_servers)
    found = delta(
        parsed,
        before.standing(settings.hr_source),
        before.barred(),
        day=options.day,
        is_complete=options.is_complete,
    )
    links, waiting = without_crowds(
        found.links, before.standing(), most=rules.most_of_a_kind, day=options.day
    )
    report = IdentityReport(
        parsed, replace(found, links=links, begun=found.begun - len(waiting)), options, waiting=waiting
    )
    if options.dry_run or not report.has_headcount:
        return report
    return await _write(settings, report, feed.name)


async def _write(settings: IdentitySettings, report: IdentityReport, name: str) -> IdentityReport:
    written = await publish_links(
        settings.kafka_bootstrap_servers,
        report.delta.links,
        partitions=settings.partitions,
        idempotent=settings.producer_idempotence,
    )
    known = await read_attributes(settings.kafka_bootstrap_servers, settings.hr_source)
    said = attributes(report.feed.rows, report.feed.provenance, report.options.day)
    await publish_attributes(
        settings.kafka_bootstrap_servers,
        changed(said, known),
        partitions=settings.partitions,
        idempotent=settings.producer_idempotence,
    )
    await _ask_for_reviews(settings, report.waiting)
    after = await read_identity_log(settings.kafka_bootstrap_servers)
    missing, surplus = _headcount(report, after, settings.hr_source)
    _log.info(
        log_events.IDENTITY_IMPORTED,
        links=written,
        faults=len(report.faults),
        feed=name,
        missing=len(missing),
        surplus=len(surplus),
    )
    return replace(report, written=written, missing=len(missing), surplus=len(surplus))


async def _ask_for_reviews(settings: IdentitySettings, waiting: Sequence[Link]) -> None:
    async with log_writer(
        settings.kafka_bootstrap_servers, idempotent=settings.producer_idempotence
    ) as writer:
        await writer.write(review_record(link, TOO_MANY, writer.partitions) for link in waiting)


def _headcount(
    report: IdentityReport, after: IdentityLog, source: str
) -> tuple[frozenset[str], frozenset[str]]:
    """(people who should be linked on the day and are not, people of a complete feed who should not be)."""
    day, feed = report.options.day, report.feed
    barred = after.barred()
    linked = frozenset(one.person_id for one in after.standing(source) if one.holds_on(day))
    wanted = frozenset(
        link["person_id"]
        for link in feed.links
        if (link["valid_to"] is None or day < link["valid_to"])
        and (link["persona_id"], link["person_id"], link["rule"]) not in barred
    )
    surplus = linked - feed.people if report.options.is_complete else frozenset()
    return wanted - linked, surplus


def sentences(report: IdentityReport) -> Iterator[str]:
    """The report for people."""
    feed, found = report.feed, report.delta
    yield f"feed: {len(feed.people)} employees, {len(feed.faulty)} of them with faults"
    yield (
        f"links: {found.begun} begin, {found.ended} end, {found.unchanged} stay"
        f", {found.barred} were withdrawn by people and stay so"
    )
    if report.waiting:
        yield f"review: {len(report.waiting)} links wait in identity.audit: too many identifiers of a kind"
    yield f"people: {len(found.joined)} joined, {len(found.left)} left"
    yield _verdict(report)


def as_row(report: IdentityReport) -> dict[str, Any]:
    """The report for machines."""
    feed, found = report.feed, report.delta
    return {
        "employees": len(feed.people),
        "begun": found.begun,
        "ended": found.ended,
        "unchanged": found.unchanged,
        "barred": found.barred,
        "waiting": len(report.waiting),
        "joined": len(found.joined),
        "left": len(found.left),
        "written": report.written,
        "missing": report.missing,
        "surplus": report.surplus,
        "reconciled": report.is_reconciled,
        "faults": [{"pointer": fault.pointer, "message": fault.message} for fault in report.faults],
    }


def _verdict(report: IdentityReport) -> str:
    if not report.has_headcount:
        named, expected = len(report.feed.people), report.options.headcount
        return f"headcount: the feed names {named}, {expected} were expected: nothing was written"
    if report.written is None:
        return "dry run: nothing was written"
    if report.missing or report.surplus:
        return f"headcount: {report.missing} are not linked, {report.surplus} should not be"
    return f"headcount: as the feed says; {report.written} links written"
