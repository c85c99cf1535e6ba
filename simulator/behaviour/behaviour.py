"""The one door to everything that moves in the city."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from simulator.model import (
    CameraView,
    City,
    CityCamera,
    CityCase,
    CitySensor,
    CityWarning,
    OfficerFix,
    Schedule,
    StorylineKind,
    VideoAlarm,
    Weather,
)

Reading = tuple[datetime, float]


class Behaviour:
    """What the city does at any moment. Holds caches, no state: any moment can be asked for, in any order."""

    def __init__(self, city: City, schedule: Schedule) -> None:
        self.city = city
        self.schedule = schedule

    def weather(self, at: datetime, lon: float | None = None, lat: float | None = None) -> Weather:
        """Conditions at a place, the middle of the district when none is given."""
        raise NotImplementedError

    def forecast(self, at: datetime) -> list[Weather]:
        """72 hourly steps from the next full hour."""
        raise NotImplementedError

    def camera_views(self, cameras: Sequence[CityCamera], at: datetime) -> list[CameraView]:
        """What a platform knows of each camera."""
        raise NotImplementedError

    def readings(self, sensor: CitySensor, quantity_index: int, since: datetime, until: datetime) -> list[Reading]:
        """Readings with since < time <= until, oldest first; none from when the sensor was offline."""
        raise NotImplementedError

    def latest_readings(self, sensors: Sequence[CitySensor], at: datetime) -> list[list[Reading | None]]:
        """Per sensor and quantity its last reading at `at`; None when it has been silent for a day."""
        raise NotImplementedError

    def cases(self, since: datetime, until: datetime, at: datetime) -> list[CityCase]:
        """Cases reported or updated in [since, until], as they stand at `at`, oldest report first."""
        raise NotImplementedError

    def case(self, number: str, at: datetime) -> CityCase | None:
        """One case as it stands at `at`; None when there is none yet."""
        raise NotImplementedError

    def warnings(self, at: datetime) -> list[CityWarning]:
        """Messages of the weather office sent in the ten days up to `at`, oldest first."""
        raise NotImplementedError

    def officer_fixes(self, at: datetime) -> list[OfficerFix]:
        """Where every officer was last seen."""
        raise NotImplementedError

    def video_alarms(self, since: datetime, until: datetime) -> list[VideoAlarm]:
        """Alarms that the video platforms raised in (since, until], oldest first."""
        raise NotImplementedError

    def is_down(self, upstream_key: str, at: datetime) -> StorylineKind | None:
        """DEPARTMENT_OUTAGE or FROZEN_CONTENT while a storyline has hit this upstream."""
        raise NotImplementedError
