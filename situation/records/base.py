"""What every record has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has. `source` is the key of the source that said it."""

    kind: ClassVar[str] = ""
    id: str
    source: str
    name: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRecord(Record):
    """A record with a position; `lon`/`lat` are None when unknown or implausible (never 0, 0)."""

    lon: float | None = None
    lat: float | None = None
    address: str = ""
    street_code: str = ""
    community_code: str = ""
    grid_code: str = ""
