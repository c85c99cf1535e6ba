"""The cameras nearest to the incident, as tiles; their numbers are those of the plan."""

from __future__ import annotations

from situation.live import Moment
from situation.panels.cameras import cameras_about
from situation.panels.definition import Choice, Values
from situation.panels.emergency.incident import incident_of


def build_cameras(moment: Moment) -> Values:
    """Around the worst incident."""
    return choose_cameras(moment, {})


def choose_cameras(moment: Moment, choice: Choice) -> Values:
    """Around the incident asked for."""
    incident = incident_of(moment, choice)
    return cameras_about(moment, None if incident is None else incident.focus)
