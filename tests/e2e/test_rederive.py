"""Another skill map while statements flow: afterwards every figure is what the log and that map say."""

import shutil
from datetime import date
from pathlib import Path

import httpx

from readystream.dev.generator import generate
from readystream.dev.local import LocalPipeline
from readystream.rederive import rederive
from schemas.settings import RederiveSettings
from tests.chaos.catalogue import SkillCatalogue
from tests.chaos.compare import differing
from tests.chaos.held import held
from tests.chaos.log import read_log
from tests.chaos.recompute import recompute
from tests.e2e.rig import Rig
from tests.services.clickhouse import Database
from tests.services.kafka import Kafka

AS_OF = date(2026, 6, 30)
CONFIG = Path(__file__).parents[2] / "config"


def _other_map(folder: Path) -> Path:
    """Another edition: what spoke of SQL speaks of data analysis, and less sure mappings count."""
    folder.mkdir()
    shutil.copy(CONFIG / "role-profiles.yaml", folder)
    text = (CONFIG / "skill-map.yaml").read_text(encoding="utf-8")
    for old, new in (
        ('version: "2026.1"', 'version: "2026.2"'),
        ("confidence_threshold: 0.5", "confidence_threshold: 0.3"),
        ("skill: sql, confidence: 0.9,", "skill: data-analysis, confidence: 0.7,"),
    ):
        assert old in text
        text = text.replace(old, new)
    path = folder / "skill-map.yaml"
    path.write_text(text, encoding="utf-8")
    return path


async def test_deriving_anew_amid_statements_gives_what_the_log_says(
    empty_kafka: Kafka, database: Database, tmp_path: Path
) -> None:
    deliveries = generate(12, 20, 5, date(2026, 6, 29)).deliveries
    half, skill_map = len(deliveries) // 2, _other_map(tmp_path / "config")
    told = {"READYSTREAM_SWEEP_INTERVAL_S": "0.5"}
    pipeline = LocalPipeline(tmp_path, AS_OF, 1, {**empty_kafka.environment, **database.environment, **told})
    rig = Rig(pipeline)
    try:
        await pipeline.start()
        await rig.send(deliveries[:half])
        await rig.settle()
        worker = _restart_worker(pipeline, skill_map)
        assert await rederive(_settings(pipeline, empty_kafka, skill_map)) > 0
        await rig.send(deliveries[half:])
        await rig.settle()
        catalogue = SkillCatalogue.load(skill_map.parent)
        recomputed = recompute(await read_log(pipeline.stack.bootstrap), catalogue, AS_OF)
        assert differing(recomputed, held(pipeline.client())) == []
        async with httpx.AsyncClient(trust_env=False) as http:
            metrics = (await http.get(f"{worker}/metrics")).text
    finally:
        pipeline.stop()
    mixed = [line for line in metrics.splitlines() if line.startswith("readystream_worker_mixed_editions{")]
    assert mixed
    assert all(line.endswith(" 0.0") for line in mixed)


def _settings(pipeline: LocalPipeline, kafka: Kafka, skill_map: Path) -> RederiveSettings:
    return RederiveSettings.model_validate(
        {
            "kafka_bootstrap_servers": pipeline.stack.bootstrap,
            "producer_idempotence": not kafka.is_embedded,
            "skill_map_file": skill_map,
        }
    )


def _restart_worker(pipeline: LocalPipeline, skill_map: Path) -> str:
    """The worker, which was started last, ends and another begins with this map; where its metrics are."""
    stack = pipeline.stack
    stack.parts.pop().close()
    stack.env["READYSTREAM_SKILL_MAP_FILE"] = str(skill_map)
    part = stack.start_worker(1)
    part.wait_ready()
    return part.url
