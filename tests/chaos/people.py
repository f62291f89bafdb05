"""Who did what: the accepted log reduced to what stands of it, day by day and person by person.

A statement counts once: the first record of its id. It counts for nothing when a voiding statement names
it, wherever in the log that stands; a voiding statement itself is no learning and cannot be voided.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.chaos.catalogue import SkillCatalogue
from tests.chaos.log import AcceptedLog, Logged
from tests.chaos.reading import SLOTS_A_DAY, Item, Reading, Unsupported, read

_TRUST = ("email_alias", "email_sha1", "email", "lms_feed", "hris_id", "sso_guid", "human")  # lowest first
_SOURCES = ("cmi5", "scorm", "video", "slots")  # best first
_MAX_MINUTES = 12 * 60


@dataclass(slots=True)
class Day:
    """One UTC day of one person."""

    slots: set[int] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    statements: int = 0
    completions: int = 0
    passes: int = 0
    fails: int = 0
    sessions: int = 0

    @property
    def minutes(self) -> int:
        """Active minutes."""
        return min(5 * len(self.slots), _MAX_MINUTES)

    def count(self, reading: Reading) -> None:
        """Add a statement that happened on this day."""
        self.statements += 1
        self.completions += reading.completed
        self.passes += reading.passed
        self.fails += reading.failed
        self.sessions += reading.session


@dataclass(slots=True)
class Person:
    """Days by number since 1970-01-01, and the attempts that count, by skill."""

    days: defaultdict[int, Day] = field(default_factory=lambda: defaultdict(Day))
    evidence: defaultdict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))


def best_source(days: Iterable[Day]) -> str:
    """The most trustworthy source of active time on any of the days."""
    present = set().union(*(day.sources for day in days))
    return next((source for source in _SOURCES if source in present), _SOURCES[-1])


def people(log: AcceptedLog, skills: SkillCatalogue) -> dict[str, Person]:
    """Everybody of whom something stands, by person id."""
    owner = Owners(log.links)
    found: defaultdict[str, Person] = defaultdict(Person)
    attempts: list[tuple[str, Item]] = []
    for accepted, statement in _standing(log.statements):
        reading = read(accepted, statement, skills)
        found[owner.on(reading.persona, reading.day)].days[reading.day].count(reading)
        for slot in reading.slots:
            day = found[owner.on(reading.persona, slot // SLOTS_A_DAY)].days[slot // SLOTS_A_DAY]
            day.slots.add(slot)
            day.sources.add(reading.source)
        attempts += [(owner.on(item.persona, item.day), item) for item in reading.items]
    for person, item in _latest(attempts):
        found[person].evidence[item.skill].append(item)
    return dict(found)


def _standing(records: Iterable[Logged]) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    """(envelope, statement) of what was accepted once, is not voided and voids nothing."""
    records = list(records)
    voided = {record.value["voids"] for record in records} - {""}
    for accepted, statement in _distinct(records):
        if not accepted["voids"] and accepted["statement_id"] not in voided:
            if not accepted["persona_id"]:
                raise Unsupported(f"statement {accepted['statement_id']} of nobody")
            yield accepted, statement


def _distinct(records: Iterable[Logged]) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    """(envelope, statement) of the first record of each id."""
    first: dict[str, tuple[Any, ...]] = {}
    for record in records:
        accepted = record.value
        if accepted["copy"]:
            continue
        statement = orjson.loads(accepted["statement"])
        meaning = (
            record.partition,
            statement["verb"]["id"],
            statement["object"]["id"],
            statement.get("result"),
        )
        if accepted["statement_id"] not in first:
            first[accepted["statement_id"]] = meaning
            yield accepted, statement
        elif first[accepted["statement_id"]] != meaning:
            raise Unsupported(f"{accepted['statement_id']} was accepted with two meanings")


def _latest(attempts: Iterable[tuple[str, Item]]) -> Iterable[tuple[str, Item]]:
    """Of several attempts of a persona at an activity the latest, for each skill and class of evidence."""
    chosen: dict[tuple[str, ...], Item] = {}
    for person, item in attempts:
        place = person, item.persona, item.activity, item.skill, item.kind
        rival = chosen.get(place)
        if rival is None or (rival.moment_ms, rival.statement_id) < (item.moment_ms, item.statement_id):
            chosen[place] = item
    return [(place[0], item) for place, item in chosen.items()]


class Owners:
    """Whom each persona belongs to on each day, by everything that was ever said about it."""

    def __init__(self, links: Iterable[Logged]) -> None:
        self._said: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for record in links:
            if record.value["rule"] not in _TRUST:
                raise Unsupported(f"rule {record.value['rule']}")
            self._hear(record.value)

    def _hear(self, new: Mapping[str, Any]) -> None:
        """An unlink ends what its own rule and lesser ones said; a link replaces the very same link."""
        said = self._said[new["persona_id"]]
        rank = _TRUST.index(new["rule"])
        if new["action"] == "unlink":
            said[:] = [
                old
                for old in said
                if old["person_id"] != new["person_id"] or _TRUST.index(old["rule"]) > rank
            ]
            return
        same = ("person_id", "rule", "source", "valid_from")
        said[:] = [old for old in said if any(old[name] != new[name] for name in same)]
        said.append(new)

    def on(self, persona: str, day: int) -> str:
        """The person on that day: the most trusted link, of equals the latest; else the persona itself."""
        owner, best = persona, -1
        for link in self._said.get(persona, ()):
            ended = link["valid_to"] is not None and day >= link["valid_to"]
            rank = _TRUST.index(link["rule"])
            if link["valid_from"] <= day and not ended and rank >= best:
                owner, best = link["person_id"], rank
        return owner
