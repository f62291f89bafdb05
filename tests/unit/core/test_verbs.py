"""The verb table: ADL names, their aliases, and what isn't in it."""

import pytest

from streams.core.verbs import lookup


@pytest.mark.parametrize(
    ("name", "verb_class"),
    [
        *[(name, "assessed") for name in ("passed", "failed", "mastered", "scored", "answered")],
        *[(name, "exposure") for name in ("completed", "attended")],
        *[
            (name, "engagement")
            for name in ("experienced", "progressed", "interacted", "launched", "attempted")
        ],
        *[(name, "none") for name in ("registered", "imported", "asked", "voided")],
    ],
)
def test_adl_verbs_have_the_classes_of_the_specification(name: str, verb_class: str) -> None:
    assert lookup(f"http://adlnet.gov/expapi/verbs/{name}").verb_class == verb_class


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("http://activitystrea.ms/schema/1.0/complete", "completed"),
        ("http://activitystrea.ms/complete", "completed"),
        ("http://activitystrea.ms/schema/1.0/attend", "attended"),
        ("http://activitystrea.ms/start", "initialized"),
        ("http://id.tincanapi.com/verb/scored", "scored"),
        ("http://id.tincanapi.com/verb/unregistered", "registered"),
        ("http://id.tincanapi.com/verb/earned", "earned"),
        ("http://specification.openbadges.org/xapi/verbs/earned", "earned"),
        ("https://w3id.org/xapi/acrossx/verbs/evaluated", "scored"),
    ],
)
def test_aliases_mean_what_the_adl_verb_means(alias: str, name: str) -> None:
    assert lookup(alias).name == name


@pytest.mark.parametrize(
    "iri", ["http://id.tincanapi.com/verb/viewed", "http://activitystrea.ms/submit", "urn:example:juggled"]
)
def test_any_other_verb_is_engagement(iri: str) -> None:
    assert lookup(iri).verb_class == "engagement"


def test_verbs_that_assert_success_or_failure_say_so() -> None:
    assert lookup("http://adlnet.gov/expapi/verbs/passed").success is True
    assert lookup("http://adlnet.gov/expapi/verbs/mastered").success is True
    assert lookup("http://adlnet.gov/expapi/verbs/failed").success is False
    assert lookup("http://adlnet.gov/expapi/verbs/scored").success is None
