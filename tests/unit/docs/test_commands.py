"""What the documentation tells people to type or to write is what the commands and files here take."""

import json
import re
import shlex
from collections.abc import Iterator

import pytest
import typer
from typer.main import get_command

from dashboards.sql_text import parse as parse_sql
from lrs_adapter.access.credentials import parse_credentials
from lrs_adapter.pull.sources import parse_sources
from readystream.cli import cli
from schemas.role_profiles import parse_role_profiles
from schemas.skill_map import parse_skill_map
from tests.documents import ROOT, Block, blocks, pages

BLOCKS = [block for page in pages() for block in blocks(page)]
MAKE_TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
USAGE_ERROR = typer.BadParameter.__bases__[0]
_SEPARATORS = {"|", "||", "&&", ";", "{", "}"}
_ASSIGNMENT = re.compile(r"[A-Z_]+=.*", re.DOTALL)


def _lines(text: str) -> Iterator[list[str]]:
    """The words of each command line; a line goes on after a backslash and within quotes."""
    held = ""
    for line in text.splitlines():
        held += f"{line}\n"
        if line.endswith("\\"):
            continue
        try:
            words = shlex.split(held, comments=True)
        except ValueError:
            continue  # a quotation is still open
        yield words
        held = ""
    assert not held, f"a quotation is never closed: {held}"


def _commands(text: str) -> Iterator[list[str]]:
    """The words of each command, without what stands before it."""
    for words in _lines(text):
        command: list[str] = []
        for word in [*words, ";"]:
            if word not in _SEPARATORS:
                if command or not _ASSIGNMENT.fullmatch(word):
                    command.append(word)
            elif command:
                yield command
                command = []


def _shell() -> list[tuple[Block, list[str]]]:
    return [(block, words) for block in BLOCKS if block.language == "sh" for words in _commands(block.text)]


def _take(words: list[str]) -> None:
    """Parse what follows `readystream` as the command does, without running it."""
    command = get_command(cli)
    while hasattr(command, "commands"):
        name, *words = words
        if name == "--help":
            return
        command = command.commands[name]
    given, left, _ = command.make_parser(command.context_class(command)).parse_args(words)
    needed = {param.name for param in command.params if param.required and not param.opts[0].startswith("-")}
    assert left == []
    assert needed <= {name for name, value in given.items() if value}


@pytest.mark.parametrize(
    "words",
    [words[1:] for _, words in _shell() if words[0] == "readystream"],
    ids=lambda words: " ".join(words)[:60],
)
def test_the_command_takes_what_the_documentation_gives_it(words: list[str]) -> None:
    _take(words)


@pytest.mark.parametrize("wrong", [["reconcile", "--repeir"], ["trace"], ["topics", "check", "all"]])
def test_what_the_command_does_not_take_is_noticed(wrong: list[str]) -> None:
    with pytest.raises((AssertionError, USAGE_ERROR)):
        _take(wrong)


def test_every_make_target_exists() -> None:
    named = {words[1] for _, words in _shell() if words[0] == "make"}
    assert named <= MAKE_TARGETS, named - MAKE_TARGETS
    assert len(named) > 5


def test_examples_of_files_are_read() -> None:
    skill_map = parse_skill_map((ROOT / "config" / "skill-map.yaml").read_text("utf-8"))
    examples = _examples()

    assert parse_skill_map(examples["write-a-skill-map", "yaml"]).mappings
    assert parse_role_profiles(examples["add-a-role", "yaml"], skill_map).roles
    assert parse_sources(examples["pull-from-an-lrs", "yaml"], {"ACADEMY_LRS_SECRET": "a secret"}, "the page")
    assert parse_credentials(examples["connect", "json"], "the page").credentials
    assert parse_sql(examples["add-a-panel", "sql"]).header["title"]
    ralph = examples["connect-ralph", "json"]
    assert parse_credentials(f'{{"credentials": [{ralph}]}}', "the page").credentials[0].accept_good


def _examples() -> dict[tuple[str, str], str]:
    """The last block of each language on each how-to page, with a whole hash where a page shortens one."""
    how_to = ROOT / "docs" / "how-to"
    whole = json.loads((ROOT / "config" / "credentials.json").read_text("utf-8"))["credentials"][0]["secret"]
    return {
        (block.page.stem, block.language): block.text.replace("scrypt$14$8$1$…", whole)
        for block in BLOCKS
        if block.page.parent == how_to
    }
