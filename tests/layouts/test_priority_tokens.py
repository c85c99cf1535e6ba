"""Priorities are told apart without colour: by shape and digit, and by how light they are."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "assets" / "00-tokens.css"
DARK = re.search(r":root\s*{(.*?)}", TOKENS.read_text("utf-8"), re.S)
LEAST_CONTRAST = 3.0
"""WCAG 1.4.11: signs against what they stand on."""


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of `#rrggbb`."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def token(name: str) -> str:
    assert DARK is not None
    found = re.search(rf"--{name}:\s*(#[0-9a-f]{{6}})", DARK.group(1))
    assert found is not None, name
    return found.group(1)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_priorities_differ_in_lightness_in_their_order() -> None:
    lights = [luminance(token(name)) for name in ("red", "orange", "yellow")]
    assert lights == sorted(lights)
    assert all(later / earlier > 1.25 for earlier, later in pairwise(lights))


@pytest.mark.parametrize("name", ["red", "orange", "yellow", "text-4", "overdue"])
@pytest.mark.parametrize("surface", ["surface-0", "surface-1", "surface-2"])
def test_every_sign_stands_out_from_what_it_stands_on(name: str, surface: str) -> None:
    assert contrast(token(name), token(surface)) >= LEAST_CONTRAST


@pytest.mark.parametrize("name", ["text-1", "text-2", "text-3", "text-4"])
def test_text_can_be_read_on_panels(name: str) -> None:
    assert contrast(token(name), token("surface-1")) >= 4.5
