"""Macros expand as Grafana's ClickHouse plugin expands them."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.macros import Scope, expand

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 31, 12, 0, 0, 900_000, tzinfo=UTC)
FROM, TO = "toDateTime(1767225600)", "toDateTime(1769860800)"


def scope(**variables: list[str]) -> Scope:
    return Scope(START, END, 3600, variables)


@pytest.mark.parametrize(
    ("sql", "expanded"),
    [
        ("$__timeFilter(ts)", f"ts >= {FROM} AND ts <= {TO}"),
        ("$__timeFilter(f(a, (b)))", f"f(a, (b)) >= {FROM} AND f(a, (b)) <= {TO}"),
        ("$__timeInterval(ts)", "toStartOfInterval(toDateTime(ts), INTERVAL 3600 second)"),
        ("$__fromTime + $__toTime", f"{FROM} + {TO}"),
        ("n / $__interval_s", "n / 3600"),
        ("$__timeFilter(a) OR $__timeFilter(b)", f"a >= {FROM} AND a <= {TO} OR b >= {FROM} AND b <= {TO}"),
    ],
)
def test_time_macros(sql: str, expanded: str) -> None:
    assert expand(sql, scope()) == expanded


CONDITION = "WHERE $__conditionalAll(role IN (${role:singlequote}), $role) AND 1"


@pytest.mark.parametrize(
    ("roles", "expanded"),
    [
        ([], "WHERE 1=1 AND 1"),
        (["analyst"], "WHERE role IN ('analyst') AND 1"),
        (["analyst", "lead"], "WHERE role IN ('analyst','lead') AND 1"),
    ],
)
def test_a_condition_falls_away_when_all_are_meant(roles: list[str], expanded: str) -> None:
    assert expand(CONDITION, scope(role=roles)) == expanded


def test_the_variable_of_a_condition_may_stand_in_braces() -> None:
    assert expand("$__conditionalAll(a = ${role:singlequote}, ${role})", scope(role=["x"])) == "a = 'x'"


LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL)


@given(st.text())
def test_a_value_is_one_literal_whatever_it_holds(value: str) -> None:
    literal = LITERAL.fullmatch(expand("${role:singlequote}", scope(role=[value])))

    assert literal
    assert re.sub(r"\\(.)", r"\1", literal[1], flags=re.DOTALL) == value


@pytest.mark.parametrize("value", ["$__timeFilter(x)", "${role:singlequote}", "'); DROP TABLE x; --", "\\"])
def test_nothing_in_a_value_is_expanded(value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")

    assert expand("${role:singlequote}", scope(role=[value])) == f"'{escaped}'"


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("$__timeFliter(ts)", r"unknown macro \$__timeFliter"),
        ("$__timeFilter(a, b)", "takes 1 arguments, not 2"),
        ("$__timeFilter", "takes 1 arguments, not 0"),
        ("SELECT $__timeFilter((ts)", "never closed"),
        ("${role:singlequote}", "variable role has no value"),
    ],
)
def test_what_is_not_understood_is_refused(sql: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        expand(sql, scope())
