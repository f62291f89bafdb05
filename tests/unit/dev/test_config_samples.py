"""The sample configuration fits the models, and the activities that the generator uses."""

from pathlib import Path

import pytest

from lrs_adapter.hr.feed import parse_feed
from lrs_adapter.hr.rows import COLUMNS
from readystream.dev.generator.catalogue import SUBJECTS, TRACKS, Activity
from readystream.dev.generator.company import HR_COLUMNS
from schemas.role_profiles import RoleProfiles, parse_role_profiles
from schemas.skill_map import SkillMap, parse_skill_map

_CONFIG = Path(__file__).parents[3] / "config"
_PROVING = ("cmi5", "scorm", "quiz", "video", "workshops", "practice", "certificates")


@pytest.fixture(scope="module")
def skill_map() -> SkillMap:
    return parse_skill_map((_CONFIG / "skill-map.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def profiles(skill_map: SkillMap) -> RoleProfiles:
    return parse_role_profiles((_CONFIG / "role-profiles.yaml").read_text(encoding="utf-8"), skill_map)


def _activities() -> list[Activity]:
    return [one for subject in SUBJECTS for one in (*subject.activities, subject.certificate, subject.course)]


def test_every_activity_that_proves_something_is_mapped_to_its_skill(skill_map: SkillMap) -> None:
    for activity in _activities():
        skills = {mapping.skill for mapping in skill_map.matches(activity.iri)}
        assert (activity.skill in skills) == (activity.kind in _PROVING), activity


def test_every_mapping_is_used(skill_map: SkillMap) -> None:
    used = {mapping for activity in _activities() for mapping in skill_map.matches(activity.iri)}
    assert used == set(skill_map.mappings)


def test_the_map_shows_each_case(skill_map: SkillMap) -> None:
    assert {mapping.evidence_class for mapping in skill_map.mappings} == {None, "observed", "credential"}
    assert any(not skill_map.contributes(mapping) for mapping in skill_map.mappings)
    assert any(len(skill_map.matches(mapping.activity)) > 1 for mapping in skill_map.mappings)


def test_skills_and_roles_are_those_of_the_simulated_company(
    skill_map: SkillMap, profiles: RoleProfiles
) -> None:
    assert [skill.id for skill in skill_map.skills] == [subject.skill for subject in SUBJECTS]
    asked = {role.id: tuple(one.skill for one in role.skills) for role in profiles.roles}
    assert asked == TRACKS


def test_the_sample_feed_is_read_without_faults() -> None:
    text = (_CONFIG / "people.csv").read_text(encoding="utf-8")
    feed = parse_feed(text, b"a tenant key", source="people.csv", recorded_at_us=0, correlation_id="c")
    assert feed.faults == ()
    assert {link["rule"] for link in feed.links} == {"sso_guid", "lms_feed", "email", "email_sha1"}
    assert tuple(text.splitlines()[0].split(",")) == COLUMNS
    assert set(HR_COLUMNS) <= set(COLUMNS)
