"""Every verb says how it is used, and the page about them says what they say."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from readystream.cli import cli
from readystream.cli.verb import examples_of, exit_codes_of
from readystream.cli_page import cli_page, verbs
from tests.unit.cli.lines import lines_of, verb_of

ROOT = Path(__file__).parents[3]
VERBS = dict(verbs())
WITHOUT_RESULT = {
    "adapter",
    "pull",
    "worker",
    "sink",
    "webhooks",
    "page",
    "dev",
    "topology",
    "credentials hash",
}
"""They run until they are stopped, or print text that is meant for a file."""


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_has_examples_that_parse_and_says_its_exit_codes(name: str) -> None:
    epilog = VERBS[name].epilog or ""
    examples = [line for example in examples_of(epilog) for line in lines_of(example)]

    assert examples
    assert len(examples) == len(examples_of(epilog))
    for example in examples:
        assert verb_of(example) == name
    assert exit_codes_of(epilog).startswith("Exit codes: 0 done;")


@pytest.mark.parametrize("name", VERBS)
def test_the_help_of_a_verb_shows_its_examples(name: str) -> None:
    said = CliRunner().invoke(cli, [*name.split()[1:], "--help"], env={"COLUMNS": "200"}).output

    assert all(example in said for example in examples_of(VERBS[name].epilog or ""))
    assert "Exit codes: 0 done" in said


def test_whatever_prints_a_result_prints_json_too() -> None:
    without = {
        name.removeprefix("readystream ")
        for name, command in VERBS.items()
        if not any("--json" in parameter.opts for parameter in command.params)
    }

    assert without == WITHOUT_RESULT


def test_the_page_names_every_verb_once() -> None:
    headings = [line.removeprefix("## ") for line in cli_page() if line.startswith("## ")]

    assert headings == list(VERBS)
    assert len(headings) > 20


@pytest.mark.parametrize(
    "line",
    ["readystream reconcile --partitions 3", "readystream topic check", "readystream dead-letters show"],
)
def test_a_line_that_is_wrong_does_not_parse(line: str) -> None:
    with pytest.raises(Exception, match=r"No such (option|command)|Missing parameter: ids"):
        verb_of(line)


def pages() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_line_in_the_documentation_parses(page: Path) -> None:
    for line in lines_of(page.read_text("utf-8")):
        assert verb_of(line) in VERBS, line


def test_the_documentation_has_command_lines() -> None:
    assert sum(len(list(lines_of(page.read_text("utf-8")))) for page in pages()) > 40


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("readystream dead", {"dead-letters"}),
        ("readystream dead-letters ", {"list", "show", "replay", "drop"}),
        ("readystream reconcile --re", {"--repair"}),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_shells_complete_verbs_and_options(shell: str, words: str, wanted: set[str]) -> None:
    place = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" ")), "_TYPER_COMPLETE_ARGS": words}
    asked = {"_READYSTREAM_COMPLETE": f"complete_{shell}", **place}

    said = CliRunner().invoke(cli, [], prog_name="readystream", env=asked).output

    assert all(word in said for word in wanted)
    assert "adapter" not in said


def test_bash_takes_the_completion() -> None:
    script = (
        f'eval "$(_READYSTREAM_COMPLETE=source_bash "{sys.executable}" -m readystream)"\n'
        "complete -p readystream\n"
    )

    said = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)

    assert "readystream" in said.stdout, said.stderr
