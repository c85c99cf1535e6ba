"""What lies around an incident, by great-circle distance (WGS-84); a thing has one label for all panels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.moment import Mask
from situation.live.people import is_lost
from situation.panels.cameras import Focus, bearing_deg, distances_m, smallest_rows
from situation.panels.definition import Values
from situation.panels.emergency.incident import Incident
from situation.panels.warnings import inside

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_PEOPLE = 8
PEOPLE_WITHIN_M = 5_000.0
HELP_KINDS = ("pumping_station", "hospital", "shelter", "supply_depot", "hydrant", "aed")
"""Places that help, the nearest of each wherever it is."""

RISK_KINDS = (
    "underpass",
    "school",
    "hospital",
    "hazardous_firm",
    "metro_station",
    "market",
    "site",
    "residential",
)
"""Places that may be in danger, counted around the incident."""

HELP_OF_KIND = 2
RISK_OF_KIND = 3

Rows = npt.NDArray[np.intp]
Metres = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """A row of a table and how far away it is. `label` is the sign it carries in lists and on the map alike."""

    row: int
    distance_m: float
    label: str = ""


def distances(moment: Moment, kind: str, focus: Focus) -> Metres:
    """Metres from the incident to everything of a kind; infinite where the place is unknown."""
    table = moment.live.tables[kind]
    version = table.version if kind == "officer" else table.membership  # officers walk
    token = (focus.lon, focus.lat, version)
    return moment.cache.get(
        f"emergency.distances/{kind}", token, lambda: distances_m(table["lon"], table["lat"], focus)
    )


def is_around(moment: Moment, kind: str, incident: Incident) -> Mask:
    """What counts as around it: within its radius, of a warning inside its ground."""
    table = moment.live.tables[kind]
    if incident.focus is None:
        return np.zeros(len(table), dtype=np.bool_)
    if incident.ground is None or incident.ground.geometry is None:
        return np.asarray(distances(moment, kind, incident.focus) <= incident.radius_m)
    geometry = incident.ground.geometry
    token = (incident.key, moment.live.version("area"), table.version if kind == "officer" else table.membership)
    return moment.cache.get(f"emergency.inside/{kind}", token, lambda: inside(geometry, table["lon"], table["lat"]))


def position(moment: Moment, kind: str, found: Found, focus: Focus) -> Values:
    """Where a thing is, from the incident: distance and bearing (degrees from north, clockwise)."""
    table = moment.live.tables[kind]
    lon, lat = float(table["lon"][found.row]), float(table["lat"][found.row])
    return {
        "label": found.label,
        "lon": lon,
        "lat": lat,
        "distance_m": round(found.distance_m),
        "bearing_deg": round(bearing_deg(focus, lon, lat)) % 360,
    }


def nearest(metres: Metres, wanted: Mask, most: int, within_m: float = np.inf) -> list[tuple[int, float]]:
    """Rows and metres of the nearest that are wanted."""
    cost = np.where(wanted, metres, np.inf)
    return [(int(row), float(cost[row])) for row in smallest_rows(cost, most) if cost[row] <= min(within_m, 1e12)]


def people(moment: Moment, focus: Focus) -> list[Found]:
    """Those on duty nearest to it whose place is known of now, by letter from the nearest on."""
    table = moment.live.tables["officer"]
    if not len(table):
        return []
    is_present = (table["on_duty"] == 1) & moment.is_living_source[table["source"]] & ~is_lost(moment, table)
    found = nearest(distances(moment, "officer", focus), is_present, MOST_PEOPLE, PEOPLE_WITHIN_M)
    return [Found(row, metres, LETTERS[index]) for index, (row, metres) in enumerate(found)]


def helping(moment: Moment, focus: Focus) -> dict[str, list[Found]]:
    """The nearest places that help, by kind."""
    return {
        kind: [Found(row, metres, str(index + 1)) for index, (row, metres) in enumerate(found)]
        for kind in HELP_KINDS
        if (found := nearest(distances(moment, "place", focus), of_kind(moment, kind), HELP_OF_KIND))
    }


def at_risk(moment: Moment, incident: Incident) -> dict[str, tuple[int, list[Found]]]:
    """How many places of each kind lie around it, and the nearest of them."""
    if incident.focus is None:
        return {}
    metres, around = distances(moment, "place", incident.focus), is_around(moment, "place", incident)
    risks: dict[str, tuple[int, list[Found]]] = {}
    for kind in RISK_KINDS:
        wanted = around & of_kind(moment, kind)
        count = int(np.count_nonzero(wanted))
        if count:
            risks[kind] = count, [Found(row, far) for row, far in nearest(metres, wanted, RISK_OF_KIND)]
    return risks


def of_kind(moment: Moment, kind: str) -> Mask:
    """Places of a kind."""
    code = moment.live.words.find(kind)
    return np.asarray(moment.live.tables["place"]["category"] == (-1 if code is None else code))
