"""Where a record is: its street by code and name, for rules that run before the store has placed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from situation.records import PlacedRecord


@dataclass(frozen=True, slots=True)
class Street:
    """A street as it was found; one object for all that lie in it. Everything is empty when unknown.

    `given_code` is the street as a record's source gave it, `found_in` tells which areas it was looked for in.
    """

    code: str = ""
    name: str = ""
    given_code: str = ""
    found_in: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A position, None where it is unknown, with the street it lies in."""

    lon: float | None
    lat: float | None
    street: Street = Street()

    @property
    def street_code(self) -> str:
        """Code of the street, "" when unknown."""
        return self.street.code

    def holds(self, record: PlacedRecord, areas: int) -> bool:
        """Whether a record is still there, and would be found so in these areas."""
        street = self.street
        now = (record.lon, record.lat, record.street_code, areas)
        return (self.lon, self.lat, street.given_code, street.found_in) == now


def centre(places: Sequence[Place]) -> tuple[float | None, float | None]:
    """Mean position of those that have one; (None, None) when none has."""
    known = [(place.lon, place.lat) for place in places if place.lon is not None and place.lat is not None]
    if not known:
        return None, None
    return sum(lon for lon, _ in known) / len(known), sum(lat for _, lat in known) / len(known)
