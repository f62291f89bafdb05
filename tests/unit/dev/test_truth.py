"""The ground truth equals a second count, made from what is sent and nothing else."""

import pytest

from readystream.dev.generator import PersonTruth, Simulation
from schemas.persona import canonical_key, person_id, persona_id
from tests.unit.dev.conftest import END
from tests.unit.dev.recount import TENANT_KEY, PersonCount, Recount, recount


@pytest.fixture(scope="module")
def counted(simulation: Simulation) -> Recount:
    return recount(simulation, END)


def _pipeline_id(person: PersonTruth) -> str:
    if person.employee_id is not None:
        return person_id(TENANT_KEY, person.employee_id)
    return persona_id(TENANT_KEY, canonical_key(person.identifiers[0]) or "")


def test_totals(simulation: Simulation, counted: Recount) -> None:
    truth = simulation.truth
    assert truth.distinct_statements == len(counted.first)
    assert truth.duplicates == counted.duplicates
    assert truth.accepted == len(counted.first) + counted.duplicates
    assert truth.voiding == len(counted.voids)
    assert truth.voided == len(counted.voided)
    assert truth.verbs == counted.verbs
    assert truth.rejected == sum(len(one.statements) for one in simulation.deliveries if not one.valid)


def test_identifiers_are_personas(simulation: Simulation, counted: Recount) -> None:
    identifiers = [one for person in simulation.truth.persons for one in person.identifiers]
    personas = {persona_id(TENANT_KEY, canonical_key(one) or "") for one in identifiers}
    assert personas == counted.personas
    assert len(identifiers) == simulation.truth.personas == len(personas)


def test_every_person(simulation: Simulation, counted: Recount) -> None:
    told = {
        _pipeline_id(person): PersonCount(
            person.statements,
            person.completions,
            person.passes,
            person.fails,
            person.skewed,
            set(person.days),
        )
        for person in simulation.truth.persons
    }
    assert told == counted.persons
    assert len(told) == len(simulation.truth.persons)


def test_skewed_statements_count_on_the_day_they_arrive(simulation: Simulation) -> None:
    skewed = [person for person in simulation.truth.persons if person.skewed]
    assert skewed
    assert all(END in person.active_days(END) for person in skewed)
    assert all(
        person.active_days(END) == person.days for person in simulation.truth.persons if not person.skewed
    )
