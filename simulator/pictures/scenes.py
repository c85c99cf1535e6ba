"""One painter per kind of scene. `level` is 0 (dry, low) … 1 (flooded) where there is water to see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.pictures.canvas import HEIGHT, WIDTH, Canvas

Painter = Callable[[Canvas, "Situation"], None]


@dataclass(frozen=True, slots=True)
class Situation:
    """What goes on before the camera: `bustle` 0 … 1 as the hour has it, `level` of water 0 … 1."""

    bustle: float
    level: float


def road(canvas: Canvas, situation: Situation) -> None:
    """A street with trees and traffic."""
    canvas.sky(140)
    canvas.skyline(140)
    canvas.street(138)
    canvas.trees(140)
    canvas.traffic(138, 2 + int(12 * situation.bustle))


def junction(canvas: Canvas, situation: Situation) -> None:
    """A crossing with zebra stripes and signals."""
    canvas.sky(120)
    canvas.skyline(120, 100)
    canvas.street(118, 560)
    canvas.box(0, 196, WIDTH, 250, (98, 100, 102))
    for x in range(30, 620, 34):
        canvas.fill(
            [(x, 262), (x + 18, 262), (x + 16 + (x - 320) * 0.1, 292), (x - 6 + (x - 320) * 0.1, 292)], (222, 222, 216)
        )
    canvas.traffic(118, 3 + int(10 * situation.bustle), 560)
    is_green = int(canvas.second / 35) % 2 == 0
    for x in (96, 548):
        canvas.box(x - 2, 70, x + 2, 214, (70, 72, 76))
        canvas.box(x - 8, 62, x + 8, 96, (30, 32, 34))
        canvas.lamp(x, 88 if is_green else 70, 5, (60, 230, 110) if is_green else (240, 50, 40))
    canvas.crowd(int(8 * situation.bustle), 240)


def underpass(canvas: Canvas, situation: Situation) -> None:
    """A road that dips under a bridge, a depth gauge on its wall, and the water when there is any."""
    canvas.sky(96)
    canvas.skyline(96, 60)
    canvas.fill([(0, 96), (WIDTH, 96), (WIDTH, 170), (0, 170)], (148, 146, 140))
    canvas.fill([(0, 120), (190, 166), (190, 250), (0, HEIGHT)], (126, 124, 118))
    canvas.fill([(WIDTH, 120), (450, 166), (450, 250), (WIDTH, HEIGHT)], (122, 120, 114))
    canvas.fill([(190, 240), (450, 240), (WIDTH, HEIGHT), (0, HEIGHT)], (112, 110, 106))
    canvas.box(190, 166, 450, 250, (44, 46, 50))
    canvas.fill([(214, 250), (426, 250), (600, HEIGHT), (40, HEIGHT)], (82, 86, 90))
    canvas.box(196, 150, 444, 164, (214, 178, 48))
    for x in (236, 320, 404):
        canvas.lamp(x, 178, 5)
    if situation.level < 0.35:
        canvas.traffic(220, int(5 * situation.bustle), 260)
    _gauge(canvas, 148, 300, 24)
    if situation.level > 0.02:
        _flood(canvas, 348 - 120 * situation.level)


def _gauge(canvas: Canvas, left: int, bottom: int, steps: int) -> None:
    """A staff gauge: red and white marks."""
    for step in range(steps):
        top = bottom - (step + 1) * 5
        canvas.box(left, top, left + 14, top + 5, (226, 226, 226) if step % 2 else (196, 40, 36))


def _flood(canvas: Canvas, top: float) -> None:
    """Standing water over the road, mirroring the portal."""
    canvas.water(top, (92, 84, 70))
    mirror = canvas.light.shaded((60, 58, 56))
    canvas.draw.ellipse((230, top + 2, 410, top + 22), fill=mirror)


def river(canvas: Canvas, situation: Situation) -> None:
    """A river with its embankment; the water climbs the wall."""
    canvas.sky(130)
    canvas.skyline(134, 80)
    canvas.box(0, 134, WIDTH, 176, (112, 122, 98))
    canvas.water(176 - 22 * situation.level)
    canvas.fill([(0, HEIGHT), (0, 300), (WIDTH, 338), (WIDTH, HEIGHT)], (146, 142, 134))
    for x in range(0, WIDTH, 40):
        canvas.box(x, 276 + x * 0.06, x + 4, 306 + x * 0.06, (180, 180, 176))
    canvas.fill([(0, 278), (WIDTH, 316), (WIDTH, 320), (0, 282)], (190, 190, 186))
    _gauge(canvas, 520, 262, 20)


def gate(canvas: Canvas, situation: Situation) -> None:
    """An entrance with a guard's house, a barrier and people."""
    canvas.sky(110)
    canvas.skyline(120, 110)
    canvas.box(0, 120, WIDTH, 250, (172, 160, 142))
    canvas.box(190, 96, 450, 250, (196, 186, 166))
    canvas.box(214, 150, 426, 252, (92, 96, 98))
    canvas.fill([(0, 250), (WIDTH, 250), (WIDTH, HEIGHT), (0, HEIGHT)], (120, 120, 118))
    canvas.box(460, 176, 540, 262, (214, 214, 208))
    canvas.box(470, 190, 530, 224, (70, 90, 104))
    for x in range(214, 426, 24):
        canvas.box(x, 236, x + 12, 242, (208, 44, 40))
    canvas.lamp(320, 130, 9)
    canvas.crowd(2 + int(9 * situation.bustle), 256)


def compound(canvas: Canvas, situation: Situation) -> None:
    """A residential compound between slabs of flats."""
    canvas.sky(90)
    for left, top in ((0, 30), (150, 60), (330, 46), (500, 22)):
        canvas.box(left, top, left + 132, 236, (186, 172, 150))
        canvas.windows(left, top, 132, 200)
    canvas.fill([(0, 232), (WIDTH, 232), (WIDTH, HEIGHT), (0, HEIGHT)], (110, 128, 92))
    canvas.fill([(280, 232), (360, 232), (500, HEIGHT), (140, HEIGHT)], (140, 138, 132))
    for x in (60, 120, 530, 590):
        canvas.vehicle(x, 292, 0.5, canvas.rng.choice(((220, 222, 224), (44, 46, 50), (140, 30, 32))))
    canvas.lamp(262, 150, 8)
    canvas.crowd(1 + int(6 * situation.bustle), 248)


def school(canvas: Canvas, situation: Situation) -> None:
    """A school's front with its flag and yard."""
    canvas.sky(100)
    canvas.box(40, 84, 600, 226, (214, 196, 170))
    canvas.windows(40, 84, 560, 130)
    canvas.fill([(0, 226), (WIDTH, 226), (WIDTH, HEIGHT), (0, HEIGHT)], (156, 92, 74))
    canvas.fill([(60, 250), (580, 250), (640, 330), (0, 330)], (92, 132, 96))
    canvas.box(318, 40, 321, 250, (190, 190, 190))
    canvas.box(321, 40, 352, 60, (214, 32, 36))
    canvas.crowd(int(16 * situation.bustle), 240)


def market(canvas: Canvas, situation: Situation) -> None:
    """Stalls under awnings and people between them."""
    canvas.sky(80)
    canvas.box(0, 60, WIDTH, 200, (150, 144, 136))
    canvas.fill([(0, 200), (WIDTH, 200), (WIDTH, HEIGHT), (0, HEIGHT)], (130, 126, 120))
    for index, left in enumerate(range(-10, WIDTH, 110)):
        awning = ((178, 60, 52), (58, 110, 146), (70, 128, 84))[index % 3]
        canvas.fill([(left, 130), (left + 100, 130), (left + 112, 164), (left - 12, 164)], awning)
        canvas.box(left + 4, 196, left + 96, 226, (176, 140, 96))
        for step in range(6):
            canvas.box(
                left + 8 + step * 15,
                186,
                left + 18 + step * 15,
                196,
                canvas.rng.choice(((206, 120, 40), (88, 140, 60), (196, 52, 44))),
            )
        canvas.lamp(left + 50, 172, 6)
    canvas.crowd(4 + int(20 * situation.bustle), 226)


def wharf(canvas: Canvas, situation: Situation) -> None:
    """A quay with cranes, containers and a ship."""
    canvas.sky(150)
    canvas.water(150 - 8 * situation.level, (104, 112, 104))
    x = (canvas.rng.uniform(0, WIDTH) + canvas.second * 1.5) % (WIDTH + 260) - 240
    canvas.fill([(x, 168), (x + 230, 168), (x + 206, 194), (x + 20, 194)], (120, 44, 40))
    canvas.box(x + 160, 134, x + 200, 168, (220, 220, 214))
    canvas.fill([(0, 236), (WIDTH, 220), (WIDTH, HEIGHT), (0, HEIGHT)], (136, 132, 124))
    for left in (90, 330, 540):
        canvas.box(left, 60, left + 8, 240, (206, 112, 40))
        canvas.box(left + 44, 60, left + 52, 240, (206, 112, 40))
        canvas.box(left - 60, 56, left + 92, 66, (206, 112, 40))
        canvas.lamp(left + 26, 54, 6)
    for left in range(10, 600, 74):
        for storey in range(canvas.rng.randint(1, 3)):
            paint = canvas.rng.choice(((150, 54, 44), (44, 88, 130), (70, 120, 76), (190, 150, 60)))
            canvas.box(left, 290 - storey * 26, left + 68, 314 - storey * 26, paint)


def park(canvas: Canvas, situation: Situation) -> None:
    """Lawns, trees and a path."""
    canvas.sky(130)
    canvas.skyline(126, 50)
    canvas.fill([(0, 126), (WIDTH, 126), (WIDTH, HEIGHT), (0, HEIGHT)], (96, 132, 78))
    canvas.fill([(300, 126), (330, 126), (560, HEIGHT), (260, HEIGHT)], (176, 164, 140))
    canvas.trees(130)
    canvas.crowd(int(12 * situation.bustle), 200)


PAINTERS: dict[str, Painter] = {
    "road": road,
    "junction": junction,
    "underpass": underpass,
    "river": river,
    "gate": gate,
    "compound": compound,
    "school": school,
    "market": market,
    "wharf": wharf,
    "park": park,
}
"""Painters by `CityCamera.scene`."""
