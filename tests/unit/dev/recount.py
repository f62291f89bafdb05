"""A second count of a simulation, from the deliveries and the HR feed alone, in the plainest way."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from lrs_adapter.hr.feed import parse_feed
from readystream.dev.generator import Simulation, Statement
from schemas.persona import canonical_key, persona_id

TENANT_KEY = b"a tenant key of these tests"
_NO_ACTIVITY = ("/registered", "/satisfied", "/voided")


@dataclass
class PersonCount:
    """The figures of one person."""

    statements: int = 0
    completions: int = 0
    passes: int = 0
    fails: int = 0
    skewed: int = 0
    days: set[date] = field(default_factory=set)


@dataclass
class Recount:
    """The figures of a simulation; `persons` by person id."""

    first: dict[str, Statement]
    duplicates: int
    voids: list[Statement]
    persons: dict[str, PersonCount]
    personas: set[str]

    @property
    def voided(self) -> set[str]:
        """Ids of statements that are there and voided."""
        return {void["object"]["id"] for void in self.voids} & self.first.keys()

    @property
    def verbs(self) -> dict[str, int]:
        """Distinct statements by verb IRI."""
        return Counter(statement["verb"]["id"] for statement in self.first.values())


def recount(simulation: Simulation, end: date) -> Recount:
    """Count everything again."""
    first: dict[str, Statement] = {}
    sent = list(_accepted(simulation))
    for statement in sent:
        first.setdefault(statement["id"], statement)
    voids = [one for one in first.values() if one["verb"]["id"].endswith("/voided")]
    found = Recount(first, len(sent) - len(first), voids, {}, {_persona(one) for one in first.values()})
    found.persons = _persons(simulation, first.values(), found.voided, end)
    return found


def _accepted(simulation: Simulation) -> Iterator[Statement]:
    for delivery in simulation.deliveries:
        if delivery.valid:
            yield from delivery.statements


def _persona(statement: Statement) -> str:
    return persona_id(TENANT_KEY, canonical_key(statement["actor"]) or "")


def _persons(
    simulation: Simulation, statements: Iterable[Statement], voided: set[str], end: date
) -> dict[str, PersonCount]:
    linked = links(simulation)
    persons: defaultdict[str, PersonCount] = defaultdict(PersonCount)
    for statement in statements:
        persona = _persona(statement)
        person = persons[linked.get(persona, persona)]
        if statement["id"] not in voided:
            _count(person, statement, end)
    return dict(persons)


def links(simulation: Simulation) -> dict[str, str]:
    """Persona id → person id, as the HR feed links them."""
    feed = parse_feed(
        simulation.people_csv, TENANT_KEY, source="test", recorded_at_us=0, correlation_id="test"
    )
    assert feed.faults == ()
    return {link["persona_id"]: link["person_id"] for link in feed.links}


def _count(person: PersonCount, statement: Statement, end: date) -> None:
    verb = statement["verb"]["id"]
    day = datetime.fromisoformat(statement["timestamp"]).astimezone(UTC).date()
    person.statements += 1
    if day > end:
        person.skewed += 1
    elif not verb.endswith(_NO_ACTIVITY):
        person.days.add(day)
    result = statement.get("result", {})
    if verb.endswith("/terminated") and _is_scorm(statement):
        person.completions += result["completion"] is True
        person.passes += result.get("success") is True
        person.fails += result.get("success") is False
    else:
        person.completions += verb.endswith("/completed")
        person.passes += verb.endswith("/passed")
        person.fails += verb.endswith("/failed")


def _is_scorm(statement: Statement) -> bool:
    categories = statement["context"].get("contextActivities", {}).get("category", ())
    return any(category["id"] == "https://w3id.org/xapi/scorm" for category in categories)
