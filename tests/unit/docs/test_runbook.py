"""The runbook names commands, metrics, log events, settings and alerts that exist, and leads to its pages."""

import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry

from schemas import log_events, metrics
from tests.documents import ROOT
from tests.unit.cli.lines import verb_of

RUNBOOK = ROOT / "docs" / "runbook.md"
SITUATIONS = sorted((ROOT / "docs" / "runbook").glob("*.md"))
PAGES = [RUNBOOK, *SITUATIONS]
EVENTS = {value for name, value in vars(log_events).items() if name.isupper() and isinstance(value, str)}
SETTINGS = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
FILES = {"md", "py", "yml", "yaml", "json"}


@pytest.fixture(scope="module")
def series() -> set[str]:
    """The names of all series of our processes."""
    registry = CollectorRegistry()
    for kind in vars(metrics).values():
        if isinstance(kind, type) and kind.__name__.endswith("Metrics"):
            kind(registry)
    return set(registry._names_to_collectors)


def code(page: Path) -> str:
    """What a page has in fenced blocks and between backticks, a line each."""
    text = page.read_text("utf-8")
    blocks = re.findall(r"^ *```\w+\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^ *```\w+\n.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`]+)`", rest)])


def test_every_page_is_led_to_by_the_runbook_and_the_site() -> None:
    site = (ROOT / "mkdocs.yml").read_text("utf-8")
    for page in SITUATIONS:
        assert f"(runbook/{page.name})" in RUNBOOK.read_text("utf-8")
        assert f": runbook/{page.name}\n" in site
    assert len(SITUATIONS) > 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_within_sentences_parse(page: Path) -> None:
    for command in re.findall(r"`(readystream [a-z][^`]*)`", page.read_text("utf-8")):
        assert verb_of(command)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_metrics_and_log_events_exist(page: Path, series: set[str]) -> None:
    named = set(re.findall(r"\breadystream_[a-z_]+", code(page)))
    events = set(re.findall(r"\b(?:adapter|worker|sink|webhooks|reconcile|pull)\.[a-z_.]+", code(page)))

    assert named <= series
    assert {event for event in events if event.rpartition(".")[2] not in FILES} <= EVENTS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_settings_exist(page: Path) -> None:
    for name in re.findall(r"\bREADYSTREAM_[A-Z_]+", page.read_text("utf-8")):
        assert f"`{name}`" in SETTINGS


def test_situations_lead_to_alerts() -> None:
    rules = yaml.safe_load((ROOT / "config" / "prometheus" / "rules.yml").read_text("utf-8"))
    alerts = {rule["alert"].lower() for group in rules["groups"] for rule in group["rules"]}
    led_to = {
        place
        for page in SITUATIONS
        for place in re.findall(r"\(\.\./runbook\.md#(\w+)\)", page.read_text("utf-8"))
    }
    assert led_to <= alerts
    assert len(led_to) > 5
