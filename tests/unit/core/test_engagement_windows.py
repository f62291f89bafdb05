"""Windows, labels and trend; and that nothing that comes later changes a past day's figures."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.engagement import TIME_SOURCES, DayFigures, windows

AS_OF = 20_600


def active(slots: int = 6) -> DayFigures:
    """A day with that many active slots and two statements."""
    return DayFigures((1 << slots) - 1, statements=2, completions=1)


REGISTERED = DayFigures(0, statements=1)
anything = st.builds(
    DayFigures,
    st.integers(0, (1 << 288) - 1),
    *[st.integers(0, 50)] * 5,
    time_source=st.sampled_from(TIME_SOURCES),
)


def days_ago(*ages: int, figures: DayFigures | None = None) -> dict[int, DayFigures]:
    return {AS_OF - age: figures or active() for age in ages}


def test_windows_are_whole_days_that_end_with_as_of() -> None:
    result = windows(days_ago(0, 6, 7, 29, 30, 89, 90, 179, 180), AS_OF)
    assert [window.days for window in result.windows] == [7, 30, 90, 180]
    assert [window.active_days for window in result.windows] == [2, 4, 6, 8]
    assert [window.active_minutes for window in result.windows] == [60, 120, 180, 240]
    assert [window.statements for window in result.windows] == [4, 8, 12, 16]
    assert [window.completions for window in result.windows] == [2, 4, 6, 8]
    assert (result.as_of, result.last_active_day, result.label) == (AS_OF, AS_OF, "active")


def test_the_score_weighs_recency_regularity_and_intensity() -> None:
    days = days_ago(3, 10, 17, 24) | days_ago(100, figures=REGISTERED)
    month = windows(days, AS_OF).windows[1]
    assert (month.active_days, month.active_minutes) == (4, 120)
    # 100 · (0.3 · 2^(-3/14) + 0.4 · 4/8 + 0.3 · (1 - e^(-120/120)))
    assert month.score == pytest.approx(25.8590 + 20 + 18.9636, abs=1e-3)


def test_somebody_active_every_day_scores_full_marks_but_for_intensity() -> None:
    week = windows(days_ago(*range(60), figures=active(12)), AS_OF).windows[0]
    assert week.score == pytest.approx(70 + 30 * (1 - exp(-420 / 28)))


@pytest.mark.parametrize(
    ("ages", "label"),
    [
        ((0,), "new"),
        ((12, 0), "new"),
        ((13, 0), "active"),
        ((40, 6), "active"),
        ((40, 7), "disengaging"),
        ((40, 13), "disengaging"),
        ((40, 14), "inactive"),
        ((400,), "inactive"),
        ((), "new"),
    ],
)
def test_labels(ages: tuple[int, ...], label: str) -> None:
    result = windows(days_ago(*ages), AS_OF)
    assert result.label == label
    assert all((window.score is None) == (label == "new") for window in result.windows)


def test_acts_of_a_system_are_known_but_not_active() -> None:
    result = windows(days_ago(30, 2, figures=REGISTERED), AS_OF)
    assert (result.label, result.last_active_day) == ("inactive", None)
    assert [window.active_days for window in result.windows] == [0, 0, 0, 0]
    assert [window.score for window in result.windows] == [0, 0, 0, 0]
    assert result.windows[1].statements == 1


def test_the_trend_compares_a_month_with_half_a_year() -> None:
    steady = windows(days_ago(*range(180)), AS_OF)
    assert steady.trend == pytest.approx(0)
    stopped = windows(days_ago(*range(30, 180)), AS_OF)
    assert stopped.trend == -1
    only_lately = windows(days_ago(*range(30)), AS_OF)
    assert only_lately.trend == pytest.approx(5)
    assert windows(days_ago(200), AS_OF).trend is None


def test_the_best_time_source_of_half_a_year_is_named() -> None:
    old = DayFigures(1, time_source="cmi5")
    recent = DayFigures(1, time_source="video")
    assert windows({AS_OF - 180: old, AS_OF: recent}, AS_OF).time_source == "video"
    assert windows({AS_OF - 179: old, AS_OF: recent}, AS_OF).time_source == "cmi5"
    assert windows({}, AS_OF).time_source == "slots"


@given(
    st.dictionaries(st.integers(AS_OF - 200, AS_OF), anything, max_size=12),
    st.dictionaries(st.integers(AS_OF + 1, AS_OF + 200), anything, max_size=12),
)
def test_as_of_never_changes_when_later_data_arrives(
    until: dict[int, DayFigures], later: dict[int, DayFigures]
) -> None:
    assert windows({**later, **until}, AS_OF) == windows(until, AS_OF)


@given(st.dictionaries(st.integers(AS_OF - 200, AS_OF), anything, max_size=12))
def test_scores_stay_within_bounds(days: dict[int, DayFigures]) -> None:
    for window in windows(days, AS_OF).windows:
        assert window.score is None or 0 <= window.score <= 100
