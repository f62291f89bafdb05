"""When a delivery is tried again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.policy import Backoff
from sinks.webhooks.retries import MOST_RETRIES, Answer, Retries

RETRIES = Retries(Backoff(1.0, 60.0), longest_s=300.0)


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_2xx_is_taken(status: int) -> None:
    assert Answer(status).is_delivered


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 410, 413, 422])
def test_what_would_be_refused_again_is_not_tried_again(status: int) -> None:
    assert not Answer(status).is_delivered
    assert RETRIES.wait_s(Answer(status), 1, 0.0) is None


@pytest.mark.parametrize("status", [None, 408, 429, 500, 503, 599])
def test_the_rest_is_tried_three_times_more(status: int | None) -> None:
    waits = [RETRIES.wait_s(Answer(status), tries, 0.0) for tries in range(1, MOST_RETRIES + 2)]
    assert waits == [1.0, 2.0, 4.0, None]


@given(st.integers(1, MOST_RETRIES), st.floats(0, 1, exclude_max=True), st.floats(0, 10_000))
def test_a_wait_is_never_shorter_than_asked_for_within_bounds(
    tries: int, chance: float, asked: float
) -> None:
    wait = RETRIES.wait_s(Answer(503, retry_after_s=asked), tries, chance)
    assert wait is not None
    assert min(asked, 300.0) <= wait <= 300.0
    assert wait >= 2 ** (tries - 1) / 2
