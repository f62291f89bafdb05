"""The processes that run until they are stopped, one a verb."""

import typer

from readystream import logs
from schemas.settings import AdapterSettings, PageSettings, PullSettings, SinkSettings, WorkerSettings, load

cli = typer.Typer()


@cli.command()
def adapter() -> None:
    """Receive xAPI statements over HTTP and write them to Kafka."""
    from lrs_adapter.server import serve

    settings = load(AdapterSettings)
    logs.configure(settings.log_level, settings.log_format, process="adapter")
    serve(settings)


@cli.command()
def pull() -> None:
    """Fetch statements from the LRSs of the sources file. Start several: they share the sources."""
    from readystream.pull import run

    settings = load(PullSettings)
    logs.configure(settings.log_level, settings.log_format, process="pull")
    run(settings)


@cli.command()
def worker() -> None:
    """Run a stream worker: identity, engagement, skills, readiness. Start as many as there are partitions."""
    from readystream.worker import run

    settings = load(WorkerSettings)
    logs.configure(settings.log_level, settings.log_format, process="worker")
    run(settings)


@cli.command()
def sink() -> None:
    """Write the topics to ClickHouse, exactly once."""
    from readystream.sink import run

    settings = load(SinkSettings)
    logs.configure(settings.log_level, settings.log_format, process="sink")
    run(settings)


@cli.command()
def page() -> None:
    """Serve the dashboards as a page, without Grafana."""
    from dashboards.page import serve

    settings = load(PageSettings)
    logs.configure(process="page")
    serve(settings)
