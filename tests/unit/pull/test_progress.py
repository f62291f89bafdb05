"""The cursor: how far it may go, and what is known behind it."""

from hypothesis import given
from hypothesis import strategies as st

from lrs_adapter.pull.progress import Progress, Seen

LATER = 10**15


def page(*stored: int | None) -> list[Seen]:
    return [Seen(f"s{time}", time) for time in stored]


def begun(cursor: int = 0, overlap: int = 10, now: int = LATER) -> Progress:
    progress = Progress(cursor, overlap)
    progress.begin(now)
    return progress


def test_it_goes_to_just_before_the_last_statement() -> None:
    progress = begun()
    assert progress.passed(page(100, 200), None, last=False)
    assert progress.cursor_us == 199
    assert progress.since_us == 189


def test_it_never_passes_what_is_consistent() -> None:
    progress = begun()
    assert progress.passed(page(100, 200), 150, last=False)
    assert progress.passed(page(300), 400, last=True) is False
    assert progress.cursor_us == 150
    progress.begin(LATER)
    progress.passed(page(200, 300), 400, last=True)
    assert progress.cursor_us == 299


def test_it_never_goes_back() -> None:
    progress = begun(cursor=500)
    assert not progress.passed(page(100, 200), 50, last=True)
    assert progress.cursor_us == 500


def test_without_order_it_waits_for_the_end() -> None:
    progress = begun()
    assert not progress.passed(page(300, 100), None, last=False)
    assert not progress.passed(page(200), None, last=False)
    assert progress.passed(page(250), None, last=True)
    assert progress.cursor_us == 299


def test_the_overlap_is_known_and_what_is_older_forgotten() -> None:
    progress = begun(overlap=50)
    progress.passed(page(100, 160, 200), None, last=True)
    assert progress.is_new("s100")
    assert not progress.is_new("s160")
    assert not progress.is_new("s200")


def test_a_statement_without_a_time_moves_nothing() -> None:
    progress = begun(cursor=500)
    assert not progress.passed(page(None), None, last=True)
    assert not progress.is_new("sNone")


@given(
    pages=st.lists(
        st.tuples(st.lists(st.integers(1, 1000), max_size=5), st.none() | st.integers(0, 1000)), max_size=6
    )
)
def test_nothing_that_is_not_read_is_passed(pages: list[tuple[list[int], int | None]]) -> None:
    progress = begun(overlap=0)
    stored = sorted(time for times, _ in pages for time in times)
    left = list(stored)
    for number, (times, consistent) in enumerate(pages, start=1):
        read, left = left[: len(times)], left[len(times) :]
        moved = progress.passed(page(*read), consistent, last=number == len(pages))
        assert all(time > progress.since_us for time in left)
        assert not moved or consistent is None or progress.cursor_us <= consistent


def test_a_time_that_has_not_come_keeps_nothing_from_being_read() -> None:
    progress = begun(now=1000)
    assert progress.passed(page(100, 200, LATER), None, last=True)
    assert progress.since_us == 990
    progress.begin(2000)
    assert progress.passed(page(1500, LATER), LATER, last=True)
    assert (progress.since_us, progress.is_new(f"s{LATER}")) == (1990, False)


def test_a_cursor_that_is_ahead_of_the_clock_is_taken_back() -> None:
    assert begun(cursor=LATER, now=1000).since_us == 990
