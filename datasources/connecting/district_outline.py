"""The ground of a district, for judging positions: from its files, from a source of areas, or by its code."""

from __future__ import annotations

from collections.abc import Sequence

from shapely.geometry.base import BaseGeometry

from datasources.district import own_outline, read_areas
from situation.areas import AreaIndex
from situation.records import Area, Record
from situation.settings import Settings


def outline_of(settings: Settings, found: Sequence[Record] = ()) -> BaseGeometry | None:
    """The ground of the district; `found` are records that may hold areas. None where nobody has drawn it."""
    areas = [*read_areas(settings), *(record for record in found if isinstance(record, Area))]
    drawn = AreaIndex.build(areas).district() if areas else None
    return drawn or AreaIndex.build([own_outline(settings)]).district()
