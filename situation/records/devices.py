"""Devices: cameras and sensors, and what sensors say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from situation.records.base import PlacedRecord


class DeviceState(StrEnum):
    """Whether a device is alive, judged by its frames, keep-alives or readings, never by a status word."""

    ONLINE = "online"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera(PlacedRecord):
    """A video channel; `id` is its 20-digit GB/T 28181 code where it has one, so one camera on two platforms is one."""

    kind: ClassVar[str] = "camera"
    state: DeviceState = DeviceState.UNKNOWN
    seen_at: datetime | None = None  # last frame or keep-alive
    form: str = ""  # dome, fixed, ptz, panorama …
    tags: tuple[str, ...] = ()
    hub: str = ""  # the network node it hangs on, as its platform names it: cameras of one hub fail together
    media: str = ""  # how its picture is fetched, opaque outside its source: never leaves the server


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A limit of a datastream: crossed when value >= limit (`above`) or <= limit. `level` 1 (worst) … 3."""

    level: int
    limit: float
    above: bool = True
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Datastream:
    """One measured quantity of a sensor (OGC SensorThings Datastream). `interval_s` is how often it should speak."""

    id: str
    name: str = ""
    observed_property: str = ""
    unit: str = ""
    interval_s: float = 300.0
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor(PlacedRecord):
    """A device that measures (OGC SensorThings Thing). State comes from the age of its readings.

    `level` is the worst threshold crossed by its last reading (1 worst … 3), 0 for none.
    `value`/`observed_at` repeat the last reading of its first datastream, None when there was none.
    `battery` is the share left, 0 … 1; None for one on mains and where its platform says nothing.
    """

    kind: ClassVar[str] = "sensor"
    sensor_kind: str = ""
    datastreams: tuple[Datastream, ...] = ()
    state: DeviceState = DeviceState.UNKNOWN
    level: int = 0
    value: float | None = None
    observed_at: datetime | None = None
    battery: float | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """One reading. `datastream` is `Datastream.id`. Bulk data: kept in its own table, not a state record."""

    datastream: str
    observed_at: datetime
    value: float
