"""`readystream doctor`: what is wrong with this installation, and what to do about it.

Every check answers for itself: one that fails hides no other. Nothing is changed.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from pydantic_settings import BaseSettings

from lrs_adapter.access.credentials import parse_credentials, read_file
from readystream.config_files import read_configuration
from readystream.schema_registry.client import open_registry
from readystream.schema_registry.subjects import problems as subject_problems
from readystream.topics import check_topics
from readystream.webhooks import checked_subscriptions
from schemas.errors import ConfigError, MigrationError, SettingsError, UnavailableError
from schemas.mounts import parse_mounts
from schemas.settings import (
    AdapterSettings,
    ClickHouseSettings,
    KafkaSettings,
    RegistrySettings,
    SinkSettings,
    WebhookSettings,
    WorkerSettings,
    load,
)
from schemas.topics import CATALOGUE
from sinks.clickhouse import connect
from sinks.migrate import pending

_PROCESSES: tuple[type[BaseSettings], ...] = (AdapterSettings, WorkerSettings, SinkSettings)
_MOST_SKEW_S = 1.0
_LEAST_FREE = 0.05

_TOPIC_REMEDIES = (
    ("is missing", "readystream topics create"),
    ("not in sync", "see which broker is away or behind: docs/runbook/broker-loss.md"),
    ("no leader", "bring the brokers back that hold them: docs/runbook/broker-loss.md"),
    ("min.insync.replicas", "set it to 2 with the tools of your broker, for this topic or for all"),
    (
        "partitions",
        "set READYSTREAM_PARTITIONS to what the topics have: their count cannot change afterwards",
    ),
    ("", "change the topic's setting with the tools of your broker"),
)
"""(words of a problem, what to do): the first whose words it has."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. Without a `remedy` all is well."""

    check: str
    said: str
    remedy: str = ""

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.remedy


def examine(clock: Callable[[], float] = time.time) -> list[Finding]:
    """Run every check with the settings of the environment. `clock` gives seconds since the epoch."""
    checks: tuple[Callable[[], Iterable[Finding]], ...] = (
        _settings,
        _configuration,
        _credentials,
        _webhooks,
        _kafka,
        _registry,
        partial(_clickhouse, clock),
    )
    return [finding for check in checks for finding in _unless_unset(check)]


def _unless_unset(check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What `check` finds; nothing where its settings are wrong, for the check of the settings says so."""
    try:
        return list(check())
    except SettingsError:
        return []


def _settings() -> Iterator[Finding]:
    problems = dict.fromkeys(problem for settings in _PROCESSES for problem in _problems(settings))
    for problem in problems:
        yield Finding("settings", problem, "set it in the environment; docs/reference/settings.md names all")
    if not problems:
        yield Finding("settings", "adapter, worker and sink would start with them")


def _problems(settings: type[BaseSettings]) -> tuple[str, ...]:
    try:
        load(settings)
    except SettingsError as error:
        return error.problems
    return ()


def _configuration() -> Iterator[Finding]:
    settings = load(WorkerSettings)
    try:
        skill_map, roles = read_configuration(settings.skill_map_file, settings.role_profiles_file)
    except ConfigError as error:
        yield from _mend("configuration", error)
    else:
        yield Finding("configuration", f"skill map {skill_map.version}, role profiles {roles.version}")


def _credentials() -> Iterator[Finding]:
    settings = load(AdapterSettings)
    path = settings.credentials_file
    try:
        found = parse_credentials(read_file(path), str(path), parse_mounts(settings.mounts)).credentials
    except ConfigError as error:
        yield from _mend("credentials", error)
        return
    for one in found:
        if one.sample:
            said = f"the secret of {one.name} is published"
            yield Finding("credentials", said, "replace it: readystream credentials hash")
    yield Finding("credentials", f"{len(found)} in {path}")


def _webhooks() -> Iterator[Finding]:
    settings = load(WebhookSettings)
    try:
        found = checked_subscriptions(settings).subscriptions
    except ConfigError as error:
        yield from _mend("webhooks", error)
    else:
        yield Finding("webhooks", f"{len(found)} subscriptions in {settings.webhooks_file}")


def _mend(check: str, error: ConfigError) -> Iterator[Finding]:
    for problem in error.problems:
        yield Finding(check, f"{error.source}: {problem}", "mend the file")


def _kafka() -> Iterator[Finding]:
    settings = load(KafkaSettings)
    address = settings.kafka_bootstrap_servers
    try:
        problems = asyncio.run(check_topics(address, CATALOGUE, settings.partitions))
    except UnavailableError as error:
        yield Finding("kafka", str(error), "start the broker, or set KAFKA_BOOTSTRAP_SERVERS to its address")
        return
    yield Finding("kafka", f"answers at {address}")
    for problem in problems:
        yield Finding("topics", problem, topic_remedy(problem))
    if not problems:
        yield Finding("topics", f"{len(CATALOGUE)} topics are as the catalogue wants them")


def _registry() -> Iterator[Finding]:
    settings = load(RegistrySettings)
    if not settings.schema_registry_url:
        return
    try:
        with open_registry(settings) as registry:
            problems = list(subject_problems(registry, CATALOGUE))
    except (UnavailableError, ConfigError) as error:
        yield Finding("schemas", str(error), "start the registry, or mend SCHEMA_REGISTRY_URL and its user")
        return
    for problem in problems:
        yield Finding("schemas", problem, "readystream schemas register")
    if not problems:
        yield Finding("schemas", f"{settings.schema_registry_url} has those of this release")


def topic_remedy(problem: str) -> str:
    """What to do about a problem that `check_topics` told."""
    return next(remedy for words, remedy in _TOPIC_REMEDIES if words in problem)


def _clickhouse(clock: Callable[[], float]) -> Iterator[Finding]:
    settings = load(ClickHouseSettings)
    try:
        client = connect(settings.dsn)
    except (ClickHouseError, OSError) as error:
        said = f"does not answer: {type(error).__name__}"
        yield Finding("clickhouse", said, "start it, or set CLICKHOUSE_DSN to its address")
        return
    try:
        yield Finding("clickhouse", f"version {client.server_version} answers")
        yield _skew(client, clock)
        yield _disk(client)
        yield _migrations(client, settings.clickhouse_database)
    finally:
        client.close()


def _skew(client: Client, clock: Callable[[], float]) -> Finding:
    """How far our clock is from ClickHouse's, at least: it answered between two looks at ours."""
    before = clock()
    ((theirs,),) = client.query("SELECT toFloat64(now64(6))").result_rows
    skew = max(before - theirs, theirs - clock(), 0.0)
    if skew > _MOST_SKEW_S:
        said = f"this machine and ClickHouse differ by {skew:.1f} s or more"
        return Finding("clock", said, "synchronise the clocks: freshness is told by them")
    return Finding("clock", "this machine and ClickHouse agree")


def _disk(client: Client) -> Finding:
    """The disk of ClickHouse with the smallest share left; without any it takes no rows."""
    ((name, share),) = client.query(
        "SELECT name, free_space / total_space AS share FROM system.disks ORDER BY share LIMIT 1"
    ).result_rows
    return room(name, share)


def room(name: str, share: float) -> Finding:
    """Whether the share of the disk `name` that is left is enough."""
    said = f"ClickHouse has {share:.0%} left on {name}"
    return Finding("disk", said, "make room: docs/runbook/full-disk.md" if share < _LEAST_FREE else "")


def _migrations(client: Client, database: str) -> Finding:
    try:
        missing = pending(client, database)
    except MigrationError as error:
        return Finding("migrations", str(error), "use the release that wrote the database, or a newer one")
    if missing:
        return Finding("migrations", f"{', '.join(missing)} not applied", "readystream migrate")
    return Finding("migrations", f"the database {database} is up to date")
