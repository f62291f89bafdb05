"""The schemas against those that were released: a log is read for years, by whatever release is running.

Compatibility is BACKWARD_TRANSITIVE: what reads with a schema reads everything that was ever written before.
The version says how a schema differs from the last release: not at all, by words alone (patch), or by what
readers of older records can do without (minor). A new major version would be another topic.
"""

import json
from itertools import combinations
from typing import Any

import pytest
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from avro.schema import parse
from fastavro.schema import to_parsing_canonical_form

from schemas.avro_schemas import Schema, known, numbers, raw_schema, released
from schemas.topics import CATALOGUE, LINKS, READINESS, Topic

_ALL = [topic for topic in CATALOGUE if released(topic.name)]


def _faults(reader: Schema, writer: Schema) -> list[str]:
    """Why what `writer` wrote cannot be read by `reader`."""
    parsed = parse(json.dumps(reader)), parse(json.dumps(writer))
    checker = ReaderWriterCompatibilityChecker()  # type: ignore[no-untyped-call]
    told = checker.get_compatibility(*parsed)
    return [] if told.compatibility is SchemaCompatibilityType.compatible else sorted(told.messages)


def _change(old: Schema, new: Schema) -> str:
    """How `new` differs from `old`."""
    if old == {**new, "version": old["version"]}:
        return "none"
    as_read = [(to_parsing_canonical_form(one), _defaults(one)) for one in (old, new)]
    return "patch" if as_read[0] == as_read[1] else "minor"


def _defaults(node: Any) -> list[Any]:
    """Every default in a schema, in order."""
    if isinstance(node, list):
        return [default for item in node for default in _defaults(item)]
    if not isinstance(node, dict):
        return []
    own = [node["default"]] if "default" in node else []
    return own + _defaults([node.get(name) for name in ("type", "fields", "items")])


def _fits(change: str, old: str, new: str) -> bool:
    """Whether the version goes from `old` to `new` as a `change` asks."""
    before, after = numbers(old), numbers(new)
    if change == "none":
        return before == after
    if change == "patch":
        return after == (before[0], before[1], before[2] + 1)
    return after == (before[0], before[1] + 1, 0)


@pytest.mark.parametrize("topic", CATALOGUE, ids=lambda topic: topic.name)
def test_every_later_schema_reads_what_every_earlier_one_wrote(topic: Topic) -> None:
    for (older, writer), (newer, reader) in combinations(known(topic.name).items(), 2):
        assert not _faults(reader, writer), f"{newer} cannot read {older}"


@pytest.mark.parametrize("topic", _ALL, ids=lambda topic: topic.name)
def test_the_version_says_how_the_schema_differs_from_the_last_release(topic: Topic) -> None:
    last = list(released(topic.name).values())[-1]
    current = raw_schema(topic.name)
    change = _change(last, current)
    assert _fits(change, last["version"], current["version"]), f"a change of kind {change}: raise the version"


def test_every_released_schema_is_kept() -> None:
    assert len(_ALL) >= 13


def test_a_field_without_a_default_would_be_noticed() -> None:
    new = {"name": "x", "type": "string", "doc": "New."}
    grown = {**raw_schema(READINESS.name), "fields": [*raw_schema(READINESS.name)["fields"], new]}
    assert _faults(grown, raw_schema(READINESS.name))
    grown["fields"][-1] = {**new, "default": ""}
    assert not _faults(grown, raw_schema(READINESS.name))
    assert _change(raw_schema(READINESS.name), grown) == "minor"


def test_a_word_in_the_documentation_is_a_patch() -> None:
    old = raw_schema(LINKS.name)
    assert _change(old, {**old, "doc": "Other words."}) == "patch"
    assert _change(old, old) == "none"


def test_another_type_would_be_noticed() -> None:
    old = raw_schema(READINESS.name)
    fields = [{**field, "type": "string"} if field["name"] == "as_of" else field for field in old["fields"]]
    assert _faults({**old, "fields": fields}, old)


@pytest.mark.parametrize(
    ("change", "new", "fits"),
    [
        ("none", "1.2.3", True),
        ("none", "1.2.4", False),
        ("patch", "1.2.4", True),
        ("patch", "1.2.3", False),
        ("minor", "1.3.0", True),
        ("minor", "1.2.4", False),
        ("minor", "2.0.0", False),
    ],
)
def test_what_each_change_asks_of_the_version(change: str, new: str, fits: bool) -> None:
    assert _fits(change, "1.2.3", new) is fits
