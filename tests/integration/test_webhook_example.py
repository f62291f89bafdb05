"""The example receiver of the documentation: what it takes, refuses and prints."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from subprocess import PIPE, Popen

import httpx
import pytest

from schemas.webhook_signature import signed_headers
from tests.documents import ROOT

SECRET = "any-24-characters-or-more"


@pytest.fixture
def receiver() -> Iterator[Popen[str]]:
    """The receiver that the page starts; it says first where it listens."""
    environment = {**os.environ, "MARKETPLACE_WEBHOOK_SECRET": SECRET, "PORT": "0"}
    script = ROOT / "docs" / "examples" / "receive_webhooks.py"
    with Popen([sys.executable, script], env=environment, stdout=PIPE, text=True) as process:
        yield process
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_the_receiver_prints_a_genuine_event_once_and_refuses_others(receiver: Popen[str]) -> None:
    assert receiver.stdout is not None
    url = receiver.stdout.readline().removeprefix("listening at ").strip()
    body = b'{"type": "readystream.readiness.updated", "subject": "a|data-analyst", "data": {"score": 69.0}}'
    signed = signed_headers([SECRET.encode()], "a:b:0:1:2", int(time.time()), body)

    answers = [httpx.post(url, content=body, headers=one).status_code for one in (signed, signed, {})]
    other = signed_headers([SECRET.encode()], "a:b:0:1:3", int(time.time()), body)
    answers.append(httpx.post(url, content=body + b" ", headers=other).status_code)
    answers.append(httpx.post(url, content=body, headers=other).status_code)

    assert answers == [204, 204, 401, 401, 204]
    line = "readystream.readiness.updated a|data-analyst 69.0\n"
    assert [receiver.stdout.readline(), receiver.stdout.readline()] == [line, line]
