"""The page before its script has run."""

import re
from html.parser import HTMLParser

import pytest

from dashboards.catalogue import BY_ID, DASHBOARDS, PANELS
from dashboards.dashboard import Dashboard
from dashboards.html import page
from dashboards.panel import Kind


class Outline(HTMLParser):
    """Collects what a screen reader steers by."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(params=DASHBOARDS, ids=lambda dashboard: dashboard.id)
def dashboard(request: pytest.FixtureRequest) -> Dashboard:
    found: Dashboard = request.param
    return found


def outline_of(dashboard: Dashboard) -> Outline:
    parsed = Outline()
    parsed.feed(page(dashboard, "7.0.0"))
    return parsed


@pytest.fixture
def outline(dashboard: Dashboard) -> Outline:
    return outline_of(dashboard)


def test_every_panel_has_its_place(dashboard: Dashboard, outline: Outline) -> None:
    assert [article["data-panel"] for article in outline.all("article")] == [
        panel.id for panel in dashboard.panels
    ]


def test_the_navigation_leads_everywhere_and_says_where_one_is(
    dashboard: Dashboard, outline: Outline
) -> None:
    links = [link for link in outline.all("a") if "data-dashboard" in link]

    assert [link["href"] for link in links] == list(BY_ID)
    assert [link["href"] for link in links if link.get("aria-current") == "page"] == [dashboard.id]


def test_every_variable_can_be_chosen(dashboard: Dashboard, outline: Outline) -> None:
    controls = [
        field for tag in ("select", "input") for field in outline.all(tag) if "data-variable" in field
    ]

    assert {str(field["name"]): field["data-variable"] for field in controls} == {
        variable.name: variable.choice for variable in dashboard.variables
    }


def test_landmarks_and_headings_are_in_order(dashboard: Dashboard, outline: Outline) -> None:
    levels = [tag for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]

    assert levels == [
        "h1",
        *(level for section in dashboard.sections for level in ["h2", *["h3"] * len(section.panels)]),
    ]
    assert [len(outline.all(tag)) for tag in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]


def test_every_label_refers_to_something(dashboard: Dashboard, outline: Outline) -> None:
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    referred = [
        attributes["aria-labelledby"] for _, attributes in outline.tags if "aria-labelledby" in attributes
    ]

    assert len(ids) == len(set(ids))
    assert set(referred) <= set(ids)
    assert len(referred) == len(dashboard.panels) + len(dashboard.sections)


def test_news_and_problems_are_announced(outline: Outline) -> None:
    roles = {attributes.get("id"): attributes.get("role") for _, attributes in outline.tags}

    assert (roles["freshness"], roles["problem"]) == ("status", "alert")


def test_a_chart_can_be_read_as_a_table(dashboard: Dashboard, outline: Outline) -> None:
    toggles = [button["aria-label"] for button in outline.all("button") if "data-toggle" in button]
    texts = {Kind.STAT, Kind.TABLE, Kind.RECORD}

    assert toggles == [f"{panel.title} as a table" for panel in dashboard.panels if panel.kind not in texts]


def test_everything_can_be_taken_along_as_csv(dashboard: Dashboard, outline: Outline) -> None:
    links = [link["href"] for link in outline.all("a") if "data-download" in link]

    assert links == [f"panel/{panel.id}.csv" for panel in dashboard.panels]


def test_every_panel_is_on_a_page() -> None:
    places = [article["data-panel"] for found in DASHBOARDS for article in outline_of(found).all("article")]

    assert places == list(PANELS)


def test_nothing_comes_from_elsewhere_and_no_script_is_inline(dashboard: Dashboard, outline: Outline) -> None:
    addresses = [
        str(attributes[name])
        for _, attributes in outline.tags
        for name in ("src", "href")
        if name in attributes
    ]

    assert addresses
    assert not [address for address in addresses if "//" in address]
    assert all("src" in script for script in outline.all("script"))
    assert "<style" not in page(dashboard, "7.0.0")
    assert 'style="' not in page(dashboard, "7.0.0")


@pytest.mark.parametrize(
    ("id_", "names", "chosen"),
    [
        ("activity", ["7d", "30d", "90d", "180d", "all"], "90d"),
        ("pipeline", ["1h", "24h", "7d", "30d", "all"], "1h"),
        ("statement", ["all"], "all"),
    ],
)
def test_a_range_is_chosen_at_first(id_: str, names: list[str], chosen: str) -> None:
    choices = [field for field in outline_of(BY_ID[id_]).all("input") if field.get("name") == "range"]

    assert [field["value"] for field in choices] == names
    assert [field["value"] for field in choices if "checked" in field] == [chosen]
