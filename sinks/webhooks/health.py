"""How the webhooks process is doing: for `/readyz` and `/metrics`."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

from schemas.metrics import DELIVERED, NOT_DELIVERED, WebhookMetrics


@dataclass(slots=True)
class WebhookHealth:
    """Which subscriptions are in their groups, each with its position known to Kafka."""

    metrics: WebhookMetrics = field(default_factory=lambda: WebhookMetrics(CollectorRegistry()))
    waiting: set[str] | None = None

    @property
    def ready(self) -> bool:
        """Whether every subscription gets what is its own. A receiver that is down does not change that."""
        return self.waiting is not None and not self.waiting

    def started(self, subscriptions: Iterable[str]) -> None:
        """These are to join."""
        self.waiting = set(subscriptions)
        for subscription in self.waiting:
            for outcome in (DELIVERED, NOT_DELIVERED):
                self.metrics.deliveries.labels(subscription, outcome)

    def joined(self, subscription: str) -> None:
        """The group has told it which partitions are its own."""
        if self.waiting is not None:
            self.waiting.discard(subscription)

    def left(self, subscription: str) -> None:
        """Its partitions were taken away; the group is shared out anew."""
        if self.waiting is not None:
            self.waiting.add(subscription)
