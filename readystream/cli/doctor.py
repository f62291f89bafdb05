"""What is the matter, and how things hang together: `doctor`, `topology`."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from readystream.cli.exits import EXIT_NO
from readystream.cli.output import Json, tell
from readystream.cli.verb import verb

if TYPE_CHECKING:
    from readystream.doctor import Finding

cli = typer.Typer()


@verb(
    cli,
    "doctor",
    "readystream doctor",
    "readystream doctor --json",
    no="something is to be mended",
    away=False,
)
def doctor(as_json: Json = False) -> None:
    """Check settings, files, broker, topics, registry, ClickHouse and clock, and say what to do."""
    from readystream.doctor import examine

    findings = examine()
    tell(map(asdict, findings), _sentences(findings), as_json=as_json)
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else EXIT_NO)


def _sentences(findings: Iterable["Finding"]) -> Iterator[str]:
    for finding in findings:
        yield f"{'ok  ' if finding.is_well else 'mend'}  {finding.check}: {finding.said}"
        if finding.remedy:
            yield f"      → {finding.remedy}"


@verb(cli, "topology", "readystream topology", away=False)
def topology() -> None:
    """Print how topics and stages hang together, as a Mermaid diagram."""
    from readystream.topology import diagram

    typer.echo(diagram())
