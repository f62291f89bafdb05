"""How a verb is declared: its examples and exit codes are part of its help, and so of the reference page."""

from collections.abc import Callable
from typing import TypeVar

import typer

VerbT = TypeVar("VerbT", bound=Callable[..., None])
_PROMPT = "$ "


def verb(
    family: typer.Typer,
    name: str,
    *examples: str,
    no: str = "",
    away: bool = True,
) -> Callable[[VerbT], VerbT]:
    """Declare the verb `name` of `family`, with examples as they would be typed.

    `no` says what exit code 1 means, where it can be; `away` is whether a service may be away (3).
    """
    lines = ["Examples:", *(_PROMPT + example for example in examples), _exit_codes(no, away=away)]
    return family.command(name, epilog="\n\n".join(lines))


def _exit_codes(no: str, *, away: bool) -> str:
    said = ["0 done"]
    said += [f"1 {no}"] if no else []
    said += ["2 wrong use or settings"]
    said += ["3 a service does not answer"] if away else []
    return f"Exit codes: {'; '.join(said)}."


def examples_of(epilog: str) -> list[str]:
    """The examples in a verb's epilog."""
    return [line.removeprefix(_PROMPT) for line in epilog.split("\n\n") if line.startswith(_PROMPT)]


def exit_codes_of(epilog: str) -> str:
    """What a verb's epilog says of exit codes."""
    return epilog.rpartition("\n\n")[2]
