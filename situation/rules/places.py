"""Where a record is: its street by code and name, for rules that run before the store has placed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A position with the street it lies in; everything is empty or None when unknown."""

    lon: float | None
    lat: float | None
    street_code: str = ""
    street_name: str = ""


def centre(places: Sequence[Place]) -> tuple[float | None, float | None]:
    """Mean position of those that have one; (None, None) when none has."""
    known = [(place.lon, place.lat) for place in places if place.lon is not None and place.lat is not None]
    if not known:
        return None, None
    return sum(lon for lon, _ in known) / len(known), sum(lat for _, lat in known) / len(known)
