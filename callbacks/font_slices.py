"""Which slices of the bundled font a page surely needs: begun with the page, its texts are laid out once.

A slice that is only found missing when a text is drawn arrives in the middle of the first picture, and every arrival
lays the whole page out again. A `preload` would do the same, but the browser complains of each that stays unused.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path

_RANGES = re.compile(r"unicode-range: ([^;]+);")


def samples_of_slices(style_sheet: Path, texts: Iterable[str]) -> str:
    """One character of `texts` for each slice of a font that they need, by its `@font-face` rules (CSS Fonts 4)."""
    codes = sorted({ord(character) for text in texts for character in text if not character.isspace()})
    slices = map(_bounds, _RANGES.findall(style_sheet.read_text("utf-8")))
    # the highest of each: the common signs at the low end stand in more than one slice
    found = (max(_held(bounds, codes), default=None) for bounds in slices)
    return "".join(chr(code) for code in found if code is not None)


def _held(bounds: list[tuple[int, int]], codes: Sequence[int]) -> Iterable[int]:
    """The highest code within each pair of bounds that has one."""
    for low, high in bounds:
        place = bisect_right(codes, high)
        if place and codes[place - 1] >= low:
            yield codes[place - 1]


def _bounds(ranges: str) -> list[tuple[int, int]]:
    """`U+4e00-4eff,U+5000` as pairs of first and last code point."""
    pairs = (part.strip().upper().removeprefix("U+").partition("-") for part in ranges.split(","))
    return [(int(first, 16), int(last or first, 16)) for first, _, last in pairs]
