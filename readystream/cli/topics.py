"""`readystream topics …`."""

import asyncio

import typer

from readystream.cli.exits import EXIT_NO
from schemas.settings import KafkaSettings, load

cli = typer.Typer(help="Create and check the Kafka topics.", no_args_is_help=True)


@cli.command("create")
def create() -> None:
    """Create the topics that are missing. Repeat it as often as you like."""
    from readystream.topics import create_topics
    from schemas.topics import CATALOGUE

    settings = load(KafkaSettings)
    created = asyncio.run(
        create_topics(
            settings.kafka_bootstrap_servers, CATALOGUE, settings.partitions, settings.replication_factor
        )
    )
    typer.echo("\n".join(f"created {name}" for name in created) or "nothing to create")


@cli.command("check")
def check() -> None:
    """Say what is wrong with the topics; exit 1 if anything is."""
    from readystream.topics import check_topics
    from schemas.topics import CATALOGUE

    settings = load(KafkaSettings)
    problems = asyncio.run(check_topics(settings.kafka_bootstrap_servers, CATALOGUE, settings.partitions))
    typer.echo("\n".join(problems) or "the topics are as the catalogue wants them")
    raise typer.Exit(EXIT_NO if problems else 0)
