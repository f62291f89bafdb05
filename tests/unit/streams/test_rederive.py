"""Another skill map: editions are told apart until evidence is derived anew, then the old one is gone."""

from collections import Counter
from itertools import cycle
from typing import Any
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from readystream.rederive import Run
from schemas import codec
from schemas.skill_map import SkillMap, parse_skill_map
from schemas.topics import EVENTS, READINESS, SKILLS, STATEMENTS
from tests.unit.streams.pipeline import Pipeline
from tests.unit.streams.samples import SKILL_MAP, Linked, Said, accept, build, persona
from tests.unit.streams.test_stages import feed, figures, histories, link_logs, mixed

NEW: SkillMap = parse_skill_map("""
version: "test-2"
sources: {default: 0.8}
skills:
  - {id: sql, name: SQL}
  - {id: python, name: Python}
  - {id: testing, name: Testing}
mappings:
  - {activity: "https://learn.example.com/courses/1", skill: testing, confidence: 0.9, pass_mark: 0.5}
  - {activity: "https://learn.example.com/courses/3", skill: sql, confidence: 0.7, reviewed: true}
  - {activity: "https://learn.example.com/courses/4", skill: python, confidence: 0.9, evidence_class: self}
""")
PASSED = Said(1, "lena", "passed", scaled=0.9)
LENA_SQL, LENA_TESTING = f"{persona('lena')}|sql", f"{persona('lena')}|testing"


def use(pipeline: Pipeline, skill_map: SkillMap, **observers: Any) -> None:
    """Start the workers again, with this map."""
    pipeline.stages = build(skill_map=skill_map, **observers).stages


def ask(pipeline: Pipeline, skill_map: SkillMap, *, is_whole: bool = True) -> None:
    """What `readystream rederive` writes; not whole, it is interrupted before it closes."""
    run = Run(skill_map.edition, str(uuid4()))
    for partition in range(pipeline.partitions):
        log = pipeline.log.setdefault((STATEMENTS.name, partition), [])
        opened_at = len(log)
        made = [run.mark(partition)]
        for record in log[:opened_at]:
            value = codec.decode(STATEMENTS, record.value or b"")
            if copy := run.copy(partition, record.offset, record.key or b"", value):
                made.append(copy)
        if is_whole:
            made.append(run.mark(partition, opened_at))
        for one in made:
            pipeline._append(one.topic, partition, one.key, one.value, tuple(one.headers))


def evidence(pipeline: Pipeline) -> dict[str, tuple[bool, list[dict[str, Any]]]]:
    """Of each statement whether its newest event says voided, and the evidence that it tells."""
    newest: dict[str, dict[str, Any]] = {}
    for record in pipeline.records(EVENTS):
        event = codec.decode(EVENTS, record.value or b"")
        known = newest.setdefault(event["statement_id"], event)
        if event["version"] >= known["version"]:
            newest[event["statement_id"]] = event
    return {name: (event["voided"], event["evidence"]) for name, event in newest.items()}


def test_two_maps_of_one_version_are_two_editions() -> None:
    written = SKILL_MAP.model_dump()
    same, other = (SkillMap.model_validate(written | {"confidence_threshold": share}) for share in (0.5, 0.4))
    assert same.version == other.version == SKILL_MAP.version
    assert other.edition != SKILL_MAP.edition == same.edition


def test_until_it_is_derived_anew_figures_name_every_edition_behind_them() -> None:
    is_mixed: dict[int, bool] = {}
    pipeline = build(partitions=1)
    accept(pipeline, PASSED)
    pipeline.settle()
    use(pipeline, NEW, mixed=is_mixed)
    pipeline.sweep()
    pipeline.settle()
    assert is_mixed == {0: True}
    assert pipeline.latest(SKILLS)[LENA_SQL]["mapping"] == "test-1+test-2"
    assert {one["mapping"] for one in pipeline.latest(READINESS).values()} == {"test-1+test-2"}
    ask(pipeline, NEW)
    pipeline.settle()
    assert is_mixed == {0: False}
    assert pipeline.latest(SKILLS).keys() == {LENA_TESTING}
    assert pipeline.latest(SKILLS)[LENA_TESTING]["mapping"] == "test-2"
    assert pipeline.latest(READINESS) == {}


def test_a_worker_with_another_map_changes_nothing_and_settles_nothing() -> None:
    outcomes: Counter[str] = Counter()
    is_mixed: dict[int, bool] = {}
    pipeline = build(partitions=1, outcomes=outcomes)
    accept(pipeline, PASSED)
    pipeline.settle()
    before = figures(pipeline)
    ask(pipeline, NEW)
    pipeline.settle()
    assert (outcomes["other_edition"], outcomes["rederived"]) == (3, 0)
    assert figures(pipeline) == before
    use(pipeline, NEW, mixed=is_mixed)
    accept(pipeline, Said(2, "lena", "completed", course=3))
    pipeline.settle()
    assert is_mixed == {0: True}


def test_a_run_that_another_worker_did_in_part_settles_nothing() -> None:
    is_mixed: dict[int, bool] = {}
    pipeline = build(partitions=1)
    accept(pipeline, PASSED)
    accept(pipeline, Said(2, "lena", "completed", course=3))
    pipeline.settle()
    ask(pipeline, NEW)
    end = pipeline.positions[STATEMENTS.name, 0]
    for skill_map, upto in ((NEW, end + 2), (SKILL_MAP, end + 3), (NEW, end + 4)):
        use(pipeline, skill_map, mixed=is_mixed)
        whole = pipeline.log[STATEMENTS.name, 0]
        pipeline.log[STATEMENTS.name, 0] = whole[:upto]
        pipeline.settle()
        pipeline.log[STATEMENTS.name, 0] = whole
    assert is_mixed == {0: True}
    ask(pipeline, NEW)
    pipeline.settle()
    assert is_mixed == {0: False}


def test_an_interrupted_run_settles_nothing_and_the_next_one_does() -> None:
    is_mixed: dict[int, bool] = {}
    pipeline = build(partitions=1)
    accept(pipeline, PASSED)
    pipeline.settle()
    use(pipeline, NEW, mixed=is_mixed)
    ask(pipeline, NEW, is_whole=False)
    pipeline.settle()
    assert is_mixed == {0: True}
    ask(pipeline, NEW)
    pipeline.settle()
    assert is_mixed == {0: False}


def test_a_statement_that_the_log_no_longer_holds_keeps_its_evidence_and_edition() -> None:
    pipeline = build(partitions=1)
    accept(pipeline, PASSED)
    accept(pipeline, Said(2, "lena", "passed", course=3, scaled=0.8))
    pipeline.settle()
    use(pipeline, NEW)
    whole = pipeline.log[STATEMENTS.name, 0]
    pipeline.log[STATEMENTS.name, 0] = [whole[0].__class__(0, b"", b"gone", ()), whole[1]]
    run = Run(NEW.edition, "run")
    value = codec.decode(STATEMENTS, whole[1].value or b"")
    copy = run.copy(0, 1, whole[1].key or b"", value)
    assert copy is not None
    pipeline._append(copy.topic, 0, copy.key, copy.value, tuple(copy.headers))
    pipeline.settle()
    level = pipeline.latest(SKILLS)[LENA_SQL]
    assert (level["evidence_count"], level["mapping"]) == (2, "test-1+test-2")


@settings(max_examples=100, deadline=None)
@given(
    history=histories(),
    linked=link_logs(),
    sizes=st.lists(st.integers(1, 4), min_size=1),
    crashes=st.lists(st.sampled_from((0, 1, 2, 3, None))),
    pauses=st.lists(st.booleans(), min_size=30, max_size=30),
    data=st.data(),
)
def test_a_run_amid_live_statements_and_crashes_ends_where_a_first_run_with_the_new_map_would(
    history: list[Said],
    linked: list[Linked],
    sizes: list[int],
    crashes: list[int | None],
    pauses: list[bool],
    data: st.DataObject,
) -> None:
    everything: list[Said | Linked] = [*history, *linked]
    fresh = build(skill_map=NEW)
    for known in everything:
        feed(fresh, known)
    fresh.settle()
    fresh.sweep()

    is_mixed: dict[int, bool] = {}
    changed = build()
    mixture: list[Said | Linked] = data.draw(mixed(history, linked))
    switch, run_at = sorted(data.draw(st.tuples(*[st.integers(0, len(mixture))] * 2)))
    next_size, next_crash = cycle(sizes).__next__, iter(crashes)
    entries: list[Said | Linked | None] = [*mixture, None]
    for place, (entry, pause) in enumerate(zip(entries, cycle(pauses), strict=False)):
        if place == switch:
            use(changed, NEW, mixed=is_mixed)
        if place == run_at:
            ask(changed, NEW)
        if entry is not None:
            feed(changed, entry)
        if pause:
            changed.settle(next_size, lambda: next(next_crash, None))
    changed.settle(next_size, lambda: next(next_crash, None))
    changed.sweep()

    assert figures(changed) == figures(fresh)
    assert evidence(changed) == evidence(fresh)
    assert not any(is_mixed.values())
