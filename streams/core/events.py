"""Learning events as records, and what they count for."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict, astuple

from schemas.origin import Origin
from streams.core.derive import Derived, Evidence, Marks


def evidence_record(item: Evidence) -> dict[str, Any]:
    """Avro `EvidenceItem` of an item: its fields by name."""
    return asdict(item)


def evidence_row(item: Evidence) -> list[Any]:
    """The fields of an item, in order."""
    return [*astuple(item)]


def event_record(
    accepted: Mapping[str, Any], derived: Derived, person: str, origin: Origin, *, voided: bool
) -> dict[str, Any]:
    """Avro `LearningEvent` of an accepted statement and what was derived from it."""
    return {
        "statement_id": accepted["statement_id"],
        "persona_id": accepted["persona_id"],
        "person_id": person,
        "verb": derived.verb,
        "verb_class": derived.verb_class,
        "activity": derived.activity,
        "activity_name": derived.activity_name,
        "registration": derived.registration,
        "event_time": derived.event_us,
        "skewed": derived.skewed,
        "stored_at": accepted["stored_at"],
        "received_at": accepted["received_at"],
        "slots": [asdict(run) for run in derived.marks],
        "time_source": derived.time_source,
        "completions": derived.completions,
        "passes": derived.passes,
        "fails": derived.fails,
        "sessions": derived.sessions,
        "evidence": [evidence_record(item) for item in derived.evidence],
        "voided": voided,
        "credential": accepted["credential"],
        "origin_partition": origin.partition,
        "origin_offset": origin.offset,
        "origin_epoch": origin.epoch,
        "version": origin.version,
        "correlation_id": accepted["correlation_id"],
    }


def derived_from(event: Mapping[str, Any]) -> Derived:
    """What an event counts for: inverse of the part of `event_record` that `derive` decided."""
    return Derived(
        verb=event["verb"],
        verb_class=event["verb_class"],
        activity=event["activity"],
        activity_name=event["activity_name"],
        registration=event["registration"],
        event_us=event["event_time"],
        skewed=event["skewed"],
        marks=tuple(Marks(**run) for run in event["slots"]),
        time_source=event["time_source"],
        completions=event["completions"],
        passes=event["passes"],
        fails=event["fails"],
        sessions=event["sessions"],
        evidence=tuple(Evidence(**item) for item in event["evidence"]),
    )
