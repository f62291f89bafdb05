"""The webhooks process: topics to receivers over HTTP, with its operator's addresses."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry

from readystream.config_files import read_configuration, read_text
from readystream.ops import ops_server
from schemas.metrics import WebhookMetrics
from schemas.settings import WebhookSettings
from sinks.webhooks.health import WebhookHealth
from sinks.webhooks.run import run_webhooks
from sinks.webhooks.secrets import Secrets, read_secrets
from sinks.webhooks.subscriptions import Subscription, Subscriptions, check_names, parse_subscriptions


def run(settings: WebhookSettings) -> None:
    """Serve the subscriptions of the file until SIGTERM or SIGINT.

    Raises `ConfigError` if a file is wrong or a secret is missing, `UnavailableError` if Kafka does not
    answer.
    """
    listed = checked_subscriptions(settings)
    secrets = read_secrets(listed, os.environ, str(settings.webhooks_file))
    asyncio.run(_run(settings, listed.subscriptions, secrets))


def read_subscriptions(path: Path) -> Subscriptions:
    """The webhooks file. Raises `ConfigError` that names every problem of it."""
    return parse_subscriptions(read_text(path), str(path))


def checked_subscriptions(settings: WebhookSettings) -> Subscriptions:
    """The same, with filters for roles and skills that exist. Raises `ConfigError`."""
    listed = read_subscriptions(settings.webhooks_file)
    skill_map, profiles = read_configuration(settings.skill_map_file, settings.role_profiles_file)
    roles, skills = (one.id for one in profiles.roles), (one.id for one in skill_map.skills)
    check_names(listed, str(settings.webhooks_file), roles=roles, skills=skills)
    return listed


async def _run(
    settings: WebhookSettings, subscriptions: Sequence[Subscription], secrets: Mapping[str, Secrets]
) -> None:
    registry = CollectorRegistry()
    health = WebhookHealth(WebhookMetrics(registry))
    async with ops_server(settings.ops_host, settings.ops_port, registry, lambda: health.ready):
        work = asyncio.create_task(run_webhooks(settings, subscriptions, secrets, health=health))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, work.cancel)
        try:
            await work
        except asyncio.CancelledError:
            return
