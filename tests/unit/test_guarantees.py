"""The pages about guarantees and the runbook name files and tests that exist."""

import ast
import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_PAGES = [_ROOT / "docs" / "guarantees.md", *(_ROOT / "docs" / "runbook").glob("*.md")]
_NAMED = sorted({one for page in _PAGES for one in re.findall(r"`([\w/]+\.py(?:::\w+)?)`", page.read_text())})


def test_tests_are_named() -> None:
    assert sum("::" in one for one in _NAMED) > 15


@pytest.mark.parametrize("named", _NAMED)
def test_what_is_named_exists(named: str) -> None:
    file, _, test = named.partition("::")
    tree = ast.parse((_ROOT / file).read_text())
    functions = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not test or test in functions
