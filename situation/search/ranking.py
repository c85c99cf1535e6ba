"""In which ways a word can match an entry, the best first. The order of this table is the order of results."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from situation.search.section import Text

Where = Literal["whole", "start", "inside"]

CHINESE = re.compile(r"[\u3400-\u9fff]")
SHORTEST_SPELLED = 3
"""Letters from which on full pinyin is looked for inside names: two letters are in everything."""

SHORTEST_CODE_PART = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where in which field the word stands. `score` 0 is best; `least` letters must have been typed."""

    field: str
    where: Where
    score: int
    least: int = 1
    is_keyboard: bool = False
    """Only for what can be typed without Chinese."""


WAYS: tuple[Way, ...] = (
    Way(field="code", where="whole", score=0),
    Way(field="id", where="whole", score=0),
    Way(field="name", where="whole", score=1),
    Way(field="name_en", where="whole", score=1),
    Way(field="initials", where="whole", score=2, least=2, is_keyboard=True),
    Way(field="full", where="whole", score=2, is_keyboard=True),
    Way(field="name", where="start", score=3),
    Way(field="name_en", where="start", score=3),
    Way(field="code", where="start", score=4, least=2),
    Way(field="id", where="start", score=4, least=2),
    Way(field="name", where="inside", score=5),
    Way(field="name_en", where="inside", score=5, least=2),
    Way(field="full", where="start", score=6, least=2, is_keyboard=True),
    Way(field="initials", where="start", score=6, least=2, is_keyboard=True),
    Way(field="initials", where="inside", score=7, least=SHORTEST_SPELLED, is_keyboard=True),
    Way(field="full", where="inside", score=8, least=SHORTEST_SPELLED, is_keyboard=True),
    Way(field="code", where="inside", score=9, least=SHORTEST_CODE_PART),
    Way(field="id", where="inside", score=9, least=SHORTEST_CODE_PART),
    Way(field="address", where="inside", score=10, least=2),
)


def rows_matching(text: Text, way: Way, term: str) -> list[int]:
    """Entries of a field in which the term stands that way."""
    if not _suits(way, term):
        return []
    needle = term.encode()
    if way.where == "inside":
        return text.holding(needle)
    rows = text.beginning_with(needle)
    return rows if way.where == "start" else [row for row in rows if text.line(row) == needle]


def _suits(way: Way, term: str) -> bool:
    """Whether it makes sense to look for this term that way."""
    return len(term) >= way.least and not (way.is_keyboard and CHINESE.search(term))
