"""The page's HTML: everything but the figures, which its script fetches."""

from html import escape
from importlib.resources import files
from string import Template

from dashboards.panel import Kind, Panel
from dashboards.panels import DESCRIPTION, SECTIONS, TITLE, Section
from dashboards.ranges import DAYS, DEFAULT_DAYS

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


def index(plotly_version: str) -> str:
    """The whole document."""
    template = Template(files("dashboards").joinpath("static", "index.html").read_text("utf-8"))
    return template.substitute(
        title=escape(TITLE),
        description=escape(DESCRIPTION),
        plotly_version=escape(plotly_version),
        ranges="".join(_choice(str(days), f"{days} days") for days in DAYS) + _choice("all", "All"),
        sections="".join(_section(number, section) for number, section in enumerate(SECTIONS, 1)),
    )


def _choice(value: str, label: str) -> str:
    checked = " checked" if value == str(DEFAULT_DAYS) else ""
    return f'<label><input type="radio" name="days" value="{value}"{checked}><span>{label}</span></label>'


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
    if panel.kind is Kind.STAT:
        return ""
    words = {"id": panel.id, "title": escape(panel.title)}
    toggle = "" if panel.kind is Kind.TABLE else _TABLE_TOGGLE.substitute(words)
    return f'<div class="actions">{toggle}{_DOWNLOAD.substitute(words)}</div>'
