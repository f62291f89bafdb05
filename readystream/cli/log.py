"""What is written to the log of statements by hand: `import`, `rederive`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from readystream import logs
from readystream.cli.exits import EXIT_NO
from schemas.settings import ImportSettings, RederiveSettings, load

cli = typer.Typer()


@cli.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="NDJSON, JSON arrays or LMS exports as CSV; also .gz, .zst and .zip of one file."
        ),
    ],
    mapping: Annotated[Path, typer.Option(help="What the columns of CSV files say.")] = Path(
        "config/csv-mapping.csv"
    ),
    dry_run: Annotated[bool, typer.Option(help="Judge everything and write nothing.")] = False,
) -> None:
    """Write files of statements to the log.

    Bad rows go to `dead.letters`, good ones are written; exit 1 if a row was bad. Repeat an import that was
    interrupted: it goes on where it was, and what is there already changes nothing.
    """
    from readystream.bulk import import_files, progress_bars, sentences

    settings = load(ImportSettings)
    logs.configure(settings.log_level, settings.log_format, process="import")
    with progress_bars(files) as on_progress:
        report = asyncio.run(
            import_files(settings, files, mapping=mapping, dry_run=dry_run, on_progress=on_progress)
        )
    for sentence in sentences(report):
        typer.echo(sentence)
    raise typer.Exit(EXIT_NO if report.rejected_rows else 0)


@cli.command()
def rederive() -> None:
    """Derive all skill evidence anew, after the skill map changed and every worker runs with the new one.

    Reads the log from its beginning and repeats each statement that may be evidence; workers replace
    what it gave before. Statements go on flowing meanwhile. A run that was interrupted can be repeated.
    `readystream_worker_mixed_editions` is 0 once workers are done.
    """
    from readystream.rederive import rederive as run

    settings = load(RederiveSettings)
    logs.configure(settings.log_level, settings.log_format, process="rederive")
    typer.echo(f"{asyncio.run(run(settings))} statements to derive anew")
