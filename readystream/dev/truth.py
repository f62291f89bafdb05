"""Whether the pipeline found what the generator knows to be true."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from clickhouse_connect.driver.client import Client

from readystream.dev.generator import GroundTruth, PersonTruth
from readystream.dev.lrs import ForwardResult
from schemas.persona import canonical_key, person_id, persona_id

_PERSONS_SQL = """
SELECT person_id, count(), sum(completions), sum(passes), sum(fails),
       arraySort(arrayDistinct(arrayFlatten(groupArray(arrayMap(run -> run.day, slots)))))
FROM events_resolved WHERE person_id != '' GROUP BY person_id
"""
_VERBS_SQL = "SELECT verb, count() FROM learning_events FINAL GROUP BY verb"


def differences(
    client: Client, truth: GroundTruth, result: ForwardResult, tenant_key: bytes, arrival: date
) -> list[str]:
    """One sentence for each figure that is not what it should be; `arrival` is the day of the run."""
    return [
        *_totals(client, truth, result),
        *_verbs(client, truth),
        *_persons(client, truth, tenant_key, arrival),
    ]


def _totals(client: Client, truth: GroundTruth, result: ForwardResult) -> Iterable[str]:

    def count(sql: str) -> int:
        return int(client.query(sql).result_rows[0][0])

    found = {
        "accepted": (len(result.accepted_ids), truth.accepted),
        "rejected": (result.rejected, truth.rejected),
        "distinct statements": (
            count("SELECT uniqExact(statement_id) FROM accepted_statements"),
            truth.distinct_statements,
        ),
        "voided": (count("SELECT count() FROM learning_events FINAL WHERE voided"), truth.voided),
        "personas": (
            count("SELECT uniqExact(persona_id) FROM accepted_statements WHERE persona_id != ''"),
            truth.personas,
        ),
    }
    for name, (is_, should_be) in found.items():
        if is_ != should_be:
            yield f"{name}: {is_}, the truth is {should_be}"


def _verbs(client: Client, truth: GroundTruth) -> Iterable[str]:
    found: dict[str, int] = {str(row[0]): int(row[1]) for row in client.query(_VERBS_SQL).result_rows}
    for verb in sorted(found.keys() | truth.verbs.keys()):
        if found.get(verb, 0) != truth.verbs.get(verb, 0):
            yield f"{verb}: {found.get(verb, 0)} events, the truth is {truth.verbs.get(verb, 0)}"


def _persons(client: Client, truth: GroundTruth, tenant_key: bytes, arrival: date) -> Iterable[str]:
    found = {row[0]: tuple(row[1:]) for row in client.query(_PERSONS_SQL).result_rows}
    known = {_id(person, tenant_key): _figures(person, arrival) for person in truth.persons}
    for person in sorted(found.keys() | known.keys()):
        is_, should_be = found.get(person), known.get(person)
        if is_ != should_be:
            yield f"person {person}: {_told(is_)}, the truth is {_told(should_be)}"


def _id(person: PersonTruth, tenant_key: bytes) -> str:
    if person.employee_id is not None:
        return person_id(tenant_key, person.employee_id)
    return persona_id(tenant_key, canonical_key(_actor(person)) or "")


def _actor(person: PersonTruth) -> Mapping[str, Any]:
    return person.identifiers[0]


def _figures(person: PersonTruth, arrival: date) -> tuple[Any, ...]:
    days = sorted((day - date(1970, 1, 1)).days for day in person.active_days(arrival))
    return person.statements, person.completions, person.passes, person.fails, days


def _told(figures: tuple[Any, ...] | None) -> str:
    if figures is None:
        return "nobody"
    statements, completions, passes, fails, days = figures
    return (
        f"{statements} statements, {completions} completions, {passes} passes, {fails} fails, "
        f"{len(days)} active days"
    )
