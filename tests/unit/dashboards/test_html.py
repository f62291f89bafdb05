"""The page before its script has run."""

import re
from html.parser import HTMLParser

import pytest

from dashboards.html import index
from dashboards.panels import BY_ID, SECTIONS

PAGE = index("7.0.0")


class Outline(HTMLParser):
    """Collects what a screen reader steers by."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def outline() -> Outline:
    parsed = Outline()
    parsed.feed(PAGE)
    return parsed


def test_every_panel_has_its_place(outline: Outline) -> None:
    assert [article["data-panel"] for article in outline.all("article")] == list(BY_ID)


def test_landmarks_and_headings_are_in_order(outline: Outline) -> None:
    levels = [tag for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]

    assert levels == [
        "h1",
        *(level for section in SECTIONS for level in ["h2", *["h3"] * len(section.panels)]),
    ]
    assert [len(outline.all(tag)) for tag in ("header", "main", "footer")] == [1, 1, 1]


def test_every_label_refers_to_something(outline: Outline) -> None:
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    referred = [
        attributes["aria-labelledby"] for _, attributes in outline.tags if "aria-labelledby" in attributes
    ]

    assert len(ids) == len(set(ids))
    assert set(referred) <= set(ids)
    assert len(referred) == len(BY_ID) + len(SECTIONS)


def test_news_and_problems_are_announced(outline: Outline) -> None:
    roles = {attributes.get("id"): attributes.get("role") for _, attributes in outline.tags}

    assert (roles["freshness"], roles["problem"]) == ("status", "alert")


def test_a_chart_can_be_read_as_a_table(outline: Outline) -> None:
    toggles = [button["aria-label"] for button in outline.all("button") if "data-toggle" in button]
    charts = [panel for panel in BY_ID.values() if panel.kind not in {"stat", "table"}]

    assert toggles == [f"{panel.title} as a table" for panel in charts]


def test_nothing_comes_from_elsewhere_and_no_script_is_inline(outline: Outline) -> None:
    addresses = [
        str(attributes[name])
        for _, attributes in outline.tags
        for name in ("src", "href")
        if name in attributes
    ]

    assert addresses
    assert not [address for address in addresses if "//" in address]
    assert all("src" in script for script in outline.all("script"))
    assert "<style" not in PAGE
    assert 'style="' not in PAGE


def test_ninety_days_are_chosen_at_first(outline: Outline) -> None:
    choices = [field for field in outline.all("input") if field.get("name") == "days"]

    assert [field["value"] for field in choices] == ["7", "30", "90", "180", "all"]
    assert [field["value"] for field in choices if "checked" in field] == ["90"]
