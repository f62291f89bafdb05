"""A browser tab as a reader uses it, which notes what a reader would never see."""

from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect


class Tab:
    """A tab on the dashboards.

    `complaints` are errors and warnings of the console, exceptions of scripts, and requests to any host but
    that of the page.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._request)

    def open(self, address: str) -> None:
        """Go to an address and wait until all its panels are drawn."""
        self.page.goto(address)
        self.settle()

    def read_in(self, scheme: Literal["light", "dark"]) -> None:
        """Have the reader's system ask for light or dark."""
        self.page.emulate_media(color_scheme=scheme)

    def settle(self) -> None:
        """Wait until all panels are drawn."""
        expect(self.page.locator("#freshness")).to_have_attribute("data-state", "live", timeout=20_000)
        expect(self.page.locator("[data-body]:empty")).to_have_count(0)

    def panel(self, id_: str) -> Locator:
        """A panel."""
        return self.page.locator(f"[data-panel={id_}]")

    def cells(self, id_: str) -> list[list[str]]:
        """The rows of a panel that is shown as a table."""
        rows = self.panel(id_).locator("tbody tr").all()
        return [[text.strip() for text in row.locator("th, td").all_inner_texts()] for row in rows]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _request(self, request: Request) -> None:
        here = urlsplit(self.page.url).netloc
        asked = urlsplit(request.url)
        if here and asked.scheme in {"http", "https", "ws", "wss"} and asked.netloc != here:
            self.complaints.append(f"asked {request.url}")
