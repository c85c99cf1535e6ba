"""Where a record is: its street by code and name, for rules that run before the store has placed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from situation.records import PlacedRecord


@dataclass(frozen=True, slots=True)
class Place:
    """A position with the street it lies in; everything is empty or None when unknown.

    `given_code` is the street as the record's source gave it, `found_in` tells which areas it was looked for in.
    """

    lon: float | None
    lat: float | None
    street_code: str = ""
    street_name: str = ""
    given_code: str = ""
    found_in: int = 0

    def holds(self, record: PlacedRecord, areas: int) -> bool:
        """Whether a record is still there, and would be found so in these areas."""
        now = (record.lon, record.lat, record.street_code, areas)
        return (self.lon, self.lat, self.given_code, self.found_in) == now


def centre(places: Sequence[Place]) -> tuple[float | None, float | None]:
    """Mean position of those that have one; (None, None) when none has."""
    known = [(place.lon, place.lat) for place in places if place.lon is not None and place.lat is not None]
    if not known:
        return None, None
    return sum(lon for lon, _ in known) / len(known), sum(lat for _, lat in known) / len(known)
