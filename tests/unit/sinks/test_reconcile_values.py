"""What snapshots cover, and what a report says of its figures: decisions without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.reconcile.findings import FigureDrift
from sinks.reconcile.manifests import Manifest, hole
from sinks.reconcile.report import Report, Verdict


def chain(*spans: tuple[int, int], broken: frozenset[int] = frozenset()) -> list[Manifest]:
    """Snapshots of (previous offset, offset); those at `broken` offsets lack rows."""
    return [Manifest(end, 0, 0, start, end not in broken) for start, end in spans]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (chain((-1, 5), (5, 9)), None),
        (chain((-1, 5), (5, 7), (5, 9)), None),  # the second was begun by a worker that died
        (chain((-1, 5), (3, 9)), None),
        (chain((5, 9)), (0, 9)),
        (chain((-1, 5), (7, 9)), (6, 9)),
        (chain((-1, 5), (5, 9), broken=frozenset({9})), (6, 9)),
        (chain((-1, 5), (5, 9), broken=frozenset({5})), (0, 9)),
        ([], None),
    ],
)
def test_what_no_whole_snapshot_covers(found: list[Manifest], expected: tuple[int, int] | None) -> None:
    assert hole(found) == expected


@given(st.lists(st.tuples(st.integers(-1, 30), st.integers(1, 10), st.booleans()), max_size=12))
def test_a_hole_is_where_some_offset_is_in_no_whole_snapshot(spans: list[tuple[int, int, bool]]) -> None:
    found = [Manifest(start + length, 0, 0, start, whole) for start, length, whole in spans]
    covered = {offset for one in found if one.is_whole for offset in range(one.previous + 1, one.offset + 1)}
    newest = max((one.offset for one in found), default=-1)
    missing = sorted(set(range(newest + 1)) - covered)

    assert hole(found) == ((missing[0], newest) if missing else None)


def report(*drifts: FigureDrift, threshold: float = 0.0) -> Report:
    """A report of one compared partition."""
    made = Report("run", 0, threshold, offsets={0: 7})
    made.add(drifts)
    return made


def test_the_verdict_rests_on_the_worst_figure() -> None:
    exact, off = FigureDrift("statements", 1000, 0), FigureDrift("passes", 200, 2)

    assert report(exact).verdict is Verdict.EXACT
    assert report(exact, off).verdict is Verdict.DRIFT
    assert report(exact, off).worst == 0.01
    assert report(exact, off, threshold=0.01).verdict is Verdict.WITHIN
    assert report(off, FigureDrift("passes", 800, 0)).worst == 0.002


def test_what_could_not_be_compared_is_not_exact() -> None:
    skipped = {0: "no snapshot of it has arrived yet"}

    assert Report("run", 0, 0.0, skipped=skipped).verdict is Verdict.UNPROVEN
    assert Report("run", 0, 0.0, skipped=skipped, offsets={1: 3}).verdict is Verdict.EXACT
