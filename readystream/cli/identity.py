"""`readystream identity …`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from readystream import logs
from readystream.cli.exits import EXIT_NO
from schemas.settings import IdentitySettings, load

cli = typer.Typer(help="Who is who: links between personas and persons.", no_args_is_help=True)


@cli.command("import")
def import_(
    feed: Annotated[Path, typer.Argument(help="HR feed as CSV; config/people.csv shows the columns.")],
    complete: Annotated[
        bool, typer.Option("--complete", help="The feed names everybody: whom it does not name has left.")
    ] = False,
    headcount: Annotated[
        int | None, typer.Option(min=0, help="Employees that the feed has to name; else nothing is written.")
    ] = None,
    sso_home_page: Annotated[
        str | None, typer.Option(help="Home page of `sso_guid` without one; else the setting.")
    ] = None,
    hris_home_page: Annotated[
        str | None, typer.Option(help="Home page of accounts named by the employee id; else the setting.")
    ] = None,
    as_of: Annotated[
        str, typer.Option(help="Day on which links end that the feed no longer has: an ISO date, or today.")
    ] = "today",
    dry_run: Annotated[bool, typer.Option(help="Compare and write nothing.")] = False,
) -> None:
    """Write what an HR feed changes to `identity.links`, and reconcile the headcount.

    Bad rows are named, good ones are written. Exit 1 if a row was bad, or if the people who are linked
    afterwards are not those whom the feed names. Repeat it as often as you like.
    """
    from lrs_adapter.hr.rows import HomePages
    from readystream.identity import ImportOptions, day_of, import_feed, sentences

    settings = load(IdentitySettings)
    logs.configure(settings.log_level, settings.log_format, process="identity")
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
    for sentence in sentences(report):
        typer.echo(sentence)
    raise typer.Exit(0 if report.is_reconciled else EXIT_NO)


@cli.command("aliases")
def aliases() -> None:
    """Link the e-mail aliases in the log, such as ana+course@gmail.com, to whom their mailbox belongs to.

    The identity rules say at which providers that is sure; at others it is written to `identity.audit` for
    people to look at. Run it after each import of the HR feed.
    """
    from readystream.aliases import link_aliases
    from readystream.identity import day_of

    settings = load(IdentitySettings)
    logs.configure(settings.log_level, settings.log_format, process="identity")
    report = asyncio.run(link_aliases(settings, day_of("today")))
    typer.echo(f"{report.seen} aliases seen, {report.known} of a mailbox that is linked")
    typer.echo(f"{report.links} links written, {report.reviews} wait for review in identity.audit")
