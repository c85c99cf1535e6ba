"""Messages of the weather office: each storm's chain of warnings, older ones, and an exercise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from simulator.behaviour.noise import key_of, uniform
from simulator.behaviour.sky import ZONE_S, Sky
from simulator.behaviour.storm import Storm
from simulator.model import City, CityArea, CityWarning, LonLat

LISTED_FOR = timedelta(days=10)
STREETS_WARNED = 6


@dataclass(frozen=True, slots=True)
class _Step:
    """One message of a chain, `minutes` after the storm began. `narrow`: only the streets near the target."""

    minutes: int
    message_type: str
    hazard: str
    hazard_en: str
    colour: str
    lasts_h: int
    narrow: bool = False


_STORM_CHAINS = (
    (
        _Step(-75, "Alert", "暴雨", "Rainstorm", "blue", 12),
        _Step(-22, "Update", "暴雨", "Rainstorm", "yellow", 6),
        _Step(13, "Update", "暴雨", "Rainstorm", "orange", 6, narrow=True),
        _Step(165, "Update", "暴雨", "Rainstorm", "yellow", 6),
        _Step(225, "Update", "暴雨", "Rainstorm", "blue", 6),
        _Step(290, "Cancel", "暴雨", "Rainstorm", "blue", 1),
    ),
    (
        _Step(-302, "Alert", "大风", "Gale", "blue", 24),
        _Step(-50, "Update", "大风", "Gale", "yellow", 12),
        _Step(380, "Cancel", "大风", "Gale", "yellow", 1),
    ),
    (_Step(-12, "Alert", "雷电", "Lightning", "yellow", 4), _Step(205, "Cancel", "雷电", "Lightning", "yellow", 1)),
)
_ORDINARY = (
    ("大雾", "Heavy fog", "yellow", 5.0),
    ("高温", "High temperature", "yellow", 9.5),
    ("雷电", "Lightning", "yellow", 15.0),
)
_ORDINARY_CHANCE = 0.22
_EXERCISE_WEEKDAY = 3


class Warnings:
    """Everything the weather office of the district has sent."""

    def __init__(self, city: City, sky: Sky) -> None:
        self._city = city
        self._sky = sky
        self._sender = f"weather-{city.adcode}@example.cn"
        self._near = {storm.start_s: self._nearest_streets(storm) for storm in sky.storms}
        self._of_storms = [
            message for storm in sky.storms for chain in _STORM_CHAINS for message in self._chain(storm, chain)
        ]

    def sent(self, at: datetime) -> list[CityWarning]:
        """Messages sent in the ten days up to `at`, oldest first."""
        messages = list(self._of_storms)
        today = int((at.timestamp() + ZONE_S) // 86_400)
        for day in range(today - LISTED_FOR.days, today + 1):
            messages += self._ordinary(day)
        listed = [message for message in messages if at - LISTED_FOR <= message.sent_at <= at]
        return sorted(listed, key=lambda message: (message.sent_at, message.identifier))

    def _chain(self, storm: Storm, steps: tuple[_Step, ...]) -> list[CityWarning]:
        """Every later message refers to all earlier ones."""
        start = datetime.fromtimestamp(storm.start_s, UTC)
        messages: list[CityWarning] = []
        for step in steps:
            sent_at = (start + timedelta(minutes=step.minutes)).replace(second=0, microsecond=0)
            areas = self._near[storm.start_s] if step.narrow else self._whole()
            messages.append(
                self._message(
                    step.hazard,
                    step.hazard_en,
                    step.colour,
                    sent_at,
                    timedelta(hours=step.lasts_h),
                    areas,
                    message_type=step.message_type,
                    earlier=tuple(messages),
                )
            )
        return messages

    def _ordinary(self, day: int) -> list[CityWarning]:
        """A quiet day's warning, cancelled the same day; on Thursdays sometimes an exercise."""
        draw = uniform(key_of(f"warnings {self._city.seed}"), np.array([day], dtype=np.uint64))[0]
        midnight = datetime.fromtimestamp(day * 86_400 - ZONE_S, UTC)
        messages: list[CityWarning] = []
        if (day + 3) % 7 == _EXERCISE_WEEKDAY:
            sent_at = midnight + timedelta(hours=10)
            lasts = timedelta(hours=2)
            messages.append(self._message("暴雨", "Rainstorm", "red", sent_at, lasts, self._whole(), status="Exercise"))
        if draw > _ORDINARY_CHANCE or any(abs(s.start_s - midnight.timestamp()) < 129_600 for s in self._sky.storms):
            return messages
        hazard, hazard_en, colour, hour = _ORDINARY[int(draw / _ORDINARY_CHANCE * len(_ORDINARY)) % len(_ORDINARY)]
        sent_at = midnight + timedelta(hours=hour, minutes=int(draw * 1000) % 50)
        first = self._message(hazard, hazard_en, colour, sent_at, timedelta(hours=12), self._whole())
        ends = sent_at + timedelta(hours=4)
        last = self._message(
            hazard, hazard_en, colour, ends, timedelta(hours=1), self._whole(), message_type="Cancel", earlier=(first,)
        )
        return [*messages, first, last]

    def _message(
        self,
        hazard: str,
        hazard_en: str,
        colour: str,
        sent_at: datetime,
        lasts: timedelta,
        areas: tuple[CityArea, ...],
        message_type: str = "Alert",
        status: str = "Actual",
        earlier: tuple[CityWarning, ...] = (),
    ) -> CityWarning:
        local = sent_at + timedelta(seconds=ZONE_S)
        kind = key_of(f"{hazard} {colour} {message_type} {status}") % 10_000
        return CityWarning(
            identifier=f"{self._city.adcode}41600000_{local:%Y%m%d%H%M%S}_{kind:04d}",
            sender=self._sender,
            message_type=message_type,
            status=status,
            hazard=hazard,
            hazard_en=hazard_en,
            colour=colour,
            sent_at=sent_at,
            onset_at=sent_at,
            expires_at=sent_at + lasts,
            references=tuple(f"{m.sender},{m.identifier},{_local_iso(m.sent_at)}" for m in earlier),
            area_names=tuple(area.name for area in areas),
            area_codes=tuple(area.code for area in areas),
            polygon=_outline(areas) if len(areas) > 1 else None,
        )

    def _whole(self) -> tuple[CityArea, ...]:
        return tuple(area for area in self._city.areas if area.kind == "district")[:1]

    def _nearest_streets(self, storm: Storm) -> tuple[CityArea, ...]:
        streets = [area for area in self._city.areas if area.kind == "street"]

        def far(area: CityArea) -> float:
            middle = area.shape.centroid
            return float(np.hypot((middle.x - storm.lon) * 0.85, middle.y - storm.lat))

        return tuple(sorted(streets, key=far)[:STREETS_WARNED]) or self._whole()


def _local_iso(at: datetime) -> str:
    """As CAP writes it: with an offset, never Z."""
    return f"{at + timedelta(seconds=ZONE_S):%Y-%m-%dT%H:%M:%S}+08:00"


def _outline(areas: tuple[CityArea, ...]) -> tuple[LonLat, ...]:
    """A generous polygon around the areas, as a forecaster draws it by hand."""
    hull = areas[0].shape
    for area in areas[1:]:
        hull = hull.union(area.shape)
    ring = hull.convex_hull.simplify(0.003).exterior.coords
    return tuple((round(lon, 4), round(lat, 4)) for lon, lat in ring)
