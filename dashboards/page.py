"""The dashboards as a page of our own, for where there is no Grafana.

Reads: ClickHouse.
Writes: nothing.
Key: none.
State: connections to ClickHouse.
Guarantee: the browser loads nothing from anywhere else; what it shows is what the panels' SQL gives.
On failure: while ClickHouse is away, panels answer 503 with a reason in words and the page says so, keeps
what it has drawn and goes on asking.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response, status
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles

from dashboards.routes import problem, router
from dashboards.store import Store
from schemas.settings import PageSettings

_HEADERS = {
    # Plotly adds a style sheet of its own; scripts come from here alone.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def create_app(settings: PageSettings) -> FastAPI:
    """The application. It connects to ClickHouse when it is first asked."""
    store = Store(settings.dsn, settings.clickhouse_database)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        store.close()

    # FastAPI's own documentation pages would load scripts from elsewhere.
    app = FastAPI(title="Readystream", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.store = store
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    app.middleware("http")(_with_headers)
    app.exception_handler(RequestValidationError)(_bad_request)
    return app


def serve(settings: PageSettings) -> None:
    """Serve the page until SIGTERM or SIGINT."""
    uvicorn.run(
        create_app(settings),
        host=settings.page_host,
        port=settings.page_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


async def _bad_request(_: Request, error: Exception) -> Response:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    named = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in faults)
    return problem(status.HTTP_400_BAD_REQUEST, named)


async def _with_headers(request: Request, handle: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await handle(request)
    for name, value in _HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-cache")
    return response
