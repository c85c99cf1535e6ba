"""Who and what there is: officers, places, managed components, departments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from situation.records.base import PlacedRecord, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer(PlacedRecord):
    """A grid officer, inspector or crew with its last position. `beat_code` is the area they answer for."""

    kind: ClassVar[str] = "officer"
    role: str = ""
    phone: str = ""
    beat_code: str = ""
    on_duty: bool | None = None
    positioned_at: datetime | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(PlacedRecord):
    """A school, hospital, underpass, pumping station, wharf …; `place_kind` is one of those words.

    `capacity` is how much it holds (people, beds, pumps), `stock` how much of it is there or free now, in `stock_unit`
    (sandbags, m³, beds), as it was counted at `stock_at`.
    """

    kind: ClassVar[str] = "place"
    place_kind: str = ""
    capacity: float | None = None
    stock: float | None = None
    stock_unit: str = ""
    stock_at: datetime | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedComponent(PlacedRecord):
    """A managed component 部件 (manhole, lamp, hydrant …) with its 16-digit code."""

    kind: ClassVar[str] = "component"
    component_kind: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Department(Record):
    """A department 责任单位; `id` is the key that other records carry in `department`."""

    kind: ClassVar[str] = "department"
    name_en: str = ""
    phone: str = ""
    duty_officer: str = ""
