"""The two stages: a statement takes effect once, whatever happens on the way."""

from collections import Counter
from collections.abc import Mapping
from itertools import cycle
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import codec
from schemas.partitions import partition_for
from schemas.role_profiles import parse_role_profiles
from schemas.skill_map import parse_skill_map
from schemas.topics import (
    ALERTS,
    AUDIT,
    DEAD_LETTERS,
    ENGAGEMENT,
    EVENTS,
    MAX_MESSAGE_BYTES,
    PERSONA_STATE,
    READINESS,
    SKILLS,
    SNAPSHOTS,
    STATEMENTS,
)
from streams.core.alerting import ALERTS_TABLE, AlertState
from streams.core.cells import MOST_BYTES
from streams.core.limits import TooManyDeadLetters
from streams.core.persona_batch import CELLS_TABLE
from streams.core.snapshots import POSITION, Row, checksum
from streams.records import Chunk
from tests.unit.streams.pipeline import Pipeline
from tests.unit.streams.samples import COURSE, DAY, SKILL_MAP, Linked, Said, accept, build, link, persona

PASSED = Said(1, "lena", "passed", scaled=0.9)
WATCHED = Said(2, "lena", "experienced", course=3, minute=30)
PASSED_LATER = Said(101, "lena", "passed", scaled=0.9)
COMPLETED = Said(3, "lena.private", "completed", course=2, day=DAY - 5)


def figures(pipeline: Pipeline) -> dict[str, Any]:
    """Everything published about persons, without what depends on the place in the log."""
    ignored = {"version", "correlation_id"}
    return {
        topic.name: {
            key: {name: field for name, field in value.items() if name not in ignored}
            for key, value in pipeline.latest(topic).items()
        }
        for topic in (ENGAGEMENT, SKILLS, READINESS)
    }


def run(*said: Said) -> Pipeline:
    """A pipeline that has accepted `said`, in order."""
    pipeline = build()
    for one in said:
        accept(pipeline, one)
    pipeline.settle()
    return pipeline


def window(pipeline: Pipeline, person: str, days: int = 180) -> Mapping[str, Any]:
    """One window of a person."""
    windows = pipeline.latest(ENGAGEMENT)[person]["windows"]
    found: Mapping[str, Any] = next(entry for entry in windows if entry["days"] == days)
    return found


def test_a_statement_reaches_every_score() -> None:
    pipeline = run(PASSED)
    lena = persona("lena")
    assert window(pipeline, lena)["statements"] == 1
    assert window(pipeline, lena)["passes"] == 1
    assert pipeline.latest(SKILLS)[f"{lena}|sql"]["level"] > 50
    readiness = pipeline.latest(READINESS)[f"{lena}|analyst"]
    assert readiness["top_evidence"][0]["statement_id"] == PASSED.statement_id
    assert readiness["correlation_id"] == "test"


def test_a_resend_changes_nothing_but_the_count_of_duplicates() -> None:
    outcomes: Counter[str] = Counter()
    pipeline = build(outcomes=outcomes)
    for _ in range(3):
        accept(pipeline, PASSED)
    pipeline.settle()
    assert figures(pipeline) == figures(run(PASSED))
    assert outcomes["new"] == 1
    assert outcomes["duplicate"] == 2
    assert len(pipeline.latest(EVENTS)) == 1


def test_the_same_id_with_another_meaning_is_a_dead_letter() -> None:
    pipeline = build()
    accept(pipeline, PASSED)
    accept(pipeline, PASSED, verb={"id": "http://adlnet.gov/expapi/verbs/failed"})
    pipeline.settle()
    [letter] = pipeline.latest(DEAD_LETTERS).values()
    assert letter["reason"] == "conflict"
    assert (letter["topic"], letter["offset"]) == (STATEMENTS.name, 1)
    assert codec.decode(STATEMENTS, letter["value"])["statement_id"] == PASSED.statement_id
    assert figures(pipeline) == figures(run(PASSED))


def test_a_statement_that_cannot_be_derived_is_set_aside_and_the_next_one_counts() -> None:
    pipeline = build()
    accept(pipeline, WATCHED, verb={})
    accept(pipeline, PASSED)
    pipeline.settle()
    assert [letter["reason"] for letter in pipeline.latest(DEAD_LETTERS).values()] == ["no_verb"]
    assert figures(pipeline) == figures(run(PASSED))


def test_a_record_that_is_no_record_is_set_aside() -> None:
    pipeline = build()
    pipeline._append(STATEMENTS.name, 0, b"key", b"not avro", ())
    pipeline.settle()
    [letter] = pipeline.latest(DEAD_LETTERS).values()
    assert (letter["reason"], letter["value"]) == ("undecodable", b"not avro")


def test_a_void_before_or_after_its_target_leaves_nothing_of_it() -> None:
    void = Said(9, "admin", "voided", voids=PASSED.number)
    after, before = run(WATCHED, PASSED, void), run(void, WATCHED, PASSED)
    without = run(WATCHED, Said(9, "admin", "voided", voids=99))
    assert figures(after) == figures(before) == figures(without)
    for pipeline in (after, before):
        assert _voided_ids(pipeline) == {PASSED.statement_id}


def _voided_ids(pipeline: Pipeline) -> set[str]:
    """Ids whose newest event says voided (events are keyed by person, so not by key)."""
    newest: dict[str, dict[str, Any]] = {}
    for record in pipeline.records(EVENTS):
        event = codec.decode(EVENTS, record.value or b"")
        known = newest.get(event["statement_id"])
        if known is None or event["version"] >= known["version"]:
            newest[event["statement_id"]] = event
    return {statement_id for statement_id, event in newest.items() if event["voided"]}


def test_a_void_cannot_be_voided() -> None:
    void = Said(8, "admin", "voided", voids=PASSED.number)
    unvoid = Said(9, "admin", "voided", voids=void.number)
    assert _voided_ids(run(PASSED, void, unvoid)) == {PASSED.statement_id}
    assert _voided_ids(run(unvoid, void, PASSED)) == {PASSED.statement_id}


def test_voiding_the_winning_attempt_restores_the_runner_up() -> None:
    first = Said(1, "lena", "passed", scaled=0.95, day=DAY - 3)
    retake = Said(2, "lena", "failed", scaled=0.2, day=DAY)
    void = Said(3, "admin", "voided", voids=retake.number)
    sql = f"{persona('lena')}|sql"
    assert run(first, retake).latest(SKILLS)[sql]["level"] < run(first).latest(SKILLS)[sql]["level"]
    assert run(first, retake, void).latest(SKILLS)[sql]["level"] == run(first).latest(SKILLS)[sql]["level"]


def test_a_late_link_moves_everything_to_the_person_and_withdraws_the_provisional_one() -> None:
    pipeline = run(PASSED, COMPLETED)
    for who in ("lena", "lena.private"):
        link(pipeline, Linked(who, "person-1"))
    pipeline.settle()
    assert set(pipeline.latest(ENGAGEMENT)) == {"person-1"}
    assert {key.split("|")[0] for key in pipeline.latest(SKILLS)} == {"person-1"}
    assert window(pipeline, "person-1")["statements"] == 2
    assert window(pipeline, "person-1")["active_days"] == 2


def test_an_unlink_gives_the_persona_back_its_own_numbers() -> None:
    pipeline = run(PASSED, COMPLETED)
    untouched = figures(pipeline)
    link(pipeline, Linked("lena", "person-1"))
    pipeline.settle()
    link(pipeline, Linked("lena", "person-1", action="unlink"))
    pipeline.settle()
    assert figures(pipeline) == untouched


def test_a_less_trusted_rule_never_overrides() -> None:
    pipeline = run(PASSED)
    link(pipeline, Linked("lena", "person-1", rule="human"))
    link(pipeline, Linked("lena", "person-2", rule="email"))
    pipeline.settle()
    assert set(pipeline.latest(ENGAGEMENT)) == {"person-1"}


def test_the_passing_of_time_alone_changes_the_figures() -> None:
    today = [DAY + 20]
    pipeline = build(as_of=lambda: today[0])
    accept(pipeline, PASSED)
    pipeline.settle()
    pipeline.sweep()
    assert pipeline.sweep() == 0
    today[0] += 200
    pipeline.sweep()
    lena = persona("lena")
    assert pipeline.latest(ENGAGEMENT)[lena]["label"] == "inactive"
    assert window(pipeline, lena)["statements"] == 0
    assert pipeline.latest(SKILLS)[f"{lena}|sql"]["confidence"] < 0.45


def test_other_role_profiles_score_everybody_anew_without_a_replay() -> None:
    pipeline = run(PASSED, COMPLETED)
    pipeline.sweep()
    read = dict(pipeline.positions)
    harder = parse_role_profiles(
        """
        version: "test-2"
        roles:
          - {id: architect, name: Architect, skills: [{skill: sql, required: 90, weight: 1}]}
        """,
        SKILL_MAP,
    )
    pipeline.stages = build(roles=harder).stages
    pipeline.sweep()
    scores = pipeline.latest(READINESS)
    assert set(scores) == {f"{persona(who)}|architect" for who in ("lena", "lena.private")}
    assert {score["profile"] for score in scores.values()} == {"test-2"}
    assert pipeline.positions == read


def test_a_sweep_takes_large_partitions_in_slices() -> None:
    pipeline = build(partitions=1)
    for number in range(1, 242):
        accept(pipeline, Said(number, f"learner{number}", "experienced"))
    pipeline.settle()
    assert pipeline.sweep() == 3 + 3, "of persons, and of what is too old: begun, ledger, cells"
    assert len(pipeline.latest(ENGAGEMENT)) == 241


def test_one_alert_for_each_crossing_of_the_candidate_score() -> None:
    pipeline = build()
    steps = [
        [Said(1, "lena", "passed", course=1, scaled=1.0), Said(2, "lena", "passed", course=2, scaled=1.0)],
        [Said(3, "lena", "passed", course=3, scaled=1.0)],
        [Said(4, "lena", "failed", course=number, scaled=0.0, minute=700) for number in (1,)],
        [Said(5, "lena", "passed", course=1, scaled=1.0, minute=800)],
    ]
    alerts = []
    for step in steps:
        for said in step:
            accept(pipeline, said)
        pipeline.settle()
        score = pipeline.latest(READINESS)[f"{persona('lena')}|analyst"]["score"]
        alerts.append((score >= 70, len(pipeline.records(ALERTS))))
    assert alerts == [(True, 1), (True, 1), (False, 1), (True, 2)]
    ids = [codec.decode(ALERTS, record.value or b"")["alert_id"] for record in pipeline.records(ALERTS)]
    assert ids == [f"{persona('lena')}|analyst|{number}" for number in (1, 2)]


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_every_crossing_that_counts_raises_one_alert_whatever_crashes(seed: int) -> None:
    chance = Random(seed)
    pipeline = build(partitions=1)
    for number in range(20):
        verb, scaled = chance.choice([("passed", 1.0), ("failed", 0.0)])
        accept(pipeline, Said(number, "lena", verb, course=1 + number % 2, scaled=scaled, minute=number))
    persona_stage, person_stage = pipeline.stages
    pipeline.stages = (persona_stage,)
    pipeline.settle(lambda: 1)
    pipeline.stages = (person_stage,)
    pipeline.settle(lambda: chance.randint(1, 9), lambda: chance.choice([None, 0, 1, 2, 3]))
    pipeline.sweep()

    raised: dict[str, set[bytes]] = {}
    for record in pipeline.records(ALERTS):
        raised.setdefault(codec.decode(ALERTS, record.value or b"")["alert_id"], set()).add(
            record.value or b""
        )
    counted = AlertState.load(
        pipeline.tables["person", 0].get(ALERTS_TABLE, f"{persona('lena')}|analyst".encode())
    )
    assert list(raised) == [f"{persona('lena')}|analyst|{number + 1}" for number in range(counted.crossings)]
    assert all(len(alerts) == 1 for alerts in raised.values())
    published = {
        codec.decode(READINESS, record.value or b"")["version"] for record in pipeline.records(READINESS)
    }
    assert {
        codec.decode(ALERTS, alert)["version"] for alerts in raised.values() for alert in alerts
    } <= published


def test_an_alert_whose_crossing_was_not_counted_is_not_sent() -> None:
    pipeline = run(*(Said(number, "lena", "passed", course=number, scaled=1.0) for number in (1, 2)))
    table = pipeline.tables["person", partition_for(persona("lena"), pipeline.partitions)]
    [sent] = pipeline.records(ALERTS)
    key = f"!unsent|{persona('lena')}|analyst|".encode()
    table.write(ALERTS_TABLE, {key + number: sent.value for number in (b"1", b"2")})
    pipeline.sweep()
    assert [record.value for record in pipeline.records(ALERTS)] == [sent.value, sent.value]
    assert not list(table.scan(ALERTS_TABLE, b"!unsent"))


def test_a_withdrawn_cell_that_is_read_again_withdraws_nothing_newer() -> None:
    pipeline = run(*(Said(number, "lena", "passed", course=number, scaled=1.0) for number in (1, 2)))
    for voided in (1, 2):
        accept(pipeline, Said(2 + voided, "admin", "voided", voids=voided))
    pipeline.settle()
    for course in (1, 2):
        accept(pipeline, Said(4 + course, "lena", "passed", course=course, scaled=1.0))
    pipeline.settle()
    before, alerts = figures(pipeline), len(pipeline.records(ALERTS))
    for partition in range(pipeline.partitions):
        pipeline.positions[PERSONA_STATE.name, partition] = 0  # as after a crash, or with positions forgotten
    pipeline.settle(lambda: 1)
    assert len(pipeline.records(ALERTS)) == alerts
    assert figures(pipeline) == before


def test_what_happens_after_the_day_of_the_figures_changes_none_of_them() -> None:
    today = DAY
    pipeline = build(as_of=lambda: today)
    accept(pipeline, PASSED)
    pipeline.settle()
    before = figures(pipeline)
    accept(pipeline, Said(2, "lena", "passed", day=DAY + 1, scaled=0.2))
    accept(pipeline, Said(3, "lena", "passed", course=3, day=DAY + 1, scaled=0.2))
    pipeline.settle()
    assert figures(pipeline) == before

    today = DAY + 1
    pipeline.sweep()
    retaken = pipeline.latest(SKILLS)
    [item] = retaken[f"{persona('lena')}|sql"]["top_evidence"]
    assert item["statement_id"] == Said(2, "lena", "passed").statement_id
    assert f"{persona('lena')}|python" in retaken


def test_moves_and_conflicts_are_audited() -> None:
    pipeline = run(PASSED)
    link(pipeline, Linked("lena", "person-1", rule="human"))
    link(pipeline, Linked("lena", "person-2", rule="email"))
    pipeline.settle(lambda: 1)
    entries = [codec.decode(AUDIT, record.value or b"") for record in pipeline.records(AUDIT)]
    seen = [(entry["kind"], entry["person_id"], entry["other_person_id"]) for entry in entries]
    assert seen == [("moved", "person-1", persona("lena")), ("conflict", "person-2", "person-1")]


def test_too_many_dead_letters_stop_the_stage() -> None:
    pipeline = build()
    for _ in range(1001):
        pipeline._append(STATEMENTS.name, 0, b"key", b"not avro", ())
    with pytest.raises(TooManyDeadLetters, match="1001 records in a row"):
        pipeline.settle()
    assert pipeline.positions.get((STATEMENTS.name, 0), 0) == 0


def test_copies_of_voids_do_not_hide_that_nothing_can_be_read() -> None:
    pipeline = build()
    away = (partition_for(persona("admin"), pipeline.partitions) + 1) % pipeline.partitions
    for number in range(101):
        for _ in range(10):
            pipeline._append(STATEMENTS.name, away, b"key", b"not avro", ())
        accept(pipeline, Said(1000 + number, "admin", "voided", voids=number))
    with pytest.raises(TooManyDeadLetters, match="1001 records in a row"):
        pipeline.settle()


def test_any_number_of_conflicts_is_set_aside() -> None:
    """They are no fault of this release: somebody sends an archive that was edited."""
    pipeline = build()
    for number in [*range(1, 1102)]:
        accept(pipeline, Said(number, "lena", "passed", scaled=0.8))
    for number in [*range(1, 1102)]:
        accept(pipeline, Said(number, "lena", "passed", scaled=0.9))
    pipeline.settle()
    letters = [codec.decode(DEAD_LETTERS, record.value or b"") for record in pipeline.records(DEAD_LETTERS)]
    assert Counter(letter["reason"] for letter in letters) == {"conflict": 1101}


ROBOT_MAP = parse_skill_map(
    """
version: "robot"
skills: [{id: sql, name: SQL}]
mappings: [{activity: "https://learn.example.com/*", skill: sql, confidence: 1, reviewed: true}]
"""
)


def completed(pipeline: Pipeline, number: int) -> None:
    """A robot completes an activity with a very long name."""
    accept(pipeline, Said(number, "robot", "completed"), object={"id": f"{COURSE}{number:0100000}"})


def test_a_robot_with_more_evidence_than_kafka_takes_stops_nobody() -> None:
    outcomes: Counter[str] = Counter()
    pipeline = build(partitions=1, skill_map=ROBOT_MAP, outcomes=outcomes)
    for number in range(1, 101):
        completed(pipeline, number)
    accept(pipeline, PASSED_LATER)
    pipeline.settle()
    room = MOST_BYTES // (200 + len(COURSE) + 100_000)
    assert outcomes == {"new": room + 1, "too_much_evidence": 100 - room}
    assert persona("lena") in pipeline.latest(ENGAGEMENT)

    rows = [
        row for table in pipeline.tables.values() for rows in table.rows.values() for row in rows.values()
    ]
    sent = [record.value or b"" for records in pipeline.log.values() for record in records]
    assert max(map(len, [*rows, *sent])) < MAX_MESSAGE_BYTES

    outcomes.clear()
    pipeline.positions.clear()
    pipeline.settle()
    assert outcomes == {"replay": room + 1, "too_much_evidence": 100 - room}
    accept(pipeline, Said(102, "admin", "voided", voids=1))
    completed(pipeline, 103)
    pipeline.settle()
    assert outcomes["new"] == 2


HOUR_US = 3_600_000_000


def snapshots(pipeline: Pipeline) -> list[dict[str, Any]]:
    """All records of the snapshots."""
    return [codec.decode(SNAPSHOTS, record.value or b"") for record in pipeline.records(SNAPSHOTS)]


def test_a_snapshot_accounts_for_the_cells_that_changed_since_the_one_before() -> None:
    clock = [HOUR_US]
    pipeline = build(partitions=1, now_us=lambda: clock[0])
    accept(pipeline, PASSED)
    accept(pipeline, COMPLETED)
    pipeline.settle()
    pipeline.sweep()
    *rows, manifest = snapshots(pipeline)
    assert (manifest["kind"], manifest["offset"], manifest["previous_offset"]) == ("manifest", 1, -1)
    assert manifest["rows"] == len(rows) == 5
    assert (manifest["days_since"], manifest["evidence_since"]) == (DAY + 20 - 399, DAY + 20 - 1824)
    assert manifest["checksum"] == checksum(Row(row["cell"], row["content"]) for row in reversed(rows))
    day = next(row for row in rows if row["cell"] == f"{persona('lena')}|d|{DAY}")
    assert day["content"] == f'[1,0,1,0,0,"slots","{1 << 120:x}"]'

    accept(pipeline, Said(9, "admin", "voided", voids=PASSED.number))
    pipeline.settle()
    pipeline.sweep()
    assert len(snapshots(pipeline)) == 6, "the next one is not due yet"
    clock[0] += HOUR_US
    pipeline.sweep()
    *rows, manifest = snapshots(pipeline)[6:]
    assert (manifest["offset"], manifest["previous_offset"]) == (2, 1)
    assert {row["cell"]: row["content"] for row in rows} == {
        f"{persona('lena')}|d|{DAY}": "",
        f"{persona('lena')}|s|sql": "",
    }
    clock[0] += HOUR_US
    pipeline.sweep()
    assert len(snapshots(pipeline)) == 9, "nothing has come since"


def test_no_snapshot_is_taken_while_cells_are_ahead_of_the_position() -> None:
    pipeline = build(partitions=1, now_us=lambda: HOUR_US)
    stage = pipeline.stages[0]
    accept(pipeline, PASSED)
    pipeline.settle()
    accept(pipeline, COMPLETED)
    records = pipeline.log[STATEMENTS.name, 0]
    effects = stage.process(Chunk(STATEMENTS.name, 0, records[1:]), pipeline._table(stage, 0))
    cells = effects.writes[CELLS_TABLE]
    assert list(cells)[-1] == POSITION, "a crash keeps the first rows: the position must not be among them"
    assert cells.pop(POSITION) == b"2"
    pipeline._table(stage, 0).write(CELLS_TABLE, cells)

    pipeline.sweep()
    assert snapshots(pipeline) == []

    pipeline.settle()
    pipeline.sweep()
    assert snapshots(pipeline)[-1]["offset"] == 1


# ── any order, any duplication, any batching, any crash: one state ──

_NAMES = ("lena", "lena.private", "mia")
_VERBS = ("passed", "failed", "completed", "experienced")


@st.composite
def histories(draw: st.DrawFn) -> list[Said]:
    """Statements of three personas, some of them voids, with distinct numbers."""
    count = draw(st.integers(2, 12))
    said = []
    for number in range(1, count + 1):
        voids = draw(st.one_of(st.none(), st.none(), st.integers(1, count)))
        said.append(
            Said(
                number,
                draw(st.sampled_from(_NAMES)),
                "voided" if voids else draw(st.sampled_from(_VERBS)),
                course=draw(st.integers(1, 4)),
                day=DAY + draw(st.integers(-40, 0)),
                minute=draw(st.integers(0, 1439)),
                scaled=draw(st.one_of(st.none(), st.integers(0, 10).map(lambda tenth: tenth / 10))),
                voids=voids,
            )
        )
    return said


@st.composite
def link_logs(draw: st.DrawFn) -> list[Linked]:
    """Links, relinks and unlinks, some for a stretch of days."""
    return [
        Linked(
            draw(st.sampled_from(_NAMES)),
            draw(st.sampled_from(("person-1", "person-2"))),
            draw(st.sampled_from(("link", "link", "unlink"))),
            draw(st.sampled_from(("hris_id", "email"))),
            draw(st.sampled_from((0, DAY - 20))),
            draw(st.sampled_from((None, DAY - 3))),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]


@st.composite
def mixed(draw: st.DrawFn, said: list[Said], linked: list[Linked]) -> list[Said | Linked]:
    """Statements in any order, some again, with the links in their own order somewhere between them."""
    resent = draw(st.lists(st.sampled_from(said), max_size=5))
    order: list[Said | Linked] = list(draw(st.permutations([*said, *resent])))
    places = sorted(draw(st.lists(st.integers(0, len(order)), min_size=len(linked), max_size=len(linked))))
    for place, entry in reversed(list(zip(places, linked, strict=True))):
        order.insert(place, entry)
    return order


def feed(pipeline: Pipeline, entry: Said | Linked) -> None:
    """Write one entry to its topic."""
    if isinstance(entry, Said):
        accept(pipeline, entry)
    else:
        link(pipeline, entry)


@settings(max_examples=100, deadline=None)
@given(
    history=histories(),
    linked=link_logs(),
    sizes=st.lists(st.integers(1, 4), min_size=1),
    crashes=st.lists(st.sampled_from((0, 1, 2, None))),
    pauses=st.lists(st.booleans(), min_size=30, max_size=30),
    data=st.data(),
)
def test_any_order_duplication_batching_and_crash_give_the_same_figures(
    history: list[Said],
    linked: list[Linked],
    sizes: list[int],
    crashes: list[int | None],
    pauses: list[bool],
    data: st.DataObject,
) -> None:
    plain = build()
    everything: list[Said | Linked] = [*history, *linked]
    for entry in everything:
        feed(plain, entry)
    plain.settle()

    troubled = build()
    next_size, next_crash = cycle(sizes).__next__, iter(crashes)
    mixture: list[Said | Linked] = data.draw(mixed(history, linked))
    for entry, pause in zip(mixture, cycle(pauses), strict=False):
        feed(troubled, entry)
        if pause:
            troubled.settle(next_size, lambda: next(next_crash, None))
    troubled.settle(next_size, lambda: next(next_crash, None))

    assert figures(troubled) == figures(plain)
    assert _voided_ids(troubled) == _voided_ids(plain)
