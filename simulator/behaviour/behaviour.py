"""The one door to everything that moves in the city."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from simulator.behaviour.alarms import VideoAlarms
from simulator.behaviour.cases import Cases
from simulator.behaviour.devices import Cameras
from simulator.behaviour.officers import Officers
from simulator.behaviour.outlook import Expected, Outlook
from simulator.behaviour.schedule import LASTS_S
from simulator.behaviour.sky import Sky
from simulator.behaviour.stations import StationReport, Stations
from simulator.behaviour.telemetry import Telemetry
from simulator.behaviour.warnings import Warnings
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
_UPSTREAM_KINDS = (StorylineKind.DEPARTMENT_OUTAGE, StorylineKind.FROZEN_CONTENT)


class Behaviour:
    """What the city does at any moment. Holds caches, no state: any moment can be asked for, in any order."""

    def __init__(self, city: City, schedule: Schedule) -> None:
        self.city = city
        self.schedule = schedule
        self._sky = Sky(city, schedule)
        self._cameras = Cameras(city, self._sky)
        self._telemetry = Telemetry(city, self._sky, schedule)
        self._cases = Cases(city, self._sky)
        self._warnings = Warnings(city, self._sky)
        self._officers = Officers(city)
        self._video_alarms = VideoAlarms(city, schedule)
        self._outlook = Outlook(city, self._sky)
        self._stations = Stations(city, self._sky)

    def weather(self, at: datetime, lon: float | None = None, lat: float | None = None) -> Weather:
        """Conditions at a place, the middle of the district when none is given."""
        return self._sky.weather(at, lon, lat)

    def expected(self, at: datetime) -> list[Expected]:
        """What the weather office's newest forecast says of the 72 hours from the next full hour on."""
        return self._outlook.expected(at)

    def station_reports(self, at: datetime) -> list[StationReport]:
        """The last report of every weather station."""
        return self._stations.reports(at)

    def camera_views(self, cameras: Sequence[CityCamera], at: datetime) -> list[CameraView]:
        """What a platform knows of each camera."""
        return self._cameras.views(cameras, at)

    def readings(self, sensor: CitySensor, quantity_index: int, since: datetime, until: datetime) -> list[Reading]:
        """Readings with since < time <= until, oldest first; none from when the sensor was offline."""
        return self._telemetry.readings(sensor, quantity_index, since, until)

    def latest_readings(self, sensors: Sequence[CitySensor], at: datetime) -> list[list[Reading | None]]:
        """Per sensor and quantity its last reading at `at`; None when it has been silent for a day."""
        return self._telemetry.latest(sensors, at)

    def cases(self, since: datetime, until: datetime, at: datetime) -> list[CityCase]:
        """Cases reported or updated in [since, until], as they stand at `at`, oldest report first."""
        return self._cases.between(since, until, at)

    def case(self, number: str, at: datetime) -> CityCase | None:
        """One case as it stands at `at`; None when there is none yet."""
        return self._cases.one(number, at)

    def warnings(self, at: datetime) -> list[CityWarning]:
        """Messages of the weather office sent in the ten days up to `at`, oldest first."""
        return self._warnings.sent(at)

    def officer_fixes(self, at: datetime) -> list[OfficerFix]:
        """Where every officer was last seen."""
        return self._officers.fixes(at)

    def video_alarms(self, since: datetime, until: datetime) -> list[VideoAlarm]:
        """Alarms that the video platforms raised in (since, until], oldest first."""
        return self._video_alarms.raised(since, until)

    def is_down(self, upstream_key: str, at: datetime) -> StorylineKind | None:
        """DEPARTMENT_OUTAGE or FROZEN_CONTENT while a storyline has hit this upstream."""
        for storyline in self.schedule.storylines:
            if storyline.kind not in _UPSTREAM_KINDS or storyline.target != upstream_key:
                continue
            if timedelta() <= at - storyline.start_at < timedelta(seconds=LASTS_S[storyline.kind]):
                return storyline.kind
        return None
