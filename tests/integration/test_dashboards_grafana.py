"""The command that writes and checks the Grafana dashboards."""

import subprocess
import sys
from pathlib import Path

import pytest

from dashboards.grafana import main


def test_the_shipped_files_are_fresh() -> None:
    command = [sys.executable, "-W", "error", "-m", "dashboards.grafana", "--check"]

    assert subprocess.run(command, check=False).returncode == 0


def test_stale_missing_and_left_over_files_are_told_and_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check"], tmp_path) == 1
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0

    (tmp_path / "activity.json").write_text("{}")
    (tmp_path / "old.json").write_text("{}")
    capsys.readouterr()
    assert main(["--check"], tmp_path) == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in told] == ["activity.json", "old.json"]
    assert "run python -m dashboards.grafana" in told[0]

    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
