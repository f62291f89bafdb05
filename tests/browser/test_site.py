"""The documentation site as it is built: pages and diagrams draw, and nothing is fetched from elsewhere."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect

from tests.browser.tab import Tab

ROOT = Path(__file__).parents[2]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_parts: object) -> None:
        """Requests are of no interest."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the site, built anew, is served."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True)
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_pages_and_diagrams_draw(tab: Tab, site: str) -> None:
    tab.page.goto(f"{site}/architecture/")

    expect(tab.page.locator("h1")).to_contain_text("How Readystream works")
    expect(tab.page.locator(".diagram svg")).to_be_visible()
    tab.page.get_by_role("link", name="decision 0010").first.click()
    expect(tab.page.locator("h1")).to_contain_text("0010")


def test_search_finds_a_page(tab: Tab, site: str) -> None:
    tab.page.goto(site)
    tab.page.get_by_role("textbox", name="Search").press_sequentially("webhook secret")

    expect(tab.page.locator(".md-search-result__item").first).to_contain_text("webhook")
