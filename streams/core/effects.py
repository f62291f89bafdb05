"""Applying what a statement counts for to the cells of its persona, and taking it away again."""

from streams.core.derive import Derived, Evidence
from streams.core.engagement import split_by_day
from streams.core.persona_batch import PersonaBatch


def apply_effect(
    batch: PersonaBatch, persona: str, derived: Derived, version: int, sign: int, correlation_id: str
) -> None:
    """Add (`sign` +1) or withdraw (-1) a statement's days and evidence.

    A cell that has already seen `version` is left as it is. An actor that identifies nobody has no cells, and
    what is too old to count has none any more.
    """
    if not persona:
        return
    for day, part in split_by_day(derived).items():
        if day < batch.kept.days:
            continue
        if day_cell := batch.day_cell(persona, day, version, correlation_id):
            day_cell.content.apply(part, sign)
    if not derived.evidence:
        return
    by_skill: dict[str, list[Evidence]] = {}
    for item in derived.evidence:
        if item.day >= batch.kept.evidence:
            by_skill.setdefault(item.skill, []).append(item)
    for skill, items in by_skill.items():
        days = {item.day for item in items}
        if skill_cell := batch.skill_cell(persona, skill, days, version, correlation_id):
            change = skill_cell.add if sign > 0 else skill_cell.remove
            change(items)
