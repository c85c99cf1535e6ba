"""Things that stand in many scenes: sky, skyline, street, vehicles, people, trees, lamps, water."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw

from simulator.pictures.light import Colour, Light, mixed

WIDTH, HEIGHT = 640, 360
_LAMP: Colour = (255, 226, 160)
_PAINTS: tuple[Colour, ...] = (
    (226, 228, 230), (40, 42, 46), (150, 154, 160), (140, 28, 30), (36, 66, 128), (60, 120, 82), (198, 170, 60),
)  # fmt: skip


class Canvas:
    """A picture in the making. `rng` is the camera's own: what it decides is the same in every picture."""

    def __init__(self, light: Light, rng: Random, second: float) -> None:
        self.light = light
        self.rng = rng
        self.second = second
        self.image = Image.new("RGB", (WIDTH, HEIGHT), light.sky)
        self.draw = ImageDraw.Draw(self.image)
        self.lamps: list[tuple[float, float, float, Colour]] = []

    def fill(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """A polygon in this light."""
        self.draw.polygon(points, fill=self.light.shaded(colour))

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """An upright rectangle in this light."""
        if right > left and bottom > top:
            self.draw.rectangle((left, top, right, bottom), fill=self.light.shaded(colour))

    def lamp(self, x: float, y: float, size: float, colour: Colour = _LAMP) -> None:
        """A light that shines when it is dark; drawn last, over everything."""
        self.lamps.append((x, y, size, colour))

    def sky(self, horizon: int) -> None:
        """From zenith to a paler horizon."""
        for y in range(0, horizon, 4):
            shade = mixed(self.light.sky, (210, 214, 216), 0.45 * y / horizon * self.light.day)
            self.draw.rectangle((0, y, WIDTH, y + 4), fill=shade)

    def skyline(self, horizon: int, tallest: int = 90) -> None:
        """Buildings along the horizon, some windows lit at night."""
        x = -20.0
        while x < WIDTH:
            width, height = self.rng.randint(34, 88), self.rng.randint(24, tallest)
            grey = self.rng.randint(110, 175)
            self.box(x, horizon - height, x + width, horizon, (grey, grey - 4, grey - 12))
            self.windows(x, horizon - height, width, height)
            x += width + self.rng.randint(0, 14)

    def windows(self, left: float, top: float, width: int, height: int) -> None:
        """A front's windows, some of them lit at night."""
        for row in range(7, height - 8, 12):
            for column in range(6, width - 8, 12):
                is_lit = self.rng.random() < 0.35
                dark = self.light.shaded((86, 98, 112))
                colour = mixed(dark, _LAMP, 0.75) if is_lit and self.light.day < 0.3 else dark
                self.draw.rectangle((left + column, top + row, left + column + 6, top + row + 6), fill=colour)

    def street(self, horizon: int, spread: float = 420, lanes: int = 4) -> None:
        """A street that runs away from the camera; darker and shining when wet."""
        wet = self.light.rain
        asphalt = mixed((104, 106, 108), (58, 64, 72), min(wet * 2, 1.0))
        self.fill([(0, HEIGHT), (0, horizon), (WIDTH, horizon), (WIDTH, HEIGHT)], (134, 132, 124))
        self.fill([(310, horizon), (330, horizon), (320 + spread, HEIGHT), (320 - spread, HEIGHT)], asphalt)
        for lane in range(1, lanes):
            offset = (lane / lanes * 2 - 1) * spread
            for near in (0.12, 0.24, 0.4, 0.6, 0.85):
                self._dash(horizon, offset, near, is_solid=lane * 2 == lanes)
        if wet > 0.1:
            for _ in range(14):
                x, y = self.rng.uniform(60, 580), self.rng.uniform(horizon + 60, HEIGHT)
                size = self.rng.uniform(8, 40) * wet * 1.6
                self.draw.ellipse(
                    (x - size, y - size / 6, x + size, y + size / 6), fill=mixed(asphalt, self.light.sky, 0.5)
                )

    def _dash(self, horizon: int, offset: float, near: float, is_solid: bool) -> None:
        far = near * (1.5 if not is_solid else 1.9)
        top, bottom = horizon + (HEIGHT - horizon) * near, horizon + (HEIGHT - horizon) * min(far, 1.1)
        paint = (224, 196, 90) if is_solid else (214, 214, 208)
        ends = [(320 + offset * near, top), (320 + offset * min(far, 1.1), bottom)]
        self.draw.line(ends, fill=self.light.shaded(paint), width=max(1, int(4 * near)))

    def traffic(self, horizon: int, count: int, spread: float = 420) -> None:
        """Vehicles that drive on from one second to the next, far ones first."""
        vehicles = []
        for _ in range(count):
            lane, pace = self.rng.choice((-0.75, -0.25, 0.25, 0.75)), self.rng.uniform(0.05, 0.11)
            start, paint, is_bus = self.rng.random(), self.rng.choice(_PAINTS), self.rng.random() < 0.12
            along = (start + self.second * pace) % 1.0
            vehicles.append((along if lane < 0 else 1 - along, lane, paint, is_bus))
        for near, lane, paint, is_bus in sorted(vehicles, key=lambda vehicle: vehicle[0]):
            depth = 0.05 + near**2
            self.vehicle(
                320 + lane * spread * depth, horizon + (HEIGHT - horizon) * depth, depth, paint, lane < 0, is_bus
            )

    def vehicle(
        self, x: float, y: float, scale: float, paint: Colour, comes: bool = True, is_bus: bool = False
    ) -> None:
        """A car or bus seen from the front (it comes) or from behind, standing on `y`."""
        width, height = (120 * scale, 150 * scale) if is_bus else (104 * scale, 70 * scale)
        self.draw.ellipse(
            (x - width / 2, y - 5 * scale, x + width / 2, y + 9 * scale), fill=self.light.shaded((40, 42, 46))
        )
        self.box(x - width / 2, y - height * 0.62, x + width / 2, y - 4 * scale, paint)
        self.box(x - width * 0.4, y - height, x + width * 0.4, y - height * 0.56, (52, 62, 74))
        light = (255, 246, 214) if comes else (230, 40, 30)
        for side in (-0.38, 0.38):
            self.lamp(x + width * side, y - height * 0.36, 9 * scale, light)

    def person(self, x: float, y: float, scale: float, has_umbrella: bool) -> None:
        """Somebody standing on `y`."""
        coat = self.rng.choice(_PAINTS)
        self.box(x - 5 * scale, y - 20 * scale, x - 1 * scale, y, (46, 48, 56))
        self.box(x + 1 * scale, y - 20 * scale, x + 5 * scale, y, (46, 48, 56))
        self.box(x - 7 * scale, y - 42 * scale, x + 7 * scale, y - 18 * scale, coat)
        head = self.light.shaded((205, 170, 140))
        self.draw.ellipse((x - 5 * scale, y - 54 * scale, x + 5 * scale, y - 43 * scale), fill=head)
        if has_umbrella:
            cover = self.light.shaded(self.rng.choice(_PAINTS))
            self.draw.pieslice((x - 20 * scale, y - 72 * scale, x + 20 * scale, y - 38 * scale), 180, 360, fill=cover)

    def crowd(self, count: int, top: int) -> None:
        """People walking to and fro, far ones first; umbrellas in the rain."""
        places = sorted((self.rng.uniform(top, HEIGHT - 8), self.rng.uniform(0, WIDTH)) for _ in range(count))
        for y, x in places:
            pace = self.rng.uniform(-9, 9)
            scale = 0.35 + 0.9 * (y - top) / (HEIGHT - top)
            self.person((x + self.second * pace) % WIDTH, y, scale, self.light.rain > 0.05)

    def trees(self, horizon: int) -> None:
        """Two rows of street trees, with a lamp between them."""
        for near in (0.1, 0.2, 0.36, 0.6):
            for side in (-1, 1):
                x, y, size = 320 + side * (60 + 460 * near), horizon + 40 * near, 26 + 130 * near
                self.box(x - size / 14, y - size, x + size / 14, y + 14 * near, (92, 74, 58))
                green = self.rng.randint(70, 110)
                crown = self.light.shaded((green - 22, green + 14, green - 34))
                self.draw.ellipse((x - size / 2, y - size * 1.7, x + size / 2, y - size * 0.6), fill=crown)
            self.lamp(320 - 40 - 330 * near, horizon - 60 * near - 14, 4 + 12 * near)

    def water(self, top: float, colour: Colour = (96, 108, 98)) -> None:
        """Water from `top` down, with ripples that move."""
        self.box(0, top, WIDTH, HEIGHT, colour)
        for _ in range(70):
            y = self.rng.uniform(top + 3, HEIGHT)
            length = 6 + 40 * (y - top) / (HEIGHT - top)
            x = (self.rng.uniform(0, WIDTH) + self.second * 4) % WIDTH
            shade = self.light.shaded(mixed(colour, (180, 190, 190), self.rng.uniform(0.1, 0.4)))
            self.draw.line([(x, y), (x + length, y)], fill=shade)
