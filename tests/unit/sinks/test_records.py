import pytest

from schemas.topics import READINESS
from tests.unit.sinks.records import example, raw


def test_a_record_tells_its_correlation_id() -> None:
    assert raw(READINESS, b"").correlation_id == "delivery"


@pytest.mark.parametrize(
    ("header", "version"),
    [(b"42", 42), (None, None), (b"0", 0), (b"9223372036854775807", 2**63 - 1)],
    ids=["some", "none", "least", "greatest"],
)
def test_the_stated_version_is_the_headers(header: bytes | None, version: int | None) -> None:
    assert raw(READINESS, example(READINESS), version=header).stated_version == version


@pytest.mark.parametrize("header", [b"-1", b"9223372036854775808", b"1" * 40, b"1.5", b"", b"\xff"])
def test_a_header_that_is_no_version_is_an_error(header: bytes) -> None:
    with pytest.raises(ValueError, match="no number"):
        _ = raw(READINESS, b"", version=header).stated_version
