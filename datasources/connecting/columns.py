"""Which column of unknown rows is which of our fields: by its name, and by whether its values can be that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from datasources.connecting.names import (
    FIELDS,
    HINTS,
    MEDIA,
    OF_MANY,
    PICTURE,
    ROW_NUMBER,
    SERIES,
    SERIES_ID,
    WORDS,
    Field,
)
from datasources.fields import number

Rows = Sequence[Mapping[str, Any]]
_MOST_WORDS = 20
_NUMBER = r"-?\d+(?:\.\d+)?"
_PAIR = re.compile(
    rf"(?:SRID=\d+;)?POINT *\({_NUMBER}(?: +{_NUMBER}){{1,2}}\)|-?\d{{1,3}}\.\d{{2,}} *[,; ] *-?\d{{1,3}}\.\d{{2,}}"
)
_ENOUGH = 0.8
"""The share of a column's values that must fit."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What the rows are taken for. `words`: field → (their word, how often, ours or "" when nobody knows).

    `is_row_number`: the id does no more than number the rows.
    """

    record: str
    fields: dict[str, str]
    media: dict[str, str] = field(default_factory=dict)
    readings: tuple[str, ...] = ()
    words: dict[str, list[tuple[str, int, str]]] = field(default_factory=dict)
    allowed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    is_row_number: bool = False


def guess(rows: Rows, record: str = "") -> Guess:
    """The best guess of what rows are; `record` when somebody knows it."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    kind = record if record in FIELDS else _kind(columns, rows)
    fields: dict[str, str] = {}
    if kind == "sensor" and (repeated := _series(columns, rows)) is not None:
        fields["id"] = repeated
    numbers = [column for column in columns if _is_row_number(column, rows)]
    for wanted in FIELDS[kind]:
        if wanted.name in fields:
            continue
        free = [each for each in columns if each not in fields.values()]
        column = _column(wanted, [each for each in free if each not in numbers], rows)
        if column is None and wanted.name == "id":
            column = _column(wanted, numbers, rows)
        if column is not None:
            fields[wanted.name] = column
    if not {"lon", "lat"} <= fields.keys() and (both := _position(columns, rows)) is not None:
        fields = {name: column for name, column in fields.items() if column != both and name not in ("lon", "lat")}
        fields["position"] = both
    if "name" not in fields and "id" in fields:
        fields["name"] = fields["id"]
    words, allowed = _words(kind, fields, rows)
    media = _media(columns, rows) if kind == "camera" else {}
    readings = _readings(columns, fields, rows) if kind == "sensor" else ()
    return Guess(kind, fields, media, readings, words, allowed, fields.get("id") in numbers)


def values(rows: Rows, column: str) -> list[Any]:
    """What stands in a column, without what is empty."""
    return [row[column] for row in rows if row.get(column) not in (None, "", [])]


def _kind(columns: Sequence[str], rows: Rows) -> str:
    hits = {kind: sum(bool(re.search(hint, each, re.IGNORECASE)) for each in columns) for kind, hint in HINTS.items()}
    hits["camera"] += sum(bool(PICTURE.search(str(next(iter(values(rows, each)), "")))) for each in columns)
    best = max(hits, key=lambda kind: hits[kind])
    return best if hits[best] else "place"


def _series(columns: Sequence[str], rows: Rows) -> str | None:
    """The column that names the sensor, where every row is one reading of one: few sensors, many rows."""
    if any(SERIES_ID.search(column) and _is_unique(values(rows, column), rows) for column in columns):
        return None  # a row for each sensor; what comes again is said of many of them
    for column in columns:
        found = values(rows, column)
        is_whole = len(found) == len(rows) and all(isinstance(each, str | int) for each in found)
        is_of_one = SERIES.search(column) and not OF_MANY.search(column)
        if is_whole and is_of_one and 2 * len(set(found)) <= len(rows):
            return column
    return None


def _is_row_number(column: str, rows: Rows) -> bool:
    name = column.rpartition(".")[2]
    return ROW_NUMBER.match(name) is not None and all(str(each).isdecimal() for each in values(rows, column))


def _is_unique(found: Sequence[Any], rows: Rows) -> bool:
    return len(rows) > 1 and len({str(each) for each in found}) == len(rows)


def _column(wanted: Field, columns: Sequence[str], rows: Rows) -> str | None:
    for pattern in wanted.patterns:
        for column in columns:
            last = column if column.startswith("@") else column.rpartition(".")[2]
            is_called_so = re.search(pattern, last, 0 if "[a-z]" in pattern else re.IGNORECASE)
            is_other = re.search(wanted.never, last, re.IGNORECASE)
            if is_called_so and not is_other and _holds(wanted, column, rows):
                return column
    return None


def _holds(wanted: Field, column: str, rows: Rows) -> bool:
    found = values(rows, column)
    if not found or (wanted.is_unique and (len(found) < len(rows) or len(set(map(str, found))) < len(found))):
        return False
    return sum(1 for value in found if wanted.fits(value)) >= _ENOUGH * len(found)


def _position(columns: Sequence[str], rows: Rows) -> str | None:
    """A column whose values are pairs of coordinates: `[121.4, 31.2]`, `121.4,31.2`, `POINT (121.4 31.2)`."""
    for column in columns:
        found = values(rows, column)
        if found and sum(map(_is_pair, found)) >= _ENOUGH * len(found):
            return column
    return None


def _is_pair(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) in (2, 3) and all(isinstance(part, float) for part in value[:2])
    return isinstance(value, str) and _PAIR.fullmatch(value.strip()) is not None


def _words(
    kind: str, fields: Mapping[str, str], rows: Rows
) -> tuple[dict[str, list[tuple[str, int, str]]], dict[str, tuple[str, ...]]]:
    if kind not in WORDS or "state" not in fields:
        return {}, {}
    known, ours = WORDS[kind]
    counts = Counter(str(value) for value in values(rows, fields["state"])).most_common(_MOST_WORDS)
    found = [(word, count, str(known.get(word.lower(), ""))) for word, count in counts]
    return {"state": found}, {"state": tuple(map(str, ours))}


def _is_address(value: str) -> bool:
    """Relative ones too."""
    return "://" in value or value.startswith("/")


def _media(columns: Sequence[str], rows: Rows) -> dict[str, str]:
    found: dict[str, str] = {}
    for transport, pattern in MEDIA.items():
        for column in columns:
            texts = [value for value in values(rows, column) if isinstance(value, str) and _is_address(value)]
            if texts and (re.search(pattern, column, re.IGNORECASE) or re.search(pattern, texts[0], re.IGNORECASE)):
                found.setdefault(transport, column)
    return found


def _readings(columns: Sequence[str], fields: Mapping[str, str], rows: Rows) -> tuple[str, ...]:
    """Columns of numbers that are nothing else."""
    return tuple(
        column
        for column in columns
        if column not in fields.values()
        and not re.search(r"(id|code|no|编号|编码|type|status|phone)$", column, re.IGNORECASE)
        and (found := values(rows, column))
        and all(number(value) is not None for value in found)
    )[:_MOST_WORDS]
