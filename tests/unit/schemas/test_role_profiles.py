"""Role profiles: read against the skills of a map, refused with every problem named."""

from pathlib import Path

import pytest

from schemas.errors import ConfigError
from schemas.role_profiles import Requirement, parse_role_profiles
from schemas.skill_map import parse_skill_map

CONFIG = Path(__file__).parents[3] / "config"
SKILL_MAP = parse_skill_map(
    '{version: "1", skills: [{id: sql, name: SQL}, {id: stories, name: Stories}], mappings: []}'
)


def test_a_profile_is_read() -> None:
    profiles = parse_role_profiles(
        """
        version: "2026.1"
        roles:
          - id: data-analyst
            name: Data analyst
            skills:
              - {skill: sql, required: 70, weight: 3, critical: true}
              - {skill: stories, required: 55.5, weight: 1}
        """,
        SKILL_MAP,
    )
    (role,) = profiles.roles
    assert (profiles.version, role.id, role.name) == ("2026.1", "data-analyst", "Data analyst")
    assert role.skills == (
        Requirement(skill="sql", required=70, weight=3, critical=True),
        Requirement(skill="stories", required=55.5, weight=1, critical=False),
    )


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_role_profiles(
            """
            version: "2026.1"
            roles:
              - id: analyst
                name: Analyst
                skills:
                  - {skill: sql, required: 25, weight: 1}
                  - {skill: sql, required: 101, weight: 0}
                  - {skill: juggling, required: 60, weight: -1}
              - {id: analyst, name: Analyst again, skills: []}
            """,
            SKILL_MAP,
        )
    named = [problem.split(":")[0] for problem in caught.value.problems]
    assert sorted(named) == sorted(
        [
            "roles.0.skills.0.required",
            "roles.0.skills.1.required",
            "roles.0.skills.1.weight",
            "roles.0.skills.2.weight",
            "roles.1.skills",
            "roles",
            "role analyst",
            "role analyst",
        ]
    )
    assert "roles: analyst is defined more than once" in caught.value.problems
    assert "role analyst: sql is asked for more than once" in caught.value.problems
    assert "role analyst: juggling is no skill of the map" in caught.value.problems


@pytest.mark.parametrize("text", ["", "roles: []", "[]", "{version: '1', roles: [3]}"])
def test_what_is_no_profile_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="role profiles has"):
        parse_role_profiles(text, SKILL_MAP)


def test_the_shipped_sample_asks_for_skills_of_the_shipped_map() -> None:
    skill_map = parse_skill_map((CONFIG / "skill-map.yaml").read_text(encoding="utf-8"))
    profiles = parse_role_profiles((CONFIG / "role-profiles.yaml").read_text(encoding="utf-8"), skill_map)
    assert profiles.roles
