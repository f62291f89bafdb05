"""The way of one statement through the pipeline, as ClickHouse has it: from its arrival to the scores.

Reads: the raw log, dead letters, events and current results.
Guarantee: tells what has arrived in ClickHouse; a statement accepted a moment ago may be on its way there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clickhouse_connect.driver.client import Client

_STEPS: Mapping[str, str] = {
    "received": """
        SELECT received_at, stored_at, credential, source, xapi_version, correlation_id, origin_partition,
               origin_offset, ingested_at,
               (origin_epoch, origin_partition, origin_offset) IN
                   (SELECT origin_epoch, origin_partition, origin_offset
                    FROM learning_events FINAL WHERE statement_id = {id:String}) AS counts
        FROM accepted_statements
        WHERE statement_id = {id:String}
        ORDER BY origin_epoch, origin_partition, origin_offset
    """,
    "set aside": """
        SELECT failed_at, reason, step, detail, topic, partition, offset, attempt, resolution
        FROM dead_letters FINAL
        WHERE (topic = '' AND (key = {id:String} OR lower(JSONExtractString(value, 'id')) = {id:String}))
           OR (topic = 'xapi.statements' AND (epoch, partition, offset) IN
                   (SELECT origin_epoch, origin_partition, origin_offset
                    FROM statements WHERE statement_id = {id:String}))
        ORDER BY failed_at
    """,
    "voided by": """
        SELECT statement_id, stored_at, credential
        FROM accepted_statements
        WHERE voids = {id:String}
        ORDER BY stored_at
    """,
    "derived": """
        SELECT persona_id, event_time, verb, verb_class, activity, time_source, completions, passes, fails,
               sessions, arraySum(slot -> slot.last - slot.first + 1, slots) * 5 AS minutes_marked, skewed,
               voided, ingested_at
        FROM learning_events FINAL
        WHERE statement_id = {id:String}
    """,
    "belongs to": """
        SELECT resolved.person_id AS person_id, resolved.published_person_id AS published_person_id,
               link.rule AS rule, link.source AS source
        FROM events_resolved AS resolved
        LEFT JOIN persona_person AS link
            ON link.persona_id = resolved.persona_id AND link.person_id = resolved.person_id
        WHERE resolved.statement_id = {id:String}
        LIMIT 1
    """,
    "evidence": """
        SELECT item.skill AS skill, item.evidence_class AS evidence_class, item.activity AS activity,
               toDate('1970-01-01') + item.day AS day, item.weight / 1e6 AS weight,
               if(item.weight = 0, NULL, item.outcome / item.weight) AS outcome, item.mapping AS mapping,
               item.reviewed AS reviewed
        FROM learning_events FINAL
        ARRAY JOIN evidence AS item
        WHERE statement_id = {id:String} AND NOT voided
        ORDER BY skill
    """,
    "skills": """
        SELECT skill, level, confidence, low, high, evidence_count, as_of,
               arrayFirst(top -> top.statement_id = {id:String}, top_evidence).contribution AS contribution
        FROM current_skills
        WHERE person_id IN (SELECT person_id FROM events_resolved WHERE statement_id = {id:String})
          AND skill IN (SELECT item.skill FROM learning_events FINAL ARRAY JOIN evidence AS item
                        WHERE statement_id = {id:String})
        ORDER BY skill
    """,
    "readiness": """
        SELECT role, score, confidence, status, as_of,
               arrayFirst(top -> top.statement_id = {id:String}, top_evidence).contribution AS contribution
        FROM current_readiness
        WHERE person_id IN (SELECT person_id FROM events_resolved WHERE statement_id = {id:String})
          AND arrayExists(top -> top.statement_id = {id:String}, top_evidence)
        ORDER BY role
    """,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the way and what there is of the statement, a mapping from column to value each."""

    name: str
    rows: tuple[Mapping[str, Any], ...]


def trace(client: Client, statement_id: str) -> list[Step]:
    """The steps that the statement has left a mark in, in order; none for an id that nobody has seen."""
    parameters = {"id": statement_id.lower()}
    steps = []
    for name, sql in _STEPS.items():
        rows = tuple(client.query(sql, parameters=parameters).named_results())
        if rows:
            steps.append(Step(name, rows))
    return steps
