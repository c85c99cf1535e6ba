"""Cameras whose platform calls them online while their picture stands still or shows nothing, as in every real city."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from io import BytesIO
from zlib import crc32

from PIL import Image

from simulator.model import CityCamera
from simulator.pictures.canvas import HEIGHT, WIDTH

SHARES = {"underpass": 0.05}
"""Share of a scene's cameras that have a defect: what is wet fails more often."""

ELSEWHERE = 0.006
FROZEN_FOR = timedelta(hours=3)
_PARTS = 1_000_003
_BLUE = (24, 44, 150)


class Defect(StrEnum):
    """What may be wrong with a camera's picture."""

    FROZEN = "frozen"  # the same picture for hours, its clock too
    BLACK = "black"
    BLANK = "blank"  # one colour, as recorders send without a signal


_KINDS = (Defect.FROZEN, Defect.FROZEN, Defect.FROZEN, Defect.BLACK, Defect.BLANK)


def defect_of(camera: CityCamera) -> Defect | None:
    """What is wrong with this camera's picture, for as long as the city exists."""
    draw = crc32(f"defect {camera.code}".encode())
    if draw % _PARTS >= SHARES.get(camera.scene, ELSEWHERE) * _PARTS:
        return None
    return _KINDS[draw // _PARTS % len(_KINDS)]


def frozen_at(camera: CityCamera, at: datetime) -> datetime:
    """The time whose picture a frozen camera shows; every few hours somebody restarts it."""
    period_s = FROZEN_FOR.total_seconds()
    phase_s = crc32(camera.code.encode()) % period_s
    since_s = (at.timestamp() - phase_s) // period_s * period_s + phase_s
    return datetime.fromtimestamp(since_s, at.tzinfo)


def empty_picture(defect: Defect) -> bytes:
    """A picture with nothing in it."""
    target = BytesIO()
    colour = _BLUE if defect is Defect.BLANK else (3, 3, 4)
    Image.new("RGB", (WIDTH, HEIGHT), colour).save(target, "JPEG", quality=72)
    return target.getvalue()
