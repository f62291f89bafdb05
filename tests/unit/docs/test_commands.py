"""What the documentation has people run, beyond lines of `readystream`: `tests/unit/cli` parses those."""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from readystream.cli_page import verbs
from tests.documents import ROOT, blocks, pages
from tests.unit.cli.lines import verb_of

VERBS = dict(verbs())
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
_NAMED = re.compile(r"`readystream ([a-z][^`]*)`")
_PATH = re.compile(r"(?<![\w./-])(?:config|deploy/kubernetes|docs|schemas|tests)/[\w./-]+\w")


def typed() -> Iterator[list[str]]:
    """The lines of all shell blocks, each as words."""
    for page in pages():
        for block in blocks(page):
            if block.language == "sh":
                for line in block.text.replace("\\\n", " ").splitlines():
                    if line.startswith(("docker ", "kubectl ")):
                        yield shlex.split(line, comments=True)


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_verb_and_option_that_a_sentence_names_exists(page: Path) -> None:
    for named in _NAMED.findall(page.read_text("utf-8")):
        words = named.split()
        plain = [word for word in words if re.fullmatch("[a-z-]+", word) and not word.startswith("-")]
        of = [name for name in VERBS if f"{name} ".startswith(f"readystream {' '.join(plain[:2])} ")]
        of = of or [name for name in VERBS if f"{name} ".startswith(f"readystream {plain[0]} ")]
        options = {option for name in of for one in VERBS[name].params for option in one.opts}
        assert of, named
        assert {word for word in words if word.startswith("--")} <= options, named


def test_what_is_run_with_compose_is_in_the_compose_file() -> None:
    lines = [words for words in typed() if words[:2] == ["docker", "compose"]]
    profiles = {profile for service in SERVICES.values() for profile in service.get("profiles", ())}

    assert len(lines) > 3
    for words in lines:
        assert {after for word, after in pairwise(words) if word == "--profile"} <= profiles
        assert {after.partition("=")[0] for word, after in pairwise(words) if word == "--scale"} <= set(
            SERVICES
        )
        if "run" in words:
            service, *verb = (word for word in words[words.index("run") + 1 :] if not word.startswith("-"))
            assert service in SERVICES
            assert verb_of(shlex.join(verb or SERVICES[service]["command"])) in VERBS


def test_what_is_run_in_a_pod_is_a_verb() -> None:
    run = [words[words.index("--") + 1 :] for words in typed() if words[0] == "kubectl" and "--" in words]

    assert run
    for words in run:
        assert words[0] == "readystream"
        assert verb_of(shlex.join(words)) in VERBS


def test_every_file_that_a_command_names_is_there() -> None:
    named = {
        path
        for page in pages()
        for block in blocks(page)
        if block.language == "sh"
        for path in _PATH.findall(block.text)
    }

    assert len(named) > 5
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
