"""What the page's server answers to each address."""

from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import fastapi
from fastapi import APIRouter, Request, Response, status
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from dashboards import html
from dashboards.answers import as_csv, as_json, panel_content
from dashboards.macros import Scope, expand
from dashboards.overview import overview
from dashboards.panel import Panel
from dashboards.panels import BY_ID
from dashboards.ranges import Range
from dashboards.store import Rows, Store, Unavailable

_FOR_A_YEAR = "public, max-age=31536000, immutable"  # its address carries its version

router = APIRouter()


class Asked(BaseModel):
    """What of a panel is asked for: times are ISO 8601, UTC unless they say otherwise; no role means all."""

    model_config = ConfigDict(extra="forbid")

    start: datetime | None = Field(None, alias="from")
    end: datetime | None = Field(None, alias="to")
    role: list[str] = []


Query = Annotated[Asked, fastapi.Query()]


@router.get("/")
async def index() -> HTMLResponse:
    """The page without figures."""
    return HTMLResponse(html.index(version("plotly")))


@router.get("/plotly.min.js")
async def plotly() -> FileResponse:
    """The chart library, from the installed package."""
    path = Path(str(files("plotly").joinpath("package_data", "plotly.min.js")))
    return FileResponse(path, media_type="text/javascript", headers={"Cache-Control": _FOR_A_YEAR})


@router.get("/overview.json")
async def overview_json(request: Request) -> Response:
    """How far the data reaches, the ranges to choose from, the roles."""
    found = await overview(request.app.state.store)
    if isinstance(found, Unavailable):
        return _unavailable(found)
    ranges = {name: {"from": shown.start, "to": shown.end} for name, shown in found.ranges(_now()).items()}
    facts = {"newest": found.newest, "arrival": found.arrival, "as_of": found.as_of, "roles": found.roles}
    return _json(facts | {"ranges": ranges})


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


async def _read(store: Store, panel_id: str, asked: Asked) -> tuple[Panel, Range, Rows] | Response:
    """The panel, the range and the rows, or the response that says why not."""
    panel = BY_ID.get(panel_id)
    if panel is None:
        return problem(status.HTTP_404_NOT_FOUND, f"There is no panel {panel_id}.")
    shown = await _range(store, asked)
    if isinstance(shown, Response):
        return shown
    scope = Scope(shown.start, shown.end, shown.interval_s, {"role": asked.role})
    answer = await store.read(expand(panel.sql, scope))
    return _unavailable(answer) if isinstance(answer, Unavailable) else (panel, shown, answer)


async def _range(store: Store, asked: Asked) -> Range | Response:
    if asked.start and asked.end:
        shown = Range(_aware(asked.start), _aware(asked.end))
        return (
            shown
            if shown.start < shown.end
            else problem(status.HTTP_400_BAD_REQUEST, "from must lie before to.")
        )
    if asked.start or asked.end:
        return _wrong("from and to belong together.")
    found = await overview(store)
    return _unavailable(found) if isinstance(found, Unavailable) else found.default_range(_now())


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


def _unavailable(answer: Unavailable) -> Response:
    return problem(status.HTTP_503_SERVICE_UNAVAILABLE, answer.detail)
