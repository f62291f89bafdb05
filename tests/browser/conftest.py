"""A real Chromium, and the page it looks at.

The browser is the one that `CHROMIUM` names, else the first of the usual names on PATH. Without one these
tests fail: `make test` leaves them to `make test-browser`.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.tab import Tab
from tests.integration import dashboards_kit as kit
from tests.services.clickhouse import ClickHouse, Database, new_database

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _chromium() -> str:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if not found:
        pytest.fail("no Chromium: install one (Debian: apt-get install chromium) or let CHROMIUM name it")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_chromium())
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def url(clickhouse: ClickHouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over the rows of `dashboards_kit.py`."""
    with new_database(clickhouse) as database:
        kit.fill(database)
        with kit.PageProcess(database.dsn, database.name, tmp_path_factory.mktemp("page")) as process:
            yield process.url


@pytest.fixture
def blank_url(database: Database, tmp_path: Path) -> Iterator[str]:
    """The page over tables without rows; `database` is theirs."""
    kit.connect(database).close()
    with kit.PageProcess(database.dsn, database.name, tmp_path) as process:
        yield process.url


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A tab of its own, which must end without an error told to the console or a request to elsewhere."""
    with _context(browser) as page:
        tab = Tab(page)
        yield tab
        assert tab.complaints == []


@pytest.fixture
def offline_tab(browser: Browser) -> Iterator[Tab]:
    """A tab that may lose the network."""
    with _context(browser) as page:
        yield Tab(page)


def _context(browser: Browser) -> Page:
    return browser.new_page(viewport={"width": 1440, "height": 1000}, reduced_motion="reduce")
