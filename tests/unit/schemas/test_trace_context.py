"""Trace contexts: what the recommendation calls valid is taken, anything else is not."""

import pytest

from schemas.trace_context import made, parsed

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
VALID = f"00-{TRACE}-{PARENT}-01"


def test_a_valid_one_is_kept_as_it_is() -> None:
    assert parsed(VALID) == VALID


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "nonsense",
        VALID.upper(),
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"{VALID}-more",
        f"{VALID}\n",
        f"00-{TRACE}-{PARENT}",
        f"01-{TRACE}-{PARENT}-01more",
    ],
)
def test_anything_else_is_refused(given: str | None) -> None:
    assert parsed(given) is None


@pytest.mark.parametrize(("flags", "kept"), [("01", "01"), ("03", "01"), ("02", "00")])
def test_of_a_later_version_the_known_fields_count(flags: str, kept: str) -> None:
    assert parsed(f"cc-{TRACE}-{PARENT}-{flags}-what-comes") == f"00-{TRACE}-{PARENT}-{kept}"


def test_a_new_one_is_valid_and_not_sampled() -> None:
    new = made(bytes(range(1, 25)))
    assert parsed(new) == new
    assert new.endswith("-00")
