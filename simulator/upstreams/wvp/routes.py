"""The endpoints of one WVP platform. Every reply but a picture is `{code, msg, data}`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl
from zlib import crc32

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator.model import CityCamera, VideoAlarm
from simulator.pictures import Camera as PictureTaker
from simulator.upstreams.context import SHANGHAI, Upstream, epoch_ms, local_text
from simulator.upstreams.reply import json_reply, to_json
from simulator.upstreams.wvp import access
from simulator.upstreams.wvp.rows import CameraRows

MAX_COUNT = 5000
_ALARMS_FROM = timedelta(hours=24)
_NO_ANSWER_AFTER_S = 6.0  # some dead cameras keep the platform waiting before it gives up
_ALARM_TYPES = {"water": "WaterLogging", "fire": "FireSmoke", "crowd": "CrowdGathering", "device_fault": "VideoLoss"}
_ALARM_PRIORITIES = {"fire": 1, "water": 2, "crowd": 2}

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """Everything below `/api`, closed but for the login."""
    platform = _Platform(upstream)
    endpoints: dict[str, Callable[[Request], Response]] = {
        "/api/device/query/devices": platform.devices,
        "/api/device/query/devices/{device_id}": platform.device,
        "/api/device/query/devices/{device_id}/channels": platform.device_channels,
        "/api/common/channel/list": platform.channels,
        "/api/play/start/{device_id}/{channel_id}": platform.start,
        "/api/play/stop/{device_id}/{channel_id}": platform.stop,
        "/api/alarm/list": platform.alarms,
    }
    closed = [Route(path, _closed(upstream, _threaded(endpoint))) for path, endpoint in endpoints.items()]
    return [
        Route("/api/user/login", platform.login, methods=["GET", "POST"]),
        Route("/api/device/query/snap/{device_id}/{channel_id}", _closed(upstream, platform.snapshot)),
        *closed,
    ]


def _threaded(endpoint: Callable[[Request], Response]) -> Endpoint:
    async def threaded(request: Request) -> Response:
        return await run_in_threadpool(endpoint, request)

    return threaded


def _closed(upstream: Upstream, endpoint: Endpoint) -> Endpoint:
    async def closed(request: Request) -> Response:
        if access.is_admitted(upstream, request):
            return await endpoint(request)
        return _reply(401, "请登录后重新请求", None, status=401)

    return closed


def _reply(code: int, message: str, data: Any, status: int = 200) -> Response:
    return json_reply({"code": code, "msg": message, "data": data}, status)


class _Platform:
    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._rows = CameraRows(upstream.key, [c for c in upstream.city.cameras if upstream.key in c.platforms])
        self._pictures = PictureTaker(upstream.city, upstream.behaviour)

    async def login(self, request: Request) -> Response:
        given = {**request.query_params, **dict(parse_qsl((await request.body()).decode()))}
        token = access.login(self._upstream, str(given.get("username", "")), str(given.get("password", "")))
        if token is None:
            return _reply(100, "用户名或密码错误", None)
        return _reply(0, "成功", {"id": 1, "username": access.ACCOUNT[0], "accessToken": token, "serverId": "000000"})

    def devices(self, request: Request) -> Response:
        return self._page(request, self._rows.device, self._wanted(request, "status"))

    def channels(self, request: Request) -> Response:
        return self._page(request, self._rows.channel, self._wanted(request, "online"))

    def device(self, request: Request) -> Response:
        number = self._rows.number_of.get(request.path_params["device_id"])
        if number is None:
            return _reply(404, "设备不存在", None)
        view = self._upstream.behaviour.camera_views([self._rows.cameras[number]], self._upstream.now())[0]
        return json_reply(
            b'{"code":0,"msg":"\xe6\x88\x90\xe5\x8a\x9f","data":' + self._rows.device(number, view) + b"}"
        )

    def device_channels(self, request: Request) -> Response:
        number = self._rows.number_of.get(request.path_params["device_id"])
        if number is None:
            return _reply(404, "设备不存在", None)
        view = self._upstream.behaviour.camera_views([self._rows.cameras[number]], self._upstream.now())[0]
        rows = [self._rows.device_channel(number, view)]
        return _reply(0, "成功", {"total": 1, "list": rows, "pageNum": 1, "pageSize": 1, "size": 1, "pages": 1})

    def _wanted(self, request: Request, online_parameter: str) -> Sequence[int]:
        """Numbers of the cameras that the parameters admit."""
        text, civil = request.query_params.get("query", ""), request.query_params.get("civilCode", "")
        online = request.query_params.get(online_parameter, "")
        cameras = self._rows.cameras
        numbers: Sequence[int] = range(len(cameras))
        if text or civil:
            numbers = [
                number
                for number in numbers
                if (text in cameras[number].name or text in cameras[number].code)
                and cameras[number].street.startswith(civil)
            ]
        if online:
            views = self._upstream.behaviour.camera_views([cameras[n] for n in numbers], self._upstream.now())
            numbers = [n for n, view in zip(numbers, views, strict=True) if view.is_online == (online == "true")]
        return numbers

    def _page(self, request: Request, row: Callable[..., bytes], numbers: Sequence[int]) -> Response:
        """A page in the shape of PageHelper, which starts at 1."""
        number, size = _paging(request)
        pages = -(-len(numbers) // size)
        page = numbers[(number - 1) * size : number * size]
        cameras = [self._rows.cameras[index] for index in page]
        views = self._upstream.behaviour.camera_views(cameras, self._upstream.now())
        rows = b",".join([row(index, view) for index, view in zip(page, views, strict=True)])
        head = to_json({"total": len(numbers), "pageNum": number, "pageSize": size, "size": len(page), "pages": pages})
        opening = '{"code":0,"msg":"成功","data":'.encode()
        return json_reply(b"".join((opening, head[:-1], b',"list":[', rows, b"]}}")))

    async def snapshot(self, request: Request) -> Response:
        number = self._rows.number_of.get(request.path_params["channel_id"])
        if number is None:
            return _reply(404, "通道不存在", None, status=404)
        camera, at = self._rows.cameras[number], self._upstream.now()
        view = (await run_in_threadpool(self._upstream.behaviour.camera_views, [camera], at))[0]
        if view.is_online:
            picture = await run_in_threadpool(self._pictures.picture, camera, at)
            return Response(picture, media_type="image/jpeg", headers={"Cache-Control": "no-store"})
        if crc32(camera.code.encode()) % 4 == 0:
            await asyncio.sleep(_NO_ANSWER_AFTER_S)
            return _reply(486, "设备未响应", None, status=500)
        return _reply(404, "截图失败，设备离线", None, status=404)

    def start(self, request: Request) -> Response:
        channel = request.path_params["channel_id"]
        number = self._rows.number_of.get(channel)
        if number is None:
            return _reply(404, "通道不存在", None)
        view = self._upstream.behaviour.camera_views([self._rows.cameras[number]], self._upstream.now())[0]
        if not view.is_online:
            return _reply(408, "点播超时", None)
        host = request.url.hostname
        stream = f"{request.path_params['device_id']}_{channel}"
        content = {
            "app": "rtp",
            "stream": stream,
            "ip": host,
            "flv": f"http://{host}:80/rtp/{stream}.live.flv",
            "hls": f"http://{host}:80/rtp/{stream}/hls.m3u8",
            "rtsp": f"rtsp://{host}:554/rtp/{stream}",
            "rtc": f"http://{host}:80/index/api/webrtc?app=rtp&stream={stream}&type=play",
            "mediaServerId": "zlmediakit",
            "startTime": local_text(self._upstream.now()),
        }
        return _reply(0, "成功", content)

    def stop(self, request: Request) -> Response:
        return _reply(0, "成功", None)

    def alarms(self, request: Request) -> Response:
        now = self._upstream.now()
        since = _local(request.query_params.get("beginTime")) or now - _ALARMS_FROM
        until = min(_local(request.query_params.get("endTime")) or now, now)
        wanted = request.query_params.get("alarmType", "")
        rows = [
            self._alarm(alarm, self._rows.cameras[self._rows.number_of[alarm.camera]])
            for alarm in reversed(self._upstream.behaviour.video_alarms(since, until))
            if alarm.camera in self._rows.own and wanted in ("", _ALARM_TYPES.get(alarm.type, alarm.type))
        ]
        number, size = _paging(request)
        page = rows[(number - 1) * size : number * size]
        shape = {"total": len(rows), "pageNum": number, "pageSize": size, "pages": -(-len(rows) // size)}
        return _reply(0, "成功", {**shape, "size": len(page), "list": page})

    def _alarm(self, alarm: VideoAlarm, camera: CityCamera) -> dict[str, Any]:
        return {
            "id": crc32(alarm.code.encode()),
            "channelId": self._rows.number_of[camera.code] + 1,
            "channelDeviceId": camera.code,
            "channelName": camera.name,
            "description": alarm.description,
            "snapPath": None,
            "recordPath": None,
            "longitude": camera.lon,
            "latitude": camera.lat,
            "alarmType": _ALARM_TYPES.get(alarm.type, alarm.type),
            "alarmPriority": str(_ALARM_PRIORITIES.get(alarm.type, 4)),
            "alarmTime": epoch_ms(alarm.at),
        }


def _paging(request: Request) -> tuple[int, int]:
    def number(name: str, default: int) -> int:
        text = request.query_params.get(name, "")
        return max(1, int(text)) if text.isdecimal() else default

    return number("page", 1), min(number("count", 15), MAX_COUNT)


def _local(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) if text else None
    except ValueError:
        return None
