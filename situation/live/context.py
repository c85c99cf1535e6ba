"""What a moment is given beside the situation: settings, readings, and what was computed before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar, cast
from zoneinfo import ZoneInfo

from situation.catalogue import SourceBook
from situation.pictures import PictureBook
from situation.port import PortSettings
from situation.video import VideoSettings

Point = tuple[int, float]
T = TypeVar("T")


class Readings(Protocol):
    """Where panels get readings from: they are too many to be kept in memory."""

    def latest(self, streams: Sequence[str]) -> dict[str, Point]:
        """The last reading (epoch ms, value) of each datastream that has one."""
        ...

    def series(self, stream: str, since: datetime, until: datetime, points: int) -> list[Point]:
        """Readings of a datastream in [since, until), thinned to about so many points; extremes and the newest stay."""
        ...

    def many(self, streams: Sequence[str], since: datetime, until: datetime, points: int) -> dict[str, list[Point]]:
        """The same of several datastreams in one reading."""
        ...


class NoReadings:
    """Readings where there are none: every sensor is silent."""

    def latest(self, streams: Sequence[str]) -> dict[str, Point]:
        """Nothing."""
        return {}

    def series(self, stream: str, since: datetime, until: datetime, points: int) -> list[Point]:
        """Nothing."""
        return []

    def many(self, streams: Sequence[str], since: datetime, until: datetime, points: int) -> dict[str, list[Point]]:
        """Nothing."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What numbers and panels need to know beside the situation itself."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    ontime_target: float | None = 0.95
    watched_sensor: str = ""  # id; empty: the water sensor nearest its limit
    least_age_s: float = 0.0  # city seconds below which no source is late
    position_lasts_s: float = 600.0  # city seconds for which an officer's position is taken for the present
    port: PortSettings = field(default_factory=PortSettings)
    video: VideoSettings = field(default_factory=VideoSettings)
    pictures: PictureBook = field(default_factory=PictureBook)
    sources: SourceBook = field(default_factory=SourceBook)
    readings: Readings = field(default_factory=NoReadings)


class Cache:
    """Values kept from frame to frame until their token differs: for what is too dear to compute in every frame."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[object, object]] = {}

    def get(self, name: str, token: object, compute: Callable[[], T]) -> T:
        """The value computed for this token."""
        kept = self._kept.get(name)
        if kept is None or kept[0] != token:
            kept = self._kept[name] = (token, compute())
        return cast(T, kept[1])

    def last(self, name: str) -> object:
        """The value computed last, whatever its token; None when there is none."""
        kept = self._kept.get(name)
        return None if kept is None else kept[1]
