"""Pictures: the same for the same second, other ones as time, weather and water go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image, ImageStat
from tiny_district import CITY, SCENES, START, TinyBehaviour

from simulator.model import CityCamera
from simulator.pictures import Camera
from simulator.pictures.defects import FROZEN_FOR, Defect, defect_of, frozen_at
from simulator.pictures.scenes import PAINTERS

NOON = START.replace(hour=4)
NIGHT = START.replace(hour=16)


def _picture(number: int, at: datetime, rain_mmph: float = 0.0) -> bytes:
    behaviour = TinyBehaviour()
    behaviour.rain_mmph = rain_mmph
    return Camera(CITY, behaviour).picture(CITY.cameras[number], at)


def _brightness(picture: bytes) -> float:
    return float(ImageStat.Stat(Image.open(BytesIO(picture)).convert("L")).mean[0])


@pytest.mark.parametrize("number", range(len(SCENES)))
def test_every_scene_is_drawn_the_same_again(number: int) -> None:
    picture = _picture(number, NOON)
    assert Image.open(BytesIO(picture)).size == (640, 360)
    assert picture == _picture(number, NOON)


def test_every_scene_has_a_painter() -> None:
    assert PAINTERS.keys() == set(SCENES)


def test_next_second_is_another_picture() -> None:
    assert _picture(0, NOON) != _picture(0, NOON + timedelta(seconds=1))


def test_two_cameras_do_not_see_the_same() -> None:
    assert _picture(0, NOON) != _picture(10, NOON)


def test_night_and_storm_are_darker() -> None:
    noon = _brightness(_picture(0, NOON))
    assert _brightness(_picture(0, NIGHT)) < 0.5 * noon
    assert _brightness(_picture(0, NOON, rain_mmph=60)) < noon


def test_underpass_shows_the_water_that_its_gauge_reads() -> None:
    dry = NOON  # the tiny district's gauges read the minute of the hour: 0 cm now, 45 cm later
    flooded = NOON + timedelta(minutes=45)
    road = [_bottom(_picture(2, at)) for at in (dry, flooded)]
    assert sum(abs(a - b) for a, b in zip(*road, strict=True)) > 10


def test_unknown_scene_is_a_street() -> None:
    camera = replace(CITY.cameras[0], scene="volcano")
    assert Camera(CITY, TinyBehaviour()).picture(camera, NOON) == _picture(0, NOON)


def _bottom(picture: bytes) -> list[float]:
    strip = Image.open(BytesIO(picture)).crop((60, 300, 400, 340))
    return [float(mean) for mean in ImageStat.Stat(strip).mean]


def _defective(defect: Defect) -> CityCamera:
    cameras = (replace(CITY.cameras[2], code=f"{number:020d}") for number in range(5_000))
    return next(camera for camera in cameras if defect_of(camera) is defect)


def test_a_frozen_camera_shows_the_same_for_hours_and_moves_when_somebody_restarts_it() -> None:
    camera = _defective(Defect.FROZEN)
    taker = Camera(CITY, TinyBehaviour())
    restarted_at = frozen_at(camera, NOON) + FROZEN_FOR
    pictures = [taker.picture(camera, restarted_at + timedelta(minutes=minutes)) for minutes in (-1, 0, 1, 170)]
    assert pictures[0] != pictures[1]
    assert pictures[1] == pictures[2] == pictures[3]


@pytest.mark.parametrize("defect", [Defect.BLACK, Defect.BLANK])
def test_a_dead_camera_shows_nothing(defect: Defect) -> None:
    picture = Camera(CITY, TinyBehaviour()).picture(_defective(defect), NOON)
    assert max(ImageStat.Stat(Image.open(BytesIO(picture))).stddev) < 2


def test_few_cameras_have_a_defect() -> None:
    cameras = [replace(CITY.cameras[0], code=f"{number:020d}") for number in range(5_000)]
    assert 5 <= sum(defect_of(camera) is not None for camera in cameras) <= 100
