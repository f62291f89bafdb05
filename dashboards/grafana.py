"""The Grafana dashboard, generated from the panels.

python -m dashboards.grafana           writes dashboards/grafana/learning-and-readiness.json
python -m dashboards.grafana --check   exits with 1 if that file is not what it would write
"""

import json
import sys
from itertools import count
from pathlib import Path

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as m

from dashboards.grafana_panels import PLUGIN, SOURCE, build
from dashboards.panels import DESCRIPTION, SECTIONS, TITLE
from dashboards.ranges import DEFAULT_DAYS

FILE = Path(__file__).parent / "grafana" / "learning-and-readiness.json"
ROLES = "SELECT DISTINCT role FROM current_readiness ORDER BY role"


def render() -> str:
    """The dashboard as JSON text, the same for the same panels."""
    builder = (
        dashboard.Dashboard(TITLE)
        .uid("learning-and-readiness")
        .description(DESCRIPTION)
        .tags(["readystream"])
        .timezone("utc")
        .time(f"now-{DEFAULT_DAYS}d", "now")
        .refresh("10s")
        .readonly()
        .with_variable(dashboard.DatasourceVariable("datasource").label("Data source").type(PLUGIN))
        .with_variable(_role_variable())
    )
    numbers = count(1)
    for section in SECTIONS:
        builder.with_row(dashboard.Row(section.title).id(next(numbers)))
        for panel in section.panels:
            builder.with_panel(build(panel, next(numbers)))
    return json.dumps(builder.build(), cls=JSONEncoder, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _role_variable() -> dashboard.QueryVariable:
    everything = m.VariableOption(text="All", value="$__all")
    roles = dashboard.QueryVariable("role").label("Role").datasource(SOURCE).query(ROLES)
    refresh = m.VariableRefresh.ON_DASHBOARD_LOAD
    return roles.multi(True).include_all(True).current(everything).refresh(refresh)


def main(arguments: list[str], file: Path = FILE) -> int:
    """Write `file`, or with `--check` compare it. Returns the exit code."""
    text = render()
    if arguments == ["--check"]:
        if file.is_file() and file.read_text("utf-8") == text:
            return 0
        print(f"{file.name} is not what the panels say: run python -m dashboards.grafana", file=sys.stderr)
        return 1
    file.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
