"""The panels of the overview, as a screen frames them: where each lies and what its heading carries.

Which place a panel has in which layout is CSS (`assets/30-layout.css`): the grid area is the panel's key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from layouts import theme

Tab = str
"""The column a laptop or phone shows a panel in; its text is `tab.<column>`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelView:
    """`title` is a text key; `tab` the column a laptop or phone shows it in; `numbers` stand in the heading
    (`data-kpi` name, text key of the word beside it); `figure` makes the empty plotly chart above its body, if it
    has one: `tools.chart(section, …)` fills it."""

    key: str
    title: str
    tab: Tab
    numbers: tuple[tuple[str, str], ...] = ()
    is_wide_only: bool = False
    figure: Callable[[], Any] | None = None


PANELS: tuple[PanelView, ...] = (
    PanelView(key="kpi", title="panel.kpi", tab="now"),
    PanelView(
        key="hourly",
        title="panel.hourly",
        tab="cases",
        numbers=(("cases_reported_today", "number.cases_reported_today"),),
        figure=theme.hourly_figure,
    ),
    PanelView(key="streets", title="panel.streets", tab="cases"),
    PanelView(key="watched", title="panel.watched", tab="devices", figure=theme.watched_figure),
    PanelView(key="map", title="panel.map", tab="map"),
    PanelView(key="pipeline", title="panel.pipeline", tab="cases"),
    PanelView(key="warnings", title="panel.warnings", tab="now", numbers=(("warnings_active", "warnings.active"),)),
    PanelView(key="alarms", title="panel.alarms", tab="now", numbers=(("alarms_active", "alarms.total"),)),
    PanelView(key="cameras", title="panel.cameras", tab="devices"),
    PanelView(key="origins", title="panel.origins", tab="departments", is_wide_only=True),
    PanelView(key="duty", title="panel.duty", tab="departments", is_wide_only=True),
    PanelView(key="timeline", title="panel.timeline", tab="departments", is_wide_only=True),
    PanelView(key="departments", title="panel.departments", tab="departments", is_wide_only=True),
)
"""In reading order; the banner is not here because it sits in the header."""

TABS: tuple[Tab, ...] = ("now", "cases", "devices", "departments", "map")
