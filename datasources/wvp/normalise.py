"""WVP rows to cameras and alarms.

A camera lives by its keep-alives: `gbStatus` and `onLine` say ON for cameras dead for hours. Only what is named here
is read, so passwords in the rows never get further.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from datasources.contract import RecordRejected, Rejection
from datasources.coordinates import NOWHERE, Position, locate
from datasources.fields import Raw, each, identifier, instant, number, text
from datasources.screening import FUTURE_TOLERANCE
from situation.records import Alarm, Camera, DeviceState

DEFAULT_HEARTBEAT_S = 60.0
DEFAULT_HEARTBEAT_COUNT = 3
LONGEST_SILENCE_S = 1800.0
ALARM_ACTIVE_FOR = timedelta(minutes=10)
"""WVP's alarms have a beginning only: after this long without the alarm again it is over."""

_CODE = re.compile(r"^\d{20}$")
_FORMS: Mapping[int, str] = {
    1: "dome",
    2: "half_dome",
    3: "fixed",
    4: "ptz",
    5: "ptz",
    6: "panorama",
    7: "split",
    98: "meeting",
    99: "mobile",
}
_CRS: Mapping[str, str] = {"GCJ02": "gcj02", "WGS84": "wgs84", "BD09": "bd09", "CGCS2000": "cgcs2000"}
_OFF = frozenset({"OFF", "0", "false", "offline"})
_ON = frozenset({"ON", "1", "true", "online"})
_DEFAULT_PRIORITY = 3
COMMON = "common"
"""Stands for the device in `media` of a channel that has none."""

_GB28181 = 1
"""`dataType` of channels of devices that speak GB/T 28181; 2 is a pushed stream, 3 one that is pulled."""


@dataclass(frozen=True, slots=True)
class Device:
    """What a channel's device tells about it."""

    device_id: str
    crs: str
    keepalive_at: datetime | None
    silence: timedelta
    """Longer without a keep-alive, and it is dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """How one platform's rows are read."""

    key: str
    department: str
    crs: str
    zone: str | None


def normalise_devices(rows: Iterable[Any], platform: Platform) -> dict[str, Device]:
    """Devices by their database id and by their 20-digit code; rows that are none are left out."""
    devices: dict[str, Device] = {}
    for row in rows:
        device_id = text(row, "deviceId", limit=64) if isinstance(row, dict) else ""
        if not device_id:
            continue
        device = _device(row, device_id, platform)
        devices[device_id] = device
        if row.get("id") is not None:
            devices[f"#{row['id']}"] = device
    return devices


def normalise_channels(
    rows: Sequence[Any], devices: Mapping[str, Device], platform: Platform, now: datetime
) -> tuple[list[Camera], list[Rejection]]:
    """Cameras of channels; `now` is when the keep-alives were asked for."""
    owners = [_owner(row, devices) for row in rows]
    positions = locate(
        [_number(row, "gbLongitude", "longitude") for row in rows],
        [_number(row, "gbLatitude", "latitude") for row in rows],
        [owner.crs if owner else platform.crs for owner in owners],
    )
    return each(
        list(zip(rows, owners, positions, strict=True)),
        lambda item: _camera(item[0], item[1], item[2], platform, now),
    )


def normalise_alarms(
    rows: Sequence[Any], cameras: Mapping[str, Camera], platform: Platform, now: datetime
) -> tuple[list[Alarm], list[Rejection]]:
    """Alarms of cameras; where the camera is known, so is the place."""
    return each(rows, lambda row: _alarm(row, cameras, platform, now))


def former_alarm(row: Any) -> Any:
    """An alarm of `api/alarm/all` in the words of its successor, without its type: a number that says nothing alone."""
    if not isinstance(row, dict):
        return row
    named = {"channelDeviceId": row.get("channelId"), "description": row.get("alarmDescription"), "alarmType": None}
    return {**row, **named}


def _device(row: Raw, device_id: str, platform: Platform) -> Device:
    interval_s = number(row.get("heartBeatInterval")) or DEFAULT_HEARTBEAT_S
    count = number(row.get("heartBeatCount")) or DEFAULT_HEARTBEAT_COUNT
    keepalive_at = instant(row.get("keepaliveTimeStamp"), platform.zone) or instant(
        row.get("keepaliveTime"), platform.zone
    )
    crs = _CRS.get(text(row, "geoCoordSys", limit=20).upper().replace("-", ""), platform.crs)
    silence_s = min(max(interval_s * count, DEFAULT_HEARTBEAT_S), LONGEST_SILENCE_S)
    return Device(device_id, crs, keepalive_at, timedelta(seconds=silence_s))


def _owner(row: Any, devices: Mapping[str, Device]) -> Device | None:
    """The device of a channel: by database id, by parent, or the channel that is its own device.

    Streams that are pushed or pulled have none: their `dataDeviceId` is of another table (WVP, ChannelProvider).
    """
    if not isinstance(row, dict) or number(row.get("dataType")) not in (None, _GB28181):
        return None
    for key in (f"#{row.get('dataDeviceId')}", row.get("gbParentId"), row.get("parentId"), row.get("gbDeviceId")):
        found = devices.get(str(key)) if key else None
        if found is not None:
            return found
    return None


def _camera(row: Raw, owner: Device | None, position: Position, platform: Platform, now: datetime) -> Camera:
    if not isinstance(row, dict):
        raise RecordRejected("?", "not an object")
    code = identifier(row, "gbDeviceId", "deviceId")
    keepalive_at = instant(row.get("keepaliveTime"), platform.zone) or (owner.keepalive_at if owner else None)
    form = number(row.get("gbPtzType", row.get("ptzType")))
    group = text(row, "gbBusinessGroupId", limit=40)
    return Camera(
        id=camera_id(code, platform),
        source=platform.key,
        name=text(row, "gbName", "name", limit=200) or code,
        department=platform.department,
        lon=position[0],
        lat=position[1],
        address=text(row, "gbAddress", "address", limit=300),
        state=_state(text(row, "gbStatus", "status", limit=10), keepalive_at, owner, now),
        seen_at=keepalive_at,
        form=_FORMS.get(int(form), "") if form is not None else "",
        tags=(group,) if group and not group.isdigit() else (),
        hub=text(row, "gbBlock", "block", limit=64),
        media=_media(row, owner, code),
    )


def _media(row: Raw, owner: Device | None, code: str) -> str:
    """`device/channel`, or by its database id what no device has: `play/start` knows only devices."""
    row_id = number(row.get("gbId"))
    if row_id is not None and number(row.get("dataType")) not in (None, _GB28181):
        return f"{COMMON}/{int(row_id)}"
    return f"{owner.device_id if owner else code}/{code}"


def camera_id(code: str, platform: Platform) -> str:
    """The 20-digit code, which is the camera's own on every platform; anything else is only this platform's."""
    return code if _CODE.match(code) else f"{platform.key}.{code}"


def _state(word: str, keepalive_at: datetime | None, owner: Device | None, now: datetime) -> DeviceState:
    """ON is believed only while keep-alives come; OFF is believed, it is what the recorder says of a dead channel."""
    if word in _OFF:
        return DeviceState.OFFLINE
    if keepalive_at is None:
        return DeviceState.UNKNOWN
    if keepalive_at - now > FUTURE_TOLERANCE:
        return DeviceState.UNKNOWN  # its clock is wrong: nothing tells how old the keep-alive is
    silence = owner.silence if owner else timedelta(seconds=DEFAULT_HEARTBEAT_S * DEFAULT_HEARTBEAT_COUNT)
    return DeviceState.ONLINE if now - keepalive_at <= silence else DeviceState.OFFLINE


def _alarm(row: Any, cameras: Mapping[str, Camera], platform: Platform, now: datetime) -> Alarm:
    if not isinstance(row, dict):
        raise RecordRejected("?", "not an object")
    own_id = identifier(row, "id")
    started_at = instant(row.get("alarmTime"), platform.zone)
    if started_at is None:
        raise RecordRejected(own_id, "no alarmTime")
    code = text(row, "channelDeviceId", "deviceId", limit=64)
    camera = cameras.get(camera_id(code, platform)) if code else None
    given = locate([_number(row, "longitude")], [_number(row, "latitude")])[0]
    position = (camera.lon, camera.lat) if camera else given if given else NOWHERE
    priority = number(row.get("alarmPriority"))
    what = text(row, "description", limit=300) or text(row, "alarmType", limit=100)
    ends_at = started_at + ALARM_ACTIVE_FOR
    return Alarm(
        id=f"{platform.key}.{own_id}",
        source=platform.key,
        name=what or (camera.name if camera else own_id),
        department=platform.department,
        lon=position[0],
        lat=position[1],
        address=camera.name if camera else text(row, "channelName", limit=200),
        rule="video",
        priority=int(priority) if priority in (1, 2, 3, 4) else _DEFAULT_PRIORITY,
        about=f"camera/{camera_id(code, platform)}" if code else "",
        explanation=text(row, "alarmType", limit=100),
        started_at=started_at,
        updated_at=started_at,
        ended_at=ends_at if now >= ends_at else None,
    )


def _number(row: Any, *names: str) -> float | None:
    if not isinstance(row, dict):
        return None
    return next((found for found in (number(row.get(name)) for name in names) if found is not None), None)
