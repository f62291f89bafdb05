"""The page's HTML: everything but the figures, which its script fetches."""

from html import escape
from importlib.resources import files
from string import Template

from dashboards.catalogue import DASHBOARDS
from dashboards.dashboard import Choice, Dashboard, Section, Variable
from dashboards.panel import Kind, Panel
from dashboards.ranges import DEFAULTS, OFFERS

_NAVIGATION = Template('<a href="$id" data-dashboard="$id" data-variables="$variables"$current>$title</a>')

_PANEL = Template("""
<article class="panel w-$width h-$height" data-panel="$id" data-kind="$kind" aria-labelledby="title-$id">
<div class="head"><h3 id="title-$id">$title</h3>$actions</div>
<div class="body" data-body></div>
<p class="description">$description</p>
</article>""")

_TABLE_TOGGLE = Template(
    '<button type="button" data-toggle aria-pressed="false" aria-label="$title as a table">Table</button>'
)
_DOWNLOAD = Template(
    '<a data-download href="panel/$id.csv" download aria-label="Download $title as CSV">CSV</a>'
)
_RANGE = Template(
    '<label><input type="radio" name="range" value="$value"$checked><span>$label</span></label>'
)
_SELECT = Template(
    '<label class="filter">$label <select name="$name" data-variable="any">'
    '<option value="">$everything</option></select></label>'
)
_ONE = Template(
    '<label class="filter">$label <input name="$name" data-variable="one" list="offers-$name" '
    'autocomplete="off" spellcheck="false"><datalist id="offers-$name"></datalist></label>'
)
_TEXT = Template(
    '<label class="filter">$label <input name="$name" data-variable="text" '
    'autocomplete="off" spellcheck="false"></label>'
)
_FILTERS = {Choice.ANY: _SELECT, Choice.ONE: _ONE, Choice.TEXT: _TEXT}


def page(dashboard: Dashboard, plotly_version: str) -> str:
    """The whole document of one dashboard."""
    template = Template(files("dashboards").joinpath("static", "page.html").read_text("utf-8"))
    return template.substitute(
        id=dashboard.id,
        title=escape(dashboard.title),
        description=escape(dashboard.description),
        clock=dashboard.clock,
        plotly_version=escape(plotly_version),
        navigation="".join(_link(other, other is dashboard) for other in DASHBOARDS),
        ranges="".join(_ranges(dashboard)),
        filters="".join(_filter(variable) for variable in dashboard.variables),
        sections="".join(_section(number, section) for number, section in enumerate(dashboard.sections, 1)),
    )


def _link(dashboard: Dashboard, is_current: bool) -> str:
    return _NAVIGATION.substitute(
        id=dashboard.id,
        title=escape(dashboard.title),
        variables=" ".join(variable.name for variable in dashboard.variables),
        current=' aria-current="page"' if is_current else "",
    )


def _ranges(dashboard: Dashboard) -> list[str]:
    chosen = DEFAULTS[dashboard.clock]
    return [
        _RANGE.substitute(value=name, label=offer.label, checked=" checked" if name == chosen else "")
        for name, offer in OFFERS[dashboard.clock].items()
    ]


def _filter(variable: Variable) -> str:
    words = {
        "name": variable.name,
        "label": escape(variable.label),
        "everything": escape(variable.everything),
    }
    return _FILTERS[variable.choice].substitute(words)


def _section(number: int, section: Section) -> str:
    panels = "".join(_panel(panel) for panel in section.panels)
    heading = f'<h2 id="section-{number}">{escape(section.title)}</h2>'
    return (
        f'\n<section aria-labelledby="section-{number}">{heading}<div class="grid">{panels}\n</div></section>'
    )


def _panel(panel: Panel) -> str:
    return _PANEL.substitute(
        id=panel.id,
        kind=panel.kind,
        width=panel.size.width,
        height=panel.size.height,
        title=escape(panel.title),
        description=escape(panel.description),
        actions=_actions(panel),
    )


def _actions(panel: Panel) -> str:
    words = {"id": panel.id, "title": escape(panel.title)}
    is_chart = panel.kind not in {Kind.STAT, Kind.TABLE, Kind.RECORD}
    toggle = _TABLE_TOGGLE.substitute(words) if is_chart else ""
    return f'<div class="actions">{toggle}{_DOWNLOAD.substitute(words)}</div>'
