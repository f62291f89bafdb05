"""Files of statements, forwarded as an LRS would: the figures equal an independent count over the file.

`--statements FILE` runs this on a file of your own; without it a small sample is made up.
"""

import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from readystream.dev import figures as figures_of_clickhouse
from readystream.dev.workload import from_files
from schemas.persona import canonical_key, persona_id
from tests.e2e.rig import Rig, running
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka

_ADL, _VIDEO = "http://adlnet.gov/expapi/verbs/", "https://w3id.org/xapi/video/verbs/"
_VERBS = (_ADL + "initialized", _ADL + "completed", _ADL + "interacted", _VIDEO + "played", _VIDEO + "seeked")


def _sample(path: Path) -> Path:
    """300 plain statements of five learners within two weeks."""
    rng = Random(5)
    statements = []
    for _ in range(300):
        verb = rng.choice(_VERBS)
        result = (
            {"completion": rng.random() < 0.5, "duration": "PT3H"} if verb.endswith("completed") else None
        )
        at = datetime(2020, 2, rng.randint(1, 14), rng.randint(0, 23), rng.randint(0, 59), tzinfo=UTC)
        statements.append(
            {
                "id": f"{rng.getrandbits(32):08x}-0000-4000-8000-{rng.getrandbits(48):012x}",
                "actor": {"mbox": f"mailto:learner{rng.randint(1, 5)}@example.org"},
                "verb": {"id": verb},
                "object": {"id": f"https://videos.example.org/{rng.randint(1, 8)}"},
                **({"result": result} if result else {}),
                "timestamp": at.isoformat().replace("+00:00", "Z"),
            }
        )
    path.write_text(json.dumps(statements))
    return path


@pytest.fixture
def statements_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The file that `--statements` names, or a sample."""
    given = request.config.getoption("--statements")
    return Path(given) if given else _sample(tmp_path / "sample.json")


def _read(path: Path) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = json.loads(path.read_text())
    return statements


def _counted(statements: list[dict[str, Any]], tenant_key: bytes) -> dict[str, tuple[int, set[int], int]]:
    """(statements, active days, completions) of each persona, counted over the file and nothing else."""
    days: defaultdict[str, set[int]] = defaultdict(set)
    totals: Counter[str] = Counter()
    completions: Counter[str] = Counter()
    for statement in statements:
        persona = persona_id(tenant_key, canonical_key(statement["actor"]) or "")
        at = datetime.fromisoformat(statement["timestamp"]).astimezone(UTC)
        days[persona].add((at.date() - datetime(1970, 1, 1, tzinfo=UTC).date()).days)
        totals[persona] += 1
        completed = statement["verb"]["id"] == _ADL + "completed"
        completions[persona] += completed and statement.get("result", {}).get("completion") is not False
    return {persona: (totals[persona], days[persona], completions[persona]) for persona in totals}


def _found(rig: Rig) -> dict[str, tuple[int, set[int], int]]:
    sql = """
        SELECT persona_id, count(),
               arrayDistinct(arrayFlatten(groupArray(arrayMap(run -> run.day, slots)))), sum(completions)
        FROM events_resolved GROUP BY persona_id"""
    return {row[0]: (row[1], set(row[2]), row[3]) for row in rig.query(sql)}


async def test_file_once_and_again_in_another_order(
    empty_kafka: Kafka, database: Database, statements_file: Path, tmp_path: Path
) -> None:
    statements = _read(statements_file)
    once = from_files([statements_file], None, None, None)
    again = from_files([statements_file], None, 11, None)
    async with running(empty_kafka, database, tmp_path / "data", once.as_of, workers=2) as rig:
        await rig.send([*once.before_feed, *once.after_feed])
        await rig.settle()
        figures = rig.figures()
        assert rig.result.rejected == 0, rig.result.problems
        assert rig.stored_ids() == {statement["id"] for statement in statements}
        assert _found(rig) == _counted(statements, rig.pipeline.tenant_key.encode())
        assert dict(rig.query("SELECT verb, count() FROM events_resolved GROUP BY verb")) == Counter(
            statement["verb"]["id"] for statement in statements
        )

        await rig.send([*again.before_feed, *again.after_feed])
        await rig.settle()
        assert rig.figures() == figures
        [(records, distinct)] = rig.query("SELECT count(), uniqExact(statement_id) FROM accepted_statements")
        assert (records, distinct) == (2 * len(statements), len(statements))

        lost, *others = (statement["id"] for statement in statements)
        accepted = [lost, *others]
        as_of = (once.as_of - date(1970, 1, 1)).days
        assert figures_of_clickhouse.disagreements(rig.pipeline.client(), accepted, as_of) == []
        rig.pipeline.client().command(f"DELETE FROM statements WHERE statement_id = '{lost}'")
        assert figures_of_clickhouse.disagreements(rig.pipeline.client(), accepted, as_of) == [
            f"statement {lost} was accepted and is not in ClickHouse"
        ]
