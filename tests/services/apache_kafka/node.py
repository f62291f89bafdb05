"""A broker process that keeps its data between stop and start."""

import base64
import subprocess
import uuid
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from readystream.embedded.broker import kafka_answers
from readystream.embedded.ports import LOOPBACK, ReservedPort
from readystream.embedded.service import Service
from schemas.errors import ConfigError
from tests.services.apache_kafka.jars import class_path, program

# It lives for seconds: what the second compiler takes, it would never give back.
_JAVA = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{host}:{broker},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{broker}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=500
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
log.cleaner.dedupe.buffer.size=16777216
num.network.threads=2
num.io.threads=4
"""


class ApacheKafka(Service):
    """One node with its data in `home`; `bootstrap` is its address."""

    name = "Apache Kafka"
    ready_within_s = 60.0

    def __init__(self, home: Path) -> None:
        super().__init__(home / "kafka.log")
        self.home = home
        self._controller = ReservedPort()

    @property
    def bootstrap(self) -> str:
        """Host and port for Kafka clients."""
        return f"{LOOPBACK}:{self.port}"

    def command(self) -> list[str]:
        return _java("kafka.Kafka", str(self._properties()))

    def answers(self) -> bool:
        return kafka_answers(self.bootstrap)

    def start(self) -> None:
        """Start the process; the first time on a newly formatted store."""
        data = self.home / "data"
        if not data.exists():
            for path, content in _new_store().items():
                (data / path).parent.mkdir(parents=True, exist_ok=True)
                (data / path).write_bytes(content)
            text = _PROPERTIES.format(
                host=LOOPBACK, broker=self.port, controller=self._controller.number, data=data
            )
            self._properties().write_text(text, encoding="utf-8")
        super().start()

    def close(self) -> None:
        """End the process and give up its ports."""
        super().close()
        self._controller.release()

    def _properties(self) -> Path:
        return self.home / "server.properties"


@cache
def _new_store() -> Mapping[Path, bytes]:
    """The files of a newly formatted store, by path: made once, for they tell of no port and no place."""
    with TemporaryDirectory() as home:
        properties, data = Path(home) / "server.properties", Path(home) / "data"
        text = _PROPERTIES.format(host=LOOPBACK, broker=1, controller=2, data=data)
        properties.write_text(text, encoding="utf-8")
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = _java(
            "kafka.tools.StorageTool",
            "format",
            f"--cluster-id={cluster}",  # one argument, for the id may begin with a dash
            "--config",
            str(properties),
        )
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ConfigError("Apache Kafka's store", [f"{done.stdout}{done.stderr}"])
        return {path.relative_to(data): path.read_bytes() for path in data.rglob("*") if path.is_file()}


def _java(main_class: str, *arguments: str) -> list[str]:
    log = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
    return [program("java"), *_JAVA, log, "-cp", class_path(), main_class, *arguments]
