"""The mapping file."""

import pytest

from lrs_adapter.bulk.mapping import TARGETS, parse_mapping
from schemas.errors import ConfigError
from tests.unit.bulk.samples import HEADER, mapping

_HEAD = "source,target,type,transform,sample\n"
_LEARNER = "mail,learner,agent,lowercase_email,ana@example.com\n"
_COURSE = "course,course,iri,iri:https://x.example/,a\n"
_DONE = "done,completed,timestamp,parse_iso8601,2026-01-01\n"


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as raised:
        parse_mapping(text, "map.csv")
    return raised.value.problems


def test_the_sample_maps_every_target() -> None:
    assert {column.target for column in mapping().columns} == set(TARGETS)
    assert mapping().missing(HEADER.split(",")) == []
    assert mapping().missing(["user_id", "course_id"]) == HEADER.split(",")[2:]


def test_the_least_mapping_is_enough() -> None:
    assert len(parse_mapping(_HEAD + _LEARNER + _COURSE + _DONE, "map.csv").columns) == 3


def test_every_problem_is_named_at_once() -> None:
    found = problems(
        _HEAD
        + "a,learner,agent,lowercase_email,nobody\n"
        + "b,course,iri,uppercase,x\n"
        + "c,colour,iri,iri,https://x.example\n"
        + "d,score,timestamp,normalize_score_0_100,5\n"
        + "e,duration,scaled,normalize_score_0_100,5\n"
        + "f,badge,iri,iri,plain\n"
        + "g,badge,iri,iri,https://x.example\n"
    )
    assert [line.partition(":")[0] for line in found] == [
        "row 2",
        "row 3",
        "row 4",
        "row 5",
        "row 6",
        "row 7",
        "target badge is mapped 2 times",
        "no column is mapped to enrolled or completed",
    ]
    assert "the sample 'nobody' of a fails: not an e-mail address" in found[0]
    assert "is no transform" in found[1]
    assert "is no target" in found[2]


def test_a_transform_without_its_argument_is_refused() -> None:
    (found,) = problems(_HEAD + "u,learner,agent,account,u1\n" + _COURSE + _DONE)
    assert "needs an argument" in found


def test_missing_columns_and_targets_are_named() -> None:
    assert problems("source,target\n") == (
        "the first row names no column type",
        "the first row names no column transform",
        "the first row names no column sample",
    )
    assert problems(_HEAD + _DONE) == ("no column is mapped to learner", "no column is mapped to course")


def test_what_is_no_csv_is_refused() -> None:
    assert "not CSV" in problems("source,target\rtype,transform,sample\n")[0]
