"""Caps for bodies of few bytes and very many parts: `[{},{},…]` takes thirty times its bytes as objects, so that the
cap of bytes alone lets gigabytes through. All of them are far above a city's largest replies.
"""

from __future__ import annotations

from typing import TypeVar

from datasources.contract import SourceDataError

MOST_ROWS = 2_000_000
MOST_VALUES = 16_000_000
MOST_CELLS = 32_000_000
MOST_OBJECTS = 3_000_000
MOST_LISTS = 8_000_000
MOST_TAGS = 8_000_000
_FEW = 1_000_000

Body = TypeVar("Body", bytes, str)


def refuse_crowded(body: Body, *limits: tuple[int, Body]) -> None:
    """Raise SourceDataError (`too_large`) when a sign occurs more often than its limit."""
    if len(body) < _FEW:
        return
    for most, sign in limits:
        if body.count(sign) > most:
            raise SourceDataError("too_large", f"more than {most} times {sign!r} in {len(body)} bytes")


def refuse_rows(count: int) -> None:
    """Raise SourceDataError (`too_large`) for more rows than any city has."""
    if count > MOST_ROWS:
        raise SourceDataError("too_large", f"{count} rows, at most {MOST_ROWS} are taken at once")
