"""What lies over a whole picture: haze, lamps, rain on the lens, the sensor's grain, and the stamp."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from simulator.pictures.canvas import HEIGHT, WIDTH, Canvas

_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Medium.ttc",
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
)
_WEEKDAYS = "一二三四五六日"
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def shine(canvas: Canvas) -> None:
    """Lamps, blurred into halos, when it is dark; small and hard by day."""
    if not canvas.light.is_dark:
        for x, y, size, colour in canvas.lamps:
            canvas.draw.ellipse((x - size / 4, y - size / 4, x + size / 4, y + size / 4), fill=colour)
        return
    # the halos are made at a quarter of the size: blurring is what costs, and nobody sees the difference
    halo = Image.new("RGB", (WIDTH // 4, HEIGHT // 4))
    pen = ImageDraw.Draw(halo)
    for x, y, size, colour in canvas.lamps:
        pen.ellipse(((x - size) / 4, (y - size) / 4, (x + size) / 4, (y + size) / 4), fill=colour)
        if canvas.light.rain > 0.05 and y > HEIGHT / 3:
            pen.line([(x / 4, y / 4), (x / 4, (y + size * 6) / 4)], fill=tuple(part // 3 for part in colour))
    glow = halo.filter(ImageFilter.GaussianBlur(2)).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    canvas.image = ImageChops.screen(canvas.image, glow)
    canvas.draw = ImageDraw.Draw(canvas.image)
    for x, y, size, colour in canvas.lamps:
        core = size / 3
        canvas.draw.ellipse((x - core, y - core, x + core, y + core), fill=colour)


def veil(canvas: Canvas) -> None:
    """Haze and heavy rain take the contrast."""
    share = max(canvas.light.haze * 0.5, canvas.light.rain * 0.25)
    if share > 0.02:
        fog = Image.new("RGB", (WIDTH, HEIGHT), canvas.light.shaded((188, 192, 196)))
        canvas.image = Image.blend(canvas.image, fog, share)
        canvas.draw = ImageDraw.Draw(canvas.image)


def rain(canvas: Canvas, rng: Random) -> None:
    """Streaks, slanting with the wind, other ones each second."""
    count = int(360 * canvas.light.rain)
    if count == 0:
        return
    mask = Image.new("L", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(mask)
    for _ in range(count):
        x, y, length = rng.uniform(-30, WIDTH), rng.uniform(-20, HEIGHT), rng.uniform(10, 34)
        pen.line([(x, y), (x + length * 0.25, y + length)], fill=rng.randint(40, 130))
    canvas.image.paste((206, 212, 220), (0, 0, WIDTH, HEIGHT), mask)


def stamp(canvas: Canvas, name: str, code: str, local: datetime) -> None:
    """Time at the top, place and code at the bottom, as recorders burn them in."""
    font, has_chinese = _font(19)
    if has_chinese:
        weekday = f"星期{_WEEKDAYS[local.weekday()]}"
        _write(canvas, (14, 10), f"{local:%Y年%m月%d日} {weekday} {local:%H:%M:%S}", font, "lt")
        _write(canvas, (WIDTH - 14, HEIGHT - 30), name, font, "rb")
    else:
        _write(canvas, (14, 10), f"{local:%Y-%m-%d %H:%M:%S}", font, "lt")
    _write(canvas, (WIDTH - 14, HEIGHT - 10), code, _font(14)[0], "rb")


def _write(canvas: Canvas, at: tuple[int, int], text: str, font: Font, anchor: str) -> None:
    canvas.draw.text(at, text, fill=(250, 250, 250), font=font, anchor=anchor, stroke_width=2, stroke_fill=(20, 20, 20))


@lru_cache
def _font(size: int) -> tuple[Font, bool]:
    """A font and whether it has Chinese; Pillow's own, without, where the machine has none."""
    for path in _FONTS:
        if Path(path).exists():
            return ImageFont.truetype(path, size, index=0), True
    return ImageFont.load_default(size), False
