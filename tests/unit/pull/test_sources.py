"""The sources file."""

from pathlib import Path

import pytest

from lrs_adapter.pull.sources import parse_sources
from schemas.errors import ConfigError

CONFIG = Path(__file__).parents[3] / "config" / "sources.yaml"
SAMPLE = """
sources:
  - {name: a, endpoint: "https://lrs.example.com/xapi/", key: k, secret_env: A_SECRET}
"""


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as raised:
        parse_sources(text, {"A_SECRET": "x", "EMPTY": ""}, "sources.yaml")
    return raised.value.problems


def test_the_sample_is_read() -> None:
    (source,) = parse_sources(CONFIG.read_text(encoding="utf-8"), {"ACADEMY_LRS_SECRET": "x"}, "sources.yaml")
    assert (source.name, source.version, source.overlap_s) == ("academy-lrs", "1.0.3", 60)


def test_what_is_left_out_has_a_default() -> None:
    (source,) = parse_sources(SAMPLE, {"A_SECRET": "x"}, "sources.yaml")
    assert source.endpoint == "https://lrs.example.com/xapi"
    assert (source.version, source.overlap_s, source.poll_s) == ("1.0.3", 60.0, 10.0)


def test_every_problem_is_named_at_once() -> None:
    found = problems(
        """
sources:
  - {name: a, endpoint: "ftp://x", key: "k:k", secret_env: A_SECRET, version: "0.9", colour: red}
  - {name: a, endpoint: "https://x", key: k, secret_env: EMPTY, overlap_s: -1, poll_s: 0}
"""
    )
    assert [problem.partition(":")[0] for problem in found] == [
        "sources.0.endpoint",
        "sources.0.key",
        "sources.0.version",
        "sources.0.colour",
        "sources.1.overlap_s",
        "sources.1.poll_s",
        "the name a is used more than once",
        "the environment variable EMPTY holds no secret",
    ]


@pytest.mark.parametrize("text", ["", "sources: []", "sources: {a: 1}", "- a", "a: [", "other: 1"])
def test_another_shape_is_refused(text: str) -> None:
    assert problems(text)
