"""What a district's generator is told: its streets, main lines, parks and landmarks."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.model import LonLat


@dataclass(frozen=True, slots=True)
class StreetPlan:
    """A street or town 街镇. `seeds` are its centres; it reaches further than its neighbours by `reach_m`."""

    code: str
    name: str
    name_en: str
    population: int
    seeds: tuple[LonLat, ...]
    reach_m: float = 0.0


@dataclass(frozen=True, slots=True)
class LinePlan:
    """A main road, river or railway; `kind` as in `simulator.model.Line`."""

    kind: str
    name: str
    width_m: float
    points: tuple[LonLat, ...]


@dataclass(frozen=True, slots=True)
class SpotPlan:
    """A round piece of land: a park, or an industrial site where nobody lives."""

    name: str
    lon: float
    lat: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class LandmarkPlan:
    """A named place that must exist; `kind` as in `simulator.model.CityPlace`."""

    kind: str
    name: str
    name_en: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class WaterPlan:
    """Water beyond the shore: the ring of its banks, or its middle line where it has a width. Islands lie in it."""

    name: str
    points: tuple[LonLat, ...]
    width_m: float = 0.0
    islands: tuple[tuple[LonLat, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is known about a district beyond its outline."""

    name_en: str
    streets: tuple[StreetPlan, ...]
    lines: tuple[LinePlan, ...]
    parks: tuple[SpotPlan, ...]
    industry: tuple[SpotPlan, ...]
    landmarks: tuple[LandmarkPlan, ...]
    road_names: tuple[str, ...]
    place_stems: tuple[str, ...]
    local_stems: dict[str, tuple[str, ...]] = field(default_factory=dict)  # street code to names used there
    shores: tuple[tuple[LonLat, ...], ...] = ()  # edges of the outline that lie at open water
    waters: tuple[WaterPlan, ...] = ()  # that open water
