"""Whatever reads or writes records asks for the ids of schemas first."""

import re
from pathlib import Path

import pytest

from schemas import settings
from schemas.settings import KafkaSettings
from tests.documents import ROOT

NO_RECORDS = {"topics", "start"}
MODULES = [
    path for path in sorted((ROOT / "readystream" / "cli").glob("*.py")) if path.stem not in NO_RECORDS
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_verbs_that_talk_to_kafka_are_started(path: Path) -> None:
    loaded = re.findall(r"\bload\((\w+)\)", path.read_text("utf-8"))
    assert [name for name in loaded if issubclass(getattr(settings, name), KafkaSettings)] == []
