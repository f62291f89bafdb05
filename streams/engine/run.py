"""Running a worker until it is told to stop."""

import asyncio
import gc
import signal
from typing import NoReturn

import structlog

from schemas.log_events import WORKER_FATAL, WORKER_STARTED, WORKER_STOPPED
from streams.engine.app import WorkerApp
from streams.engine.preflight import check_topics
from streams.engine.watchdog import Watchdog

_NEW_OBJECTS = 50_000  # of a few chunks

_log = structlog.get_logger(__name__)


async def run_worker(app: WorkerApp) -> None:
    """Run `app` until SIGTERM or SIGINT, then finish the chunk in hand, commit and leave the group.

    Raises `ConfigError` or `UnavailableError` before anything starts. Whatever goes wrong later ends the
    process by the configured `on_fatal`.
    """
    engine = app.engine
    _spare_the_collector()
    await check_topics(engine.config, engine.topics, engine.changelogs.topics)
    watchdog = asyncio.create_task(Watchdog(engine.config, engine.health, engine.topics).watch())
    serving = asyncio.create_task(_serve(app))
    stopping = asyncio.create_task(_stop_signal())
    _log.info(WORKER_STARTED, app_id=engine.config.app_id)
    await asyncio.wait({serving, stopping, watchdog}, return_when=asyncio.FIRST_COMPLETED)
    if not stopping.done():
        _fatal(app, "the worker crashed", _error_of(serving) or _error_of(watchdog) or app.crash_reason)
    watchdog.cancel()
    await _stop(app, serving)
    _log.info(WORKER_STOPPED)


def _spare_the_collector() -> None:
    """Collect cycles rarely: a chunk makes many objects at once and hardly any cycle.

    What was imported stays for good and is not looked through again.
    """
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 10, 100)


async def _serve(app: WorkerApp) -> None:
    await app.start()
    await app.wait_until_stopped()


async def _stop(app: WorkerApp, serving: "asyncio.Task[None]") -> None:
    try:
        async with asyncio.timeout(app.engine.config.stop_timeout_s):
            await app.stop()
            await asyncio.wait({serving})
    except TimeoutError as error:
        _fatal(app, "the worker did not stop in time", error)


async def _stop_signal() -> None:
    """Return at the first SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()


def _error_of(task: "asyncio.Task[None]") -> BaseException | None:
    return task.exception() if task.done() and not task.cancelled() else None


def _fatal(app: WorkerApp, reason: str, error: BaseException | None) -> NoReturn:
    _log.error(WORKER_FATAL, reason=reason, exc_info=error)
    app.engine.config.on_fatal(reason)
