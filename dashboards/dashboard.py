"""What a dashboard is: panels under headings, what can be chosen on it, and which clock its range follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboards.panel import Panel


class Clock(StrEnum):
    """Which times the range of a dashboard is about: when things happened, when they came, or none."""

    EVENTS = "events"
    ARRIVALS = "arrivals"
    NONE = "none"


class Choice(StrEnum):
    """How a variable is chosen: any of a list, one of a list, or a text that is typed or followed to."""

    ANY = "any"
    ONE = "one"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Variable:
    """Something to choose. `sql` gives the offers as value and label, the first of which is taken where one
    has to be; without a choice any means all, and a text is empty."""

    name: str
    label: str
    choice: Choice
    sql: str = ""
    everything: str = "All"


@dataclass(frozen=True, slots=True)
class Section:
    """Panels under one heading; their widths fill whole rows of the grid."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One dashboard; `id` is its address on the page and in Grafana."""

    id: str
    title: str
    description: str
    clock: Clock
    variables: tuple[Variable, ...]
    sections: tuple[Section, ...]

    @property
    def panels(self) -> tuple[Panel, ...]:
        """Its panels, in the order in which they are shown."""
        return tuple(panel for section in self.sections for panel in section.panels)


def chosen_values(
    variables: Sequence[Variable], asked: Mapping[str, Sequence[str]]
) -> dict[str, Sequence[str]]:
    """The values that a query is expanded with: nothing asked for is an empty text where one is needed."""
    return {
        variable.name: asked.get(variable.name) or ([] if variable.choice is Choice.ANY else [""])
        for variable in variables
    }
