"""Rules between properties, noun by noun."""

from typing import Any

import pytest

from tests.unit.xapi.samples import (
    ACTIVITY,
    AGENT,
    FULL,
    MINIMAL,
    STATEMENT_REF,
    SUBSTATEMENT,
    faults,
    place,
    pointers,
)

IDENTIFIERS: dict[str, Any] = {
    "mbox": "mailto:xapi@adlnet.gov",
    "mbox_sha1sum": "cd9b00a5611f94eaa7b1661edab976068e364975",
    "openid": "http://openid.example.org/12345",
    "account": {"homePage": "http://www.example.com", "name": "xAPI account name"},
}
PAIRS = [(one, other) for one in IDENTIFIERS for other in IDENTIFIERS if one < other]
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}


def _only(*names: str) -> dict[str, Any]:
    return {name: IDENTIFIERS[name] for name in names}


@pytest.mark.parametrize("name", IDENTIFIERS)
@pytest.mark.parametrize("kind", ["Agent", "Group"])
def test_one_identifier_identifies(kind: str, name: str) -> None:
    assert pointers(MINIMAL | {"actor": {"objectType": kind, **_only(name)}}) == []


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("kind", ["Agent", "Group"])
def test_two_identifiers_are_too_many(kind: str, one: str, other: str) -> None:
    assert pointers(MINIMAL | {"actor": {"objectType": kind, **_only(one, other)}}) == ["/actor"]


def test_an_agent_needs_an_identifier() -> None:
    assert pointers(MINIMAL | {"actor": {"name": "Ana"}}) == ["/actor"]


def test_an_anonymous_group_lists_its_members() -> None:
    assert pointers(MINIMAL | {"actor": {"objectType": "Group", "member": [AGENT]}}) == []
    assert pointers(MINIMAL | {"actor": {"objectType": "Group"}}) == ["/actor/member"]


def test_a_group_has_no_groups_in_it() -> None:
    inner = {"objectType": "Group", "member": [AGENT]}
    found = pointers(MINIMAL | {"actor": {"objectType": "Group", "member": [inner]}})
    assert "/actor/member/0/objectType" in found


@pytest.mark.parametrize("value", ["agent", "Person", "", 5, None, ["Agent"], {}])
def test_unknown_kinds_are_named(value: object) -> None:
    (fault,) = faults(MINIMAL | {"actor": {"objectType": value, **AGENT}})
    assert (fault.pointer, fault.message) == ("/actor/objectType", "must be Agent or Group")


@pytest.mark.parametrize(
    "target",
    [
        ACTIVITY,
        {"objectType": "Agent", **AGENT},
        {"objectType": "Group", "member": [AGENT]},
        STATEMENT_REF,
        SUBSTATEMENT,
    ],
)
def test_kinds_of_object(target: dict[str, Any]) -> None:
    assert pointers(MINIMAL | {"object": target}) == []


def test_a_substatement_holds_no_substatement() -> None:
    nested = MINIMAL | {"object": SUBSTATEMENT | {"object": SUBSTATEMENT}}
    assert pointers(nested) == ["/object/object/objectType"]


@pytest.mark.parametrize("name", ["id", "stored", "version", "authority"])
def test_a_substatement_is_not_a_statement(name: str) -> None:
    assert pointers(MINIMAL | {"object": SUBSTATEMENT | {name: FULL[name]}}) == [f"/object/{name}"]


@pytest.mark.parametrize("name", ["revision", "platform"])
@pytest.mark.parametrize(
    ("target", "allowed"),
    [(ACTIVITY, True), ({"objectType": "Activity", **ACTIVITY}, True), (STATEMENT_REF, False)],
)
def test_revision_and_platform_describe_activities(name: str, target: dict[str, Any], allowed: bool) -> None:
    described = {"object": target, "context": {name: "x"}}
    assert pointers(MINIMAL | described) == ([] if allowed else [f"/context/{name}"])
    inner = MINIMAL | {"object": SUBSTATEMENT | described}
    assert pointers(inner) == ([] if allowed else [f"/object/context/{name}"])


@pytest.mark.parametrize(
    ("score", "wrong"),
    [
        ({"scaled": 1}, []),
        ({"scaled": -1.0}, []),
        ({"scaled": 1.001}, ["scaled"]),
        ({"scaled": -1.001}, ["scaled"]),
        ({"raw": 0, "min": 0, "max": 0.1}, []),
        ({"raw": 11, "max": 10}, ["raw"]),
        ({"raw": -1, "min": 0}, ["raw"]),
        ({"min": 5, "max": 5}, ["max"]),
        ({"min": 6, "max": 5, "raw": 5.5}, ["max", "raw", "raw"]),
        ({"raw": -1e300}, []),
        ({}, []),
    ],
)
def test_scores(score: dict[str, Any], wrong: list[str]) -> None:
    assert pointers(MINIMAL | {"result": {"score": score}}) == [f"/result/score/{name}" for name in wrong]


@pytest.mark.parametrize("value", [float("inf"), float("nan"), float("-inf")])
def test_scores_are_finite(value: float) -> None:
    assert "/result/score/raw" in pointers(MINIMAL | {"result": {"score": {"raw": value}}})


@pytest.mark.parametrize("value", [-1, 1.5, 27.0, "27", True])
def test_an_attachments_length_is_a_whole_number_of_octets(value: object) -> None:
    assert pointers(place(FULL, "/attachments/0/length", value)) == ["/attachments/0/length"]


@pytest.mark.parametrize("name", ["correctResponsesPattern", "choices", "scale", "source", "target", "steps"])
def test_answers_need_an_interaction_type(name: str) -> None:
    values: list[Any] = ["a"] if name == "correctResponsesPattern" else [{"id": "a"}]
    definition = {name: values}
    assert pointers(place(MINIMAL, "/object", ACTIVITY | {"definition": definition})) == [
        "/object/definition/interactionType"
    ]
    named = definition | {"interactionType": "other"}
    assert pointers(place(MINIMAL, "/object", ACTIVITY | {"definition": named})) == []


def test_components_are_told_apart_by_id() -> None:
    repeated = place(FULL, "/object/definition/choices/1/id", "a")
    assert pointers(repeated) == ["/object/definition/choices/1/id"]


def test_interaction_types_are_listed() -> None:
    assert pointers(place(FULL, "/object/definition/interactionType", "Choice")) == [
        "/object/definition/interactionType"
    ]


@pytest.mark.parametrize(
    ("authority", "wrong"),
    [
        (AGENT, []),
        ({"objectType": "Group", "member": [AGENT, _only("account")]}, []),
        ({"objectType": "Group", "member": [AGENT]}, ["/authority/member"]),
        ({"objectType": "Group", "member": [AGENT] * 3}, ["/authority/member"]),
        ({"objectType": "Group", "member": [AGENT] * 2, **AGENT}, ["/authority/mbox"]),
    ],
)
def test_authority_is_an_agent_or_an_application_and_its_user(
    authority: dict[str, Any], wrong: list[str]
) -> None:
    assert pointers(MINIMAL | {"authority": authority}) == wrong


def test_voiding_names_a_statement() -> None:
    assert pointers(MINIMAL | {"verb": VOIDED, "object": STATEMENT_REF}) == []
    assert pointers(MINIMAL | {"verb": VOIDED}) == ["/object/objectType"]


@pytest.mark.parametrize(
    ("request_version", "named", "allowed"),
    [
        ("1.0.3", "1.0", True),
        ("1.0.3", "1.0.9", True),
        ("1.0.3", "2.0.0", False),
        ("1.0.3", "0.9.9", False),
        ("1.0.3", "1.1.0", False),
        ("2.0.0", "1.0.1", True),
        ("2.0.0", "2.0.0", True),
        ("2.0.0", "2.1.0", False),
        ("2.0.0", "should fail", False),
    ],
)
def test_versions_of_a_statement(request_version: str, named: str, allowed: bool) -> None:
    assert pointers(MINIMAL | {"version": named}, request_version) == ([] if allowed else ["/version"])


CONTEXT_AGENT = {"objectType": "contextAgent", "agent": AGENT, "relevantTypes": ["https://example.com/t"]}
CONTEXT_GROUP = {"objectType": "contextGroup", "group": {"objectType": "Group", "member": [AGENT]}}


@pytest.mark.parametrize(
    ("name", "item"), [("contextAgents", CONTEXT_AGENT), ("contextGroups", CONTEXT_GROUP)]
)
def test_context_agents_and_groups_came_with_version_2(name: str, item: dict[str, Any]) -> None:
    statement = MINIMAL | {"context": {name: [item]}}
    assert pointers(statement, "2.0.0") == []
    assert pointers(statement, "1.0.3") == [f"/context/{name}"]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"objectType": "Should fail"}, "/objectType"),
        ({"agent": {"key": "Should fail"}}, "/agent"),
        ({"relevantTypes": []}, "/relevantTypes"),
        ({"relevantTypes": ["abc"]}, "/relevantTypes/0"),
    ],
)
def test_context_agents_are_checked(change: dict[str, Any], wrong: str) -> None:
    statement = MINIMAL | {"context": {"contextAgents": [CONTEXT_AGENT | change]}}
    assert f"/context/contextAgents/0{wrong}" in pointers(statement, "2.0.0")


@pytest.mark.parametrize("name", ["parent", "grouping", "category", "other"])
def test_context_activities_are_one_or_many(name: str) -> None:
    for value in (ACTIVITY, [ACTIVITY], []):
        assert pointers(MINIMAL | {"context": {"contextActivities": {name: value}}}) == []
    wrong = MINIMAL | {"context": {"contextActivities": {name: [ACTIVITY, {"id": 5}]}}}
    assert pointers(wrong) == [f"/context/contextActivities/{name}/1/id"]
