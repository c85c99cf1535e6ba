"""What one picture tells by itself: its fingerprint, and whether there is anything to see in it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

LARGEST_PIXELS = 16_000_000
"""Larger ones are not unpacked: no camera of a city has them, a hostile upstream may."""

DRAFT = (160, 90)
"""Pictures are judged at about this size: a quarter of the work, and all that matters here can be seen in it."""

BLOCKS = (9, 16)
PLAIN_DEVIATION = 1.2
"""Grey levels by which the pixels of a block differ at most when there is nothing in it; fog leaves more than that."""

PLAIN_SHARE = 0.92
"""A dead picture is plain all over, but for the words a recorder burns into it."""

BLACK_LEVEL = 26.0

DRAWN_SHARE = 0.75
DRAWN_TONES = range(64, 236)
"""Of a card that software shows in a picture's place (motion: grey 128, with a clock that runs), so much is of exactly
one tone. No lens gives that, not in fog either; what is nearly black or white is left out: at night and against the
light it does, and the moving test pictures of virtual cameras are drawn on dark grey (ipycam: 40).
"""


@dataclass(frozen=True, slots=True)
class Look:
    """`fingerprint` is equal for pictures that are equal to the last pixel, however their files differ."""

    fingerprint: bytes
    is_plain: bool
    is_black: bool


def look_at(jpeg: bytes) -> Look | None:
    """What there is to see; None for bytes that are no picture (which is a failed fetch, not a dead camera)."""
    grey = _grey_of(jpeg)
    return None if grey is None else look_at_pixels(grey)


def is_drawn(jpeg: bytes) -> bool:
    """Whether a picture is a card that software shows where a camera gives none; False for what is no picture."""
    grey = _grey_of(jpeg)
    if grey is None or not grey.size:
        return False
    counts = np.bincount(grey.ravel(), minlength=256)
    tone = int(counts.argmax())
    return tone in DRAWN_TONES and bool(counts[tone] >= DRAWN_SHARE * grey.size)


def _grey_of(jpeg: bytes) -> npt.NDArray[np.uint8] | None:
    try:
        with Image.open(BytesIO(jpeg), formats=["JPEG"]) as image:
            if image.width * image.height > LARGEST_PIXELS:
                return None
            image.draft("L", DRAFT)
            return np.asarray(image.convert("L"), dtype=np.uint8)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None


def look_at_pixels(grey: npt.NDArray[np.uint8]) -> Look | None:
    """The same of grey levels by row and column; None when there are fewer than blocks."""
    rows, columns = grey.shape[0] // BLOCKS[0], grey.shape[1] // BLOCKS[1]
    if not rows or not columns:
        return None
    blocks = grey[: rows * BLOCKS[0], : columns * BLOCKS[1]].reshape(BLOCKS[0], rows, BLOCKS[1], columns)
    is_block_plain = blocks.std(axis=(1, 3)) < PLAIN_DEVIATION
    is_plain = bool(is_block_plain.mean() >= PLAIN_SHARE)
    is_black = is_plain and float(np.median(grey)) < BLACK_LEVEL
    return Look(blake2b(grey.tobytes(), digest_size=16).digest(), is_plain, is_black)
