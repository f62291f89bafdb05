"""What `topics check` and `doctor` say of partitions that a lost broker weakens, and of a disk that fills."""

from collections.abc import Mapping

import pytest

from readystream.doctor import room, topic_remedy
from readystream.topics import weaknesses

WHOLE = {"leader": 1, "replicas": [1, 2, 3], "isr": [3, 1, 2]}
LACKING = {"leader": 1, "replicas": [1, 2, 3], "isr": [1, 2]}
LED_BY_NOBODY = {"leader": -1, "replicas": [3, 1, 2], "isr": [3]}
ALONE = {"leader": 1, "replicas": [1], "isr": [1]}
SAFE, RISKY = {"min.insync.replicas": "2"}, {"min.insync.replicas": "1"}


@pytest.mark.parametrize(
    ("partitions", "config", "said"),
    [
        ([WHOLE, WHOLE], SAFE, []),
        ([ALONE, ALONE], RISKY, []),
        ([WHOLE, LACKING], {}, ["t has replicas that are not in sync, in 1 of 2 partitions"]),
        ([WHOLE, LED_BY_NOBODY], SAFE, ["t has no leader in 1 of 2 partitions"]),
        ([WHOLE, WHOLE], RISKY, ["t has 3 replicas and min.insync.replicas=1: one disk may be all"]),
    ],
)
def test_what_a_brokers_loss_did_or_would_do(
    partitions: list[Mapping[str, object]], config: Mapping[str, str], said: list[str]
) -> None:
    assert weaknesses("t", partitions, config) == said


def test_each_has_a_remedy_of_its_own() -> None:
    problems = [
        "t is missing",
        "t has 4 partitions, not 12",
        "t has cleanup.policy=delete, not compact",
        *weaknesses("t", [LACKING, LED_BY_NOBODY, WHOLE], RISKY),
    ]

    assert len(set(map(topic_remedy, problems))) == len(problems) == 6
    assert topic_remedy(problems[1]).startswith("set READYSTREAM_PARTITIONS")


def test_a_disk_is_named_before_it_is_full() -> None:
    assert room("default", 0.05).is_well
    full = room("default", 0.034)
    assert full.said == "ClickHouse has 3% left on default"
    assert full.remedy == "make room: docs/runbook/full-disk.md"
