"""What is written to the log of statements by hand: `import`, `rederive`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from readystream.cli.exits import EXIT_NO
from readystream.cli.output import Json, tell
from readystream.cli.start import started
from readystream.cli.verb import verb
from schemas.settings import ImportSettings, RederiveSettings

cli = typer.Typer()

Files = Annotated[
    list[Path],
    typer.Argument(help="NDJSON, JSON arrays or LMS exports as CSV; also .gz, .zst and .zip of one file."),
]
Mapping = Annotated[Path, typer.Option(help="What the columns of CSV files say.")]


@verb(
    cli,
    "import",
    "readystream import statements.ndjson.gz",
    "readystream import exports/completions.csv --mapping config/csv-mapping.csv --dry-run",
    no="a row was bad",
)
def import_(
    files: Files,
    mapping: Mapping = Path("config/csv-mapping.csv"),
    dry_run: Annotated[bool, typer.Option(help="Judge everything and write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Write files of statements to the log.

    Bad rows go to `dead.letters`, good ones are written. Repeat an import that was interrupted: it goes on
    where it was, and what is there already changes nothing.
    """
    from readystream.bulk import as_rows, import_files, progress_bars, sentences

    settings = started(ImportSettings, "import")
    with progress_bars(files) as on_progress:
        report = asyncio.run(
            import_files(settings, files, mapping=mapping, dry_run=dry_run, on_progress=on_progress)
        )
    tell(as_rows(report), sentences(report), as_json=as_json)
    raise typer.Exit(EXIT_NO if report.rejected_rows else 0)


@verb(cli, "rederive", "READYSTREAM_SKILL_MAP_FILE=config/skill-map.yaml readystream rederive")
def rederive(as_json: Json = False) -> None:
    """Derive all skill evidence anew, after the skill map changed and every worker runs with the new one.

    Reads the log from its beginning and repeats each statement that may be evidence; workers replace
    what it gave before. Statements go on flowing meanwhile. A run that was interrupted can be repeated.
    `readystream_worker_mixed_editions` is 0 once workers are done.
    """
    from readystream.rederive import rederive as run

    settings = started(RederiveSettings, "rederive")
    count = asyncio.run(run(settings))
    tell([{"statements": count}], [f"{count} statements to derive anew"], as_json=as_json)
