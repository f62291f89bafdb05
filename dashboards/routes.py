"""What the page's server answers to each address."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import fastapi
from fastapi import APIRouter, Request, Response, status
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from dashboards import html
from dashboards.answers import as_csv, as_json, panel_content
from dashboards.catalogue import BY_ID, DASHBOARDS, PANELS, VARIABLES
from dashboards.dashboard import Clock, chosen_values
from dashboards.macros import Scope, expand
from dashboards.overview import offers, reach
from dashboards.panel import Panel
from dashboards.ranges import Range
from dashboards.store import Rows, Store, Unavailable

_FOR_A_YEAR = "public, max-age=31536000, immutable"  # its address carries its version

router = APIRouter()


class Asked(BaseModel):
    """What of a panel is asked for: times are ISO 8601, UTC unless they say otherwise.

    The others are values of variables; without one all are meant, or nobody where it has to be one.
    """

    model_config = ConfigDict(extra="forbid")

    start: datetime | None = Field(None, alias="from")
    end: datetime | None = Field(None, alias="to")
    source: list[str] = []
    course: list[str] = []
    role: list[str] = []
    skill: list[str] = []
    person: list[str] = []
    statement: list[str] = []

    @property
    def values(self) -> dict[str, Sequence[str]]:
        """Values by variable."""
        return chosen_values(tuple(VARIABLES.values()), self.model_dump(include=set(VARIABLES)))


Query = Annotated[Asked, fastapi.Query()]


@router.get("/")
async def first() -> RedirectResponse:
    """The first dashboard."""
    return RedirectResponse(DASHBOARDS[0].id)


@router.get("/plotly.min.js")
async def plotly() -> FileResponse:
    """The chart library, from the installed package."""
    path = Path(str(files("plotly").joinpath("package_data", "plotly.min.js")))
    return FileResponse(path, media_type="text/javascript", headers={"Cache-Control": _FOR_A_YEAR})


@router.get("/overview/{dashboard_id}.json")
async def overview_json(request: Request, dashboard_id: str) -> Response:
    """How far the data reaches, and the ranges and values that a dashboard offers."""
    dashboard = BY_ID.get(dashboard_id)
    if dashboard is None:
        return _unknown_dashboard(dashboard_id)
    store = request.app.state.store
    found, offered = await asyncio.gather(reach(store), offers(store, dashboard))
    if isinstance(found, Unavailable):
        return _unavailable(found)
    if isinstance(offered, Unavailable):
        return _unavailable(offered)
    ranges = found.ranges(dashboard.clock, _now())
    facts = {"newest": found.newest, "arrival": found.last_arrival, "as_of": found.as_of, "offers": offered}
    return _json(
        facts | {"ranges": {name: {"from": shown.start, "to": shown.end} for name, shown in ranges.items()}}
    )


@router.get("/panel/{panel_id}.json")
async def panel_json(request: Request, panel_id: str, asked: Query) -> Response:
    """What the page draws a panel from. Without `from` and `to`: the default range."""
    answer = await _read(request.app.state.store, panel_id, asked)
    if isinstance(answer, Response):
        return answer
    panel, shown, rows = answer
    return _json(panel_content(panel, shown, rows))


@router.get("/panel/{panel_id}.csv")
async def panel_csv(request: Request, panel_id: str, asked: Query) -> Response:
    """The same as a file for spreadsheets."""
    answer = await _read(request.app.state.store, panel_id, asked)
    if isinstance(answer, Response):
        return answer
    panel, _, rows = answer
    disposition = {"Content-Disposition": f'attachment; filename="{panel.id}.csv"'}
    return Response(as_csv(panel, rows.rows), media_type="text/csv; charset=utf-8", headers=disposition)


@router.get("/healthz")
async def healthz() -> PlainTextResponse:
    """The process runs."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """ClickHouse answers."""
    answer = await request.app.state.store.read("SELECT 1")
    return _unavailable(answer) if isinstance(answer, Unavailable) else PlainTextResponse("ok\n")


@router.get("/{dashboard_id}")
async def dashboard_page(dashboard_id: str) -> Response:
    """A dashboard without figures."""
    dashboard = BY_ID.get(dashboard_id)
    if dashboard is None:
        return _unknown_dashboard(dashboard_id)
    return HTMLResponse(html.page(dashboard, version("plotly")))


async def _read(store: Store, panel_id: str, asked: Asked) -> tuple[Panel, Range, Rows] | Response:
    """The panel, the range and the rows, or the response that says why not."""
    if panel_id not in PANELS:
        return problem(status.HTTP_404_NOT_FOUND, f"There is no panel {panel_id}.")
    dashboard, panel = PANELS[panel_id]
    shown = await _range(store, dashboard.clock, asked)
    if isinstance(shown, Response):
        return shown
    scope = Scope(shown.start, shown.end, shown.interval_s, asked.values)
    answer = await store.read(expand(panel.sql, scope))
    return _unavailable(answer) if isinstance(answer, Unavailable) else (panel, shown, answer)


async def _range(store: Store, clock: Clock, asked: Asked) -> Range | Response:
    if asked.start and asked.end:
        shown = Range(_aware(asked.start), _aware(asked.end))
        return shown if shown.start < shown.end else _wrong("from must lie before to.")
    if asked.start or asked.end:
        return _wrong("from and to belong together.")
    found = await reach(store)
    return _unavailable(found) if isinstance(found, Unavailable) else found.default_range(clock, _now())


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _now() -> datetime:
    return datetime.now(UTC)


def _json(content: object, code: int = status.HTTP_200_OK) -> Response:
    return Response(as_json(content), code, media_type="application/json")


def problem(code: int, detail: str) -> Response:
    """An answer that says in words why there is no other."""
    return _json({"error": detail}, code)


def _wrong(detail: str) -> Response:
    return problem(status.HTTP_400_BAD_REQUEST, detail)


def _unknown_dashboard(id_: str) -> Response:
    return problem(status.HTTP_404_NOT_FOUND, f"There is no dashboard {id_}.")


def _unavailable(answer: Unavailable) -> Response:
    return problem(status.HTTP_503_SERVICE_UNAVAILABLE, answer.detail)
