"""The dashboards by keyboard, by screen reader, in light and in dark."""

from typing import Any, Literal

import pytest
from playwright.sync_api import expect

from dashboards.catalogue import BY_ID
from tests.browser.tab import Tab

LEGIBLE = 4.5  # WCAG 2.2, success criterion 1.4.3
VISIBLE = 3.0  # success criterion 1.4.11

_NAMELESS = """() => [...document.querySelectorAll('a, button, select, input')]
    .filter((item) => !(item.getAttribute('aria-label') || item.innerText?.trim() || item.labels?.length))
    .map((item) => item.outerHTML)"""

_CONTRASTS = """(pairs) => {
    const style = getComputedStyle(document.documentElement);
    const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const light = (name) => {
        const [r, g, b] = style.getPropertyValue(`--${name}`).trim().match(/[0-9a-f]{2}/gi)
            .map((hex) => channel(parseInt(hex, 16)));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    const ratio = (one, other) => Math.max(one, other) / Math.min(one, other);
    return pairs.map(([one, other]) => ratio(light(one), light(other)));
}"""


def contrasts(tab: Tab, pairs: list[tuple[str, str]]) -> list[float]:
    """The contrast between colours of the style sheet, as WCAG counts it."""
    found: Any = tab.page.evaluate(_CONTRASTS, [list(pair) for pair in pairs])
    return [float(contrast) for contrast in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_legible_and_marks_stand_out(tab: Tab, url: str, scheme: Literal["light", "dark"]) -> None:
    tab.read_in(scheme)
    tab.page.goto(f"{url}/statement")
    texts = [(text, ground) for text in ("ink", "soft", "accent") for ground in ("card", "page")]
    texts += [("on-accent", "accent"), ("problem", "problem-page")]
    texts += [("ink", cell) for cell in ("heat-none", "heat-most", "heat-gap", "heat-unknown", "hatch")]
    texts += [("on-accent", bar) for bar in ("good", "attention", "neutral")]  # numbers in bars
    series = [f"series-{number}" for number in range(1, 6)]
    tones = ["good", "attention", "problem", "neutral", "unknown"]

    assert min(contrasts(tab, texts)) >= LEGIBLE
    assert min(contrasts(tab, [(mark, "card") for mark in series + tones])) >= VISIBLE


@pytest.mark.parametrize("id_", list(BY_ID))
def test_everything_has_a_name_and_fits_the_window(tab: Tab, url: str, id_: str) -> None:
    tab.open(f"{url}/{id_}?person=anna&statement=s1")

    assert tab.page.evaluate(_NAMELESS) == []
    for width in (1440, 800, 360):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.page.wait_for_function("(most) => document.documentElement.scrollWidth <= most", arg=width)


def test_the_first_key_leads_past_the_navigation(tab: Tab, url: str) -> None:
    tab.open(f"{url}/activity")
    tab.page.keyboard.press("Tab")
    expect(tab.page.get_by_role("link", name="Skip to the panels")).to_be_focused()

    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("main")).to_be_focused()


def test_the_range_is_chosen_with_the_arrow_keys(tab: Tab, url: str) -> None:
    tab.open(f"{url}/activity")
    tab.page.get_by_label("90 days").focus()
    tab.page.keyboard.press("ArrowLeft")

    expect(tab.page.get_by_label("30 days")).to_be_checked()
    expect(tab.panel("statements").locator("b")).to_have_text("7")


def test_a_chart_is_read_as_a_table_with_the_keyboard(tab: Tab, url: str) -> None:
    tab.open(f"{url}/skills?range=30d")
    toggle = tab.page.get_by_role("button", name="Gaps by role and skill as a table")
    toggle.focus()
    tab.page.keyboard.press("Enter")

    expect(toggle).to_have_attribute("aria-pressed", "true")
    region = tab.page.get_by_role("region", name="Gaps by role and skill", exact=True)
    expect(region.get_by_role("columnheader", name="Mean gap")).to_be_visible()
    assert tab.cells("gaps")[2] == ["Lead", "Planning", "too little evidence", "0", "3"]

    tab.page.keyboard.press("Enter")
    expect(tab.panel("gaps").get_by_role("img", name="Chart")).to_be_visible()


def test_a_focused_link_stays_focused_when_figures_come_anew(tab: Tab, url: str) -> None:
    tab.open(f"{url}/skills?range=30d")
    link = tab.panel("shortlist").get_by_role("link", name="ben").first
    link.focus()
    tab.page.evaluate("() => document.getElementById('controls').dispatchEvent(new Event('change'))")
    tab.settle()

    expect(link).to_be_focused()
