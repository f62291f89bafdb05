"""A person as the sum of their personas' cells, and the records that say what changed about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import asdict

from schemas import codec
from schemas.role_profiles import RoleProfile, RoleProfiles
from schemas.skill_map import Attempt, SkillMap
from schemas.topics import ALERTS, ENGAGEMENT, READINESS, SKILLS, Topic
from streams.core import engagement, person_cells, readiness, skills
from streams.core.alerting import AlertBook
from streams.core.engagement import DayFigures
from streams.core.evidence import Evidence
from streams.core.outputs import output
from streams.core.person_cells import CellAddress
from streams.core.readiness import Readiness
from streams.core.retention import Kept
from streams.core.skills import Ablation, Contribution, Level
from streams.core.sweeping import Goal
from streams.records import Output


@dataclass(slots=True)
class PersonView:
    """Everything that counts about one person: figures by UTC day, evidence by skill, whose statement it was.

    `had_days` and `had_skills` tell of what there are cells, also where nothing in them counts.
    """

    person: str
    days: dict[int, DayFigures] = field(default_factory=dict)
    evidence: dict[str, list[Evidence]] = field(default_factory=dict)
    personas: dict[str, str] = field(default_factory=dict)
    had_days: bool = False
    had_skills: set[str] = field(default_factory=set)

    @classmethod
    def build(
        cls,
        person: str,
        cells: Iterable[tuple[CellAddress, bytes]],
        kept: Kept,
        attempts: Attempt,
        as_of: int,
    ) -> "PersonView":
        """Add up what counts on UTC day `as_of` of the cells of all personas, in whatever order they come."""
        view = cls(person)
        by_day: dict[int, list[DayFigures]] = {}
        for address, data in cells:
            if address.kind == "d":
                view.had_days = True
                if (day := int(address.rest)) >= kept.days:
                    by_day.setdefault(day, []).append(person_cells.load_day(data))
            elif address.kind == "s":
                view.had_skills.add(address.rest)
                items = person_cells.load_evidence(data)
                counting = skills.counting(items, attempts, since=kept.evidence, as_of=as_of)
                view._add_evidence(address, counting)
        view.days = {
            day: parts[0] if len(parts) == 1 else engagement.merge_days(parts)
            for day, parts in by_day.items()
        }
        return view

    def _add_evidence(self, address: CellAddress, items: Sequence[Evidence]) -> None:
        if items:
            self.evidence.setdefault(address.rest, []).extend(items)
            self.personas.update((item.statement_id, address.persona) for item in items)


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and why figures are published, and the alerts raised so far."""

    as_of: int
    version: int
    correlation_id: str
    alerts: AlertBook


@dataclass(slots=True)
class _Known:
    """A person's levels, and the levels without each piece of evidence, by skill."""

    levels: dict[str, Level] = field(default_factory=dict)
    ablated: dict[str, tuple[Ablation, ...]] = field(default_factory=dict)


class Publisher:
    """Turns a person into records of engagement, skill levels, readiness and alerts."""

    def __init__(self, skill_map: SkillMap, roles: RoleProfiles, partitions: int) -> None:
        self._skill_map = skill_map
        self._roles = roles
        self._partitions = partitions

    def goal(self, as_of: int) -> Goal:
        """What figures are evaluated for on that day."""
        roles = tuple(role.id for role in self._roles.roles)
        return Goal(as_of, self._roles.version, self._skill_map.version, skills.MODEL_VERSION, roles)

    def everything(self, view: PersonView, occasion: Occasion, dropped: Iterable[str]) -> list[Output]:
        """Records of all figures of a person; `dropped` roles exist no more and are withdrawn."""
        gone = [self._withdrawn(view, role, occasion) for role in dropped]
        return self.changed(view, occasion, days=view.had_days, touched=view.had_skills) + gone

    def changed(
        self, view: PersonView, occasion: Occasion, *, days: bool, touched: Iterable[str]
    ) -> list[Output]:
        """Records after `days` or the evidence of the `touched` skills changed.

        What no longer has anything behind it is withdrawn by a tombstone.
        """
        records: list[Output] = []
        if days:
            records.append(self._engagement(view, occasion))
        affected = sorted(set(touched))
        if not affected:
            return records
        known = self._known(view, occasion.as_of)
        records += [self._skill(view, skill, known, occasion) for skill in affected]
        for role in self._roles.roles:
            if any(asked.skill in affected for asked in role.skills):
                records += self._role(view, role, known, occasion)
        return records

    def _known(self, view: PersonView, as_of: int) -> _Known:
        known = _Known()
        for skill in sorted(view.evidence):
            items = view.evidence[skill]
            level = skills.level(items, as_of, self._skill_map.half_life_days(skill))
            known.levels[skill] = level
            known.ablated[skill] = skills.ablations(level, items)
        return known

    def _editions(self, items: Iterable[Evidence]) -> str:
        """The edition of the skill map in use and all others that the items were derived by."""
        return "+".join(sorted({self._skill_map.version, *(item.mapping for item in items)}))

    def _engagement(self, view: PersonView, occasion: Occasion) -> Output:
        if not view.days:
            return self._record(ENGAGEMENT, view.person, None, occasion)
        figures = engagement.windows(view.days, occasion.as_of)
        value = {
            "person_id": view.person,
            "as_of": occasion.as_of,
            "label": figures.label,
            "trend": figures.trend,
            "last_active_day": figures.last_active_day,
            "time_source": figures.time_source,
            "windows": [asdict(window) for window in figures.windows],
        }
        return self._record(ENGAGEMENT, view.person, value, occasion)

    def _skill(self, view: PersonView, skill: str, known: _Known, occasion: Occasion) -> Output:
        key = f"{view.person}|{skill}"
        if skill not in known.levels:
            return self._record(SKILLS, key, None, occasion)
        level = known.levels[skill]
        value = {
            "person_id": view.person,
            "skill": skill,
            "as_of": occasion.as_of,
            "level": level.level,
            "confidence": level.confidence,
            "low": level.low,
            "high": level.high,
            "evidence_count": level.evidence_count,
            "unreviewed_share": level.unreviewed_share,
            "top_evidence": _top(view, skills.explain(level, known.ablated[skill])),
            "mapping": self._editions(view.evidence[skill]),
            "model": skills.MODEL_VERSION,
        }
        return self._record(SKILLS, key, value, occasion)

    def _role(self, view: PersonView, role: RoleProfile, known: _Known, occasion: Occasion) -> list[Output]:
        """Readiness for a role, and an alert if it crosses the line; withdrawn without any evidence."""
        if not any(view.evidence.get(asked.skill) for asked in role.skills):
            return [self._withdrawn(view, role.id, occasion)]
        result = readiness.readiness(role, known.levels)
        top = _top(view, readiness.explain(role, known.levels, known.ablated))
        items = (item for asked in role.skills for item in view.evidence.get(asked.skill, ()))
        told = {"top_evidence": top, "mapping": self._editions(items)}
        value = self._readiness(view.person, result, occasion) | told
        records = [self._record(READINESS, f"{view.person}|{role.id}", value, occasion)]
        alert_id = occasion.alerts.crossing(view.person, role.id, result.score)
        if alert_id is not None:
            occasion.alerts.keep(alert_id, _encoded(ALERTS, value | {"alert_id": alert_id}, occasion))
        return records

    def _readiness(self, person: str, result: Readiness, occasion: Occasion) -> dict[str, Any]:
        return {
            "person_id": person,
            "role": result.role,
            "profile": self._roles.version,
            "model": skills.MODEL_VERSION,
            "as_of": occasion.as_of,
            "score": result.score,
            "low": result.low,
            "high": result.high,
            "confidence": result.confidence,
            "status": result.status,
            "blocked_by": result.blocked_by,
            "gaps": [asdict(gap) for gap in result.gaps],
            "raise_most": result.raise_most,
        }

    def _withdrawn(self, view: PersonView, role: str, occasion: Occasion) -> Output:
        occasion.alerts.forget(view.person, role)
        return self._record(READINESS, f"{view.person}|{role}", None, occasion)

    def _record(self, topic: Topic, key: str, value: dict[str, Any] | None, occasion: Occasion) -> Output:
        encoded = None if value is None else _encoded(topic, value, occasion)
        return output(topic, key, encoded, self._partitions, occasion.version, occasion.correlation_id)


def _encoded(topic: Topic, value: dict[str, Any], occasion: Occasion) -> bytes:
    stamp = {"version": occasion.version, "correlation_id": occasion.correlation_id}
    return codec.encode(topic, value | stamp)


def _top(view: PersonView, contributions: Iterable[Contribution]) -> list[dict[str, Any]]:
    return [
        {
            "statement_id": item.statement_id,
            "persona_id": view.personas[item.statement_id],
            "evidence_class": item.evidence_class,
            "activity": item.activity,
            "day": item.day,
            "contribution": value,
        }
        for item, value in contributions
    ]
