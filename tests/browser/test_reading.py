"""How a reader moves: filters, ranges, links from a number to its statements, downloads."""

import csv
import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.browser.tab import Tab
from tests.integration import dashboards_kit as kit
from tests.integration.dashboards_answers import ACTIVITY


def query(tab: Tab) -> dict[str, list[str]]:
    """What the address of the page asks for."""
    return parse_qs(urlsplit(tab.page.url).query)


def test_a_role_narrows_what_is_shown_and_stays_in_the_address(tab: Tab, url: str) -> None:
    tab.open(f"{url}/skills?range=30d")
    assert {row[1] for row in tab.cells("shortlist")} == {"Analyst", "Lead"}

    tab.page.locator("select[name=role]").select_option("lead")
    expect(tab.panel("candidates").locator("b")).to_have_text("0")
    expect(tab.panel("shortlist").locator("tbody tr")).to_have_count(3)

    assert {row[1] for row in tab.cells("shortlist")} == {"Lead"}
    assert query(tab) == {"range": ["30d"], "role": ["lead"]}
    tab.page.reload()
    tab.settle()
    assert {row[1] for row in tab.cells("shortlist")} == {"Lead"}


def test_a_range_narrows_what_is_shown(tab: Tab, url: str) -> None:
    tab.open(f"{url}/activity")
    expect(tab.panel("statements").locator("b")).to_have_text("8")
    expect(tab.page.locator("#range")).to_have_text("1 Jan 2021 – 31 Mar 2021")  # noqa: RUF001

    tab.page.get_by_label("7 days").check()

    expect(tab.panel("statements").locator("b")).to_have_text("1")
    assert query(tab)["range"] == ["7d"]


def test_a_source_and_a_course_narrow_together(tab: Tab, url: str) -> None:
    tab.open(f"{url}/activity?range=30d")

    tab.page.locator("select[name=source]").select_option("lms")
    tab.page.locator("select[name=course]").select_option(kit.CERTIFICATE)

    expect(tab.panel("statements").locator("b")).to_have_text("1")


def test_from_a_score_to_the_statements_behind_it(tab: Tab, url: str) -> None:
    tab.open(f"{url}/skills?range=30d")
    tab.panel("shortlist").get_by_role("link", name="anna").first.click()
    tab.settle()

    assert query(tab) == {"range": ["30d"], "person": ["anna"], "role": ["analyst"]}
    assert [row[0] for row in tab.cells("learner_readiness")] == ["Analyst"]
    assert [row[0] for row in tab.cells("learner_evidence")] == ["e2", "e1"]

    tab.panel("learner_evidence").get_by_role("link", name="e2").click()
    tab.settle()
    assert query(tab)["statement"] == ["e2"]
    record = tab.panel("statement_event").locator("dd").all_inner_texts()
    assert record[:2] == ["anna", "anna-2"]
    assert tab.cells("statement_evidence") == [["SQL", "Assessed", "75%", "2.00", "13", "2026.1", "Reviewed"]]

    tab.page.go_back()
    tab.settle()
    assert query(tab)["person"] == ["anna"]


def test_a_skill_narrows_the_evidence(tab: Tab, url: str) -> None:
    tab.open(f"{url}/learner?person=anna")
    tab.panel("learner_next").get_by_role("link", name="Feedback").click()
    tab.settle()

    assert query(tab)["skill"] == ["feedback"]
    expect(tab.panel("learner_evidence").locator(".empty")).to_be_visible()


def test_a_learner_is_offered_when_nobody_is_chosen(tab: Tab, url: str) -> None:
    tab.open(f"{url}/learner")

    expect(tab.page.get_by_label("Person")).to_have_value("anna")
    assert query(tab)["person"] == ["anna"]


def test_a_raw_record_is_shown_without_who(tab: Tab, url: str) -> None:
    tab.open(f"{url}/statement?statement=s1")

    records = tab.panel("statement_received").locator("pre").all_inner_texts()
    assert records == ['{\n  "id": "s1",\n  "result": {\n    "completion": true\n  }\n}'] * 2


def test_what_is_chosen_goes_along_to_other_dashboards(tab: Tab, url: str) -> None:
    tab.open(f"{url}/activity?range=30d&source=lms")
    tab.page.get_by_role("link", name="Data quality and identity").click()
    tab.settle()

    assert query(tab) == {"range": ["30d"], "source": ["lms"]}
    expect(tab.page.locator("select[name=source]")).to_have_value("lms")


def test_a_bar_leads_where_its_row_leads(tab: Tab, url: str) -> None:
    tab.open(f"{url}/skills?range=30d")
    tab.panel("raise_most").locator(".point").first.click(force=True)
    tab.settle()

    assert query(tab)["skill"] == ["feedback"]


def test_numbers_and_tables_can_be_taken_along(tab: Tab, url: str) -> None:
    tab.open(f"{url}/activity?range=30d&source=lms")

    def downloaded(id_: str) -> list[list[str]]:
        with tab.page.expect_download() as waiting:
            tab.panel(id_).get_by_role("link", name="Download").click()
        assert waiting.value.suggested_filename == f"{id_}.csv"
        return list(csv.reader(io.StringIO(Path(waiting.value.path()).read_text("utf-8"))))

    assert downloaded("statements") == [["Statements"], ["6"]]
    table = downloaded("courses")
    assert table[0][:2] == ["Course", "Learners"]
    assert [row[-1] for row in table[1:]] == [kit.SQL, kit.CERTIFICATE]
    assert len(ACTIVITY["courses"]) == 3  # without a source chosen
