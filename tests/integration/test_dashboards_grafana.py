"""The command that writes and checks the Grafana dashboard."""

import subprocess
import sys
from pathlib import Path

import pytest

from dashboards.grafana import main


def test_the_shipped_file_is_fresh() -> None:
    command = [sys.executable, "-W", "error", "-m", "dashboards.grafana", "--check"]

    assert subprocess.run(command, check=False).returncode == 0


def test_a_stale_file_is_told_and_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "dashboard.json"
    assert main(["--check"], file) == 1
    file.write_text("{}")
    assert main(["--check"], file) == 1
    assert "run python -m dashboards.grafana" in capsys.readouterr().err

    assert main([], file) == 0
    assert main(["--check"], file) == 0
