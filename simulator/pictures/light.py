"""How light it is: what the hour, the clouds and the haze make of a picture's colours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import cos, pi

from simulator.model import Weather

Colour = tuple[int, int, int]

_NIGHT_SKY: Colour = (14, 18, 34)
_CLEAR_SKY: Colour = (126, 168, 214)
_STORM_SKY: Colour = (92, 98, 106)


@dataclass(frozen=True, slots=True)
class Light:
    """`day` 0 (night) … 1 (noon); `haze` 0 … 1; `rain` 0 … 1 (60 mm/h and more)."""

    day: float
    haze: float
    rain: float
    sky: Colour

    @property
    def is_dark(self) -> bool:
        """Whether lamps are on."""
        return self.day < 0.35 or self.rain > 0.6

    def shaded(self, colour: Colour) -> Colour:
        """A surface's colour in this light."""
        share = 0.4 + 0.6 * self.day
        lit = mixed((colour[0], colour[1], colour[2]), self.sky, 0.1)
        red, green, blue = (int(part * share) for part in lit)
        return red, green, min(255, int(blue + 12 * (1 - self.day)))


def light_of(local: datetime, weather: Weather) -> Light:
    """The light at a local time in a weather."""
    hour = local.hour + local.minute / 60
    sun = -cos((hour - 0.5) / 24 * 2 * pi)  # highest at half past twelve
    rain = min(weather.rain_mmph / 60, 1.0)
    day = min(max(0.5 + sun * 1.6, 0.0), 1.0) * (1 - 0.45 * rain)
    open_sky = mixed(_CLEAR_SKY, _STORM_SKY, min(rain * 4, 1.0))
    haze = min(max(1 - weather.visibility_km / 8, 0.0), 0.75)
    return Light(day, haze, rain, mixed(_NIGHT_SKY, open_sky, day))


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """`first` with a `share` of `second`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue
