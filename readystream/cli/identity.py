"""`readystream identity …`."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from readystream.cli.exits import EXIT_NO
from readystream.cli.output import Json, tell
from readystream.cli.start import started
from readystream.cli.verb import verb
from schemas.settings import IdentitySettings

cli = typer.Typer(help="Who is who: links between personas and persons.", no_args_is_help=True)

Feed = Annotated[Path, typer.Argument(help="HR feed as CSV; config/people.csv shows the columns.")]
Complete = Annotated[
    bool, typer.Option("--complete", help="The feed names everybody: whom it does not name has left.")
]
Headcount = Annotated[
    int | None, typer.Option(min=0, help="Employees that the feed has to name; else nothing is written.")
]
SsoHomePage = Annotated[
    str | None, typer.Option(help="Home page of `sso_guid` without one; else the setting.")
]
HrisHomePage = Annotated[
    str | None, typer.Option(help="Home page of accounts named by the employee id; else the setting.")
]
AsOf = Annotated[
    str, typer.Option(help="Day on which links end that the feed no longer has: an ISO date, or today.")
]


@verb(
    cli,
    "import",
    "readystream identity import people.csv",
    "readystream identity import people.csv --complete --headcount 5210 --dry-run",
    no="a row was bad, or other people are linked afterwards than the feed names",
)
def import_(
    feed: Feed,
    complete: Complete = False,
    headcount: Headcount = None,
    sso_home_page: SsoHomePage = None,
    hris_home_page: HrisHomePage = None,
    as_of: AsOf = "today",
    dry_run: Annotated[bool, typer.Option(help="Compare and write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Write what an HR feed changes to `identity.links`, and reconcile the headcount.

    Bad rows are named, good ones are written. Repeat it as often as you like.
    """
    from lrs_adapter.hr.rows import HomePages
    from readystream.identity import ImportOptions, as_row, day_of, import_feed, sentences

    settings = _settings()
    options = ImportOptions(
        HomePages(
            settings.hr_sso_home_page if sso_home_page is None else sso_home_page,
            settings.hr_hris_home_page if hris_home_page is None else hris_home_page,
        ),
        day=day_of(as_of),
        is_complete=complete,
        headcount=headcount,
        dry_run=dry_run,
    )
    report = asyncio.run(import_feed(settings, feed, options))
    for fault in report.faults:
        typer.echo(f"{feed}: {fault.pointer}: {fault.message}", err=True)
    tell([as_row(report)], sentences(report), as_json=as_json)
    raise typer.Exit(0 if report.is_reconciled else EXIT_NO)


@verb(cli, "aliases", "readystream identity aliases")
def aliases(as_json: Json = False) -> None:
    """Link the e-mail aliases in the log, such as ana+course@gmail.com, to whom their mailbox belongs to.

    The identity rules say at which providers that is sure; at others it is written to `identity.audit` for
    people to look at. Run it after each import of the HR feed.
    """
    from readystream.aliases import link_aliases
    from readystream.identity import day_of

    report = asyncio.run(link_aliases(_settings(), day_of("today")))
    said = (
        f"{report.seen} aliases seen, {report.known} of a mailbox that is linked",
        f"{report.links} links written, {report.reviews} wait for review in identity.audit",
    )
    tell([asdict(report)], said, as_json=as_json)


def _settings() -> IdentitySettings:
    return started(IdentitySettings, "identity")
