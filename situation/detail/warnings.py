"""Weather warnings as a detail page needs them: the messages that followed one another, and what holds at a spot."""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from situation.live import Moment
from situation.live.columns import epoch_ms
from situation.panels.cameras import Focus
from situation.panels.warnings import DRAWN_TO_DEG, exposure, ground_of, ordered_warnings
from situation.records import WeatherWarning


def chain_of(moment: Moment, warning: WeatherWarning) -> tuple[WeatherWarning, ...]:
    """The messages that this one follows or is followed by (updates, cancellations) and itself, oldest first."""
    known = {row.id: row for row in moment.live.whole["warning"].values() if isinstance(row, WeatherWarning)}
    known.setdefault(warning.id, warning)
    reached, open_ids = {warning.id}, [warning.id]
    while open_ids:
        current = open_ids.pop()
        linked = {*known[current].references, known[current].superseded_by}
        linked |= {row.id for row in known.values() if current in row.references or row.superseded_by == current}
        fresh = (linked & known.keys()) - reached
        reached |= fresh
        open_ids += sorted(fresh)
    return tuple(sorted((known[each] for each in reached), key=lambda row: (epoch_ms(row.sent_at), row.id)))


def warnings_at(moment: Moment, spot: Focus) -> tuple[WeatherWarning, ...]:
    """The actual warnings in force whose ground a spot lies in, the worst first."""
    found = []
    for warning in ordered_warnings(moment):
        geometry = ground_of(moment, warning).geometry if warning.is_actual else None
        if geometry is not None and shapely.intersects_xy(geometry, spot.lon, spot.lat):
            found.append(warning)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class WarnedGround:
    """Where a warning holds: what lies in it (None: no area is known), codes of its streets, outer rings (lon, lat)."""

    exposure: dict[str, int] | None
    codes: tuple[str, ...]
    outlines: tuple[tuple[tuple[float, float], ...], ...]


def ground_of_warning(moment: Moment, warning: WeatherWarning) -> WarnedGround:
    """The ground of a warning, simplified as far as a plan can show."""
    ground = ground_of(moment, warning)
    if ground.geometry is None:
        return WarnedGround(exposure(moment, warning), (), ())
    drawn = ground.geometry.simplify(DRAWN_TO_DEG)
    parts = [part for part in getattr(drawn, "geoms", [drawn]) if isinstance(part, shapely.Polygon)]
    rings = tuple(tuple((round(x, 5), round(y, 5)) for x, y in part.exterior.coords) for part in parts)
    streets = {street.code for street in moment.streets}
    return WarnedGround(exposure(moment, warning), tuple(code for code in ground.codes if code in streets), rings)
