"""Two streets of three communities of six unit grids, with cases, devices and people in them: a city to compare."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from situation.live import Context, Live, Moment
from situation.records import Area, AreaKind, GridScheme, Record
from tests.sample_city import NOW, MemoryStore, department, sources

STREETS = ("310113101", "310113102")
COMMUNITIES = {"310113101001": 0, "310113101002": 0, "310113102001": 1}
PEOPLE = {"310113101": 100_000, "310113102": 50_000}


def box(code: str, west: float, east: float, south: float, north: float, **changes: Any) -> Area:
    """A rectangular area."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    given: dict[str, Any] = {"area_kind": AreaKind.STREET, "scheme": GridScheme.ADMINISTRATIVE, "name": f"area {code}"}
    fields = given | changes
    return Area(
        id=f"{fields['scheme']}/{code}",
        source="places",
        code=code,
        geometry=f'{{"type":"Polygon","coordinates":[{ring}]}}',
        **fields,
    )


def areas() -> list[Area]:
    """The district, its streets from west to east, a community of each half of them, two grids of each community."""
    found = [box("310113", 121.40, 121.60, 31.30, 31.40, area_kind=AreaKind.DISTRICT)]
    for i, street in enumerate(STREETS):
        west = 121.40 + 0.1 * i
        found.append(box(street, west, west + 0.1, 31.30, 31.40, parents=("310113",), population=PEOPLE[street]))
    for j, (community, of) in enumerate(COMMUNITIES.items()):
        west = 121.40 + 0.05 * j
        parents = (STREETS[of], "310113")
        kind = AreaKind.COMMUNITY
        found.append(box(community, west, west + 0.05, 31.30, 31.40, area_kind=kind, parents=parents, population=1000))
        for k in range(2):
            south = 31.30 + 0.05 * k
            found.append(
                box(
                    f"{community}00{k + 1}",
                    west,
                    west + 0.05,
                    south,
                    south + 0.05,
                    area_kind=AreaKind.GRID,
                    scheme=GridScheme.UNIT_GRID,
                    parents=(community, *parents),
                )
            )
    return found


def somewhere(grid: str) -> dict[str, str]:
    """The area codes of a record in a grid."""
    return {"street_code": grid[:9], "community_code": grid[:12], "grid_code": grid}


def city(*records: Record, at: datetime = NOW) -> Moment:
    """A moment of the areas and these records."""
    store = MemoryStore()
    store.put(*sources(), *areas(), department("water"), department("housing"), *records)
    return Moment(Live.load(store, at), at, Context())


GRIDS = tuple(area.code for area in areas() if area.area_kind is AreaKind.GRID)
