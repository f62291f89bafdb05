"""What ClickHouse knows of a persona or a person: links, who said so, counts, and what decisions did.

Reads: `identity_links`, `identity_audit`, `events_resolved`.
Guarantee: tells what has arrived in ClickHouse; a link of a moment ago may be on its way there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from clickhouse_connect.driver.client import Client

from streams.core.identity import Assertion, fold, person_on
from streams.core.links import from_record

Row = dict[str, Any]
_NO_DAY = "1970-01-01"
_LINKS = """
SELECT persona_id, person_id, action, rule, source, confidence, toInt32(valid_from) AS valid_from,
       toInt32(valid_to) AS valid_to, actor, reason, recorded_at, version
FROM identity_links FINAL
WHERE persona_id = {id:String}
   OR persona_id IN (SELECT persona_id FROM identity_links WHERE person_id = {id:String})
ORDER BY persona_id, version
"""
_COUNTS = """
SELECT persona_id, person_id, count() AS statements, min(event_time) AS first_event,
       max(event_time) AS last_event
FROM events_resolved
WHERE person_id = {id:String} OR persona_id IN {personas:Array(String)}
GROUP BY persona_id, person_id
ORDER BY persona_id, person_id
"""
_AUDIT = """
SELECT audit.ingested_at AS at, audit.kind AS kind, audit.persona_id AS persona_id,
       audit.person_id AS person_id, audit.other_person_id AS other_person_id, audit.rule AS rule,
       audit.other_rule AS other_rule, audit.source AS source, link.actor AS actor, link.reason AS reason,
       audit.correlation_id AS correlation_id
FROM (SELECT * FROM identity_audit FINAL) AS audit
LEFT JOIN (SELECT persona_id, version, actor, reason FROM identity_links FINAL) AS link
  ON link.persona_id = audit.persona_id AND link.version = audit.version
WHERE ({id:String} = '' OR {id:String} IN (audit.persona_id, audit.person_id, audit.other_person_id))
  AND ({kind:String} = '' OR audit.kind = {kind:String})
  AND audit.ingested_at >= {since:String}::DateTime64(3, 'UTC')
  AND audit.ingested_at < {until:String}::DateTime64(3, 'UTC')
ORDER BY at DESC, persona_id
LIMIT {limit:UInt32}
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an id: whom it belongs to on this day, everything said that stands, and counts.

    `links` are of its personas, each with trust (7 the highest, 0 never links), source, who and why, and
    whether it decides today. `counts` are statements that count, by persona and person.
    """

    id: str
    person_id: str
    links: Sequence[Row]
    counts: Sequence[Row]

    @property
    def is_known(self) -> bool:
        """Whether anything is."""
        return bool(self.links or self.counts)

    def as_row(self) -> Row:
        """The same for machines."""
        return {"id": self.id, "person_id": self.person_id, "links": self.links, "counts": self.counts}


def show(client: Client, identity: str) -> Known:
    """What is known of a persona or a person."""
    today = (datetime.now(UTC).date() - date(1970, 1, 1)).days
    told: defaultdict[str, tuple[Assertion, ...]] = defaultdict(tuple)
    provenance: dict[tuple[str, int], Mapping[str, Any]] = {}
    for row in client.query(_LINKS, parameters={"id": identity}).named_results():
        persona = row["persona_id"]
        told[persona] = fold(told[persona], from_record(row, row["version"]))
        provenance[persona, row["version"]] = row
    links = [
        _link(persona, one, provenance[persona, one.version], person_on(assertions, persona, today), today)
        for persona, assertions in told.items()
        for one in assertions
        if identity in (persona, one.person_id)
    ]
    asked = {"id": identity, "personas": list({row["persona_id"] for row in links})}
    counts = [dict(row) for row in client.query(_COUNTS, parameters=asked).named_results()]
    return Known(identity, person_on(told.get(identity, ()), identity, today), links, counts)


def _link(persona: str, one: Assertion, said: Mapping[str, Any], owner: str, today: int) -> Row:
    return {
        "persona_id": persona,
        "person_id": one.person_id,
        "action": one.action,
        "rule": one.rule,
        "trust": one.trust,
        "source": one.source,
        "confidence": one.confidence,
        "valid_from": _day(one.valid_from),
        "valid_to": None if one.valid_to is None else _day(one.valid_to),
        "holds_today": one.holds_on(today) and one.person_id == owner,
        "actor": said["actor"],
        "reason": said["reason"],
        "recorded_at": said["recorded_at"],
    }


def _day(number: int) -> str:
    return date.fromordinal(date(1970, 1, 1).toordinal() + number).isoformat()


def audit(
    client: Client, identity: str, kind: str, since: datetime, until: datetime, limit: int
) -> list[Row]:
    """Entries of `identity.audit`, the newest first; empty `identity` and `kind` mean any."""
    asked = {
        "id": identity,
        "kind": kind,
        "since": since.strftime("%Y-%m-%d %H:%M:%S"),
        "until": until.strftime("%Y-%m-%d %H:%M:%S"),
        "limit": limit,
    }
    return [dict(row) for row in client.query(_AUDIT, parameters=asked).named_results()]


def sentences(known: Known) -> Iterable[str]:
    """What is known, for people."""
    yield f"{known.id} belongs to " + (known.person_id if known.person_id != known.id else "itself")
    for row in known.links:
        days = f"from {'ever' if row['valid_from'] == _NO_DAY else row['valid_from']}"
        days += f" until before {row['valid_to']}" if row["valid_to"] else " on"
        holds = "holds" if row["holds_today"] else "does not hold"
        yield f"  {row['action']} {row['persona_id']} to {row['person_id']} {days}: {holds} today"
        yield (
            f"    rule {row['rule']} (trust {row['trust']} of 7), source {row['source']}, recorded "
            f"{row['recorded_at']:%Y-%m-%d %H:%M} by {row['actor']}: {row['reason']}"
        )
    for row in known.counts:
        span = f"{row['first_event']:%Y-%m-%d} to {row['last_event']:%Y-%m-%d}"
        yield f"  {row['statements']} statements of {row['persona_id']}, {span}, count for {row['person_id']}"
