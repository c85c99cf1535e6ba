"""Managed components 部件 along the roads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.city.ground import Ground
from simulator.city.roads import ROAD_KINDS
from simulator.model import CityComponent

COMPONENTS = 20_000


@dataclass(frozen=True, slots=True)
class ComponentKind:
    """A kind with its 大类 and its four-digit code (大类 + 小类)."""

    kind: str
    name: str
    category: str
    code: str
    share: float
    department: str


KINDS = (
    ComponentKind("manhole_rain", "雨水井盖", "公用设施", "0103", 0.17, "drainage"),
    ComponentKind("manhole_sewage", "污水井盖", "公用设施", "0102", 0.11, "drainage"),
    ComponentKind("manhole_power", "电力井盖", "公用设施", "0105", 0.06, "power"),
    ComponentKind("manhole_telecom", "通信井盖", "公用设施", "0107", 0.06, "telecom"),
    ComponentKind("manhole_gas", "燃气井盖", "公用设施", "0110", 0.04, "gas"),
    ComponentKind("hydrant", "消防栓", "公用设施", "0114", 0.05, "water-supply"),
    ComponentKind("lamp", "路灯", "公用设施", "0117", 0.20, "power"),
    ComponentKind("electric_box", "通信交接箱", "公用设施", "0119", 0.03, "telecom"),
    ComponentKind("bus_shelter", "公交站亭", "道路交通设施", "0203", 0.02, "transport"),
    ComponentKind("guardrail", "交通护栏", "道路交通设施", "0212", 0.05, "traffic-police"),
    ComponentKind("traffic_sign", "交通标志牌", "道路交通设施", "0209", 0.06, "traffic-police"),
    ComponentKind("traffic_signal", "交通信号灯", "道路交通设施", "0210", 0.02, "traffic-police"),
    ComponentKind("bin", "果皮箱", "市容环境设施", "0302", 0.05, "greening-sanitation"),
    ComponentKind("street_tree", "行道树", "园林绿化设施", "0402", 0.08, "greening-sanitation"),
)


def components(ground: Ground, adcode: str, scale: int, rng: np.random.Generator) -> tuple[CityComponent, ...]:
    """About 20,000 components per scale; the code is district, kind and serial: 16 digits."""
    roads = [line for line in ground.network.lines if line.kind in ROAD_KINDS]
    result: list[CityComponent] = []
    for kind in KINDS:
        count = round(COMPONENTS * scale * kind.share)
        xy = ground.along(roads, count, 6.0, rng)
        result += [
            CityComponent(
                code=f"{adcode}{kind.code}{index + 1:06d}",
                name=f"{kind.name}{index + 1}",
                department=kind.department,
                kind=kind.kind,
                kind_name=kind.name,
                category=kind.category,
                **where,
            )
            for index, where in enumerate(ground.where(xy))
        ]
    return tuple(result)
