"""Alarms that the video platforms raise themselves: storylines at their cameras, and a few of everyday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from simulator.behaviour.noise import key_of, uniform
from simulator.model import City, CityCamera, Schedule, Storyline, StorylineKind, VideoAlarm

HOUR_S = 3600
MAX_HOURS = 24 * 30
_EVERYDAY_AN_HOUR = 0.6


@dataclass(frozen=True, slots=True)
class _Course:
    """What cameras near a storyline's target report, and how many minutes after it began."""

    type: str
    minutes: tuple[int, ...]
    text: str


_COURSES = {
    StorylineKind.STORM: _Course("water", (28, 36, 47, 61), "积水识别"),
    StorylineKind.FIRE: _Course("fire", (3, 5), "烟火识别"),
    StorylineKind.CROWD: _Course("crowd", (55, 75), "人群密度超限"),
}


class VideoAlarms:
    """All alarms of the video platforms."""

    def __init__(self, city: City, schedule: Schedule) -> None:
        self._city = city
        self._schedule = schedule
        self._key = key_of(f"video alarms {city.seed}")
        self._told: list[VideoAlarm] = [alarm for s in schedule.storylines for alarm in self._of(s)]

    def raised(self, since: datetime, until: datetime) -> list[VideoAlarm]:
        """Raised in (since, until], oldest first; `since` is no more than 30 days back."""
        last = int(until.timestamp() // HOUR_S)
        first = max(int(since.timestamp() // HOUR_S), last - MAX_HOURS)
        everyday = [alarm for hour in range(first, last + 1) for alarm in self._everyday(hour)]
        chosen = [alarm for alarm in (*everyday, *self._told) if since < alarm.at <= until]
        return sorted(chosen, key=lambda alarm: (alarm.at, alarm.code))

    def _everyday(self, hour: int) -> list[VideoAlarm]:
        draw = uniform(self._key, np.array([hour], dtype=np.uint64), np.arange(3, dtype=np.uint64))
        if draw[0] > _EVERYDAY_AN_HOUR or not self._city.cameras:
            return []
        camera = self._city.cameras[int(draw[1] * len(self._city.cameras))]
        at = datetime.fromtimestamp(hour * HOUR_S + int(draw[2] * HOUR_S), UTC)
        return [VideoAlarm(code=f"V{hour}", camera=camera.code, type="device_fault", at=at, description="视频遮挡")]

    def _of(self, storyline: Storyline) -> list[VideoAlarm]:
        course = _COURSES.get(storyline.kind)
        place = next((place for place in self._city.places if place.code == storyline.target), None)
        if course is None or place is None:
            return []
        cameras = _nearest(self._city.cameras, place.lon, place.lat, len(course.minutes))
        start_s = int(storyline.start_at.timestamp())
        return [
            VideoAlarm(
                code=f"V{start_s}-{place.code}-{number}",
                camera=camera.code,
                type=course.type,
                at=datetime.fromtimestamp(start_s + minutes * 60, UTC),
                description=f"{camera.name}{course.text}",
            )
            for number, (camera, minutes) in enumerate(zip(cameras, course.minutes, strict=False))
        ]


def _nearest(cameras: tuple[CityCamera, ...], lon: float, lat: float, count: int) -> list[CityCamera]:
    if not cameras:
        return []
    positions = np.array([(camera.lon, camera.lat) for camera in cameras])
    far = np.hypot((positions[:, 0] - lon) * 0.85, positions[:, 1] - lat)
    return [cameras[i] for i in np.argsort(far, kind="stable")[:count]]
