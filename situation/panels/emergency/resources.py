"""Places that help (the nearest pumping stations, hospitals, shelters) and places that may be in danger."""

from __future__ import annotations

import numpy as np

from situation.live import Moment
from situation.live.columns import NO_TIME
from situation.panels.cameras import Focus
from situation.panels.definition import Choice, Values
from situation.panels.emergency.incident import incident_of
from situation.panels.emergency.surroundings import Found, at_risk, helping, position


def build_resources(moment: Moment) -> Values:
    """Around the worst incident."""
    return choose_resources(moment, {})


def choose_resources(moment: Moment, choice: Choice) -> Values:
    """Around the incident asked for. `risk` counts all places within `radius_m`, of a warning all in its ground."""
    incident = incident_of(moment, choice)
    if incident is None or incident.focus is None or not moment.has_delivered("place"):
        return {"about": None, "radius_m": None, "help": [], "risk": []}
    focus = incident.focus
    return {
        "about": incident.key,
        "radius_m": round(incident.radius_m),
        "help": [
            {"kind": kind, "rows": [place_row(moment, found, focus) for found in places]}
            for kind, places in helping(moment, focus).items()
        ],
        "risk": [
            {"kind": kind, "count": count, "rows": [place_row(moment, found, focus) for found in places]}
            for kind, (count, places) in at_risk(moment, incident).items()
        ],
    }


def place_row(moment: Moment, found: Found, focus: Focus) -> Values:
    """One place; `capacity`, `stock` and `stock_at` None when nobody says."""
    table = moment.live.tables["place"]
    counted_ms = int(table["stock_ms"][found.row])
    return position(moment, "place", found, focus) | {
        "id": table["id"][found.row],
        "number": int(table.numbers[found.row]),
        "name": table["name"][found.row],
        "capacity": _whole(table["capacity"][found.row]),
        "stock": _whole(table["stock"][found.row]),
        "stock_unit": moment.live.words.word(int(table["stock_unit"][found.row])),
        "stock_at": None if counted_ms == NO_TIME else counted_ms,
    }


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else round(float(value))
