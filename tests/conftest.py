"""Fixtures: the backing services, isolation between tests, and no sockets in unit tests.

Services are chosen by `KAFKA_BOOTSTRAP_SERVERS` and `CLICKHOUSE_DSN` if set, else by `--kafka` and
`--clickhouse`, else a container if Docker answers, else the embedded ones. The header of the run says which.
"""

import logging
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client
from hypothesis import settings

from sinks.clickhouse import connect
from sinks.migrate import migrate
from tests.services import clickhouse as clickhouses
from tests.services import kafka as kafkas
from tests.services.clickhouse import ClickHouse, ClickHouseKind, Database
from tests.services.kafka import Broker, Kafka, KafkaKind

settings.register_profile("long", max_examples=5000)
_UNIT = Path(__file__).parent / "unit"
_BROKERS = {"kafka", "private_broker"}
_KAFKA_KIND = pytest.StashKey[KafkaKind]()
_CLICKHOUSE_KIND = pytest.StashKey[ClickHouseKind]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--kafka`, `--clickhouse` and `--statements`."""
    parser.addoption("--kafka", choices=["auto", "apache", "container", "embedded"], default="auto")
    parser.addoption("--clickhouse", choices=["auto", "container", "embedded"], default="auto")
    parser.addoption("--statements", help="JSON array of statements for the tests that take a file")
    parser.addoption(
        "--reconcile-minutes", default="0.4", help="How long reconciliation is tried under traffic"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose the services; they start when a test first wants them."""
    config.addinivalue_line("markers", "apache: needs what Maven brings; runs with --kafka=apache only")
    config.stash[_KAFKA_KIND] = kafkas.choose(config.getoption("--kafka"))
    config.stash[_CLICKHOUSE_KIND] = clickhouses.choose(config.getoption("--clickhouse"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With Apache Kafka: the tests that use a broker or Maven. Without: all but those that need Maven."""
    wanted = _uses_broker if config.stash[_KAFKA_KIND] == "apache" else _runs_anywhere
    config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
    items[:] = [item for item in items if wanted(item)]


def _uses_broker(item: pytest.Item) -> bool:
    return not (_runs_anywhere(item) and _BROKERS.isdisjoint(getattr(item, "fixturenames", ())))


def _runs_anywhere(item: pytest.Item) -> bool:
    return item.get_closest_marker("apache") is None


def pytest_report_header(config: pytest.Config) -> str:
    """Say which services the run uses."""
    return f"services: kafka {config.stash[_KAFKA_KIND]}, clickhouse {config.stash[_CLICKHOUSE_KIND]}"


@pytest.fixture(autouse=True)
def _no_sockets_in_unit_tests(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if _UNIT in request.path.parents:
        for name in ("bind", "connect", "connect_ex"):
            monkeypatch.setattr(socket.socket, name, _refuse)


def _refuse(*_arguments: object) -> None:
    raise AssertionError("unit tests talk to nobody: put this one into tests/integration")


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A command that runs within a test sets logging up for streams that end with the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def kafka_kind(pytestconfig: pytest.Config) -> KafkaKind:
    """What kind of broker the run uses."""
    return pytestconfig.stash[_KAFKA_KIND]


@pytest.fixture(scope="session")
def kafka(kafka_kind: KafkaKind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A broker for the whole run: use topics and groups of your own (`topic_prefix`, `group_id`)."""
    with kafkas.running(kafka_kind, tmp_path_factory.mktemp("kafka")) as service:
        yield service


@pytest.fixture
async def empty_kafka(
    request: pytest.FixtureRequest, kafka_kind: KafkaKind, private_broker: Callable[[], Broker]
) -> Kafka:
    """A broker where the catalogue's topics exist and are empty: for tests of whole processes.

    The embedded one starts in an instant, so each test has its own; others are emptied.
    """
    if kafka_kind == "embedded":
        service = kafkas.describe(private_broker())
    else:
        service = request.getfixturevalue("kafka")
    await kafkas.empty_catalogue(service)
    return service


@pytest.fixture
def private_broker(kafka_kind: KafkaKind, tmp_path: Path) -> Iterator[Callable[[], Broker]]:
    """Starts brokers for one test, to freeze, kill and restart: Apache Kafka in such runs, else embedded.

    The embedded one keeps nothing over a restart: there, outages are `freeze` and `thaw`.
    """
    with ExitStack() as brokers:

        def start() -> Broker:
            broker = kafkas.new_broker(kafka_kind, tmp_path / uuid.uuid4().hex)
            brokers.enter_context(broker)
            return broker

        yield start


@pytest.fixture
def topic_prefix() -> str:
    """What topics of this test alone begin with."""
    return f"test-{uuid.uuid4().hex[:12]}."


@pytest.fixture
def group_id() -> str:
    """A consumer group of this test alone."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def clickhouse(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouse]:
    """A ClickHouse for the whole run: use a database of your own (`database`)."""
    with clickhouses.running(
        pytestconfig.stash[_CLICKHOUSE_KIND], tmp_path_factory.mktemp("clickhouse")
    ) as service:
        yield service


@pytest.fixture
def database(clickhouse: ClickHouse) -> Iterator[Database]:
    """An empty database of this test alone."""
    with clickhouses.new_database(clickhouse) as new:
        yield new


@pytest.fixture(scope="session")
def _lent(clickhouse: ClickHouse) -> Iterator[Client]:
    with clickhouses.new_database(clickhouse) as new, connect(new.dsn) as client:
        migrate(client, new.name)
        yield client


@pytest.fixture
def migrated(_lent: Client) -> Iterator[Client]:
    """A client of a database that has all migrations and no rows: for tests that change nothing but rows.

    One after the other gets the same, for to migrate takes longer than most of them.
    """
    yield _lent
    _lent.command(
        "TRUNCATE ALL TABLES FROM {database:Identifier} NOT LIKE 'schema_migrations'",
        parameters={"database": _lent.database},
    )
