"""What is the matter, and how things hang together: `doctor`, `topology`."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from readystream.cli.exits import EXIT_NO

cli = typer.Typer()


@cli.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, a line for each finding.")] = False,
) -> None:
    """Check settings, files, broker, topics, ClickHouse and clock, and say what to do; exit 1 if anything is.

    Example: readystream doctor
    """
    from readystream.doctor import examine

    findings = examine()
    for finding in findings:
        if as_json:
            typer.echo(json.dumps(asdict(finding)))
        else:
            typer.echo(f"{'ok  ' if finding.is_well else 'mend'}  {finding.check}: {finding.said}")
            if finding.remedy:
                typer.echo(f"      → {finding.remedy}")
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else EXIT_NO)


@cli.command()
def topology() -> None:
    """Print how topics and stages hang together, as a diagram."""
    from readystream.topology import diagram

    typer.echo(diagram())
