"""The code blocks of the documentation, for tests that try them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_FENCE = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language and its text, without the indentation that it has in a list."""

    page: Path
    language: str
    text: str


def pages() -> list[Path]:
    """Everything that people read: the README and all pages."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for indent, language, text in _FENCE.findall(page.read_text("utf-8")):
        yield Block(page, language, re.sub(f"^{indent}", "", text, flags=re.MULTILINE))
