"""Builds a whole city from an adcode, a scale and a seed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from shapely import Polygon

from simulator.city import baoshan, invented
from simulator.city.blocks import Land, divide
from simulator.city.cameras import cameras
from simulator.city.components import components
from simulator.city.departments import departments
from simulator.city.districts import District, outline
from simulator.city.divisions import divisions, settle
from simulator.city.ground import Ground
from simulator.city.officers import officers
from simulator.city.places import places
from simulator.city.plan import Plan
from simulator.city.plane import Floats, Plane
from simulator.city.roads import DIVIDING_KINDS, main_lines, network
from simulator.city.sensors import sensors
from simulator.city.surface import buildings, green, water
from simulator.model import City

_PURPOSES = ("blocks", "names", "people", "areas", "places", "cameras", "sensors", "components", "officers", "houses")


def generate(adcode: str, scale: int, seed: int) -> City:
    """Build the district `adcode`: the same city for the same three. LookupError when there is no such district.

    `scale` multiplies devices, places and people on duty; the land and its divisions stay as they are.
    """
    if scale < 1:
        raise ValueError(f"scale must be at least 1: {scale}")
    district = outline(adcode)
    plan = baoshan.plan() if adcode == baoshan.ADCODE else invented.plan(district, seed)
    rngs = {name: np.random.default_rng([seed, int(adcode), 10 + i]) for i, name in enumerate(_PURPOSES)}
    plane = Plane(round(district.outline.centroid.x, 4), round(district.outline.centroid.y, 4))
    border: Polygon = max(shapely.get_parts(plane.shape_to_metres(district.outline)), key=lambda part: part.area)
    inside = [mark for mark in plan.landmarks if shapely.contains_xy(district.outline, mark.lon, mark.lat)]
    plan = replace(plan, landmarks=tuple(inside))
    ground, main = _ground(plan, plane, border, district, rngs)
    sites = places(ground, plan, scale, rngs["places"])
    waters = water(plan, plane, border, main)
    to_lonlat = plane.shape_to_lonlat
    return City(
        adcode=adcode,
        name=district.name,
        name_en=plan.name_en,
        seed=seed,
        scale=scale,
        outline=district.outline,
        areas=ground.divisions.areas,
        lines=tuple(replace(line, shape=to_lonlat(line.shape)) for line in ground.network.lines),
        green=tuple((name, to_lonlat(shape)) for name, shape in green(plan, plane, ground.terrain)),
        water=tuple((name, to_lonlat(shape)) for name, shape in waters),
        buildings=tuple(map(to_lonlat, buildings(ground.terrain, [shape for _, shape in waters], rngs["houses"]))),
        places=sites,
        cameras=cameras(ground, sites, scale, rngs["cameras"]),
        sensors=sensors(ground, sites, _shore(plan, plane, border), scale, rngs["sensors"]),
        components=components(ground, adcode, scale, rngs["components"]),
        officers=officers(ground, scale, rngs["officers"]),
        departments=departments(),
    )


def _ground(
    plan: Plan, plane: Plane, border: Polygon, district: District, rngs: dict[str, np.random.Generator]
) -> tuple[Ground, list[Any]]:
    """Roads, blocks and areas."""
    land = Land.of(plan, plane, float(np.sqrt(border.area)))
    main = main_lines(plan, plane, border)
    blocks, cuts = divide(border, [line.shape for line in main if line.kind in DIVIDING_KINDS], land, rngs["blocks"])
    terrain = settle(blocks, plan, plane, land, rngs["people"])
    areas = divisions(terrain, plan, plane, district.adcode, district.name, rngs["areas"])
    roads = network(plan, main, cuts, rngs["names"])
    names = {street.code: street.name for street in plan.streets}
    return Ground(plane, terrain, areas, roads, names), main


def _shore(plan: Plan, plane: Plane, border: Polygon) -> Floats:
    """Positions every 100 m along the open water, or along the widest river where there is none."""
    lines = [shapely.LineString(plane.to_metres(points)) for points in plan.shores]
    if not lines:
        rivers = [line for line in plan.lines if line.kind == "river"]
        lines = [shapely.LineString(plane.to_metres(line.points)) for line in rivers]
    inner = border.buffer(-20)
    points = [line.interpolate(at) for line in lines for at in range(0, int(line.length), 100)]
    inside = [shapely.shortest_line(inner, point).coords[0] for point in points if border.distance(point) < 300]
    return np.array(inside)
