"""The pull process: LRSs to Kafka, with its operator's addresses."""

import asyncio
import os
import signal
from collections.abc import Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry

from lrs_adapter.pull.follower import Surroundings
from lrs_adapter.pull.run import Share, run_pull
from lrs_adapter.pull.sources import Source, parse_sources
from readystream.ops import ops_server
from schemas.errors import ConfigError
from schemas.metrics import PullMetrics
from schemas.settings import PullSettings


def run(settings: PullSettings) -> None:
    """Follow the sources of the file until SIGTERM or SIGINT. Raises `ConfigError` if the file is wrong."""
    asyncio.run(_run(settings, read_sources(settings.sources_file, os.environ), os.environ))


def read_sources(path: Path, environment: Mapping[str, str]) -> tuple[Source, ...]:
    """The sources of the file, each with a secret in the environment. Raises `ConfigError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), [f"cannot be read: {error}"]) from error
    return parse_sources(text, environment, str(path))


async def _run(settings: PullSettings, sources: tuple[Source, ...], environment: Mapping[str, str]) -> None:
    registry = CollectorRegistry()
    secrets = {source.secret_env: environment[source.secret_env] for source in sources}
    surroundings = Surroundings(settings, secrets, PullMetrics(registry))
    share = Share(sources, surroundings)
    async with ops_server(settings.ops_host, settings.ops_port, registry, lambda: share.ready):
        work = asyncio.create_task(run_pull(sources, surroundings, share))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, work.cancel)
        try:
            await work
        except asyncio.CancelledError:
            return
