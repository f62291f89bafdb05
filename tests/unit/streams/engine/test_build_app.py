"""What is refused before anything starts."""

from pathlib import Path

import pytest

from schemas.errors import ConfigError
from streams.engine.app import build_app
from streams.engine.config import EngineConfig
from streams.records import Chunk, Effects, State


class Idle:
    """A stage that does nothing."""

    def __init__(self, name: str, topics: tuple[str, ...], tables: tuple[str, ...]) -> None:
        self.name, self.topics, self.tables = name, topics, tables

    def process(self, _chunk: Chunk, _state: State) -> Effects:
        return Effects()

    def sweep(self, _partition: int, _state: State) -> None:
        return None


CONFIG = EngineConfig(
    app_id="refused", bootstrap_servers="one:9092,two:9092", partitions=4, data_dir=Path("unused")
)


def test_stages_that_share_a_topic_or_a_table() -> None:
    with pytest.raises(ConfigError) as refused:
        build_app(CONFIG, [Idle("one", ("links",), ("cells",)), Idle("two", ("links",), ("cells",))])
    assert refused.value.problems == (
        "links belongs to more than one stage",
        "cells belongs to more than one stage",
    )


def test_an_app_has_an_agent_for_each_stage_and_a_changelog_for_each_table() -> None:
    app = build_app(CONFIG, [Idle("one", ("a", "b"), ("x",)), Idle("two", ("c",), ("y", "z"))])
    assert set(app.agents) == {"one", "two"}
    assert app.engine.topics == ("a", "b", "c")
    assert app.engine.changelogs.topics == {f"refused-{table}-changelog" for table in "xyz"}
    assert [str(url) for url in app.conf.broker] == ["kafka://one:9092", "kafka://two:9092"]
