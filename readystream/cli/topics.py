"""`readystream topics …`."""

import asyncio

import typer

from readystream.cli.exits import EXIT_NO
from readystream.cli.output import Json, tell
from readystream.cli.verb import verb
from schemas.settings import KafkaSettings, load

cli = typer.Typer(help="Create and check the Kafka topics.", no_args_is_help=True)


@verb(
    cli,
    "create",
    "readystream topics create",
    "READYSTREAM_PARTITIONS=12 READYSTREAM_REPLICATION_FACTOR=3 readystream topics create",
)
def create(as_json: Json = False) -> None:
    """Create the topics that are missing. Repeat it as often as you like."""
    from readystream.topics import create_topics
    from schemas.topics import CATALOGUE

    settings = load(KafkaSettings)
    created = asyncio.run(
        create_topics(
            settings.kafka_bootstrap_servers, CATALOGUE, settings.partitions, settings.replication_factor
        )
    )
    said = [f"created {name}" for name in created] or ["nothing to create"]
    tell(({"created": name} for name in created), said, as_json=as_json)


@verb(cli, "check", "readystream topics check", no="a topic is missing or another than it should be")
def check(as_json: Json = False) -> None:
    """Say what is wrong with the topics."""
    from readystream.topics import check_topics
    from schemas.topics import CATALOGUE

    settings = load(KafkaSettings)
    problems = asyncio.run(check_topics(settings.kafka_bootstrap_servers, CATALOGUE, settings.partitions))
    said = problems or ["the topics are as the catalogue wants them"]
    tell(({"problem": problem} for problem in problems), said, as_json=as_json)
    raise typer.Exit(EXIT_NO if problems else 0)
