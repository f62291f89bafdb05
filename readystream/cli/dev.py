"""`readystream dev`."""

from pathlib import Path
from typing import Annotated

import typer

from readystream.cli.values import iso_date
from readystream.cli.verb import verb

cli = typer.Typer()

Statements = Annotated[
    list[Path] | None,
    typer.Option(help="Forward this JSON array or NDJSON file instead of generated ones; may be repeated."),
]
People = Annotated[
    Path | None, typer.Option(help="HR feed to import while statements of a file are forwarded.")
]
Learners = Annotated[int, typer.Option(min=1, help="Learners to generate.")]
Days = Annotated[int, typer.Option(min=1, help="Days of learning to generate.")]
Seed = Annotated[int, typer.Option(help="Seed: the same one gives the same statements.")]
Shuffle = Annotated[int | None, typer.Option(help="Forward in an order shuffled with this seed.")]
Rate = Annotated[float, typer.Option(min=0, help="Statements a second; 0 for as fast as they are accepted.")]
Workers = Annotated[int, typer.Option(min=1, help="Stream workers.")]
AsOf = Annotated[
    str, typer.Option(help="Last day that figures include: an ISO date, or auto for the newest statement's.")
]
DataDir = Annotated[Path, typer.Option(help="Where logs and the embedded ClickHouse go.")]
Exit = Annotated[bool, typer.Option("--exit", help="Stop after the summary.")]
Summary = Annotated[Path | None, typer.Option(help="Write the summary to this JSON file as well.")]


@verb(
    cli,
    "dev",
    "readystream dev",
    "readystream dev --learners 50 --days 30 --exit --summary summary.json",
    "readystream dev --statements export.ndjson --exit",
    no="ClickHouse does not hold exactly what was accepted",
)
def dev(
    statements: Statements = None,
    people: People = None,
    learners: Learners = 200,
    days: Days = 90,
    seed: Seed = 7,
    shuffle: Shuffle = None,
    rate: Rate = 1000,
    workers: Workers = 2,
    as_of: AsOf = "auto",
    data_dir: DataDir = Path(".data/dev"),
    exit_: Exit = False,
    summary: Summary = None,
) -> None:
    """Run the whole pipeline on this machine and forward statements through it.

    Needs no server: Kafka and ClickHouse are embedded unless KAFKA_BOOTSTRAP_SERVERS or CLICKHOUSE_DSN names
    one.
    """
    from readystream.dev.run import DevOptions, run

    options = DevOptions(
        statements=tuple(statements or ()),
        people=people,
        learners=learners,
        days=days,
        seed=seed,
        shuffle=shuffle,
        rate=rate or None,
        workers=workers,
        as_of=None if as_of == "auto" else iso_date(as_of),
        data_dir=data_dir,
        exit_after=exit_,
        summary=summary,
    )
    raise typer.Exit(run(options))
