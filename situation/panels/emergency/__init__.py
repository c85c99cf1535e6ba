"""The panels of the emergency scene: everything around one incident, the worst or the one asked for."""

from __future__ import annotations

from collections.abc import Callable

from situation.live import Moment
from situation.panels.definition import Choice, PanelDefinition, Values
from situation.panels.emergency.cameras import build_cameras, choose_cameras
from situation.panels.emergency.head import build_head, choose_head
from situation.panels.emergency.people import build_people, choose_people
from situation.panels.emergency.plan import build_plan, choose_plan
from situation.panels.emergency.resources import build_resources, choose_resources
from situation.panels.emergency.sensors import build_sensors, choose_sensors
from situation.panels.emergency.timeline import build_timeline, choose_timeline

_WHICH = frozenset({"alarm", "warning"})
"""What decides which incident it is: every panel looks again when one of them changes."""

_ALARM = frozenset({"alarm", "sensor", "camera", "warning"})


def _panel(
    name: str,
    kinds: frozenset[str],
    fed_by: frozenset[str],
    build: Callable[[Moment], Values],
    choose: Callable[[Moment, Choice], Values],
    *,
    tick_s: float = 10.0,
    rest_s: float = 2.0,
) -> PanelDefinition:
    return PanelDefinition(
        key=f"emergency-{name}",
        kinds=kinds | _WHICH,
        fed_by=fed_by,
        build=build,
        choose=choose,
        tick_s=tick_s,
        rest_s=rest_s,
        scene="emergency",
    )


PANELS: tuple[PanelDefinition, ...] = (
    _panel(
        "head",
        frozenset({"sensor", "camera", "source", "area", "department", "place"}),
        _ALARM,
        build_head,
        choose_head,
        tick_s=5.0,
        rest_s=1.0,
    ),
    _panel(
        "plan",
        frozenset({"camera", "sensor", "officer", "place", "area", "source"}),
        frozenset({"camera", "sensor", "officer"}),
        build_plan,
        choose_plan,
        rest_s=3.0,
    ),
    _panel("cameras", frozenset({"camera", "source"}), frozenset({"camera"}), build_cameras, choose_cameras),
    _panel(
        "sensors",
        frozenset({"sensor", "source"}),
        frozenset({"sensor"}),
        build_sensors,
        choose_sensors,
        tick_s=5.0,
        rest_s=5.0,
    ),
    _panel(
        "people",
        frozenset({"officer", "department", "source"}),
        frozenset({"officer"}),
        build_people,
        choose_people,
        rest_s=5.0,
    ),
    _panel(
        "resources", frozenset({"place", "area"}), frozenset({"place"}), build_resources, choose_resources, rest_s=5.0
    ),
    _panel(
        "timeline",
        frozenset({"case", "camera", "sensor"}),
        frozenset({"alarm", "case", "camera", "sensor", "warning"}),
        build_timeline,
        choose_timeline,
        rest_s=5.0,
    ),
)
"""In reading order."""
