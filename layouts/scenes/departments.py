"""The departments scene: its frames."""

from __future__ import annotations

from layouts.panels import PanelView
from layouts.scenes.scene import Scene

SCENE = Scene(
    key="departments",
    panels=(
        PanelView(
            key="departments-board",
            title="panel.departments-board",
            tab="departments",
            numbers=(("cases_open", "number.cases_open"), ("cases_overdue", "number.cases_overdue")),
        ),
        PanelView(key="departments-one", title="panel.departments-one", tab="one"),
        PanelView(key="departments-sources", title="panel.departments-sources", tab="sources"),
    ),
    shared=("alarms", "duty"),
    shared_tabs={"alarms": "one", "duty": "one"},
    main="departments",
)
"""The shared panels are for wide walls."""
