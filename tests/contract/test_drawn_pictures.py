"""Cards that software shows where a camera gives no picture: as motion 4.5.1 was seen to, grey with a running clock."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from fake_upstream import Upstream
from PIL import Image, ImageDraw
from test_camera_list import OFF, ON, UNKNOWN, Listed

from situation.clock import FakeClock
from situation.pictures.looking import is_drawn

SIZE = (640, 480)


def jpeg(image: Image.Image) -> bytes:
    body = BytesIO()
    image.save(body, "JPEG", quality=75)
    return body.getvalue()


def card(clock: str, tone: tuple[int, int, int] = (128, 128, 128)) -> bytes:
    """The card of motion: where since when, and its `text_right`, which goes on."""
    image = Image.new("RGB", SIZE, tone)
    draw = ImageDraw.Draw(image)
    draw.text((10, 10), "CONNECTION TO CAMERA LOST\nSINCE 2026-08-09 13:27:26", "white")
    draw.text((560, 455), f"2026-08-09\n{clock}", "white")
    return jpeg(image)


def street(seed: int, fog: float = 1.0) -> bytes:
    """A picture with noise; the thicker the fog, the plainer."""
    noise = np.random.default_rng(seed).normal(0, 12 * fog, (SIZE[1], SIZE[0]))
    light = np.linspace(180, 190, SIZE[1])[:, None] + noise
    return jpeg(Image.fromarray(light.clip(0, 255).astype(np.uint8), "L"))


def moving_picture(step: int) -> bytes:
    """What a virtual ONVIF camera (ipycam) shows: a square that goes across dark grey."""
    image = Image.new("RGB", (640, 360), (40, 40, 40))
    draw = ImageDraw.Draw(image)
    draw.rectangle((step * 7, 150, step * 7 + 40, 190), fill=(255, 200, 0))
    draw.text((20, 60), f"ONVIF {step}", "white")
    return jpeg(image)


def test_card_with_a_running_clock_is_no_sign_of_life(upstream: Upstream, clock: FakeClock) -> None:
    listed = Listed(upstream, clock)
    listed.write("a,门,31.4,121.48,/a.jpg,online,")
    found = []
    for body in (street(1), street(2), card("14:01:00"), card("14:02:00"), card("14:03:00"), street(3)):
        upstream.pages["/a.jpg"] = body
        found.extend(listed.states(60))
    assert found == [UNKNOWN, ON, ON, OFF, OFF, ON]


@pytest.mark.parametrize("tone", [(128, 128, 128), (0, 90, 200)])
def test_cards_are_known_by_their_one_tone(tone: tuple[int, int, int]) -> None:
    assert is_drawn(card("14:01:00", tone))


@pytest.mark.parametrize(
    "body",
    [
        street(1),
        street(2, fog=0.1),
        moving_picture(3),
        card("14:01:00", (0, 0, 0)),
        card("14:01:00", (255, 255, 255)),
        b"\xff\xd8\xff",
        b"",
    ],
)
def test_fog_night_and_glare_are_no_cards(body: bytes) -> None:
    assert not is_drawn(body)
