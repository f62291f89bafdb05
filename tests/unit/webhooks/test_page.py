"""What docs/webhooks.md shows is so."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from schemas.topics import ALERTS
from schemas.webhook_signature import signed_headers
from sinks.webhooks.delivery import Delivery, delivery
from sinks.webhooks.subscriptions import parse_subscriptions
from tests.unit.sinks.records import example, raw

DOCS = Path(__file__).parents[3] / "docs"
EXAMPLES = DOCS / "examples"
PAGE = (DOCS / "webhooks.md").read_text("utf-8")


def shown(language: str) -> str:
    """The one block of that language."""
    (block,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(block)


@pytest.fixture(scope="module")
def is_genuine() -> Any:
    """The function that the page shows."""
    names: dict[str, Any] = {}
    exec(shown("python"), names)
    return names["is_genuine"]


def test_the_subscription_and_its_event() -> None:
    (one,) = parse_subscriptions(shown("yaml"), "the page").subscriptions
    record = raw(ALERTS, example(ALERTS), offset=42, key=b"p7n5l3j1h9g8f6d4s2a1q3w5ea")
    cause = [("correlation_id", b"0198c1f4-7c7b-7c52-9c1c-5b1f0e6f2a11")]

    made = delivery(one, record._replace(epoch=0, headers=cause))

    assert isinstance(made, Delivery)
    assert json.loads(made.body) == json.loads(shown("json"))


def test_the_subscription_to_try_is_read_and_the_receiver_checks_as_the_page_does() -> None:
    (one,) = parse_subscriptions((EXAMPLES / "webhooks.yaml").read_text("utf-8"), "the example").subscriptions
    script = (EXAMPLES / "receive_webhooks.py").read_text("utf-8")

    assert (one.id, one.start) == ("marketplace", "earliest")
    shown_lines = [line for line in shown("python").splitlines() if line.startswith("    ")]
    assert shown_lines
    assert all(line in script for line in shown_lines)


def test_the_example_verifies_what_we_sign(is_genuine: Any) -> None:
    body, secret, now = b'{"specversion": "1.0"}', b"a secret of these tests, long", int(time.time())
    headers = signed_headers([b"another secret, which goes soon", secret], "a:b:0:1:2", now, body)

    assert is_genuine(headers, body, secret)
    assert not is_genuine(headers, body + b" ", secret)
    assert not is_genuine(headers, body, b"somebody else's secret, long")
    assert not is_genuine(headers | {"webhook-id": "a:b:0:1:3"}, body, secret)
    old = signed_headers([secret], "a:b:0:1:2", now - 600, body)
    assert not is_genuine(old, body, secret)
