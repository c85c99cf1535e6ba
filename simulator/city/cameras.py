"""Cameras where cities have them: junctions, roads, gates, underpasses, rivers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.city.blocks import Ints
from simulator.city.ground import Ground
from simulator.city.plane import Floats
from simulator.city.roads import ROAD_KINDS
from simulator.model import CityCamera, CityPlace

CAMERAS = 18_000
CAMERAS_PER_NVR, CAMERAS_PER_SWITCH = 16, 160
SHARE_GCJ02 = 0.14
POLICE, URBAN = "police-video", "urban-video"


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a share of all cameras stands. `at` is a kind of place, or junction, road, river.

    `urban` is the chance that urban management runs it, `both` that both platforms know it.
    """

    scene: str
    at: str
    share: float
    reach_m: tuple[float, float]
    views: tuple[str, ...]
    urban: float
    both: float


_SIDES = ("东侧", "西侧", "南侧", "北侧")
SCENES = (
    Scene("underpass", "underpass", 0.016, (45, 130),
          ("东入口", "西入口", "泵站前池", "最低点", "东侧引道", "西侧引道"), 0.6, 0.7),
    Scene("junction", "junction", 0.44, (8, 18), ("东北角", "西南角", "东南角", "西北角"), 0.22, 0.06),
    Scene("road", "road", 0.155, (4, 9), ("向东", "向西", "向南", "向北"), 0.35, 0.06),
    Scene("compound", "residential", 0.185, (20, 60), ("东门", "南门", "西门", "北门"), 0.33, 0.01),
    Scene("school", "school", 0.05, (18, 40), ("校门", "东侧", "西侧", "后门"), 0.2, 0.05),
    Scene("market", "market", 0.034, (12, 30), ("主入口", "卸货区", "东侧", "西侧"), 0.7, 0.04),
    Scene("gate", "metro_station", 0.02, (20, 70), ("1号口", "2号口", "3号口", "4号口"), 0.1, 0.1),
    Scene("gate", "hospital", 0.012, (15, 40), ("门诊入口", "急诊入口", "停车场", "后门"), 0.2, 0.05),
    Scene("gate", "hazardous_firm", 0.012, (15, 50), ("大门", "罐区", "东侧", "西侧"), 0.2, 0.1),
    Scene("river", "river", 0.036, (6, 20), ("上游", "下游", "对岸", "河口"), 0.8, 0.08),
    Scene("wharf", "wharf", 0.012, (15, 50), ("泊位", "入口", "堆场", "岸线"), 0.25, 0.12),
    Scene("park", "park", 0.016, (25, 90), _SIDES, 0.75, 0.04),
    Scene("park", "sight", 0.012, (25, 90), _SIDES, 0.6, 0.1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Spots:
    """Where cameras of a scene may stand."""

    names: list[str]
    xy: Floats
    weight: Floats


def cameras(
    ground: Ground, places: tuple[CityPlace, ...], scale: int, rng: np.random.Generator
) -> tuple[CityCamera, ...]:
    """Exactly 18,000 cameras per scale."""
    total = CAMERAS * scale
    counts = [round(scene.share * total) for scene in SCENES]
    counts[1] += total - sum(counts)
    drafts = [_draft(scene, count, ground, places, rng) for scene, count in zip(SCENES, counts, strict=True)]
    xy = np.vstack([draft.xy for draft in drafts])
    names = [name for draft in drafts for name in draft.names]
    scenes = [scene for scene, count in zip(SCENES, counts, strict=True) for _ in range(count)]
    facing = np.concatenate([draft.facing for draft in drafts])
    return _built(ground, xy, names, scenes, facing, rng)


@dataclass(frozen=True, slots=True)
class _Draft:
    names: list[str]
    xy: Floats
    facing: Floats


def _draft(scene: Scene, count: int, ground: Ground, places: tuple[CityPlace, ...], rng: np.random.Generator) -> _Draft:
    spots = _spots(scene, ground, places, rng)
    chosen = _shared_out(len(spots.names), spots.weight, count, rng)
    turn = _occurrence(chosen)
    facing = (turn * 90.0 + rng.uniform(0, 360, len(spots.names))[chosen] + rng.normal(0, 12, count)) % 360
    far = rng.uniform(*scene.reach_m, count)
    angle = np.radians(facing)
    xy = spots.xy[chosen] + np.column_stack([np.sin(angle), np.cos(angle)]) * far[:, None]
    names = []
    for spot, number in zip(chosen.tolist(), turn.tolist(), strict=True):
        view, again = scene.views[number % len(scene.views)], number // len(scene.views)
        names.append(f"{spots.names[spot]}{view}{again + 1 if again else ''}")
    return _Draft(names, xy, (facing + 180) % 360)


def _shared_out(spots: int, weight: Floats, count: int, rng: np.random.Generator) -> Ints:
    """Every spot gets its turn by weight; where there is enough for all, nobody goes without."""
    sure = np.tile(np.arange(spots), min(count // spots, 4)) if spots <= count else np.empty(0, dtype=np.int64)
    drawn = rng.choice(spots, count - len(sure), p=weight / weight.sum())
    return np.sort(np.concatenate([sure, drawn]))


def _occurrence(ordered: Ints) -> Ints:
    """How many times the same value came before, in an ascending array."""
    _, first = np.unique(ordered, return_index=True)
    lengths = np.diff(np.append(first, len(ordered)))
    result: Ints = np.arange(len(ordered)) - np.repeat(first, lengths)
    return result


def _spots(scene: Scene, ground: Ground, places: tuple[CityPlace, ...], rng: np.random.Generator) -> _Spots:
    if scene.at == "junction":
        xy = ground.network.junctions
        dense = ground.terrain.density[ground.terrain.locate(xy)]
        return _Spots(list(ground.network.junction_names), xy, ground.network.junction_ranks**2 * (0.05 + dense) ** 1.5)
    if scene.at in ("road", "river"):
        kinds = ROAD_KINDS if scene.at == "road" else frozenset({"river", "canal"})
        lines = [line for line in ground.network.lines if line.kind in kinds and line.name]
        xy = ground.along(lines, 2_600 if scene.at == "road" else 420, 8.0 if scene.at == "road" else 30.0, rng)
        dense = ground.terrain.density[ground.terrain.locate(xy)]
        names = [f"{where['address'].removeprefix(ground.street_names[where['street']])}" for where in ground.where(xy)]
        if scene.at == "river":
            names = [f"{name}河岸" for name in ground.road_names(xy)]
        return _Spots(names, xy, 0.05 + dense)
    chosen = [place for place in places if place.kind == scene.at]
    xy = ground.plane.to_metres([(place.lon, place.lat) for place in chosen])
    return _Spots([place.name for place in chosen], xy, np.sqrt([max(place.capacity, 1) for place in chosen]))


def _built(
    ground: Ground, xy: Floats, names: list[str], scenes: list[Scene], facing: Floats, rng: np.random.Generator
) -> tuple[CityCamera, ...]:
    """Codes, devices and switches follow the communities, so what stands together hangs together."""
    where = ground.where(xy)
    order = sorted(range(len(names)), key=lambda i: (where[i]["community"], where[i]["grid"], i))
    chance = rng.uniform(size=(len(names), 3))
    serial: dict[str, int] = {}
    result: list[CityCamera] = []
    for number, i in enumerate(order):
        scene, place = scenes[i], where[i]
        in_street = serial.get(place["street"], 0)
        serial[place["street"]] = in_street + 1
        is_urban = bool(chance[i, 0] < scene.urban)
        both = bool(chance[i, 1] < scene.both)
        civil = place["street"][:6] + f"{ground.divisions.streets.index(place['street']) + 1:02d}"
        device = in_street // CAMERAS_PER_NVR
        result.append(
            CityCamera(
                code=f"{civil}{'05' if is_urban else '00'}1326{number + 1:06d}",
                name=names[i],
                department="urban-management" if is_urban else "public-security",
                platforms=(POLICE, URBAN) if both else ((URBAN,) if is_urban else (POLICE,)),
                device=f"{civil}001186{device + 1:06d}",
                switch=f"SW{place['street']}{in_street // CAMERAS_PER_SWITCH + 1:03d}",
                ptz_type=1 if chance[i, 2] < 0.25 else 3,
                facing_deg=round(float(facing[i]), 1),
                is_gcj02=_is_gcj02(place["street"], device),
                scene=scene.scene,
                **place,
            )
        )
    return tuple(result)


def _is_gcj02(street: str, device: int) -> bool:
    """Some makers' recorders report GCJ-02: fixed per device."""
    return (int(street) * 31 + device * 7919) % 1000 < SHARE_GCJ02 * 1000
