"""The `readystream` command: one verb for each process, and the tools around them.

Exit codes: 0 done; 1 the answer is no (figures disagree, topics are missing); 2 wrong use or settings;
3 a backing service does not answer.
"""

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from readystream import logs
from readystream.dead_letters.commands import cli as dead_letters_cli
from schemas.errors import ConfigError, ReadystreamError, UnavailableError
from schemas.settings import (
    AdapterSettings,
    ClickHouseSettings,
    IdentitySettings,
    ImportSettings,
    KafkaSettings,
    PageSettings,
    PullSettings,
    ReconcileSettings,
    RederiveSettings,
    SinkSettings,
    WorkerSettings,
    load,
)

EXIT_NO, EXIT_USAGE, EXIT_UNAVAILABLE = 1, 2, 3

cli = typer.Typer(
    name="readystream",
    help="Learning records in, readiness out, every number accounted for.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
topics_cli = typer.Typer(help="Create and check the Kafka topics.", no_args_is_help=True)
identity_cli = typer.Typer(help="Who is who: links between personas and persons.", no_args_is_help=True)
credentials_cli = typer.Typer(help="Secrets of the systems that send statements.", no_args_is_help=True)
cli.add_typer(topics_cli, name="topics")
cli.add_typer(identity_cli, name="identity")
cli.add_typer(credentials_cli, name="credentials")
cli.add_typer(dead_letters_cli, name="dead-letters")


def app() -> None:
    """Entry point: turns expected errors into one message and an exit code."""
    try:
        cli()
    except ConfigError as error:
        _fail(error, EXIT_USAGE)
    except UnavailableError as error:
        _fail(error, EXIT_UNAVAILABLE)
    except ReadystreamError as error:
        _fail(error, EXIT_NO)


def _fail(error: ReadystreamError, code: int) -> None:
    typer.echo(f"readystream: {error}", err=True)
    sys.exit(code)


@cli.command()
def adapter() -> None:
    """Receive xAPI statements over HTTP and write them to Kafka."""
    from lrs_adapter.server import serve  # noqa: PLC0415 - each verb loads only what its process runs

    settings = load(AdapterSettings)
    logs.configure(settings.log_level, settings.log_format, process="adapter")
    serve(settings)


@cli.command()
def worker() -> None:
    """Run a stream worker: identity, engagement, skills, readiness. Start as many as there are partitions."""
    from readystream.worker import run  # noqa: PLC0415

    settings = load(WorkerSettings)
    logs.configure(settings.log_level, settings.log_format, process="worker")
    run(settings)


@cli.command()
def sink() -> None:
    """Write the topics to ClickHouse, exactly once."""
    from readystream.sink import run  # noqa: PLC0415

    settings = load(SinkSettings)
    logs.configure(settings.log_level, settings.log_format, process="sink")
    run(settings)


@cli.command()
def page() -> None:
    """Serve the dashboards as a page, without Grafana."""
    from dashboards.page import serve  # noqa: PLC0415

    settings = load(PageSettings)
    logs.configure(process="page")
    serve(settings)


@cli.command()
def migrate() -> None:
    """Bring the ClickHouse database to this release's schema."""
    from readystream.databases import migrate_database  # noqa: PLC0415

    settings = load(ClickHouseSettings)
    applied = migrate_database(settings.dsn, settings.clickhouse_database)
    typer.echo("\n".join(f"applied {name}" for name in applied) or "nothing to apply")


@cli.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, a line for each finding.")] = False,
) -> None:
    """Check settings, files, broker, topics, ClickHouse and clock, and say what to do; exit 1 if anything is.

    Example: readystream doctor
    """
    from readystream.doctor import examine  # noqa: PLC0415

    findings = examine()
    for finding in findings:
        if as_json:
            typer.echo(json.dumps(asdict(finding)))
        else:
            typer.echo(f"{'ok  ' if finding.is_well else 'mend'}  {finding.check}: {finding.said}")
            if finding.remedy:
                typer.echo(f"      → {finding.remedy}")
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else EXIT_NO)


@cli.command("trace")
def trace_(
    statement_id: Annotated[str, typer.Argument(help="Id of the statement.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the way of a statement: received, derived, whose it is, what it counts for; exit 1 if unknown.

    Example: readystream trace 6690e6c9-3ef0-4ed3-8b37-7f3964730bee
    """
    from readystream.databases import trace_statement  # noqa: PLC0415

    settings = load(ClickHouseSettings)
    steps = trace_statement(settings.dsn, settings.clickhouse_database, statement_id)
    if as_json:
        typer.echo(json.dumps({step.name: step.rows for step in steps}, default=str))
    for step in () if as_json else steps:
        typer.echo(step.name)
        for row in step.rows:
            typer.echo("".join(f"    {column:20} {value}\n" for column, value in row.items()))
    if not steps:
        typer.echo(f"nothing is known of statement {statement_id}", err=True)
        raise typer.Exit(EXIT_NO)


@topics_cli.command("create")
def topics_create() -> None:
    """Create the topics that are missing. Repeat it as often as you like."""
    from readystream.topics import create_topics  # noqa: PLC0415
    from schemas.topics import CATALOGUE  # noqa: PLC0415

    settings = load(KafkaSettings)
    created = asyncio.run(
        create_topics(
            settings.kafka_bootstrap_servers, CATALOGUE, settings.partitions, settings.replication_factor
        )
    )
    typer.echo("\n".join(f"created {name}" for name in created) or "nothing to create")


@topics_cli.command("check")
def topics_check() -> None:
    """Say what is wrong with the topics; exit 1 if anything is."""
    from readystream.topics import check_topics  # noqa: PLC0415
    from schemas.topics import CATALOGUE  # noqa: PLC0415

    settings = load(KafkaSettings)
    problems = asyncio.run(check_topics(settings.kafka_bootstrap_servers, CATALOGUE, settings.partitions))
    typer.echo("\n".join(problems) or "the topics are as the catalogue wants them")
    raise typer.Exit(EXIT_NO if problems else 0)


@identity_cli.command("import")
def identity_import(
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
    from lrs_adapter.hr.rows import HomePages  # noqa: PLC0415
    from readystream.identity import ImportOptions, day_of, import_feed, sentences  # noqa: PLC0415

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


@identity_cli.command("aliases")
def identity_aliases() -> None:
    """Link the e-mail aliases in the log, such as ana+course@gmail.com, to whom their mailbox belongs to.

    The identity rules say at which providers that is sure; at others it is written to `identity.audit` for
    people to look at. Run it after each import of the HR feed.
    """
    from readystream.aliases import link_aliases  # noqa: PLC0415
    from readystream.identity import day_of  # noqa: PLC0415

    settings = load(IdentitySettings)
    logs.configure(settings.log_level, settings.log_format, process="identity")
    report = asyncio.run(link_aliases(settings, day_of("today")))
    typer.echo(f"{report.seen} aliases seen, {report.known} of a mailbox that is linked")
    typer.echo(f"{report.links} links written, {report.reviews} wait for review in identity.audit")


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
    from readystream.bulk import import_files, progress_bars, sentences  # noqa: PLC0415

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
    from readystream.rederive import rederive as run  # noqa: PLC0415

    settings = load(RederiveSettings)
    logs.configure(settings.log_level, settings.log_format, process="rederive")
    typer.echo(f"{asyncio.run(run(settings))} statements to derive anew")


@cli.command()
def pull() -> None:
    """Fetch statements from the LRSs of the sources file. Start several: they share the sources."""
    from readystream.pull import run  # noqa: PLC0415

    settings = load(PullSettings)
    logs.configure(settings.log_level, settings.log_format, process="pull")
    run(settings)


@cli.command()
def reconcile(
    partition: Annotated[
        list[int] | None, typer.Option(help="Only this partition of xapi.statements; may be repeated.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Only days, and statements received, from this ISO date on (UTC).")
    ] = None,
    repair: Annotated[bool, typer.Option(help="Make right what is wrong, and compare once more.")] = False,
    deep: Annotated[
        bool, typer.Option(help="Read the whole raw log and all events from Kafka, and compare every row.")
    ] = False,
    lrs: Annotated[
        str | None, typer.Option(help="Compare with this LRS of the sources file as well.")
    ] = None,
    give_back: Annotated[
        bool,
        typer.Option(
            help="Send the LRS what it gave us and has no longer; it may have erased it on purpose."
        ),
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    every: Annotated[
        float | None, typer.Option(min=0, help="Go on, and do it again after so many hours.")
    ] = None,
) -> None:
    """Recompute what ClickHouse holds up to an exact offset and compare it with the workers and the log.

    Exits 1 if a figure drifts by more than READYSTREAM_RECONCILE_THRESHOLD, 3 when nothing can be judged yet.
    """
    from readystream import reconcile as command  # noqa: PLC0415

    settings = load(ReconcileSettings)
    logs.configure(settings.log_level, settings.log_format, process="reconcile")
    request = command.Request(
        partitions=tuple(partition or ()),
        repair=repair,
        deep=deep,
        **({} if since is None else {"since": (date.fromisoformat(since) - date(1970, 1, 1)).days}),
    )
    also = [] if lrs is None else [command.lrs_check(lrs, request, give_back=give_back)]
    if every is not None:
        command.run_every(every * 3600, settings, request, also)
        return
    reports = asyncio.run(command.reconcile(settings, request, also))
    for line in command.printed(reports, as_json=json_):
        typer.echo(line)
    raise typer.Exit(command.exit_code(reports[-1]))


@cli.command()
def features(
    as_of: Annotated[str, typer.Option(help="Last day that counts, an ISO date (UTC).")],
    out: Annotated[Path, typer.Option(help="The Parquet file to write.")],
    windows: Annotated[str, typer.Option(help="Lengths of the windows in days.")] = "30,90,180",
) -> None:
    """Write one row per person for models of turnover and mobility, as it was known at the end of a day.

    The same date gives the same rows whatever has arrived since. People are pseudonyms.
    """
    from readystream import features as command  # noqa: PLC0415

    day, lengths = command.options(as_of, windows)
    written = command.write_features(load(ClickHouseSettings), day, lengths, out)
    typer.echo(f"{written} persons in {out}")


@credentials_cli.command("hash")
def credentials_hash(
    secret: Annotated[str, typer.Option(prompt=True, hide_input=True, help="Asked for when not given.")],
) -> None:
    """Print the hash of a secret, for the credentials file."""
    from lrs_adapter.access.secret_hash import hash_secret  # noqa: PLC0415

    typer.echo(hash_secret(secret))


@cli.command()
def topology() -> None:
    """Print how topics and stages hang together, as a diagram."""
    from readystream.topology import diagram  # noqa: PLC0415

    typer.echo(diagram())


@cli.command()
def dev(
    statements: Annotated[
        list[Path] | None,
        typer.Option(
            help="Forward this JSON array or NDJSON file instead of generated ones; may be repeated."
        ),
    ] = None,
    people: Annotated[
        Path | None, typer.Option(help="HR feed to import while statements of a file are forwarded.")
    ] = None,
    learners: Annotated[int, typer.Option(min=1, help="Learners to generate.")] = 200,
    days: Annotated[int, typer.Option(min=1, help="Days of learning to generate.")] = 90,
    seed: Annotated[int, typer.Option(help="Seed: the same one gives the same statements.")] = 7,
    shuffle: Annotated[int | None, typer.Option(help="Forward in an order shuffled with this seed.")] = None,
    rate: Annotated[
        float, typer.Option(min=0, help="Statements a second; 0 for as fast as they are accepted.")
    ] = 1000,
    workers: Annotated[int, typer.Option(min=1, help="Stream workers.")] = 2,
    as_of: Annotated[
        str,
        typer.Option(help="Last day that figures include: an ISO date, or auto for the newest statement's."),
    ] = "auto",
    data_dir: Annotated[Path, typer.Option(help="Where logs and the embedded ClickHouse go.")] = Path(
        ".data/dev"
    ),
    exit_: Annotated[bool, typer.Option("--exit", help="Stop after the summary.")] = False,
    summary: Annotated[Path | None, typer.Option(help="Write the summary to this JSON file as well.")] = None,
) -> None:
    """Run the whole pipeline on this machine and forward statements through it.

    Needs no server: Kafka and ClickHouse are embedded unless KAFKA_BOOTSTRAP_SERVERS or CLICKHOUSE_DSN names
    one. Exits 1 if ClickHouse does not hold exactly what was accepted.
    """
    from readystream.dev.run import DevOptions, run  # noqa: PLC0415

    if as_of != "auto":
        date.fromisoformat(as_of)
    options = DevOptions(
        statements=tuple(statements or ()),
        people=people,
        learners=learners,
        days=days,
        seed=seed,
        shuffle=shuffle,
        rate=rate or None,
        workers=workers,
        as_of=None if as_of == "auto" else date.fromisoformat(as_of),
        data_dir=data_dir,
        exit_after=exit_,
        summary=summary,
    )
    raise typer.Exit(run(options))
