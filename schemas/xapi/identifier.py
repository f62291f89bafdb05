"""Inverse functional identifiers (IFI): what says who an Agent or a Group is.

IEEE 9274.1.1 4.2.2.1, xAPI 1.0.3 Data 2.4.2.3.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from schemas.xapi import spec
from schemas.xapi.rules import Breach
from schemas.xapi.text import Text

IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")

_LOCAL = r"[^\s@<>()\[\],;:\\\x22\x00-\x20\x7f]+"
_DOMAIN = r"[^\s@<>()\[\],;:\\\x22\x00-\x2c\x2f\x3f\x7f]+"

Mbox = Annotated[
    str,
    Text(
        rf"(?i:mailto):{_LOCAL}@{_DOMAIN}",
        "must be mailto: and an e-mail address",
        spec.IDENTIFIER,
        "iri",
    ),
]
MboxSha1Sum = Annotated[
    str, Text("[0-9A-Fa-f]{40}", "must be a SHA-1 sum: 40 hexadecimal digits", spec.IDENTIFIER, "sha1")
]


def one_identifier(noun: Mapping[str, Any], _: str) -> Iterator[Breach]:
    """An Agent has exactly one identifier."""
    given = _given(noun)
    if len(given) != 1:
        yield Breach((), f"must have exactly one of {', '.join(IDENTIFIERS)}", given, spec.IDENTIFIER)


def identifier_or_members(noun: Mapping[str, Any], _: str) -> Iterator[Breach]:
    """A Group has one identifier; an anonymous Group has none and lists its members."""
    given = _given(noun)
    if len(given) > 1:
        yield Breach((), f"must have at most one of {', '.join(IDENTIFIERS)}", given, spec.IDENTIFIER)
    if not given and "member" not in noun:
        yield Breach(("member",), "is required in a Group without an identifier", None, spec.GROUP)


def _given(noun: Mapping[str, Any]) -> list[str]:
    return [name for name in IDENTIFIERS if name in noun]
