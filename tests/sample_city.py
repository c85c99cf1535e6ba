"""A handful of records and a store in memory, for tests of what is made of the situation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from situation.records import (
    Alarm,
    Area,
    AreaKind,
    Camera,
    Case,
    CaseState,
    Department,
    DeviceState,
    Health,
    Officer,
    Place,
    Record,
    Sensor,
    SourceHealth,
    WeatherWarning,
)
from situation.settings import Settings
from situation.store import Change, Series

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)  # 14:00 in Shanghai, a Sunday
SETTINGS = Settings.model_validate({"district": {"name": "宝山区", "adcode": "310113"}})
STREETS = ("310113101", "310113102")


def hours_ago(hours: float) -> datetime:
    """So many hours before NOW."""
    return NOW - timedelta(hours=hours)


def source(key: str, *records: str, **changes: Any) -> SourceHealth:
    """A source that succeeded two seconds ago."""
    given = {
        "name": key,
        "state": Health.OK,
        "interval_s": 15.0,
        "stale_after_s": 120.0,
        "succeeded_at": NOW - timedelta(seconds=2),
        "department": "police",
    }
    return SourceHealth(id=key, source=key, records=records, **(given | changes))


def sources() -> list[SourceHealth]:
    """One living source for each kind, two for cameras."""
    return [
        source("video-a", "camera"),
        source("video-b", "camera", department="urban"),
        source("things", "sensor"),
        source("case-centre", "case"),
        source("weather", "warning"),
        source("officers", "officer"),
        source("places", "place", "area", "department"),
    ]


def camera(key: str, **changes: Any) -> Camera:
    """A camera online."""
    given = {"source": "video-a", "name": f"camera {key}", "lon": 121.48, "lat": 31.40, "state": DeviceState.ONLINE}
    return Camera(id=key, **(given | changes))


def sensor(key: str, **changes: Any) -> Sensor:
    """A sensor online."""
    given = {"source": "things", "name": f"sensor {key}", "lon": 121.48, "lat": 31.40, "state": DeviceState.ONLINE}
    return Sensor(id=key, **({"sensor_kind": "river_level"} | given | changes))


def case(key: str, **changes: Any) -> Case:
    """A case registered an hour ago, due in a day, being handled."""
    given = {
        "source": "case-centre",
        "state": CaseState.IN_PROGRESS,
        "lon": 121.48,
        "lat": 31.40,
        "street_code": STREETS[0],
        "origin": "hotline",
        "reported_at": hours_ago(1.2),
        "registered_at": hours_ago(1),
        "due_at": hours_ago(-24),
    }
    return Case(id=key, **(given | changes))


def alarm(key: str, **changes: Any) -> Alarm:
    """An unacknowledged alarm of priority 2, five minutes old."""
    given = {"source": "rules", "name": f"alarm {key}", "priority": 2, "lon": 121.48, "lat": 31.40}
    return Alarm(id=key, **(given | {"started_at": hours_ago(1 / 12)} | changes))


def warning(key: str, **changes: Any) -> WeatherWarning:
    """An actual warning for two more hours."""
    given = {"source": "weather", "sent_at": hours_ago(1), "expires_at": hours_ago(-2), "headline": f"warning {key}"}
    return WeatherWarning(id=key, **(given | changes))


def officer(key: str, **changes: Any) -> Officer:
    """A grid officer on duty."""
    given = {"source": "officers", "role": "grid_officer", "on_duty": True, "lon": 121.48, "lat": 31.40}
    return Officer(id=key, **(given | changes))


def place(key: str, kind: str, lon: float = 121.48, lat: float = 31.40) -> Place:
    """A place of a kind."""
    return Place(id=key, source="places", place_kind=kind, name=key, lon=lon, lat=lat)


def street(code: str, west: float, east: float, south: float = 31.3, north: float = 31.5) -> Area:
    """A street whose ground is a rectangle."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return Area(
        id=f"administrative/{code}",
        source="places",
        name=f"street {code}",
        area_kind=AreaKind.STREET,
        code=code,
        parents=("310113",),
        geometry=f'{{"type":"Polygon","coordinates":[{ring}]}}',
    )


def department(key: str, **changes: Any) -> Department:
    """A department."""
    return Department(id=key, source="places", name=key, **changes)


@dataclass
class MemoryStore:
    """The part of the store that the feed reads, kept in lists."""

    log: list[Change] = field(default_factory=list)
    rows: dict[tuple[str, str], tuple[int, Record]] = field(default_factory=dict)
    readings: dict[str, list[tuple[datetime, float]]] = field(default_factory=dict)
    failure: Exception | None = None
    commits: int = 0
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def put(self, *records: Record, at: datetime = NOW) -> None:
        """Keep records and log them."""
        for record in records:
            key = (record.kind, record.id)
            number = self._numbers.setdefault(key, len(self._numbers) + 1)
            self.rows[key] = (number, record)
            self.log.append(Change(len(self.log) + 1, at, record.kind, record.id, number, "put", record))
        self.commits += 1

    def put_silently(self, *records: Record) -> None:
        """Keep records whose changes are not significant."""
        for record in records:
            number = self._numbers.setdefault((record.kind, record.id), len(self._numbers) + 1)
            self.rows[record.kind, record.id] = (number, record)
        self.commits += 1

    def remove(self, kind: str, record_id: str, at: datetime = NOW) -> None:
        """Remove a record and log it; nothing happens when there is none."""
        kept = self.rows.pop((kind, record_id), None)
        if kept is not None:
            self.log.append(Change(len(self.log) + 1, at, kind, record_id, kept[0], "remove", None))
            self.commits += 1

    def version(self) -> int:
        """Moves with every commit; raises what `failure` says."""
        if self.failure is not None:
            raise self.failure
        return self.commits

    def last_seq(self) -> int:
        """Length of the log."""
        return len(self.log)

    def changes(self, after_seq: int, limit: int = 10_000) -> list[Change]:
        """The log after a number."""
        return self.log[max(after_seq, 0) :][:limit]

    def load(self, kind: str, *, ended_since: datetime | None = None) -> Iterator[tuple[int, Record]]:
        """All records of a kind."""
        return iter(sorted((row for (of, _), row in self.rows.items() if of == kind), key=lambda row: row[0]))

    def latest(self, datastream_ids: Iterable[str]) -> dict[str, tuple[datetime, float]]:
        """The last reading of each."""
        return {key: self.readings[key][-1] for key in datastream_ids if self.readings.get(key)}

    def observations(
        self, datastream_ids: Sequence[str], since: datetime, until: datetime, max_points: int = 1000
    ) -> dict[str, Series]:
        """Raw readings."""
        from situation.store import Point

        found = {}
        for key in datastream_ids:
            rows = [row for row in self.readings.get(key, []) if since <= row[0] < until]
            points = [Point(round(at.timestamp() * 1000), value, value, value) for at, value in rows]
            found[key] = Series(key, "raw", tuple(points))
        return found
