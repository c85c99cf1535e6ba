"""Devices and channels as WVP rows. What never changes of a row is encoded once; the rest is put before it.

Every camera is a device of one channel, as cameras that register themselves are, so its own keep-alive tells whether
it lives. The words `onLine` and `gbStatus` lie for some dead cameras, as they do in real platforms.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from zlib import crc32

from simulator.model import CameraView, CityCamera
from simulator.upstreams.context import epoch_ms, local_text
from simulator.upstreams.datum import to_gcj02
from simulator.upstreams.reply import to_json

HEARTBEAT_INTERVAL_S = 60
HEARTBEAT_COUNT = 3
_MAKERS = (("Hikvision", "DS-2CD3T46WDV3"), ("Dahua", "DH-IPC-HFW4443M"), ("Uniview", "IPC-B312-IR"))
_DIRECTIONS = (3, 7, 1, 5, 4, 6, 2, 8)  # N NE E SE S SW W NW in WVP's numbers
_LIARS = 3  # one of so many dead cameras keeps its status word


class CameraRows:
    """The cameras of one platform, in rows of both tables."""

    def __init__(self, platform: str, cameras: Sequence[CityCamera]) -> None:
        self.cameras = cameras
        self.number_of = {camera.code: number for number, camera in enumerate(cameras)}
        self.own = {camera.code for camera in cameras if camera.platforms[0] == platform}  # their alarms come here
        self._platform = platform

    def device(self, number: int, view: CameraView) -> bytes:
        """A row of `/api/device/query/devices`."""
        is_online = str(self._claims_online(number, view)).lower()
        moving = (
            f'{{"onLine":{is_online},"keepaliveTimeStamp":{epoch_ms(view.keepalive_at)},'
            f'"keepaliveTime":"{local_text(view.keepalive_at)}",'
        )
        return moving.encode() + self._devices[number]

    def channel(self, number: int, view: CameraView) -> bytes:
        """A row of `/api/common/channel/list`."""
        status = "ON" if self._claims_online(number, view) else "OFF"
        return f'{{"gbStatus":"{status}",'.encode() + self._channels[number]

    def device_channel(self, number: int, view: CameraView) -> dict[str, Any]:
        """A row of `/api/device/query/devices/{id}/channels`, an older shape."""
        camera = self.cameras[number]
        lon, lat = _position(camera)
        return {
            "id": number + 1,
            "deviceId": camera.code,
            "parentId": camera.code,
            "name": camera.name,
            "address": camera.address,
            "status": "ON" if self._claims_online(number, view) else "OFF",
            "longitude": lon,
            "latitude": lat,
            "ptzType": camera.ptz_type,
        }

    def _claims_online(self, number: int, view: CameraView) -> bool:
        return view.is_online or crc32(self.cameras[number].code.encode()) % _LIARS == 0

    @cached_property
    def _devices(self) -> list[bytes]:
        return [to_json(self._device(number, camera))[1:] for number, camera in enumerate(self.cameras)]

    @cached_property
    def _channels(self) -> list[bytes]:
        return [to_json(self._channel(number, camera))[1:] for number, camera in enumerate(self.cameras)]

    def _device(self, number: int, camera: CityCamera) -> dict[str, Any]:
        maker, model = _MAKERS[crc32(camera.switch.encode()) % len(_MAKERS)]
        return {
            "id": number + 1,
            "deviceId": camera.code,
            "name": camera.name,
            "manufacturer": maker,
            "model": model,
            "transport": "UDP",
            "streamMode": "TCP-PASSIVE",
            "ip": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            "port": 5060,
            "password": f"{self._platform}-gb28181",
            "registerTimeStamp": 1767196800000,
            "heartBeatInterval": HEARTBEAT_INTERVAL_S,
            "heartBeatCount": HEARTBEAT_COUNT,
            "channelCount": 1,
            "expires": 3600,
            "charset": "GB2312",
            "geoCoordSys": "GCJ02" if camera.is_gcj02 else "WGS84",
            "serverId": "000000",
        }

    def _channel(self, number: int, camera: CityCamera) -> dict[str, Any]:
        lon, lat = _position(camera)
        return {
            "gbId": number + 1,
            "gbDeviceId": camera.code,
            "gbName": camera.name,
            "gbManufacturer": _MAKERS[crc32(camera.switch.encode()) % len(_MAKERS)][0],
            "gbCivilCode": camera.street,
            "gbBlock": camera.switch,
            "gbAddress": camera.address,
            "gbParentId": camera.code,
            "gbPassword": f"{self._platform}-gb28181",
            "gbLongitude": lon,
            "gbLatitude": lat,
            "gbPtzType": camera.ptz_type,
            "gbDirectionType": _DIRECTIONS[round(camera.facing_deg / 45) % 8],
            "gbBusinessGroupId": camera.scene,
            "dataType": 1,
            "dataDeviceId": number + 1,
            "streamId": None,
        }


def _position(camera: CityCamera) -> tuple[float, float]:
    """In the coordinate system of the camera's device: this platform converts nothing."""
    lon, lat = to_gcj02(camera.lon, camera.lat) if camera.is_gcj02 else (camera.lon, camera.lat)
    return round(lon, 7), round(lat, 7)
