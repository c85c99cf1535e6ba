"""Takes a picture: looks up what is going on where a camera looks, has it drawn, and keeps it for a second."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from io import BytesIO
from math import cos, pi
from random import Random
from zlib import crc32
from zoneinfo import ZoneInfo

from simulator.behaviour import Behaviour
from simulator.model import City, CityCamera, CitySensor
from simulator.pictures import effects
from simulator.pictures.canvas import Canvas
from simulator.pictures.defects import Defect, defect_of, empty_picture, frozen_at
from simulator.pictures.light import light_of
from simulator.pictures.scenes import PAINTERS, Situation

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_KEPT_PICTURES = 64
_NEAR_DEGREES = 0.006  # about 600 m: how far a camera's water may be measured from it
_WATER_KINDS = {"underpass": "underpass_water", "river": "river_level", "wharf": "tide_level"}
_QUALITY = 72


class Camera:
    """Draws for every camera of a platform."""

    def __init__(self, city: City, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._sensors = {
            scene: [sensor for sensor in city.sensors if sensor.kind == kind] for scene, kind in _WATER_KINDS.items()
        }
        self._pictures: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def picture(self, camera: CityCamera, at: datetime) -> bytes:
        """A JPEG of 640×360 as `camera` sees it at `at`; the same within a second, and for hours where it is frozen."""
        defect = defect_of(camera)
        if defect is Defect.FROZEN:
            at = frozen_at(camera, at)
        elif defect is not None:
            return empty_picture(defect)
        key = camera.code, int(at.timestamp())
        if key not in self._pictures:
            self._pictures[key] = self._drawn(camera, at.replace(microsecond=0))
            while len(self._pictures) > _KEPT_PICTURES:
                self._pictures.popitem(last=False)
        return self._pictures.get(key) or self._drawn(camera, at)

    def _drawn(self, camera: CityCamera, at: datetime) -> bytes:
        local = at.astimezone(_SHANGHAI)
        seed = crc32(camera.code.encode())
        light = light_of(local, self._behaviour.weather(at, camera.lon, camera.lat))
        canvas = Canvas(light, Random(seed), at.timestamp() % 86400)
        PAINTERS.get(camera.scene, PAINTERS["road"])(canvas, Situation(_bustle(local), self._level(camera, at)))
        effects.shine(canvas)
        effects.veil(canvas)
        effects.rain(canvas, Random(seed ^ int(at.timestamp())))
        effects.stamp(canvas, camera.name, camera.code, local)
        target = BytesIO()
        canvas.image.save(target, "JPEG", quality=_QUALITY)
        return target.getvalue()

    def _level(self, camera: CityCamera, at: datetime) -> float:
        """How high the water stands: the highest reading of the gauges here, 1 at twice the worst limit."""
        return max((self._reading(gauge, at) for gauge in self._gauges(camera)), default=0.0)

    def _reading(self, gauge: CitySensor, at: datetime) -> float:
        quantity = gauge.quantities[0]
        readings = self._behaviour.readings(gauge, 0, at - timedelta(seconds=3 * quantity.interval_s), at)
        limits = [limit for _, limit, above in quantity.limits if above]
        if not readings or not limits:
            return 0.0
        return min(max(readings[-1][1] / (2 * max(limits)), 0.0), 1.0)

    def _gauges(self, camera: CityCamera) -> list[CitySensor]:
        """The nearest gauge and those that stand at the same place, where any is near."""

        def distance(sensor: CitySensor) -> float:
            return max(abs(sensor.lon - camera.lon), abs(sensor.lat - camera.lat))

        gauges = self._sensors.get(camera.scene, [])
        nearest = min(gauges, key=distance, default=None)
        if nearest is None or distance(nearest) > _NEAR_DEGREES:
            return []
        return [nearest, *(gauge for gauge in gauges if gauge.place and gauge.place == nearest.place)]


def _bustle(local: datetime) -> float:
    """How much goes on in the streets: least before dawn, most in the rush hours."""
    hour = local.hour + local.minute / 60
    day = 0.5 - 0.5 * cos((hour - 3) / 24 * 2 * pi)
    rush = max(0.0, 1 - abs(hour - 8) / 1.5, 1 - abs(hour - 18) / 1.5)
    return min(1.0, 0.08 + 0.6 * day + 0.35 * rush)
