"""How many cases are reported when, and where: the rhythm of day and week, and the surge of a storm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import shapely
from numpy.typing import NDArray

from simulator.behaviour.case_categories import CATEGORIES, ORIGINS, STORM_MIX, STORM_ORIGINS
from simulator.behaviour.noise import Floats
from simulator.behaviour.sky import ZONE_S, Sky
from simulator.behaviour.storm import MINUTE, Storm
from simulator.model import City

Ints = NDArray[np.int64]
CASES_A_DAY, STORM_CASES = 650, 150
DAY_S = 86_400
_HOURS = (4, 3, 2, 2, 3, 7, 18, 42, 66, 92, 88, 58, 40, 58, 84, 80, 60, 46, 34, 28, 22, 16, 10, 6)
_WEEK = (1.09, 1.07, 1.06, 1.05, 1.06, 0.86, 0.81)  # Monday …
_STORM_TIMES = (8 * MINUTE, 40 * MINUTE, 220 * MINUTE)  # earliest, most, latest after it began


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The reports of one local day, by time. `site` is an index into the city's components."""

    reported_s: Floats
    category: Ints
    origin: NDArray[np.str_]
    site: Ints
    from_storm: NDArray[np.bool_]


class Sites:
    """Where cases happen: at the city's components, as often as people live around them."""

    def __init__(self, city: City) -> None:
        components = city.components
        grids = {area.code: area for area in city.areas if area.scheme == "unit_grid"}
        in_grid: dict[str, int] = {}
        for component in components:
            in_grid[component.grid] = in_grid.get(component.grid, 0) + 1
        known = [grids.get(component.grid) for component in components]
        self.lonlat = np.array([(c.lon, c.lat) for c in components]).reshape(-1, 2)
        self.height_m = np.array([area.elevation_m if area else 3.5 for area in known])
        self.weight = np.array(
            [
                ((area.population if area else 0) + 40.0) / in_grid[c.grid]
                for area, c in zip(known, components, strict=True)
            ]
        )
        kinds = np.array([component.kind for component in components])
        self._all = np.arange(len(components))
        self._of_kind = {kind: np.flatnonzero(kinds == kind) for kind in sorted({c.kind for c in components})}
        names = {area.code: area.name for area in city.areas if area.kind == "street"}
        self.road = [_road(component.address, names.get(component.street, "")) for component in components]
        self.place = _nearest_names(city, self.lonlat)

    def drawn(self, kind: str, weight: Floats, count: int, rng: np.random.Generator) -> Ints:
        """`count` sites by weight, of components of a kind where that is given."""
        among = self._of_kind.get(kind, self._all)
        total = np.cumsum(weight[among])
        chosen = np.searchsorted(total, rng.uniform(size=count) * total[-1])
        result: Ints = among[np.minimum(chosen, len(among) - 1)]
        return result


def _road(address: str, street: str) -> str:
    """ "友谊路街道富锦路12号" → "富锦路"."""
    return address.removeprefix(street).removesuffix("号").rstrip("0123456789") or address


def _nearest_names(city: City, lonlat: Floats) -> list[str]:
    if not city.places or not len(lonlat):
        return [component.address for component in city.components]
    tree = shapely.STRtree(shapely.points([(place.lon, place.lat) for place in city.places]))
    return [city.places[i].name for i in np.asarray(tree.nearest(shapely.points(lonlat))).tolist()]


def arrivals(city: City, sites: Sites, sky: Sky, day: int) -> Arrivals:
    """All reports of the local day `day` (days since 1970 in the city's zone): the same for the same day."""
    rng = np.random.default_rng([city.seed, day, 77])
    start_s = day * DAY_S - ZONE_S
    # A day is weekday 3 modulo 7 when its number is 0: 1 January 1970 was a Thursday.
    expected = CASES_A_DAY * city.scale * _WEEK[(day + 3) % 7] * (1 + 0.05 * float(np.clip(rng.normal(), -2, 2)))
    usual = _ordinary(sites, round(expected), start_s, rng)
    surges = [_surge(city, sites, storm, start_s) for storm in sky.storms]
    parts = [usual, *(surge for surge in surges if surge is not None)]
    reported = np.concatenate([part.reported_s for part in parts])
    order = np.argsort(reported, kind="stable")
    return Arrivals(
        reported[order],
        np.concatenate([part.category for part in parts])[order],
        np.concatenate([part.origin for part in parts])[order],
        np.concatenate([part.site for part in parts])[order],
        np.concatenate([part.from_storm for part in parts])[order],
    )


def _ordinary(sites: Sites, count: int, start_s: float, rng: np.random.Generator) -> Arrivals:
    chance = np.array(_HOURS, dtype=float)
    hour = rng.choice(24, count, p=chance / chance.sum())
    reported = np.floor(start_s + (hour + rng.uniform(size=count)) * 3600)
    weight = np.array([category.weight for category in CATEGORIES])
    category = rng.choice(len(CATEGORIES), count, p=weight / weight.sum())
    site = np.zeros(count, dtype=np.int64)
    for index in np.unique(category):
        chosen = np.flatnonzero(category == index)
        site[chosen] = sites.drawn(CATEGORIES[index].component_kind, sites.weight, len(chosen), rng)
    return Arrivals(reported, category, _origins(ORIGINS, count, rng), site, np.zeros(count, dtype=bool))


def _surge(city: City, sites: Sites, storm: Storm, start_s: float) -> Arrivals | None:
    """What a storm adds on this day: mostly ponding, in the lowest grids where it rained most."""
    if storm.start_s + _STORM_TIMES[2] < start_s or storm.start_s > start_s + DAY_S:
        return None
    rng = np.random.default_rng([city.seed, int(storm.start_s), 78])
    count = STORM_CASES * city.scale
    reported = np.floor(storm.start_s + rng.triangular(*_STORM_TIMES, count))
    names = [category.name for category in CATEGORIES]
    mix = [share for _, share in STORM_MIX]
    category = np.array([names.index(name) for name, _ in STORM_MIX])[rng.choice(len(mix), count, p=mix)]
    far = np.hypot((sites.lonlat[:, 0] - storm.lon) * 0.85, sites.lonlat[:, 1] - storm.lat) / storm.radius_deg
    weight = np.sqrt(sites.weight) * np.exp(-2.8 * (sites.height_m - 2.2)) * (0.15 + np.exp(-((far / 0.5) ** 2)))
    site = sites.drawn("", weight, count, rng)
    origin = _origins(STORM_ORIGINS, count, rng)
    today = (reported >= start_s) & (reported < start_s + DAY_S)
    return Arrivals(reported[today], category[today], origin[today], site[today], np.ones(int(today.sum()), dtype=bool))


def _origins(mix: tuple[tuple[str, float], ...], count: int, rng: np.random.Generator) -> NDArray[np.str_]:
    names = np.array([name for name, _ in mix])
    result: NDArray[np.str_] = names[rng.choice(len(mix), count, p=[share for _, share in mix])]
    return result


def local_day(at: datetime) -> int:
    """The number of the local day, days since 1970."""
    return int((at.timestamp() + ZONE_S) // DAY_S)


def day_text(day: int) -> str:
    """YYYYMMDD of a local day."""
    return f"{datetime.fromtimestamp(day * DAY_S, UTC):%Y%m%d}"
