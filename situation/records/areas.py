"""Areas of every level and scheme, and the base map under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from situation.records.base import Record


class AreaKind(StrEnum):
    """Levels of administrative and management areas, from the city down."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    BUILDING = "building"


class GridScheme(StrEnum):
    """Which division an area belongs to: several lie over each other (多格合一)."""

    ADMINISTRATIVE = "administrative"  # 市区街镇村居
    UNIT_GRID = "unit_grid"  # 单元网格
    RESPONSIBILITY = "responsibility"  # 责任网格
    POLICE = "police"  # 警务网格
    SOCIAL_GOVERNANCE = "social_governance"  # 综治网格


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Record):
    """An area of one scheme in one span of time. `id` is `scheme/code`; geometry is GeoJSON text (WGS-84)."""

    kind: ClassVar[str] = "area"
    area_kind: AreaKind
    scheme: GridScheme = GridScheme.ADMINISTRATIVE
    code: str
    name_en: str = ""
    parents: tuple[str, ...] = ()  # codes from the parent up
    geometry: str = ""
    population: int | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseMapLayer(Record):
    """A layer of the offline base map (`id`: water, green, rail, expressway, major_road, minor_road, building).

    `geometry` is the text of a GeoJSON FeatureCollection in WGS-84; a feature's `name` is its label.
    """

    kind: ClassVar[str] = "basemap"
    geometry: str = ""
