"""Deriving evidence anew after the skill map changed.

A run is in the log itself: a record that opens it, a copy of each statement that may be evidence, and a
record that closes it. The copies lie behind every statement that they repeat, so their origins are versions
like any other: replayed, interrupted and mixed with live statements, a run ends in the same state.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from schemas import codec
from schemas.origin import Origin, origin_version
from schemas.topics import EVENTS
from schemas.xapi.verb import VOIDED
from streams.core.derive import Derived
from streams.core.editions import is_mark
from streams.core.events import evidence_record
from streams.core.evidence import Evidence
from streams.core.ledger import LedgerEntry
from streams.core.persona_batch import PersonaBatch


def asks_for(record: Mapping[str, Any], entry: LedgerEntry | None, edition: str, epoch: int) -> str:
    """What a record of a run comes to: `rederived` when there is something to do, else why there is not.

    `mark` for one that opens or closes a run, `other_edition` where the worker has another skill map,
    `passed_over` for a statement that took no effect: a resend, a conflict, or one that is forgotten.
    """
    if record["edition"] != edition:
        return "other_edition"
    if is_mark(record):
        return "mark"
    took_effect = entry is not None and entry.version == origin_version(record["rederives"], epoch)
    return "rederived" if took_effect else "passed_over"


def replace_evidence(
    batch: PersonaBatch, record: Mapping[str, Any], entry: LedgerEntry, derived: Derived, origin: Origin
) -> None:
    """Put the evidence of `derived` in the place of what the statement gave before, wherever that is.

    What it gave before is looked for in the cells themselves: ledger and cells are written one after the
    other, and after a crash they may tell of different editions.
    """
    event = codec.decode(EVENTS, entry.event)
    event["evidence"] = [evidence_record(item) for item in derived.evidence]
    statement_id, correlation_id = record["statement_id"], record["correlation_id"]
    batch.record(statement_id, replace(entry, event=codec.encode(EVENTS, event)))
    news = {"version": origin.version, "voided": entry.voided != 0, "correlation_id": correlation_id}
    batch.publish_event(event | news, codec.encode(EVENTS, event | news))
    if persona := event["persona_id"]:
        counts = entry.voided == 0 and derived.verb != VOIDED
        items = [item for item in derived.evidence if counts and item.day >= batch.kept.evidence]
        _replace_in_cells(batch, persona, statement_id, items, origin.version, correlation_id)


def _replace_in_cells(
    batch: PersonaBatch,
    persona: str,
    statement_id: str,
    items: list[Evidence],
    version: int,
    correlation_id: str,
) -> None:
    held = batch.evidence_of(persona, statement_id)
    for skill in sorted(held.keys() | {item.skill for item in items}):
        mine = [item for item in items if item.skill == skill]
        days = {item.day for item in (*held.get(skill, ()), *mine)}
        if cell := batch.skill_cell(persona, skill, days, version, correlation_id):
            cell.remove(held.get(skill, ()))
            cell.add(mine)
