"""How Grafana shows values: units, colours, links from a value to another dashboard."""

from collections.abc import Mapping, Sequence

from grafana_foundation_sdk.models.dashboard import DynamicConfigValue

from dashboards.catalogue import BY_ID
from dashboards.dashboard import Dashboard
from dashboards.panel import TEXTS, Column, Kind, Link, Threshold, Tone, Unit

UNITS: Mapping[Unit, str] = {
    Unit.TEXT: "string",
    Unit.CODE: "string",
    Unit.ID: "string",
    Unit.JSON: "string",
    Unit.TIME: "dateTimeAsIso",
    Unit.DAY: "time:YYYY-MM-DD",
    Unit.HOURS: "suffix: h",
    Unit.MINUTES: "suffix: min",
    Unit.POINTS: "none",
    Unit.WEIGHT: "none",
    Unit.SHARE: "percentunit",
    Unit.SECONDS: "s",
    Unit.DURATION: "s",
}
_DECIMALS: Mapping[Unit, int] = {
    Unit.HOURS: 0,
    Unit.POINTS: 0,
    Unit.SHARE: 0,
    Unit.SECONDS: 2,
    Unit.DURATION: 0,
    Unit.WEIGHT: 2,
}
COLOURS: Mapping[Tone, str] = {
    Tone.GOOD: "green",
    Tone.ATTENTION: "yellow",
    Tone.PROBLEM: "red",
    Tone.NEUTRAL: "blue",
    Tone.UNKNOWN: "text",
}
_TABLES = {Kind.TABLE, Kind.RECORD, Kind.INTERVALS}
_NOWHERE = {"viz": True, "legend": True, "tooltip": True}


def uid(dashboard_id: str) -> str:
    """The id in Grafana's addresses: there may be dashboards that are not ours."""
    return f"readystream-{dashboard_id}"


def properties(column: Column, kind: Kind, origin: Dashboard) -> list[DynamicConfigValue]:
    """How a column looks where it differs from its panel."""
    found: list[tuple[str, object]] = [("displayName", column.title)]
    if column.unit not in TEXTS:
        found.append(("unit", UNITS.get(column.unit, "short")))
    if column.unit in _DECIMALS:
        found.append(("decimals", _DECIMALS[column.unit]))
    if column.missing:
        found.append(("noValue", column.missing))
    if column.tone:
        found.append(("color", {"mode": "fixed", "fixedColor": COLOURS[column.tone]}))
    if column.thresholds:
        found += _coloured(column.thresholds, kind)
    if column.link:
        found.append(("links", [_link(column.link, column.title, origin)]))
    if column.hidden:
        found.append(("custom.hidden", True) if kind in _TABLES else ("custom.hideFrom", _NOWHERE))
    if column.unit is Unit.JSON:
        found.append(("custom.cellOptions", {"type": "json-view"}))
    return [DynamicConfigValue(name, value) for name, value in found]


def _coloured(thresholds: Sequence[Threshold], kind: Kind) -> list[tuple[str, object]]:
    """Grafana's first step has no lower end."""
    lowest, *others = thresholds
    steps: list[dict[str, object]] = [{"value": None, "color": COLOURS[lowest.tone]}]
    steps += [{"value": step.start, "color": COLOURS[step.tone]} for step in others]
    found: list[tuple[str, object]] = [
        ("thresholds", {"mode": "absolute", "steps": steps}),
        ("color", {"mode": "thresholds"}),
    ]
    return found if kind is Kind.STAT else [*found, ("custom.cellOptions", {"type": "color-text"})]


def _link(link: Link, title: str, origin: Dashboard) -> dict[str, str]:
    """What the link does not set and both dashboards have goes along."""
    shared = {ours.name for ours in origin.variables} & {
        ours.name for ours in BY_ID[link.dashboard].variables
    }
    taken = [
        f"var-{name}=${{__data.fields.{column}:percentencode}}" for name, column in link.variables.items()
    ]
    kept = [f"${{{name}:queryparam}}" for name in sorted(shared - link.variables.keys())]
    query = "&".join([*taken, *kept, "${__url_time_range}", "${datasource:queryparam}"])
    return {"title": f"{title} in {BY_ID[link.dashboard].title}", "url": f"/d/{uid(link.dashboard)}?{query}"}
