"""What a pipeline has to find, counted from what the learners were meant to do.

Nothing here looks at statements or at how a pipeline reads them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from readystream.dev.generator.company import Identifier, Persona
from readystream.dev.generator.forwarding import Forwarded
from readystream.dev.generator.recorder import Deed


@dataclass(frozen=True, slots=True)
class PersonTruth:
    """What counts for one person.

    `employee_id` is None for an identifier that the HR feed does not link: it is a person of its own.
    `identifiers` are those that occur as actors. Counts leave out voided statements. `days` are the UTC
    days with an activity of the learner. `skewed` statements carry a date years ahead: a receiver dates
    them by their arrival, so they are in `statements` and not in `days`.
    """

    employee_id: str | None
    identifiers: tuple[Identifier, ...]
    statements: int
    completions: int
    passes: int
    fails: int
    skewed: int
    days: frozenset[date]

    def active_days(self, arrival: date) -> frozenset[date]:
        """Days with activity when everything arrives on the day `arrival`."""
        return self.days | {arrival} if self.skewed else self.days


@dataclass(frozen=True, slots=True)
class GroundTruth:
    """What has to come out of the deliveries of a simulation once the HR feed is imported.

    `distinct_statements` counts ids in valid deliveries, voiding and voided statements included;
    `duplicates` further deliveries of them; `rejected` statements in deliveries that must be refused;
    `voiding` voiding statements, `voided` the statements that they void: fewer, because some name one that
    never comes. `verbs` counts distinct statements by verb IRI, `personas` the identifiers that occur as
    actors. The administrator who voids is a person too, one without any activity.
    """

    distinct_statements: int
    duplicates: int
    rejected: int
    voiding: int
    voided: int
    verbs: dict[str, int]
    personas: int
    persons: tuple[PersonTruth, ...]

    @property
    def accepted(self) -> int:
        """Statements that a receiver acknowledges, counting every delivery."""
        return self.distinct_statements + self.duplicates


def tally(deeds: list[Deed], forwarded: Forwarded) -> GroundTruth:
    """Count what the learners' `deeds` and their forwarding come to."""
    everything = [*deeds, *forwarded.voids]
    by_person: defaultdict[Persona | str, list[Deed]] = defaultdict(list)
    for deed in everything:
        by_person[deed.persona.employee_id or deed.persona].append(deed)
    return GroundTruth(
        distinct_statements=len(everything),
        duplicates=forwarded.duplicates,
        rejected=forwarded.rejected,
        voiding=len(forwarded.voids),
        voided=sum(deed.voided for deed in deeds),
        verbs=dict(Counter(deed.verb.iri for deed in everything)),
        personas=len({deed.persona for deed in everything}),
        persons=tuple(map(_person, by_person.values())),
    )


def _person(deeds: Iterable[Deed]) -> PersonTruth:
    personas = dict.fromkeys(deed.persona for deed in deeds)
    counting = [deed for deed in deeds if not deed.voided]
    return PersonTruth(
        employee_id=next(iter(personas)).employee_id,
        identifiers=tuple(persona.identifier for persona in personas),
        statements=len(counting),
        completions=sum(deed.completions for deed in counting),
        passes=sum(deed.passes for deed in counting),
        fails=sum(deed.fails for deed in counting),
        skewed=sum(deed.skewed for deed in counting),
        days=frozenset(deed.at.date() for deed in counting if deed.verb.is_activity and not deed.skewed),
    )
