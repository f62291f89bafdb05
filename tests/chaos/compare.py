"""Whether two accounts of the same figures agree, cell by cell."""

from collections.abc import Mapping, Sequence
from math import isclose
from typing import Any

from tests.chaos.reading import Item
from tests.chaos.recompute import Cell, Ranking

_TOLERANCE = 1e-9
_MISSING = object()


def differing(recomputed: Mapping[Cell, Any], held: Mapping[Cell, Any]) -> list[str]:
    """One sentence for each cell that ClickHouse does not hold as the recount has it."""
    return [
        f"{' '.join(cell)}: holds {_told(held, cell)}, recomputed {_told(recomputed, cell)}"
        for cell in sorted(recomputed.keys() | held.keys())
        if not same(recomputed.get(cell, _MISSING), held.get(cell, _MISSING))
    ]


def _told(cells: Mapping[Cell, Any], cell: Cell) -> str:
    return repr(cells[cell]) if cell in cells else "nothing"


def same(expected: Any, found: Any) -> bool:
    """Equal, floats to 1e-9; a list of top evidence equals a ranking whose largest items it names."""
    match expected:
        case Ranking():
            return isinstance(found, list) and _is_top(expected, found)
        case float():
            return isinstance(found, float) and isclose(
                expected, found, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE
            )
        case dict():
            return isinstance(found, dict) and _all_same(expected, found)
        case list():
            return isinstance(found, list) and _all_same(dict(enumerate(expected)), dict(enumerate(found)))
        case _:
            return bool(expected == found)


def _all_same(expected: Mapping[Any, Any], found: Mapping[Any, Any]) -> bool:
    return expected.keys() == found.keys() and all(same(expected[key], found[key]) for key in expected)


def _is_top(ranking: Ranking, listed: Sequence[Mapping[str, Any]]) -> bool:
    """Whether each entry is an item with its effect, and none does more than those that are listed."""
    found = [
        next(
            (
                effect
                for item, effect in ranking.effects
                if _is(item, one) and same(effect, one["contribution"])
            ),
            None,
        )
        for one in listed
    ]
    return None not in found and same(ranking.largest, [abs(effect or 0.0) for effect in found])


def _is(item: Item, listed: Mapping[str, Any]) -> bool:
    named = (listed[name] for name in ("statement_id", "persona_id", "evidence_class", "activity", "day"))
    return (item.statement_id, item.persona, item.kind, item.activity, item.day) == tuple(named)
