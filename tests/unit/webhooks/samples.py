"""Subscriptions for the tests of webhooks."""

from typing import Any

from sinks.webhooks.subscriptions import Subscription

SECRET = "a secret of these tests, which is long"


def subscription(**changes: Any) -> Subscription:
    """A subscription to readiness, with some fields changed."""
    values = {
        "id": "marketplace",
        "url": "https://marketplace.example.com/hooks",
        "topics": ("scores.readiness",),
        "secret_env": "SECRET",
    }
    return Subscription.model_validate({**values, **changes})
