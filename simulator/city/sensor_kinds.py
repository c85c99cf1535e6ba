"""The table of sensor kinds: what they measure, their limits, whose they are, where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.model import Quantity


@dataclass(frozen=True, slots=True)
class SensorKind:
    """`count` is at scale 1. `at` is a kind of place, or road, river, shore, block, junction, low_road."""

    kind: str
    name: str
    name_en: str
    upstream: str
    department: str
    count: int
    at: str
    quantities: tuple[Quantity, ...]


def _quantity(
    observed_property: str, name: str, unit: str, interval_s: int, *limits: tuple[int, float], above: bool = True
) -> Quantity:
    return Quantity(
        observed_property=observed_property,
        name=name,
        unit=unit,
        interval_s=interval_s,
        limits=tuple((level, value, above) for level, value in limits),
    )


KINDS = (
    SensorKind("underpass_water", "积水", "Underpass water", "drainage-sensors", "drainage", 110, "underpass",
               (_quantity("water_depth", "积水深度", "cm", 60, (1, 25), (2, 15), (3, 10)),)),
    SensorKind("road_water", "道路积水", "Road water", "drainage-sensors", "drainage", 160, "low_road",
               (_quantity("water_depth", "积水深度", "cm", 120, (1, 30), (2, 20), (3, 15)),)),
    SensorKind("manhole_tilt", "井盖", "Manhole cover", "drainage-sensors", "drainage", 1300, "road",
               (_quantity("tilt", "倾角", "°", 900, (2, 30), (3, 15)),)),
    SensorKind("manhole_level", "窨井液位", "Manhole level", "drainage-sensors", "drainage", 620, "road",
               (_quantity("water_level", "液位", "m", 300, (2, 2.6), (3, 2.3)),)),
    SensorKind("pump", "水泵", "Pump", "drainage-sensors", "drainage", 230, "pumping_station",
               (_quantity("flow", "流量", "m³/s", 120), _quantity("current", "电流", "A", 120))),
    SensorKind("river_level", "水位", "River level", "water-sensors", "water-affairs", 190, "river",
               (_quantity("water_level", "水位", "m", 120, (1, 3.6), (2, 3.4), (3, 3.2)),)),
    SensorKind("rain_gauge", "雨量", "Rain gauge", "water-sensors", "water-affairs", 120, "block",
               (_quantity("rain", "小时雨强", "mm/h", 60, (1, 70), (2, 55), (3, 40)),)),
    SensorKind("water_gate", "水闸", "Water gate", "water-sensors", "water-affairs", 90, "river",
               (_quantity("opening", "开度", "m", 300),)),
    SensorKind("smoke", "烟感", "Smoke detector", "fire-sensors", "fire-rescue", 2100, "residential",
               (_quantity("smoke", "烟雾浓度", "%obs/m", 300, (1, 12), (2, 8)),)),
    SensorKind("hydrant_pressure", "消防栓", "Hydrant", "fire-sensors", "fire-rescue", 480, "residential",
               (_quantity("pressure", "水压", "MPa", 600, (2, 0.07), (3, 0.10), above=False),)),
    SensorKind("hydrant_pressure", "供水管网", "Supply main", "supply-sensors", "water-supply", 620, "road",
               (_quantity("pressure", "水压", "MPa", 600, (2, 0.07), (3, 0.10), above=False),)),
    SensorKind("lift", "电梯", "Lift", "housing-sensors", "housing", 1350, "residential",
               (_quantity("fault", "困人故障", "", 300, (2, 1)), _quantity("trips", "运行次数", "次/h", 900))),
    SensorKind("pm25", "空气质量", "Air quality", "ecology-sensors", "ecology", 90, "block",
               (_quantity("pm25", "PM2.5", "µg/m³", 300, (2, 150), (3, 115)),)),
    SensorKind("noise", "噪声", "Noise", "ecology-sensors", "ecology", 260, "block",
               (_quantity("noise", "等效声级", "dB", 120, (3, 85)),)),
    SensorKind("wind", "风速", "Wind", "maritime-sensors", "maritime", 36, "shore",
               (_quantity("gust", "瞬时风速", "m/s", 60, (1, 28.5), (2, 20.8), (3, 17.2)),
                _quantity("wind_from", "风向", "°", 60))),
    SensorKind("visibility", "能见度", "Visibility", "maritime-sensors", "maritime", 24, "shore",
               (_quantity("visibility", "能见度", "km", 120, (1, 0.2), (2, 0.5), (3, 1.0), above=False),)),
    SensorKind("tide_level", "潮位", "Tide", "maritime-sensors", "maritime", 10, "shore",
               (_quantity("tide_level", "潮位", "m", 120, (1, 5.3), (2, 4.8), (3, 4.5)),)),
    SensorKind("lamp", "路灯控制箱", "Lamp cabinet", "power-sensors", "power", 1250, "road",
               (_quantity("current", "回路电流", "A", 900),)),
    SensorKind("methane", "燃气井", "Gas chamber", "gas-sensors", "gas", 900, "road",
               (_quantity("methane", "甲烷", "%LEL", 300, (1, 40), (2, 20), (3, 10)),)),
    SensorKind("crowd_count", "客流", "Crowd counter", "culture-sensors", "culture-tourism", 60, "sight",
               (_quantity("people", "在园人数", "人", 120, (1, 6000), (2, 5000), (3, 4000)),)),
)  # fmt: skip
"""Counts sum to 10,000."""

SENSORS = sum(kind.count for kind in KINDS)
