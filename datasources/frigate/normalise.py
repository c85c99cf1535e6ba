"""What a Frigate says to cameras and alarms. Its times are Unix seconds; one event is one alarm from new to end.

Documents: `/api/config`, `/api/stats`, `/api/events`, `/api/review` of Frigate 0.12 to 0.16.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from datasources.contract import RecordRejected, SourceDataError
from datasources.fields import Raw, clean, each, identifier, instant, number, text
from datasources.frigate.options import FrigateOptions
from datasources.media.offer import Transport
from datasources.media.server import LONGEST_NAME, Listed, Stream, below, on_port, quoted
from situation.records import Alarm, Camera

Kind = Literal["reviews", "events"]
_PRIORITIES: Mapping[str, int] = {"alert": 3, "detection": 4}
_EVENT_PRIORITY = 4
_LABELS_SHOWN = 4
_RECOGNISED = "-verified"
"""What a review adds to the word for an object whose face or plate is known (`review/maintainer.py`, since 0.14)."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What alarms are made with: the source, its options, its cameras by Frigate's names."""

    key: str
    department: str
    options: FrigateOptions
    cameras: Mapping[str, Camera]


def streams(config: Any, stats: Any, url: str, options: FrigateOptions, now: datetime) -> Listed:
    """The cameras of a configuration, each with its frames per second; raises SourceDataError."""
    cameras = config.get("cameras") if isinstance(config, dict) else None
    if not isinstance(cameras, dict) or not isinstance(stats, dict):
        raise SourceDataError("wrong_shape", "no cameras by name")
    service = stats.get("service")
    renewed = number(service.get("last_updated")) if isinstance(service, dict) else None
    nested = stats.get("cameras")
    counted = nested if isinstance(nested, dict) else stats  # before 0.13 on the top level
    as_of = renewed or now.timestamp()
    frames = _Frames(as_of, _running(stats, counted))
    return each(
        list(cameras.items()), lambda item: _stream(item[0], item[1], frames.of(counted.get(item[0])), url, options)
    )


@dataclass(frozen=True, slots=True)
class _Frames:
    """What statistics say of frames, as of Frigate's own seconds. `running`: its processes; None: it doesn't say."""

    as_of: float
    running: frozenset[str] | None

    def of(self, stats: Any) -> tuple[float | None, float | None]:
        """Count and frames per second of one camera.

        A capture that was killed (a bus error, memory) leaves its last rate behind for ever: Frigate's processes share
        it, and who is gone writes no 0. Its ffmpeg is gone with it, and from the list of processes.
        """
        fps = number(stats.get("camera_fps")) if isinstance(stats, dict) else None
        if fps is None:
            return None, None
        ffmpeg = _pid(stats, "ffmpeg_pid")
        is_fed = self.running is None or not ffmpeg or ffmpeg in self.running
        return (self.as_of, fps) if is_fed or fps <= 0 else (0.0, None)


def _running(stats: Raw, counted: Raw) -> frozenset[str] | None:
    """The process ids that are listed, when those of cameras are among them at all."""
    usages = stats.get("cpu_usages")
    listed = frozenset(usages) if isinstance(usages, dict) else frozenset()
    names = ("pid", "capture_pid", "ffmpeg_pid")
    own = {_pid(row, name) for row in counted.values() if isinstance(row, dict) for name in names}
    return listed if listed & own else None


def _pid(row: Raw, name: str) -> str:
    found = number(row.get(name))
    return f"{found:.0f}" if found else ""


def _stream(
    name: str, row: Any, frames: tuple[float | None, float | None], url: str, options: FrigateOptions
) -> Stream:
    if not name or not isinstance(row, dict):
        raise RecordRejected(clean(name, 50) or "?", "not a camera by its name")
    # switched off, in its file or since 0.16 by a click: nobody looks, and its last rate stays in the statistics
    count, fps = (None, None) if row.get("enabled") is False else frames
    path = f"api/{quote(name, safe='')}"
    addresses = {Transport.SNAPSHOT: below(url, f"{path}/latest.jpg"), Transport.MJPEG: below(url, path)}
    if options.rtsp_port:
        addresses[Transport.RTSP] = on_port(url, options.rtsp_port, quoted(name), "rtsp")
    return Stream(
        name=name[:LONGEST_NAME],
        title=text(row, "friendly_name", limit=LONGEST_NAME),
        count=count,
        rate=fps,
        addresses=addresses,
    )


def is_wanted(row: Any, kind: Kind, options: FrigateOptions) -> bool:
    """Whether a row is to become an alarm: no false positive, of a wanted severity, showing a wanted object."""
    if not isinstance(row, dict):
        return True  # so that it is counted as rejected
    if row.get("false_positive") is True:
        return False
    if kind == "reviews" and text(row, "severity") not in (*options.severities, ""):
        return False
    return not options.labels or not set(options.labels).isdisjoint(_labels(row))


def to_alarm(row: Any, kind: Kind, watch: Watch) -> Alarm:
    """One event or review; raises RecordRejected without an id or a beginning."""
    if not isinstance(row, dict):
        raise RecordRejected("?", "not an object")
    own_id = identifier(row, "id")
    started_at = instant(row.get("start_time"))
    if started_at is None:
        raise RecordRejected(own_id, "no start_time")
    ended_at = instant(row.get("end_time"))
    name = text(row, "camera", limit=LONGEST_NAME)
    camera = watch.cameras.get(name)
    said = _part(row)
    detections = said.get("detections")
    zones = row.get("zones") or row.get("entered_zones") or said.get("zones") or ()
    severity = _PRIORITIES.get(text(row, "severity"), _EVENT_PRIORITY)
    return Alarm(
        id=f"{watch.key}.{own_id}",
        source=watch.key,
        name=_title(row, watch.options.words) or name or own_id,
        department=watch.department,
        lon=camera.lon if camera else None,
        lat=camera.lat if camera else None,
        address=camera.name if camera else name,
        rule="video",
        priority=severity if kind == "reviews" else _EVENT_PRIORITY,
        about=f"camera/{watch.key}.{name}" if name else "",
        count=max(len(detections), 1) if isinstance(detections, list) else 1,
        explanation=", ".join(clean(zone, 40) for zone in zones) if isinstance(zones, (list, tuple)) else "",
        started_at=started_at,
        updated_at=max(ended_at or started_at, started_at),
        ended_at=max(ended_at, started_at) if ended_at else None,
    )


def sub_label(value: object) -> str:
    """Who or what exactly: null, a name, or a name with its score."""
    if isinstance(value, (list, tuple)):
        value = value[0] if value else None
    return clean(value, 80)


def _part(row: Raw) -> Raw:
    data = row.get("data")
    return data if isinstance(data, dict) else {}


def _labels(row: Raw) -> list[str]:
    """Objects that an event or a review shows, each once; those that Frigate recognised under their own word too."""
    found = [row.get("label"), *_listed(_part(row).get("objects")), *_listed(_part(row).get("audio"))]
    words = (clean(each, 40).removesuffix(_RECOGNISED) for each in found)
    return list(dict.fromkeys(filter(None, words)))


def _title(row: Raw, words: Mapping[str, str]) -> str:
    what = [words.get(label, label) for label in _labels(row)[:_LABELS_SHOWN]]
    who = [sub_label(row.get("sub_label")), *map(sub_label, _listed(_part(row).get("sub_labels")))]
    return " ".join([*what, *dict.fromkeys(filter(None, who))])


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []
