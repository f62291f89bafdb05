"""Command lines as people write them, read by the command's own parser."""

import re
import shlex
from collections.abc import Iterator

from typer import Context
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from readystream.cli import cli

_LINE = re.compile(r"^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(readystream [a-z-].*)$")
_COMMENT = re.compile(r"\s#(\s.*)?$")
_ENDS = {"|", "||", "<", ">", "&", "&&", ";"}


def lines_of(text: str) -> Iterator[str]:
    """The lines of `text` that call readystream, each without its prompt and environment."""
    for line in text.replace("\\\n", " ").splitlines():
        if match := _LINE.match(line):
            yield match[1]


def verb_of(line: str) -> str:
    """The verb that a line calls, as the parser understands it; nothing is run. Raises for wrong use.

    It is answered when it asks for a secret.
    """
    words = [word for word in shlex.split(_COMMENT.sub("", line)) if word != "readystream"]
    end = next((place for place, word in enumerate(words) if word in _ENDS), len(words))
    with CliRunner().isolation(input="secret\n"):
        return _descend(words[:end])


def _descend(words: list[str]) -> str:
    command, context, words = get_command(cli), None, ["readystream", *words]
    while isinstance(command, TyperGroup):
        context = Context(command, parent=context, info_name=words[0])
        name, found, rest = command.resolve_command(context, words[1:])
        assert name is not None
        assert found is not None
        command, words = found, [name, *rest]
    return command.make_context(words[0], words[1:], parent=context).command_path
