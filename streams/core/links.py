"""The links table: everything that was said about whom a persona belongs to."""

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

import orjson

from streams.core.identity import Assertion, person_on


def load(data: bytes | None) -> tuple[Assertion, ...]:
    """Inverse of `dump`; nothing was said when there is no entry."""
    return () if data is None else tuple(Assertion(*row) for row in orjson.loads(data))


def dump(assertions: tuple[Assertion, ...]) -> bytes:
    """Bytes for the table."""
    return orjson.dumps([astuple(assertion) for assertion in assertions])


def from_record(record: Mapping[str, Any], version: int) -> Assertion:
    """The assertion that an `identity.links` record makes; `version` is that of its origin."""
    return Assertion(
        person_id=record["person_id"],
        action=record["action"],
        rule=record["rule"],
        confidence=record["confidence"],
        valid_from=record["valid_from"],
        valid_to=record["valid_to"],
        version=version,
        source=record["source"],
    )


def version(assertions: tuple[Assertion, ...]) -> int:
    """Version of the link decision: that of the newest assertion, 0 while nothing was said."""
    return max((assertion.version for assertion in assertions), default=0)


Owners = tuple[str, str]
"""(who owned a stretch of days before a decision, who owns it after)."""


def owners(before: tuple[Assertion, ...], after: tuple[Assertion, ...], persona: str) -> frozenset[Owners]:
    """The owners of every stretch of the persona's days; the provisional person counts as one.

    Who owns a day can change only where some assertion begins or ends, so one day of each stretch tells.
    """
    bounds = {day for one in (*before, *after) for day in (one.valid_from, one.valid_to) if day is not None}
    days = [min(bounds, default=0) - 1, *bounds]
    return frozenset((person_on(before, persona, day), person_on(after, persona, day)) for day in days)
