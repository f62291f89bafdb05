"""The skill map: which mapping holds, and how a wrong map is refused."""

from pathlib import Path

import pytest

from schemas.errors import ConfigError
from schemas.skill_map import DEFAULT_HALF_LIFE_DAYS, SkillMap, parse_skill_map

SAMPLE = Path(__file__).parents[3] / "config" / "skill-map.yaml"
TEXT = """
version: "2026.1"
confidence_threshold: 0.6
sources: {default: 0.9, hr-import: 0.4}
skills:
  - {id: sql, name: SQL, half_life_days: 395}
  - {id: stories, name: Data storytelling}
mappings:
  - {activity: "https://learn.example.com/*", skill: sql, confidence: 0.3}
  - {activity: "https://learn.example.com/quiz/*", skill: sql, confidence: 0.7, pass_mark: 0.8}
  - {activity: "https://learn.example.com/quiz/joins", skill: stories, confidence: 0.5, reviewed: true}
  - {activity: "https://learn.example.com/quiz/joins", skill: sql, confidence: 0.9}
"""


@pytest.fixture(scope="module")
def skill_map() -> SkillMap:
    return parse_skill_map(TEXT)


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        ("https://learn.example.com/quiz/joins", [("sql", 0.9), ("stories", 0.5)]),
        ("https://learn.example.com/quiz/joins/2", [("sql", 0.7)]),
        ("https://learn.example.com/quiz/", [("sql", 0.7)]),
        ("https://learn.example.com/film", [("sql", 0.3)]),
        ("https://learn.example.org/quiz/joins", []),
        ("", []),
    ],
)
def test_the_most_specific_mapping_of_each_skill_holds(
    skill_map: SkillMap, activity: str, expected: list[tuple[str, float]]
) -> None:
    assert [(one.skill, one.confidence) for one in skill_map.matches(activity)] == expected


def test_a_doubtful_mapping_contributes_once_it_is_reviewed(skill_map: SkillMap) -> None:
    contributing = {one.confidence: skill_map.contributes(one) for one in skill_map.mappings}
    assert contributing == {0.3: False, 0.7: True, 0.5: True, 0.9: True}


def test_a_mapping_at_the_threshold_contributes() -> None:
    at_threshold = parse_skill_map(TEXT.replace("confidence_threshold: 0.6", "confidence_threshold: 0.7"))
    (mapping,) = at_threshold.matches("https://learn.example.com/quiz/")
    assert at_threshold.contributes(mapping)


def test_reliability_and_half_life_have_defaults(skill_map: SkillMap) -> None:
    assert [skill_map.reliability(name) for name in ("hr-import", "moodle")] == [0.4, 0.9]
    assert [skill_map.half_life_days(name) for name in ("sql", "stories")] == [395, DEFAULT_HALF_LIFE_DAYS]
    assert skill_map.half_life_days("juggling") == DEFAULT_HALF_LIFE_DAYS
    assert parse_skill_map('{version: "1", skills: [], mappings: []}').reliability("moodle") == 1


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_skill_map(
            """
            version: 2026.1
            sources: {default: 1.5}
            retention: 5
            skills:
              - {id: sql, name: SQL, half_life_days: 0}
              - {id: sql, name: SQL again}
              - {id: "a|b", name: Bar}
            mappings:
              - {activity: "https://a.example/*/b", skill: sql, confidence: 2}
              - {activity: "https://a.example/c", skill: juggling, confidence: 0.5, pass_mark: 1}
              - {activity: "https://a.example/d", skill: sql, confidence: 0.5, evidence_class: exposure}
              - {activity: "https://a.example/d", skill: sql, confidence: 0.6}
            """
        )
    named = [problem.split(":")[0] for problem in caught.value.problems]
    assert sorted(named) == sorted(
        [
            "version",
            "sources.default",
            "retention",
            "skills.0.half_life_days",
            "skills.2.id",
            "mappings.0.activity",
            "mappings.0.confidence",
            "mappings.1.pass_mark",
            "mappings.2.evidence_class",
            "skills",
            "mappings",
            "mappings",
        ]
    )
    assert "skills: sql is defined more than once" in caught.value.problems
    assert "mappings: juggling is no skill of this map" in caught.value.problems
    assert "mappings: https://a.example/d to sql is given more than once" in caught.value.problems


def test_relations_are_checked_where_shapes_are_right() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_skill_map(TEXT.replace("skill: stories", "skill: tales"))
    assert caught.value.problems == ("mappings: tales is no skill of this map",)


@pytest.mark.parametrize("text", ["", "- a\n- b", "skills: [", "{version: x, skills: 5, mappings: {a: b}}"])
def test_what_is_no_map_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="skill map has"):
        parse_skill_map(text)


def test_the_shipped_sample_is_a_valid_map() -> None:
    sample = parse_skill_map(SAMPLE.read_text(encoding="utf-8"))
    assert {mapping.skill for mapping in sample.mappings} == {skill.id for skill in sample.skills}
