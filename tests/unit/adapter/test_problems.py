"""Refusals on the wire, and the small parts around them."""

from collections.abc import AsyncIterator, Iterable

import pytest
from prometheus_client import CollectorRegistry
from starlette.datastructures import Headers

from lrs_adapter.wire.body import declared_too_large, read_body
from lrs_adapter.wire.facts import correlation_id
from lrs_adapter.wire.in_flight import InFlight
from lrs_adapter.wire.problems import (
    FAULTS_SHOWN,
    Problem,
    StatementFault,
    invalid_statements,
    problem_body,
    problem_headers,
    unavailable,
)
from schemas.metrics import AdapterMetrics
from schemas.outcomes import Fault


async def _chunks(sizes: Iterable[int]) -> AsyncIterator[bytes]:
    for size in sizes:
        yield b"x" * size


def test_a_fault_names_statement_place_value_and_rule() -> None:
    problem = invalid_statements((StatementFault(3, Fault("/verb/id", "must be", '"x"', "Data 4.3")),))
    body = problem_body(problem, "c-1")
    assert body["correlation_id"] == "c-1"
    assert body["faults"] == [
        {"statement": 3, "pointer": "/verb/id", "message": "must be", "value": '"x"', "section": "Data 4.3"}
    ]


def test_a_flood_of_faults_is_counted_and_cut() -> None:
    found = tuple(StatementFault(index, Fault("", "x")) for index in range(1000))
    body = problem_body(invalid_statements(found), "c")
    assert (body["fault_count"], len(body["faults"])) == (1000, FAULTS_SHOWN)
    assert len(body["detail"]) < 200


@pytest.mark.parametrize(("seconds", "header"), [(0.01, "1"), (1, "1"), (4.2, "5")])
def test_retry_after_is_in_whole_seconds(seconds: float, header: str) -> None:
    assert problem_headers(unavailable("x", "y", seconds))["retry-after"] == header


@pytest.mark.parametrize(("sizes", "fits"), [([], True), ([4, 6], True), ([4, 7], False), ([11], False)])
async def test_bodies_are_read_up_to_the_limit(sizes: list[int], fits: bool) -> None:
    outcome = await read_body(_chunks(sizes), 10)
    assert (outcome == b"x" * sum(sizes)) if fits else isinstance(outcome, Problem)


@pytest.mark.parametrize(("header", "refused"), [("11", True), ("10", False), (None, False), ("-5", False)])
def test_declared_sizes(header: str | None, refused: bool) -> None:
    assert (declared_too_large(header, 10) is not None) is refused


def test_what_is_in_flight_is_bounded_but_never_stuck() -> None:
    metrics = AdapterMetrics(CollectorRegistry())
    in_flight = InFlight(100, metrics.in_flight_bytes)
    assert in_flight.admit(500)
    assert not in_flight.admit(1)
    in_flight.release(500)
    assert in_flight.admit(60)
    assert in_flight.admit(40)
    assert not in_flight.admit(1)
    assert in_flight.bytes == 100


def test_a_senders_correlation_id_is_kept_where_it_is_harmless() -> None:
    assert correlation_id(Headers({"X-Correlation-ID": "request-17.a_b"})) == "request-17.a_b"
    for harmful in ("", "short", "x" * 65, "a b c d e f", "line\nbreak-x"):
        assert correlation_id(Headers({"X-Correlation-ID": harmful})) != harmful
    assert correlation_id(Headers({})) != correlation_id(Headers({}))


def test_an_id_of_the_request_stands_in_for_the_correlation_id() -> None:
    both = {"X-Request-ID": "of-the-proxy", "X-Correlation-ID": "of-the-sender"}
    assert correlation_id(Headers(both)) == "of-the-sender"
    assert correlation_id(Headers({**both, "X-Correlation-ID": "?"})) == "of-the-proxy"
