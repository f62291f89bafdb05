"""The alert rules are PromQL over metrics that our processes have, and each has its place in the runbook."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client import CollectorRegistry
from promql_parser import Expr, VectorSelector

from schemas.metrics import (
    SET_ASIDE,
    AdapterMetrics,
    PullMetrics,
    ReconcileMetrics,
    SinkMetrics,
    WebhookMetrics,
    WorkerMetrics,
)
from sinks.tables import BY_TOPIC
from sinks.webhooks.health import WebhookHealth
from streams.core.persona_stage import DERIVED, NOT_DERIVED

ROOT = Path(__file__).parents[3]
PROMETHEUS = ROOT / "config" / "prometheus"
GIVEN_BY_PROMETHEUS = {"up": {"job", "instance"}}


def _rules() -> list[dict[str, Any]]:
    document = yaml.safe_load((PROMETHEUS / "rules.yml").read_text("utf-8"))
    return [rule for group in document["groups"] for rule in group["rules"]]


RULES = _rules()
NAMES = [rule["alert"] for rule in RULES]


@pytest.fixture(scope="module")
def labels() -> dict[str, set[str]]:
    """The labels of every series that our processes have, by its name."""
    registry = CollectorRegistry()
    for metrics in (
        AdapterMetrics,
        PullMetrics,
        WorkerMetrics,
        SinkMetrics,
        WebhookMetrics,
        ReconcileMetrics,
    ):
        metrics(registry)
    found = dict(GIVEN_BY_PROMETHEUS)
    for collector, names in registry._collector_to_names.items():
        own = set(collector._labelnames)  # type: ignore[attr-defined]
        found |= {name: own | ({"le"} if name.endswith("_bucket") else set()) for name in names}
    return found


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_asks_for_series_and_labels_that_exist(
    rule: dict[str, Any], labels: dict[str, set[str]]
) -> None:
    selectors = list(_selectors(promql_parser.parse(rule["expr"])))

    assert selectors
    for selector in selectors:
        assert selector.name in labels
        assert {matcher.name for matcher in selector.matchers.matchers} <= labels[selector.name]


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_says_what_happened_and_where_to_read_on(rule: dict[str, Any]) -> None:
    path, _, place = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^## (.+)$", (ROOT / path).read_text("utf-8"), re.MULTILINE)

    assert place in [heading.lower() for heading in headings]
    assert rule["annotations"]["summary"]
    assert rule["labels"]["severity"] in {"page", "ticket"}


def test_every_entry_of_the_runbook_has_its_alert() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "docs" / "runbook.md").read_text("utf-8"), re.MULTILINE)

    places = {rule["annotations"]["runbook"].partition("#")[2] for rule in RULES}
    assert {heading.lower() for heading in headings} == places
    assert len(set(NAMES)) == len(NAMES)


def test_dead_letters_are_all_that_raises_the_alert_about_them() -> None:
    [rule] = [rule for rule in RULES if rule["alert"] == "DeadLetters"]
    [selector] = _selectors(promql_parser.parse(rule["expr"]))
    [matcher] = selector.matchers.matchers

    passed_over = {name for name in (*DERIVED, *NOT_DERIVED, *SET_ASIDE) if re.fullmatch(matcher.value, name)}
    assert passed_over == {*DERIVED, *NOT_DERIVED} - {*SET_ASIDE}


def test_a_first_dead_letter_is_an_increase() -> None:
    registry = CollectorRegistry()
    WorkerMetrics(registry)
    SinkMetrics(registry)
    WebhookHealth(WebhookMetrics(registry)).started(["marketplace"])
    watched: list[tuple[str, dict[str, str]]] = [
        *(("worker_statements", {"outcome": reason}) for reason in SET_ASIDE),
        *(("sink_dead_letters", {"topic": topic}) for topic in BY_TOPIC),
        ("webhook_deliveries", {"subscription": "marketplace", "outcome": "dead_letter"}),
    ]

    assert [registry.get_sample_value(f"readystream_{name}_total", at) for name, at in watched] == [0.0] * 21


def _selectors(expression: Expr | None) -> Iterator[VectorSelector]:
    """Every selector of a series in an expression."""
    if isinstance(expression, VectorSelector):
        yield expression
        return
    for part in ("lhs", "rhs", "expr", "vector_selector", "args"):
        inner = getattr(expression, part, None)
        for one in inner if isinstance(inner, list) else [inner]:
            if one is not None:
                yield from _selectors(one)
