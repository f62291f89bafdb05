"""Apache Kafka's jars, brought by Maven once and kept under `.cache/`."""

import fcntl
import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from schemas.errors import ConfigError

_POM = Path(__file__).with_name("pom.xml")
_CACHE = Path(__file__).parents[3] / ".cache" / "apache-kafka"


def kafka_version() -> str:
    """The version of Kafka that the tests use, from `pom.xml`."""
    return str(ElementTree.parse(_POM).findtext(".//{*}kafka.version"))


def class_path() -> str:
    """Java's class path for the broker; the jars are fetched if this pom's are not there yet."""
    jars = _CACHE / hashlib.sha256(_POM.read_bytes()).hexdigest()[:16]
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # test processes run side by side, and one fetch is enough
        if not jars.exists():
            _fetch(jars)
    return f"{jars}/*"


def _fetch(jars: Path) -> None:
    with tempfile.TemporaryDirectory(dir=_CACHE) as half_done:
        target = Path(half_done) / "jars"
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={target}"]
        command = [program("mvn"), "--batch-mode", "--quiet", "--file", str(_POM), *goal]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ConfigError("the Apache Kafka harness", [f"Maven failed: {done.stdout}{done.stderr}"])
        target.rename(jars)


def program(name: str) -> str:
    """Path of `name`; `ConfigError` if it is not installed."""
    path = shutil.which(name)
    if path is None:
        raise ConfigError(
            "the Apache Kafka harness", [f"{name} is not installed: it takes Java 17 and Maven"]
        )
    return path
