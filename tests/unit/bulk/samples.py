"""Statements, a mapping and streams for tests of the import's pure parts."""

import io
import json
from pathlib import Path
from typing import Any

from lrs_adapter.bulk.mapping import CsvMapping, parse_mapping
from lrs_adapter.bulk.records import Arrival

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
ID = "fd41c918-b88b-4b20-a0a5-a4c32391aaa0"
STATEMENT: dict[str, Any] = {
    "id": ID,
    "actor": {"mbox": "mailto:ana@example.com"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "https://learn.example.com/course/1"},
    "timestamp": "2026-03-01T10:00:00Z",
}
CONFIG = Path(__file__).parents[3] / "config"
HEADER = "user_id,course_id,enrollment_date,completion_date,score,time_spent,badge_id"


def stream(data: bytes | str) -> io.BufferedReader:
    """The data as an opened file."""
    raw = data if isinstance(data, bytes) else data.encode()
    return io.BufferedReader(io.BytesIO(raw))


def text(**changes: Any) -> bytes:
    """A statement's JSON; None takes a property away."""
    changed = {**STATEMENT, **changes}
    return json.dumps({name: value for name, value in changed.items() if value is not None}).encode()


def mapping() -> CsvMapping:
    """The sample mapping of the configuration."""
    return parse_mapping((CONFIG / "csv-mapping.csv").read_text(encoding="utf-8"), "csv-mapping.csv")


def arrival() -> Arrival:
    """An import at one second after the epoch's day 20,000."""
    key = b"a key of this tenant alone"
    return Arrival("import", "import", "import-1", key, 4, 1_800_000_000_000_000, TRACEPARENT)
