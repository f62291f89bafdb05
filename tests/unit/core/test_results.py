"""Scores and tri-states of a result."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.results import read_result


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ({"scaled": 0.83}, 0.83),
        ({"scaled": -0.4}, 0.0),
        ({"scaled": 1}, 1.0),
        ({"scaled": 0.5, "raw": 90, "min": 0, "max": 100}, 0.5),
        ({"raw": 15, "min": 10, "max": 20}, 0.5),
        ({"raw": 3, "min": 0, "max": 4}, 0.75),
        ({"raw": 25, "min": 10, "max": 20}, 1.0),
        ({"raw": 85}, None),
        ({"raw": 85, "max": 100}, None),
        ({"raw": 5, "min": 10, "max": 10}, None),
        ({"raw": 5, "min": 10, "max": 0}, None),
        ({"scaled": True}, None),
        ({"scaled": float("nan")}, None),
        ({"raw": 1e308, "min": -1e308, "max": 1e308}, None),
        ({}, None),
        ("0.8", None),
    ],
)
def test_a_score_is_scaled_or_placed_between_its_bounds_and_never_guessed(score: Any, expected: Any) -> None:
    assert read_result({"score": score}).score == expected


@given(
    st.dictionaries(
        st.sampled_from(["scaled", "raw", "min", "max"]), st.floats() | st.integers(-(10**18), 10**18)
    )
)
def test_every_score_is_a_share_or_unknown(score: dict[str, float]) -> None:
    read = read_result({"score": score}).score
    assert read is None or 0 <= read <= 1


def test_absent_is_not_false() -> None:
    silent = read_result({"duration": "PT5M"})
    assert (silent.success, silent.completion) == (None, None)
    assert read_result({"success": False}).success is False
    assert read_result({"completion": False}).completion is False
    assert read_result({"success": "true"}).success is None
