"""The page, served by its own process and asked over HTTP."""

import csv
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboards.catalogue import BY_ID, PANELS
from readystream.embedded.clickhouse import EmbeddedClickHouse
from tests.integration import dashboards_kit as kit
from tests.integration.dashboards_answers import ARRIVALS, PERSON, STATEMENT_OF
from tests.services.clickhouse import ClickHouse, Database, new_database

MARCH = {"from": "2021-03-02T00:00:00Z", "to": "2021-04-01T00:00:00Z"}
PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def page(clickhouse: ClickHouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with new_database(clickhouse) as database:
        kit.fill(database)
        process = kit.PageProcess(database.dsn, database.name, tmp_path_factory.mktemp("page"))
        with process, httpx.Client(base_url=process.url, timeout=30) as client:
            yield client


def rows(page: httpx.Client, id_: str, **query: Any) -> Any:
    """The rows of a panel in March 2021."""
    answer = page.get(f"/panel/{id_}.json", params={**MARCH, **query})
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()["rows"]


@pytest.mark.parametrize("id_", list(PANELS))
def test_every_panel_is_answered_as_json_and_csv(page: httpx.Client, id_: str) -> None:
    _, panel = PANELS[id_]
    query: dict[str, Any] = {"person": PERSON, "statement": STATEMENT_OF.get(id_, "")}
    if id_ in ARRIVALS:
        query |= {"from": kit.WEEK.start.isoformat(), "to": kit.WEEK.end.isoformat()}

    as_csv = page.get(f"/panel/{id_}.csv", params={**MARCH, **query})

    table = list(csv.reader(io.StringIO(as_csv.text)))
    assert table[0] == [column.title for column in panel.columns]
    assert len(table) - 1 == len(rows(page, id_, **query)) > 0
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert as_csv.headers["content-disposition"] == f'attachment; filename="{id_}.csv"'


def test_ranges_and_values_are_asked_for_by_address(page: httpx.Client) -> None:
    assert rows(page, "statements") == [[7]]
    assert rows(page, "statements", **{"from": "2021-03-11"}) == [[4]]
    assert rows(page, "candidates", role=["lead"]) == [[0]]
    assert rows(page, "candidates", role=["lead", "analyst"]) == [[1]]
    assert rows(page, "candidates", role="x') OR 1=1 --") == [[0]]
    assert rows(page, "learner_statements", person="anna") == [[3]]
    assert rows(page, "learner_statements") == [[0]]
    assert rows(page, "shortlist")[4] == [
        "dora",
        "analyst",
        "insufficient_evidence",
        None,
        "",
        0.25,
        "",
        None,
    ]


def test_data_of_years_ago_is_shown_without_being_asked_for(page: httpx.Client) -> None:
    shown = page.get("/panel/statements.json").json()

    assert (shown["from"], shown["to"]) == ("2021-01-01T00:00:00Z", "2021-04-01T00:00:00Z")
    assert shown["rows"] == [[8]]


def test_the_overview_tells_how_far_the_data_reaches_and_what_to_choose(page: httpx.Client) -> None:
    found = page.get("/overview/skills.json").json()

    assert found["newest"] == "2021-03-31T23:59:59.900000Z"
    assert found["arrival"] == "2026-05-08T12:00:00Z"
    assert found["as_of"] == "2021-03-31"
    assert found["offers"]["role"] == [["analyst", "analyst"], ["lead", "lead"]]
    assert found["ranges"]["30d"] == MARCH
    assert found["ranges"]["all"] == {"from": "2021-03-01T00:00:00Z", "to": "2021-04-01T00:00:00Z"}


def test_of_the_pipeline_ranges_follow_arrivals(page: httpx.Client) -> None:
    found = page.get("/overview/pipeline.json").json()

    assert found["ranges"]["1h"] == {"from": "2026-05-08T11:01:00Z", "to": "2026-05-08T12:01:00Z"}


@pytest.mark.parametrize("id_", list(BY_ID))
def test_every_dashboard_has_its_page(page: httpx.Client, id_: str) -> None:
    document = page.get(f"/{id_}")

    assert document.headers["content-type"].startswith("text/html")
    assert f"<h1>{BY_ID[id_].title}</h1>" in document.text


def test_the_first_dashboard_is_where_one_starts(page: httpx.Client) -> None:
    assert page.get("/").headers["location"] == "activity"


@pytest.mark.parametrize(
    ("address", "code", "words"),
    [
        ("/panel/nothing.json", 404, "There is no panel nothing."),
        ("/panel/nothing.csv", 404, "There is no panel nothing."),
        ("/overview/nothing.json", 404, "There is no dashboard nothing."),
        ("/nothing", 404, "There is no dashboard nothing."),
        ("/panel/statements.json?from=soon", 400, "from: "),
        ("/panel/statements.json?from=2021-03-01", 400, "from and to belong together."),
        ("/panel/statements.json?from=2021-03-02&to=2021-03-02", 400, "from must lie before to."),
        ("/panel/candidates.json?rolle=lead", 400, "rolle: "),
    ],
)
def test_a_wrong_question_is_answered_in_words(
    page: httpx.Client, address: str, code: int, words: str
) -> None:
    answer = page.get(address)

    assert answer.status_code == code
    assert answer.json()["error"].startswith(words)


def test_all_that_the_page_loads_is_served_here(page: httpx.Client) -> None:
    document = page.get("/activity")
    policy = document.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "http" not in policy

    for name in ("page.js", "choices.js", "charts.js", "table.js", "format.js", "page.css", "icon.svg"):
        asset = page.get(f"/static/{name}")
        assert asset.status_code == httpx.codes.OK
        assert asset.headers["x-content-type-options"] == "nosniff"
        assert asset.headers["cache-control"] == "no-cache"

    plotly = page.get("/plotly.min.js")
    assert "immutable" in plotly.headers["cache-control"]
    assert plotly.headers["content-type"].startswith("text/javascript")
    assert "plotly.js v" in plotly.text[:200]


@pytest.mark.parametrize(
    "address", ["/docs", "/openapi.json", "/static/../page.py", "/static/%2e%2e/page.py"]
)
def test_nothing_else_is_served(page: httpx.Client, address: str) -> None:
    assert page.get(address).status_code == httpx.codes.NOT_FOUND


def test_it_is_healthy_and_ready(page: httpx.Client) -> None:
    assert page.get("/healthz").text == "ok\n"
    assert page.get("/readyz").text == "ok\n"


def test_a_database_without_tables_is_told_what_to_do(database: Database, tmp_path: Path) -> None:
    with kit.PageProcess(database.dsn, database.name, tmp_path) as process:
        answer = httpx.get(f"{process.url}/panel/statements.json", params=MARCH, timeout=30)

    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert answer.json() == {"error": "The database is not set up yet: run `readystream migrate`."}


def test_it_outlives_an_outage_of_clickhouse(tmp_path: Path) -> None:
    store = EmbeddedClickHouse(tmp_path / "data", tmp_path / "clickhouse.log")
    with store, kit.PageProcess(store.dsn, "default", tmp_path) as process:
        assert httpx.get(f"{process.url}/readyz").is_success

        store.stop()
        away = httpx.get(f"{process.url}/panel/statements.json", params=MARCH, timeout=30)
        assert away.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert away.json() == {"error": "ClickHouse does not answer."}
        assert httpx.get(f"{process.url}/readyz").status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert httpx.get(f"{process.url}/healthz").is_success

        store.start()
        store.wait_ready()
        _eventually(lambda: httpx.get(f"{process.url}/readyz", timeout=30).is_success)


def _eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_it_ends_when_told_to(clickhouse: ClickHouse, tmp_path: Path) -> None:
    with kit.PageProcess(clickhouse.dsn, "default", tmp_path) as process:
        assert httpx.get(f"{process.url}/readyz").is_success
        started = time.monotonic()
        process.stop()

    assert time.monotonic() - started < process.stop_grace_s / 2
