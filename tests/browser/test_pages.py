"""Every dashboard in a real browser: what it shows, what it leaves unsaid, and that it goes on by itself."""

from contextlib import closing
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from dashboards.catalogue import BY_ID, PANELS
from dashboards.panel import Kind
from tests.browser.tab import Tab
from tests.integration import dashboards_kit as kit
from tests.integration.dashboards_answers import PERSON
from tests.services.clickhouse import Database

DRAWN = ".figure b, .chart .main-svg, tbody tr, dl, .empty"
CHOSEN = f"range=all&person={PERSON}&statement=e2"


@pytest.mark.parametrize("id_", list(BY_ID))
def test_every_panel_has_data_or_says_why_not(tab: Tab, url: str, id_: str) -> None:
    tab.open(f"{url}/{id_}?{CHOSEN}")
    for scheme in ("light", "dark"):
        tab.read_in(scheme)
        for panel in BY_ID[id_].panels:
            assert tab.panel(panel.id).locator(DRAWN).count() > 0, panel.id
            if panel.id != "statement_received":  # of e2 there is an event, and no raw record
                assert tab.panel(panel.id).locator(".empty").count() == 0, panel.id


def test_without_data_every_panel_says_so_in_words(tab: Tab, blank_url: str) -> None:
    for id_, dashboard in BY_ID.items():
        tab.open(f"{blank_url}/{id_}")
        for panel in dashboard.panels:
            words = tab.panel(panel.id).locator(".figure span, .empty")
            expect(words).to_have_text(panel.empty)


def test_figures_are_those_of_the_database(tab: Tab, url: str) -> None:
    tab.open(f"{url}/activity?range=30d")

    expect(tab.panel("statements").locator("b")).to_have_text("7")
    expect(tab.panel("pass_rate").locator("b")).to_have_text("50%")
    assert tab.cells("activity_by_source")[1] == ["academy", "1", "17", "0", "1", "12 Mar 2021, 23:50"]


def test_new_rows_appear_without_being_asked_for(tab: Tab, blank_url: str, database: Database) -> None:
    tab.open(f"{blank_url}/activity")
    expect(tab.panel("statements").locator("b")).to_have_text("0")

    with closing(kit.connect(database)) as client:
        kit.insert(client, "learning_events", kit.EVENTS)

    expect(tab.panel("statements").locator("b")).to_have_text("8", timeout=20_000)


def test_paused_means_paused(tab: Tab, url: str) -> None:
    tab.open(f"{url}/activity")
    tab.page.get_by_role("button", name="Pause updates").click()
    expect(tab.page.locator("#freshness")).to_have_text("Updates are paused")

    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.page.wait_for_timeout(6000)  # longer than the time between two rounds
    assert asked == []


def test_an_outage_is_told_and_passes(offline_tab: Tab, url: str) -> None:
    tab = offline_tab
    tab.open(f"{url}/activity?range=30d")

    tab.page.context.set_offline(True)
    expect(tab.page.get_by_role("alert")).to_contain_text("does not answer", timeout=20_000)
    expect(tab.panel("statements").locator("b")).to_have_text("7")

    tab.page.context.set_offline(False)
    tab.settle()
    expect(tab.page.locator("#problem")).to_be_hidden()


def test_too_little_evidence_looks_like_nothing_else(tab: Tab, url: str) -> None:
    tab.open(f"{url}/skills?range=30d")

    dora = next(row for row in tab.cells("shortlist") if row[0] == "dora")
    assert dora[2:4] == ["Too little evidence", "too little evidence"]
    assert tab.panel("shortlist").locator(".chip[data-tone=unknown]").count() == 2
    assert tab.panel("readiness_by_role").locator("svg pattern").count() > 0


@pytest.mark.parametrize("width", [390, 1280])
def test_a_narrow_screen_hides_nothing(tab: Tab, url: str, width: int) -> None:
    tab.page.set_viewport_size({"width": width, "height": 900})
    tab.open(f"{url}/skills?range=30d")

    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    for id_ in ("gaps", "skill_levels"):
        places = [label.bounding_box() for label in tab.panel(id_).locator(".xtick text").all()]
        spans = sorted((place["x"], place["x"] + place["width"]) for place in places if place)
        assert len(spans) > 1
        assert all(one[1] <= other[0] for one, other in pairwise(spans)), (id_, spans)


def test_every_kind_of_chart_was_seen() -> None:
    kinds = {panel.kind for _, panel in PANELS.values()}

    assert kinds == set(Kind)
