"""The table of upstream instances: one row per system of a department (docs/demonstration.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from simulator.upstreams import cap, geography, open311, positions, sensorthings, tables, weather, wvp
from simulator.upstreams.context import Upstream

Build = Callable[[Upstream], Sequence[BaseRoute]]


@dataclass(frozen=True, slots=True)
class Instance:
    """One upstream system: `build` makes its routes, which live below `/<key>`."""

    key: str
    department: str
    build: Build


def _places(*kinds: str) -> Build:
    return lambda upstream: geography.place_routes(upstream, kinds)


def _place_table(*kinds: str) -> Build:
    return lambda upstream: tables.place_routes(upstream, kinds)


INSTANCES: tuple[Instance, ...] = (
    Instance("police-video", "public-security", wvp.routes),
    Instance("urban-video", "urban-management", wvp.routes),
    Instance("traffic-cases", "traffic-police", open311.json_routes),
    Instance("fire-sensors", "fire-rescue", sensorthings.routes),
    Instance("emergency-places", "emergency", _places("shelter", "hazardous_firm")),
    Instance("water-sensors", "water-affairs", sensorthings.uuid_routes),
    Instance("drainage-sensors", "drainage", sensorthings.routes),
    Instance("greening-cases", "greening-sanitation", open311.xml_routes),
    Instance("construction-components", "construction", tables.component_routes),
    Instance("transport-places", "transport", _places("metro_station", "wharf", "underpass")),
    Instance("housing-places", "housing", _place_table("residential")),
    Instance("housing-sensors", "housing", sensorthings.routes),
    Instance("ecology-sensors", "ecology", sensorthings.routes),
    Instance("weather-warnings", "meteorology", cap.routes),
    Instance("weather-forecast", "meteorology", weather.routes),
    Instance("maritime-sensors", "maritime", sensorthings.routes),
    Instance("power-sensors", "power", sensorthings.routes),
    Instance("gas-sensors", "gas", sensorthings.routes),
    Instance("supply-sensors", "water-supply", sensorthings.routes),
    Instance("health-places", "health", _places("hospital")),
    Instance("education-places", "education", _places("school")),
    Instance("civil-areas", "civil-affairs", geography.area_routes),
    Instance("market-cases", "market-supervision", open311.plain_json_routes),
    Instance("economy-places", "economy", _place_table("site", "market")),
    Instance("culture-sensors", "culture-tourism", sensorthings.routes),
    Instance("officer-positions", "telecom", positions.routes),
    Instance("directory", "big-data", tables.directory_routes),
    Instance("base-map", "big-data", geography.base_map_routes),
    Instance("case-centre", "city-operations", open311.json_routes),
    Instance("staff-places", "city-operations", _places("pumping_station", "sight", "park")),
)
KEYS = frozenset(instance.key for instance in INSTANCES)
