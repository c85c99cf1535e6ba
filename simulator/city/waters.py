"""Open water around 宝山区: banks drawn by hand from general knowledge, good for a base map and for nothing else.

They run on far beyond the district, so that on no screen the river ends in a cut.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely import Polygon

from simulator.city.plan import WaterPlan
from simulator.city.plane import Floats, Plane
from simulator.model import LonLat

_CORNER_CUTS = 3


def shape_of(water: WaterPlan, plane: Plane) -> Polygon:
    """The water in metres, its corners rounded as banks are."""
    if water.width_m:
        middle = shapely.LineString(_rounded(plane.to_metres(water.points), is_closed=False))
        return middle.buffer(water.width_m / 2)
    banks = Polygon(_rounded(plane.to_metres(water.points), is_closed=True))
    islands = [Polygon(_rounded(plane.to_metres(island), is_closed=True)) for island in water.islands]
    result: Polygon = shapely.difference(banks, shapely.union_all(islands))
    return result


def _rounded(xy: Floats, is_closed: bool) -> Floats:
    """Chaikin's corner cutting: every corner becomes two, at a quarter of its sides."""
    for _ in range(_CORNER_CUTS):
        after = np.roll(xy, -1, axis=0) if is_closed else xy[1:]
        before = xy if is_closed else xy[:-1]
        cut = np.stack([before * 0.75 + after * 0.25, before * 0.25 + after * 0.75], axis=1).reshape(-1, 2)
        xy = cut if is_closed else np.vstack([xy[:1], cut, xy[-1:]])
    return xy


def _points(text: str) -> tuple[LonLat, ...]:
    """ "290,533" is 121.290°E, 31.533°N; negative numbers lie west or south of that degree."""
    pairs = (pair.split(",") for pair in text.split())
    return tuple((121 + int(lon) / 1000, 31 + int(lat) / 1000) for lon, lat in pairs)


_SOUTH_BANK = "-500,960 -300,920 -100,800 50,705 120,660 200,598 275,541"
_INSIDE = "300,512 360,480 405,450 470,405 490,385 520,352"  # within the district, whose edge is the bank there
_PUDONG = "541,349 556,352 578,364 603,362 650,338 720,298 790,243 870,168 950,50 1050,-100 1100,-250"
_SEA_AND_CHONGMING = (
    "1900,-250 1900,480 980,470 850,472 750,495 610,525 500,575 400,617 290,685 200,742 120,790 -50,880 "
    "-300,1010 -500,1040"
)
_CHANGXING = "553,447 600,428 680,388 750,357 783,335 742,324 680,345 602,386 560,420"
_HENGSHA = "800,347 860,336 882,310 832,289 800,310"
_HUANGPU = (
    "539,362 545,335 553,318 556,300 548,284 530,272 512,262 503,250 499,238 502,225 497,210 484,197 468,188 462,175 "
    "458,155 470,135 465,110 440,90 420,60 400,20"
)

BAOSHAN_WATERS = (
    WaterPlan(
        "长江口",
        _points(f"{_SOUTH_BANK} {_INSIDE} {_PUDONG} {_SEA_AND_CHONGMING}"),
        islands=(_points(_CHANGXING), _points(_HENGSHA)),
    ),
    WaterPlan("黄浦江", _points(_HUANGPU), width_m=480),
)

WATER_NAMES_EN = {"长江口": "Yangtze Estuary", "黄浦江": "Huangpu River"}
"""What the open waters are called in English; rivers and canals within the district have Chinese names only."""
