"""Every dashboard, in the order of the navigation: the one list that Grafana and the page draw."""

from collections.abc import Mapping

from dashboards.boards import activity, learner, pipeline, quality, skills, statement
from dashboards.dashboard import Dashboard, Variable
from dashboards.panel import Panel

DASHBOARDS: tuple[Dashboard, ...] = (
    activity.DASHBOARD,
    skills.DASHBOARD,
    learner.DASHBOARD,
    pipeline.DASHBOARD,
    quality.DASHBOARD,
    statement.DASHBOARD,
)

BY_ID: Mapping[str, Dashboard] = {dashboard.id: dashboard for dashboard in DASHBOARDS}

PANELS: Mapping[str, tuple[Dashboard, Panel]] = {
    panel.id: (dashboard, panel) for dashboard in DASHBOARDS for panel in dashboard.panels
}

VARIABLES: Mapping[str, Variable] = {
    variable.name: variable for dashboard in DASHBOARDS for variable in dashboard.variables
}
