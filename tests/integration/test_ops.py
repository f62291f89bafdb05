"""The operator's addresses of a process without an HTTP server of its own."""

import httpx
import pytest
from prometheus_client import CollectorRegistry, Gauge

from readystream.embedded.ports import LOOPBACK, ReservedPort
from readystream.ops import ops_server


@pytest.mark.parametrize(("is_ready", "status"), [(True, 200), (False, 503)])
async def test_a_process_that_is_not_ready_says_so_and_lives_all_the_same(
    is_ready: bool, status: int
) -> None:
    registry = CollectorRegistry()
    Gauge("of_a_test", "Nothing.", registry=registry).set(3)
    port = ReservedPort()
    base = f"http://{LOOPBACK}:{port.number}"
    async with (
        ops_server(LOOPBACK, port.number, registry, lambda: is_ready),
        httpx.AsyncClient(base_url=base) as client,
    ):
        assert (await client.get("/readyz")).status_code == status
        assert (await client.get("/healthz")).status_code == 200
        assert "of_a_test 3.0" in (await client.get("/metrics")).text
    port.release()
