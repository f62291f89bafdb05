"""The processes that run until they are stopped, one a verb."""

import typer

from readystream import logs
from readystream.cli.start import started
from readystream.cli.verb import verb
from schemas.settings import (
    AdapterSettings,
    PageSettings,
    PullSettings,
    SinkSettings,
    WebhookSettings,
    WorkerSettings,
    load,
)
from schemas.spans import no_span

cli = typer.Typer()


@verb(cli, "adapter", "readystream adapter", "ADAPTER_PORT=8443 readystream adapter")
def adapter() -> None:
    """Receive xAPI statements over HTTP and write them to Kafka."""
    from lrs_adapter.server import serve
    from readystream.tracing import tracing

    settings = started(AdapterSettings, "adapter")
    with tracing(settings, "adapter") as traced:
        serve(settings, no_span if traced is None else traced.open)


@verb(cli, "pull", "readystream pull")
def pull() -> None:
    """Fetch statements from the LRSs of the sources file. Start several: they share the sources."""
    from readystream.pull import run

    settings = started(PullSettings, "pull")
    run(settings)


@verb(
    cli,
    "worker",
    "readystream worker",
    "READYSTREAM_OPS_PORT=9101 readystream worker",
    no="it failed, or 70 it was not sure of itself: its last log line says why",
)
def worker() -> None:
    """Run a stream worker: identity, engagement, skills, readiness. Start as many as there are partitions."""
    from readystream.worker import run

    settings = started(WorkerSettings, "worker")
    run(settings)


@verb(cli, "sink", "readystream sink")
def sink() -> None:
    """Write the topics to ClickHouse, exactly once."""
    from readystream.sink import run

    settings = started(SinkSettings, "sink")
    run(settings)


@verb(
    cli,
    "webhooks",
    "readystream webhooks",
    "READYSTREAM_WEBHOOKS_FILE=/etc/readystream/webhooks.yaml readystream webhooks",
)
def webhooks() -> None:
    """Tell the receivers of the webhooks file over HTTP what the topics say. Start several: they share it."""
    from readystream.webhooks import run

    settings = started(WebhookSettings, "webhooks")
    run(settings)


@verb(cli, "page", "readystream page", "READYSTREAM_PAGE_PORT=8080 readystream page")
def page() -> None:
    """Serve the dashboards as a page, without Grafana."""
    from dashboards.page import serve

    settings = load(PageSettings)
    logs.configure(process="page")
    serve(settings)
