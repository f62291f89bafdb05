"""A port that is taken is named in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lrs_adapter.server import bind
from readystream.embedded.ports import LOOPBACK


@pytest.mark.parametrize(
    ("verb", "variable"),
    [
        ("worker", "READYSTREAM_OPS_PORT"),
        ("webhooks", "READYSTREAM_OPS_PORT"),
        ("adapter", "READYSTREAM_ADAPTER_PORT"),
    ],
)
def test_a_process_whose_port_is_taken_says_so(verb: str, variable: str, tmp_path: Path) -> None:
    with bind(LOOPBACK, 0) as listener:
        port = listener.getsockname()[1]
        asked = {
            variable: str(port),
            "READYSTREAM_TENANT_KEY": "a key of sixteen bytes",
            "READYSTREAM_DATA_DIR": str(tmp_path),
        }
        ended = subprocess.run(
            [sys.executable, "-m", "readystream", verb],
            env={**os.environ, **asked},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 2
    assert f"{LOOPBACK}:{port} has 1 problem(s):\n  - cannot listen on it: " in ended.stderr
    assert "Traceback" not in ended.stderr
