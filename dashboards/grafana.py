"""Grafana's dashboards, generated from ours.

python -m dashboards.grafana           writes dashboards/grafana/<dashboard>.json
python -m dashboards.grafana --check   exits with 1 if those files are not what it would write
"""

import json
import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as m

from dashboards.catalogue import DASHBOARDS
from dashboards.dashboard import Choice, Clock, Dashboard, Variable
from dashboards.grafana_panels import PLUGIN, SOURCE, build
from dashboards.grafana_values import uid

FOLDER = Path(__file__).parent / "grafana"
_TAG = "readystream"
_FROM: Mapping[Clock, str] = {Clock.EVENTS: "now-90d", Clock.ARRIVALS: "now-1h", Clock.NONE: "now-90d"}


def render(ours: Dashboard) -> str:
    """A dashboard as JSON text, the same for the same panels."""
    builder = (
        dashboard.Dashboard(ours.title)
        .uid(uid(ours.id))
        .description(ours.description)
        .tags([_TAG])
        .timezone("utc")
        .time(_FROM[ours.clock], "now")
        .refresh("10s")
        .readonly()
        .link(_navigation())
        .with_variable(dashboard.DatasourceVariable("datasource").label("Data source").type(PLUGIN))
    )
    for variable in ours.variables:
        builder.with_variable(_variable(variable))
    numbers = count(1)
    for section in ours.sections:
        builder.with_row(dashboard.Row(section.title).id(next(numbers)))
        for panel in section.panels:
            builder.with_panel(build(panel, ours, next(numbers)))
    return json.dumps(builder.build(), cls=JSONEncoder, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def files(folder: Path = FOLDER) -> dict[Path, str]:
    """What each file in `folder` is to hold."""
    return {folder / f"{ours.id}.json": render(ours) for ours in DASHBOARDS}


def _navigation() -> dashboard.DashboardLink:
    """The other dashboards as buttons; what is chosen goes along."""
    links = dashboard.DashboardLink("Readystream").type(m.DashboardLinkType.DASHBOARDS)
    return links.tags([_TAG]).include_vars(True).keep_time(True)


def _variable(ours: Variable) -> dashboard.QueryVariable | dashboard.TextBoxVariable:
    if ours.choice is Choice.TEXT:
        return dashboard.TextBoxVariable(ours.name).label(ours.label).default_value("")
    query = dashboard.QueryVariable(ours.name).label(ours.label).datasource(SOURCE).query(ours.sql.strip())
    query.refresh(m.VariableRefresh.ON_DASHBOARD_LOAD)
    if ours.choice is Choice.ONE:
        return query
    everything = m.VariableOption(text="All", value="$__all")
    return query.multi(True).include_all(True).current(everything)


def main(arguments: list[str], folder: Path = FOLDER) -> int:
    """Write the files, or with `--check` compare them. Returns the exit code."""
    wanted = files(folder)
    if arguments == ["--check"]:
        held = {path: path.read_text("utf-8") for path in folder.glob("*.json")}
        stale = sorted(
            path.name for path in held.keys() | wanted.keys() if held.get(path) != wanted.get(path)
        )
        for name in stale:
            print(f"{name} is not what the panels say: run python -m dashboards.grafana", file=sys.stderr)
        return 1 if stale else 0
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.json"):
        path.unlink()
    for path, text in wanted.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
