"""Grafana's ClickHouse macros, expanded as its plugin does it, for where there is no Grafana.

Understood: `$__timeFilter(column)`, `$__timeInterval(column)`, `$__fromTime`, `$__toTime`, `$__interval_s`,
`$__conditionalAll(condition, $variable)` and `${variable:singlequote}`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

_MACRO = re.compile(r"\$__(\w+)(\()?")
_VARIABLE = re.compile(r"\$\{(\w+):singlequote\}")
_NAME = re.compile(r"\$\{?(\w+)")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a dashboard is set to.

    `start` and `end` are aware times, both inclusive, cut to whole seconds. `variables` maps the name of a
    variable to its chosen values; without any, all are meant.
    """

    start: datetime
    end: datetime
    interval_s: int
    variables: Mapping[str, Sequence[str]] = field(default_factory=dict)


def expand(sql: str, scope: Scope) -> str:
    """`sql` as ClickHouse takes it. Raises `ValueError` for what this module does not understand.

    Values are put in last, as quoted literals: nothing in them is taken for a macro or for SQL.
    """
    while match := _MACRO.search(sql):
        arguments, end = _arguments(sql, match.end()) if match[2] else ([], match.end())
        sql = sql[: match.start()] + _macro(match[1], arguments, scope) + sql[end:]
    return _VARIABLE.sub(lambda match: _literals(_values(scope, match[1])), sql)


def _macro(name: str, arguments: list[str], scope: Scope) -> str:
    if name not in _MACROS:
        raise ValueError(f"unknown macro $__{name}")
    arity, macro = _MACROS[name]
    if len(arguments) != arity:
        raise ValueError(f"$__{name} takes {arity} arguments, not {len(arguments)}")
    return macro(scope, *arguments)


def _time_filter(scope: Scope, column: str) -> str:
    return f"{column} >= {_seconds(scope.start)} AND {column} <= {_seconds(scope.end)}"


def _time_interval(scope: Scope, column: str) -> str:
    return f"toStartOfInterval(toDateTime({column}), INTERVAL {scope.interval_s} second)"


def _conditional_all(scope: Scope, condition: str, variable: str) -> str:
    name = _NAME.fullmatch(variable.rstrip("}"))
    return condition if name and scope.variables.get(name[1]) else "1=1"


_MACROS: Mapping[str, tuple[int, Callable[..., str]]] = {
    "timeFilter": (1, _time_filter),
    "timeInterval": (1, _time_interval),
    "fromTime": (0, lambda scope: _seconds(scope.start)),
    "toTime": (0, lambda scope: _seconds(scope.end)),
    "interval_s": (0, lambda scope: str(scope.interval_s)),
    "conditionalAll": (2, _conditional_all),
}


def _seconds(moment: datetime) -> str:
    return f"toDateTime({int(moment.timestamp())})"


def _values(scope: Scope, name: str) -> Sequence[str]:
    if not scope.variables.get(name):
        raise ValueError(f"variable {name} has no value and is not inside $__conditionalAll")
    return scope.variables[name]


def _literals(values: Sequence[str]) -> str:
    return ",".join("'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'" for value in values)


def _arguments(sql: str, start: int) -> tuple[list[str], int]:
    """The arguments from behind an opening parenthesis at `start`, and where the closing one ends."""
    arguments, depth, begin = [], 1, start
    for position in range(start, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[position], 0)
        if depth == 0 or (depth == 1 and sql[position] == ","):
            arguments.append(sql[begin:position].strip())
            begin = position + 1
        if depth == 0:
            return arguments, begin
    raise ValueError(f"a parenthesis is never closed: {sql[start - 20 : start]}…")
