"""How much is on its way to Kafka: the bound that turns overload into an early, honest 503."""

from prometheus_client import Gauge


class InFlight:
    """Counts bytes handed over and not settled yet, up to `limit`."""

    def __init__(self, limit: int, gauge: Gauge) -> None:
        self._limit = limit
        self._gauge = gauge
        self.bytes = 0

    def admit(self, size: int) -> bool:
        """Count `size` bytes in if they fit. A single request larger than the limit fits when alone."""
        if self.bytes and self.bytes + size > self._limit:
            return False
        self._change(size)
        return True

    def release(self, size: int) -> None:
        """Count `size` bytes out."""
        self._change(-size)

    def _change(self, size: int) -> None:
        self.bytes += size
        self._gauge.set(self.bytes)
