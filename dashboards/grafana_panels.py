"""Grafana's form of each kind of panel."""

from collections.abc import Callable, Mapping

from grafana_foundation_sdk.builders import barchart, common, dashboard, stat, table, timeseries
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import common as c
from grafana_foundation_sdk.models import dashboard as m

from dashboards.dashboard import Dashboard
from dashboards.grafana_values import UNITS, properties
from dashboards.panel import TEXTS, Kind, Panel

PLUGIN = "grafana-clickhouse-datasource"
PLUGIN_VERSION = "4.20.0"
SOURCE = m.DataSourceRef(type_val=PLUGIN, uid="${datasource}")

PanelBuilder = barchart.Panel | stat.Panel | table.Panel | timeseries.Panel

_SERIES = {Kind.TIME_SERIES, Kind.LINES}


class Query(Dataquery):
    """A query of the ClickHouse data source, which the SDK does not know."""

    def __init__(self, sql: str, *, is_series: bool) -> None:
        self._sql = sql
        self._is_series = is_series

    def to_json(self) -> dict[str, object]:
        """The target of a panel; format 0 is a time series, 1 a table."""
        return {
            "refId": "A",
            "datasource": SOURCE,
            "editorType": "sql",
            "queryType": "timeseries" if self._is_series else "table",
            "format": 0 if self._is_series else 1,
            "rawSql": self._sql,
            "pluginVersion": PLUGIN_VERSION,
        }


class _QueryBuilder(Builder[Dataquery]):
    def __init__(self, query: Query) -> None:
        self._query = query

    def build(self) -> Query:
        return self._query


def build(panel: Panel, origin: Dashboard, number: int) -> PanelBuilder:
    """The builder of `panel` on the dashboard `origin`; `number` is its id there."""
    target = _QueryBuilder(Query(panel.sql, is_series=panel.kind in _SERIES))
    builder = (
        _KINDS[panel.kind](panel)
        .id(number)
        .title(panel.title)
        .description(panel.description)
        .datasource(SOURCE)
        .span(panel.size.width)
        .height(panel.size.height)
        .unit(UNITS.get(panel.unit, "short"))
        .no_value(panel.empty)
        .with_target(target)
    )
    if panel.kind is not Kind.TIME_SERIES:  # its series are named by a label, not by a column
        for column in panel.columns:
            builder.override_by_name(column.name, properties(column, panel.kind, origin))
    return builder


def _stat(_: Panel) -> stat.Panel:
    last = common.ReduceDataOptions().calcs(["lastNotNull"]).values(False)
    return stat.Panel().reduce_options(last).graph_mode(c.BigValueGraphMode.NONE)


def _time_series(panel: Panel) -> timeseries.Panel:
    stacked = common.StackingConfig().mode(c.StackingMode.NORMAL).group("A")
    bars = timeseries.Panel().draw_style(c.GraphDrawStyle.BARS).fill_opacity(80).line_width(0)
    labels = [column for column in panel.columns if column.unit in TEXTS]
    name = f"${{__field.labels.{labels[0].name}}}" if labels else panel.columns[-1].title
    return bars.stacking(stacked).display_name(name).legend(_legend())


def _lines(_: Panel) -> timeseries.Panel:
    return (
        timeseries.Panel().draw_style(c.GraphDrawStyle.LINE).fill_opacity(0).line_width(2).legend(_legend())
    )


def _bars(panel: Panel) -> barchart.Panel:
    horizontal = barchart.Panel().orientation(c.VizOrientation.HORIZONTAL).fill_opacity(80)
    return horizontal.x_field(panel.columns[0].name).legend(_legend())


def _stacked_bars(panel: Panel) -> barchart.Panel:
    return _bars(panel).stacking(c.StackingMode.NORMAL)


def _table(_: Panel) -> table.Panel:
    return table.Panel().show_header(True)


def _heat_map(_: Panel) -> table.Panel:
    """A table whose cells are coloured by their number: rows and columns are names, not scales."""
    cells = c.TableColoredBackgroundCellOptions(mode=c.TableCellBackgroundDisplayMode.BASIC)
    colours = dashboard.FieldColor().mode(m.FieldColorModeId.CONTINUOUS_BL_PU)
    return table.Panel().show_header(True).cell_options(cells).color_scheme(colours)


def _matrix(panel: Panel) -> table.Panel:
    """The cells, which come one a row, brought into rows and columns; a missing one stays empty."""
    row, column, value, *_ = (column.name for column in panel.columns)
    fields = {"rowField": row, "columnField": column, "valueField": value, "emptyValue": "null"}
    return _heat_map(panel).with_transformation(m.DataTransformerConfig("groupingToMatrix", options=fields))


def _legend() -> common.VizLegendOptions:
    return (
        common.VizLegendOptions().display_mode(c.LegendDisplayMode.LIST).placement(c.LegendPlacement.BOTTOM)
    )


_KINDS: Mapping[Kind, Callable[[Panel], PanelBuilder]] = {
    Kind.STAT: _stat,
    Kind.TIME_SERIES: _time_series,
    Kind.LINES: _lines,
    Kind.BARS: _bars,
    Kind.STACKED_BARS: _stacked_bars,
    Kind.HEAT_MAP: _heat_map,
    Kind.MATRIX: _matrix,
    Kind.INTERVALS: _table,
    Kind.TABLE: _table,
    Kind.RECORD: _table,
}
