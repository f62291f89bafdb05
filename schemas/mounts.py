"""Where the receiver answers, and which lines of xAPI it speaks there.

The text form is `PREFIX[=LINE[+LINE]]`, comma-separated: `/xapi, /v1/xapi=1.0, /v2/xapi=2.0`. Without lines
a mount speaks both.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

Line = Literal["1.0", "2.0"]
"""1.0 stands for all of 1.0.x, 2.0 for all of 2.0.x."""

LINES: Final[tuple[Line, ...]] = get_args(Line)

PREFIX_PATTERN: Final = r"(?:/[A-Za-z0-9._~-]+)+"

_MOUNT = re.compile(rf"(?P<prefix>{PREFIX_PATTERN})(?:=(?P<lines>[0-9.+]+))?")


@dataclass(frozen=True, slots=True)
class Mount:
    """`prefix` is the path before `/statements` and `/about`; `lines` in ascending order, at least one."""

    prefix: str
    lines: tuple[Line, ...] = LINES


def parse_mounts(text: str) -> tuple[Mount, ...]:
    """The mounts, in the order given. Raises `ValueError` that says what is wrong."""
    mounts = tuple(_mount(part.strip()) for part in text.split(","))
    if len({mount.prefix for mount in mounts}) < len(mounts):
        raise ValueError("a prefix is given twice")
    return mounts


def _mount(text: str) -> Mount:
    match = _MOUNT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not PREFIX or PREFIX=LINES, such as /xapi or /xapi=1.0")
    asked = LINES if match["lines"] is None else match["lines"].split("+")
    if unknown := set(asked) - set(LINES):
        raise ValueError(f"{', '.join(sorted(unknown))} is none of {', '.join(LINES)}")
    return Mount(match["prefix"], tuple(line for line in LINES if line in asked))
