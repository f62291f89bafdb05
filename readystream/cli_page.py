"""The reference page of the command, read from its parser."""

from collections.abc import Iterator

from typer import Context
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from readystream.cli import cli
from readystream.cli.verb import examples_of, exit_codes_of

LEAD = """\
`readystream --install-completion` teaches bash, zsh, fish or PowerShell to complete verbs and options;
`readystream --show-completion` prints what it would install.

`--json` prints an object a line and nothing else on standard output; without it people are meant. Log
lines and progress go to standard error.

| exit code | means |
|---|---|
| 0 | done |
| 1 | the answer is no: figures disagree, something is missing, a row was bad |
| 2 | wrong use, settings or configuration |
| 3 | a service does not answer: try again |"""


def verbs() -> Iterator[tuple[str, TyperCommand]]:
    """Every verb: how it is called, and its command."""
    root = get_command(cli)
    assert isinstance(root, TyperGroup)  # noqa: S101 - a Typer with several commands is one
    yield from _verbs(root, "readystream")


def _verbs(group: TyperGroup, prefix: str) -> Iterator[tuple[str, TyperCommand]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _verbs(command, f"{prefix} {name}")
        elif isinstance(command, TyperCommand):
            yield f"{prefix} {name}", command


def cli_page() -> list[str]:
    """The lines of the page."""
    return [line for name, command in verbs() for line in _verb(name, command)]


def _verb(name: str, command: TyperCommand) -> Iterator[str]:
    context = Context(command, info_name=name)
    epilog = command.epilog or ""
    yield from (f"## {name}", "", command.help or "", "", "```text")
    yield from (f"Usage: {name} {' '.join(command.collect_usage_pieces(context))}", "```", "")
    if rows := list(_parameters(command, context)):
        yield from ("| argument or option | meaning |", "|---|---|", *rows, "")
    yield from ("```sh", *examples_of(epilog), "```", "", exit_codes_of(epilog), "")


def _parameters(command: TyperCommand, context: Context) -> Iterator[str]:
    for parameter in command.params:
        if record := parameter.get_help_record(context):
            said, meaning = (text.replace("|", "\\|") for text in record)
            yield f"| `{said}` | {meaning} |"
