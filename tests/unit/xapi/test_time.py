"""Durations and timestamps."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.xapi import parse_duration, parse_timestamp
from tests.unit.xapi.samples import FULL, MINIMAL, place, pointers

DURATIONS = {
    "PT0S": 0,
    "PT1H0M0.1S": 3600.1,
    "PT4H35M59.14S": 16559.14,
    "PT16559.14S": 16559.14,
    "P4W": 4 * 7 * 86400,
    "P1.5W": 1.5 * 7 * 86400,
    "P1DT12H": 129600,
    "PT1,5H": 5400,
    "P0Y0M1D": 86400,
    "P0Y": 0,
    "P3Y": None,
    "P1M": None,
    "P3Y1M29DT4H35M59.14S": None,
}
NOT_DURATIONS = [
    "",
    "P",
    "PT",
    "P1DT",
    "PA1H0M0S",
    "P4W1D",
    "P1D4W",
    "-PT1S",
    "P-1D",
    "PT-1S",
    "PT1.5H30M",
    "1H",
]
NOT_DURATIONS += [
    "PT1M1H",
    "PT1S\n",
    "pt1s",
    "P1S",
    "PT1D",
    "PT.5S",
    "PT1.S",
    "P1Y1Y",
    "PT1e3S",
    "should fail",
]
TIMESTAMPS = {
    "1970-01-01T00:00:00Z": 0,
    "2008-09-15T15:53:00.601+00:00": 1221493980601000,
    "2008-09-15T15:53:00.601+0000": 1221493980601000,
    "2008-09-15T15:53:00,601+00": 1221493980601000,
    "2008-09-15T17:53:00.601+02:00": 1221493980601000,
    "2008-09-15T10:23:00.6010009-0530": 1221493980601000,
    "2008-09-15t15:53:00z": 1221493980000000,
    "2008-09-15T15:53:00": 1221493980000000,
    "2008-09-15T15:53Z": 1221493980000000,
    "2016-12-31T23:59:60Z": 1483228800000000,
    "2024-02-29T00:00:00Z": 1709164800000000,
    "9999-12-31T23:59:59Z": 253402300799000000,
}
NOT_TIMESTAMPS = [
    "",
    "should fail",
    "01/011/2015",
    "2008-09-15",
    "2008-09-15 15:53:00Z",
    "20080915T155300Z",
    "2008-09-15T15:53:00.601-00",
    "2008-09-15T15:53:00.601-0000",
    "2008-09-15T15:53:00.601-00:00",
    "2008-09-15T15:53:00.601+1",
    "2008-09-15T15:53:00.601+25:00",
    "2023-02-29T00:00:00Z",
    "2008-13-01T00:00:00Z",
    "2008-09-15T24:00:01Z",
    "2008-09-15T15:60:00Z",
    "2008-09-15T15:53:61Z",
    "0000-01-01T00:00:00Z",
    "2008-09-15T15:53:00Z\n",
    "2008-09-15T15:53:00.Z",
    "2008-W38-1T15:53:00Z",
    "٢٠٠٨-09-15T15:53:00Z",
]


@pytest.mark.parametrize(("text", "seconds"), DURATIONS.items())
def test_durations(text: str, seconds: float | None) -> None:
    assert parse_duration(text).seconds == (None if seconds is None else pytest.approx(seconds, abs=1e-9))
    assert pointers(place(FULL, "/result/duration", text)) == []


@pytest.mark.parametrize("text", NOT_DURATIONS)
def test_not_durations(text: str) -> None:
    with pytest.raises(ValueError, match="not an ISO 8601 duration"):
        parse_duration(text)
    assert pointers(place(FULL, "/result/duration", text)) == ["/result/duration"]


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_components_of_a_duration_add_up(days: int, hours: int, minutes: int, seconds: int) -> None:
    text = f"P{days}DT{hours}H{minutes}M{seconds}S"
    assert parse_duration(text).seconds == days * 86400 + hours * 3600 + minutes * 60 + seconds


@pytest.mark.parametrize(("text", "micros"), TIMESTAMPS.items())
def test_timestamps(text: str, micros: int) -> None:
    assert parse_timestamp(text) == micros
    assert pointers(MINIMAL | {"timestamp": text}) == []


@pytest.mark.parametrize("text", NOT_TIMESTAMPS)
@pytest.mark.parametrize("name", ["timestamp", "stored"])
def test_not_timestamps(name: str, text: str) -> None:
    assert pointers(MINIMAL | {name: text}) == [f"/{name}"]


@given(
    st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)),  # noqa: DTZ001  zone below
    st.integers(-23 * 60, 23 * 60).filter(bool),
)
def test_every_offset_names_the_same_moment(local: datetime, minutes: int) -> None:
    moment = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    expected = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert parse_timestamp(moment.isoformat()) == expected
