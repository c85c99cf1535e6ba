"""The table of panels: adding one to the overview is adding a row here, one in layouts/panels and one file in
assets/panels; each further scene has its own table in its own package."""

from __future__ import annotations

from situation.panels import agencies, casework, emergency, grid, iot, sources, video, weather
from situation.panels.alarms import build_alarms, build_banner
from situation.panels.cameras import build_cameras
from situation.panels.cases import build_departments, build_hourly, build_origins, build_pipeline, build_streets
from situation.panels.definition import PanelDefinition
from situation.panels.duty import build_duty
from situation.panels.kpi import build_kpi
from situation.panels.timeline import build_timeline
from situation.panels.warnings import build_map, build_warnings
from situation.panels.watched import build_watched, stand_watched

CASE = frozenset({"case"})
ALARM = frozenset({"alarm", "sensor", "camera"})
"""What alarms are derived from: rules judge sensors and cameras, platforms raise some themselves."""

PANELS: tuple[PanelDefinition, ...] = (
    PanelDefinition(
        key="kpi",
        kinds=frozenset({"case", "camera", "sensor", "alarm", "warning", "source", "department"}),
        fed_by=frozenset({"case", "camera", "sensor", "warning"}),
        build=build_kpi,
        tick_s=1.0,
    ),
    PanelDefinition(key="hourly", kinds=CASE, fed_by=CASE, build=build_hourly, tick_s=5.0, rest_s=1.0),
    PanelDefinition(
        key="streets", kinds=frozenset({"case", "area"}), fed_by=CASE, build=build_streets, tick_s=1.0, rest_s=0.4
    ),
    PanelDefinition(
        key="watched",
        kinds=frozenset({"sensor"}),
        fed_by=frozenset({"sensor"}),
        build=build_watched,
        tick_s=5.0,
        rest_s=5.0,
        stand=stand_watched,
    ),
    PanelDefinition(
        key="map",
        kinds=frozenset({"warning", "area", "alarm", "source"}),
        fed_by=frozenset({"case", "camera", "sensor", "warning"}),
        build=build_map,
        tick_s=5.0,
    ),
    PanelDefinition(
        key="banner",
        kinds=frozenset({"alarm", "area", "department", "forecast", "sensor", "camera", "source"}),
        fed_by=ALARM,
        build=build_banner,
    ),
    PanelDefinition(key="pipeline", kinds=CASE, fed_by=CASE, build=build_pipeline, tick_s=1.0),
    PanelDefinition(
        key="warnings",
        kinds=frozenset({"warning", "area", "place", "camera"}),
        fed_by=frozenset({"warning"}),
        build=build_warnings,
        tick_s=5.0,
        rest_s=1.0,
    ),
    PanelDefinition(
        key="alarms",
        kinds=frozenset({"alarm", "area", "department", "sensor", "camera", "source"}),
        fed_by=ALARM,
        build=build_alarms,
    ),
    PanelDefinition(
        key="cameras",
        kinds=frozenset({"alarm", "camera", "source"}),
        fed_by=frozenset({"camera"}),
        build=build_cameras,
        tick_s=5.0,
        rest_s=0.4,
    ),
    PanelDefinition(key="origins", kinds=CASE, fed_by=CASE, build=build_origins, tick_s=60.0, rest_s=2.0),
    PanelDefinition(
        key="duty",
        kinds=frozenset({"officer", "department"}),
        fed_by=frozenset({"officer"}),
        build=build_duty,
        rest_s=2.0,
    ),
    PanelDefinition(
        key="timeline",
        kinds=frozenset({"warning", "alarm", "case"}),
        fed_by=frozenset({"case", "camera", "sensor", "warning"}),
        build=build_timeline,
        tick_s=10.0,
        rest_s=5.0,
    ),
    PanelDefinition(
        key="departments",
        kinds=frozenset({"case", "department", "source"}),
        fed_by=CASE,
        build=build_departments,
        tick_s=5.0,
        rest_s=2.0,
    ),
)

SCENE_PANELS: dict[str, tuple[PanelDefinition, ...]] = {
    "video": video.PANELS,
    "iot": iot.PANELS,
    "weather": weather.PANELS,
    "cases": casework.PANELS,
    "grid": grid.PANELS,
    "departments": agencies.PANELS,
    "emergency": emergency.PANELS,
    "sources": sources.PANELS,
}
"""By scene, what it has beside the overview's panels."""

PANELS_BY_KEY: dict[str, PanelDefinition] = {
    panel.key: panel for panels in (PANELS, *SCENE_PANELS.values()) for panel in panels
}
