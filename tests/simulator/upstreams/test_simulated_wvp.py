"""WVP platforms: who may ask, pages, keep-alives that tell the truth where status words lie, pictures, alarms."""

from __future__ import annotations

import hashlib
from io import BytesIO
from zlib import crc32

import pytest
from conftest import District
from PIL import Image
from tiny_district import CITY, START

DEVICES = "/api/device/query/devices"
CHANNELS = "/api/common/channel/list"
KNOWN = [camera for camera in CITY.cameras if "police-video" in camera.platforms]
DEAD = [camera.code for camera in KNOWN if camera.code.endswith("0")]


def _login(district: District, password: str = "onescreen-demo") -> dict:
    digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
    return district.get("/police-video/api/user/login", username="onescreen", password=digest).json()


def test_nothing_is_told_without_credentials(district: District) -> None:
    reply = district.get(f"/police-video{DEVICES}")
    assert (reply.status_code, reply.json()["code"]) == (401, 401)


def test_token_opens_for_thirty_minutes(district: District) -> None:
    headers = {"access-token": _login(district)["data"]["accessToken"]}
    assert district.client.get(f"/police-video{DEVICES}", headers=headers).json()["code"] == 0
    district.clock.advance(1801)
    assert district.client.get(f"/police-video{DEVICES}", headers=headers).status_code == 401


def test_token_of_one_platform_is_nothing_to_the_other(district: District) -> None:
    headers = {"access-token": _login(district)["data"]["accessToken"]}
    assert district.client.get(f"/urban-video{DEVICES}", headers=headers).status_code == 401


def test_wrong_password_is_an_error_inside_a_200(district: District) -> None:
    assert _login(district, "guess")["code"] == 100


def test_login_takes_a_form_as_well(district: District) -> None:
    digest = hashlib.md5(b"onescreen-demo", usedforsecurity=False).hexdigest()
    form = {"username": "onescreen", "password": digest}
    assert district.client.post("/police-video/api/user/login", data=form).json()["code"] == 0


@pytest.mark.parametrize("path", [DEVICES, CHANNELS])
def test_pages_hold_every_camera_once(district: District, path: str) -> None:
    pages = [district.video(path, page=str(page), count="15").json()["data"] for page in (1, 2, 3)]
    codes = [row.get("deviceId") or row["gbDeviceId"] for page in pages for row in page["list"]]
    assert sorted(codes) == sorted(camera.code for camera in KNOWN)
    assert pages[0] | {"total": len(KNOWN), "pages": 3, "pageNum": 1, "pageSize": 15} == pages[0]


def test_keepalives_tell_which_cameras_are_dead_whatever_the_status_word_says(district: District) -> None:
    devices = {row["id"]: row for row in district.video(DEVICES, count="5000").json()["data"]["list"]}
    channels = district.video(CHANNELS, count="5000").json()["data"]["list"]
    silent = []
    for channel in channels:
        device = devices[channel["dataDeviceId"]]
        age_s = START.timestamp() - device["keepaliveTimeStamp"] / 1000
        if age_s > device["heartBeatInterval"] * device["heartBeatCount"]:
            silent.append(channel["gbDeviceId"])
    assert silent == DEAD
    words = {channel["gbStatus"] for channel in channels if channel["gbDeviceId"] in DEAD}
    assert words == {"ON", "OFF"}


def test_positions_are_in_the_coordinate_system_of_the_device(district: District) -> None:
    channels = {row["gbDeviceId"]: row for row in district.video(CHANNELS, count="500").json()["data"]["list"]}
    for row in district.video(DEVICES, count="500").json()["data"]["list"]:
        camera = next(camera for camera in CITY.cameras if camera.code == row["deviceId"])
        shift = abs(channels[row["deviceId"]]["gbLongitude"] - camera.lon)
        assert (shift > 0.003) == (row["geoCoordSys"] == "GCJ02")


def test_channels_of_a_device_and_a_device_alone(district: District) -> None:
    code = KNOWN[1].code
    assert district.video(f"{DEVICES}/{code}").json()["data"]["deviceId"] == code
    assert district.video(f"{DEVICES}/{code}/channels").json()["data"]["list"][0]["deviceId"] == code
    assert district.video(f"{DEVICES}/none").json()["code"] == 404


def test_query_and_online_narrow_the_list(district: District) -> None:
    assert district.video(CHANNELS, query="友谊路12号").json()["data"]["total"] == 1
    assert district.video(CHANNELS, online="false").json()["data"]["total"] == len(DEAD)


def test_snapshot_of_a_living_camera_is_a_jpeg(district: District) -> None:
    code = next(camera.code for camera in KNOWN if camera.code not in DEAD)
    reply = district.video(f"/api/device/query/snap/{code}/{code}")
    assert reply.headers["content-type"] == "image/jpeg"
    assert Image.open(BytesIO(reply.content)).size == (640, 360)


def test_dead_camera_gives_neither_picture_nor_stream(district: District) -> None:
    code = next(code for code in DEAD if crc32(code.encode()) % 4)  # the others keep one waiting first
    assert district.video(f"/api/device/query/snap/{code}/{code}").status_code == 404
    assert district.video(f"/api/play/start/{code}/{code}").json()["code"] == 408


def test_playing_names_streams_and_stops(district: District) -> None:
    code = next(camera.code for camera in KNOWN if camera.code not in DEAD)
    assert district.video(f"/api/play/start/{code}/{code}").json()["data"]["stream"] == f"{code}_{code}"
    assert district.video(f"/api/play/stop/{code}/{code}").json()["code"] == 0


def test_alarms_of_a_time(district: District) -> None:
    alarm = district.video("/api/alarm/list").json()["data"]["list"][0]
    assert alarm | {"alarmType": "CrowdGathering", "channelDeviceId": CITY.cameras[0].code} == alarm
    later = district.video("/api/alarm/list", beginTime="2026-11-22 04:58:00").json()["data"]
    assert later["total"] == 0
