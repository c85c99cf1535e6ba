"""What lies around a spot now: the same marks, in the same states, as the map draws. WGS-84 throughout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from situation.feed.marks import MARK_KINDS
from situation.live import Moment
from situation.panels.cameras import Focus, bearing_deg, distances_m, smallest_rows
from situation.records import PlacedRecord, Record

_KINDS = {each.kind: each for each in MARK_KINDS}
MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A mark near a spot. `state` is a mark state as on the wire; `bearing_deg` is seen from the spot, clockwise."""

    kind: str
    id: str
    number: int
    name: str
    lon: float
    lat: float
    distance_m: float
    bearing_deg: float
    state: int


def spot_of(record: Record) -> Focus | None:
    """Where a record is, None when that is unknown or it is no thing in a place."""
    if not isinstance(record, PlacedRecord) or record.lon is None or record.lat is None:
        return None
    return Focus(f"{record.kind}/{record.id}", record.name, record.lon, record.lat)


def near(moment: Moment, kind: str, spot: Focus, radius_m: float, most: int = MOST) -> tuple[Near, ...]:
    """The marks of a kind within a distance, the nearest first; the spot's own record is left out."""
    mark_kind, table = _KINDS[kind], moment.live.tables[kind]
    if not len(table):
        return ()
    distances = distances_m(table["lon"], table["lat"], spot)
    if mark_kind.shown is not None:
        distances = np.where(mark_kind.shown(moment, table), distances, np.inf)
    rows = [int(row) for row in smallest_rows(distances, most + 1) if distances[row] <= radius_m]
    states = np.asarray(mark_kind.state(moment, table)) if rows else np.empty(0)
    found = (
        Near(
            kind=kind,
            id=table["id"][row],
            number=int(table.numbers[row]),
            name=_name(moment, kind, row),
            lon=float(table["lon"][row]),
            lat=float(table["lat"][row]),
            distance_m=float(distances[row]),
            bearing_deg=bearing_deg(spot, float(table["lon"][row]), float(table["lat"][row])) % 360,
            state=int(states[row]),
        )
        for row in rows
    )
    return tuple(each for each in found if f"{each.kind}/{each.id}" != spot.about)[:most]


def _name(moment: Moment, kind: str, row: int) -> str:
    """A case goes by what it is about, an alarm by the name of its record; all others have a column for it."""
    table = moment.live.tables[kind]
    if kind == "case":
        return moment.live.words.word(int(table["subcategory"][row]))
    if kind == "alarm":
        return moment.live.whole["alarm"][int(table.numbers[row])].name
    return str(table["name"][row])
