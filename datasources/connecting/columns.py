"""Which column of unknown rows is which of our fields: by its name, and by whether its values can be that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from datasources.connecting.names import (
    DIGITS,
    FIELDS,
    HINTS,
    MEDIA,
    PICTURE,
    ROW_NUMBER,
    SURE_OF_DIGITS,
    WORDS,
    Field,
)
from datasources.connecting.readings import called, is_unique, long_rows, readings, series
from datasources.connecting.rows import Rows, values

_MOST_WORDS = 20
_NUMBER = r"-?\d+(?:\.\d+)?"
_PAIR = re.compile(
    rf"(?:SRID=\d+;)?POINT *\({_NUMBER}(?: +{_NUMBER}){{1,2}}\)|-?\d{{1,3}}\.\d{{2,}} *[,; ] *-?\d{{1,3}}\.\d{{2,}}"
)
_FEW = 5
_DISTINCT = 0.9
_ENOUGH = 0.8
"""The share of a column's values that must fit."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What the rows are taken for. `words`: field → (their word, how often, ours or "" when nobody knows).

    `is_row_number`: the id does no more than number the rows; `is_by_name`: it is the name; `is_shared`: some rows have
    the same. Where one row is one reading, the column `quantity` says of what: `quantities` are these words with their
    units ("" where unsaid).
    """

    record: str
    fields: dict[str, str]
    media: dict[str, str] = field(default_factory=dict)
    readings: tuple[str, ...] = ()
    words: dict[str, list[tuple[str, int, str]]] = field(default_factory=dict)
    allowed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    is_row_number: bool = False
    is_by_name: bool = False
    is_shared: bool = False
    quantity: str = ""
    quantities: Mapping[str, str] = field(default_factory=dict)


def guess(rows: Rows, record: str = "") -> Guess:
    """The best guess of what rows are; `record` when somebody knows it."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if record in FIELDS:
        return _guess(record, columns, rows)
    kind = "sensor" if long_rows(columns, rows) is not None else _kind(columns, rows)
    taken = _guess(kind, columns, rows)
    measures = taken.readings or taken.quantities or "observed_at" in taken.fields
    return _guess("place", columns, rows) if taken.record == "sensor" and not measures else taken


def _guess(kind: str, columns: Sequence[str], rows: Rows) -> Guess:
    fields: dict[str, str] = {}
    long = long_rows(columns, rows) if kind == "sensor" else None
    if long is not None:
        fields |= {"id": long.sensor, "value": long.value}
    elif kind == "sensor" and (repeated := series(columns, rows)) is not None:
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
    is_by_name = _name_and_id(fields, rows)
    is_shared = "id" not in fields and (nearly := _nearly_unique(columns, rows)) is not None
    if is_shared and nearly is not None:
        fields |= {"id": nearly, "name": fields.get("name", nearly)}
    words, allowed = _words(kind, fields, rows)
    left = [column for column in columns if column not in fields.values() and column not in numbers]
    return Guess(
        kind,
        fields,
        media=_media(columns, rows) if kind == "camera" else {},
        readings=readings(left, rows) if kind == "sensor" and long is None else (),
        words=words,
        allowed=allowed,
        is_row_number=fields.get("id") in numbers,
        is_by_name=is_by_name,
        is_shared=is_shared,
        quantities=long.quantities if long is not None else {},
        quantity=long.quantity if long is not None else "",
    )


def _name_and_id(fields: dict[str, str], rows: Rows) -> bool:
    """A name that is the same for most is none; names that are all different are better than no id: then True."""
    named = values(rows, fields["name"]) if "name" in fields else []
    if (
        "id" in fields
        and len(rows) >= _FEW
        and 2 * len(set(map(str, named))) < len({str(each.get(fields["id"])) for each in rows})
    ):
        fields.pop("name", None)
    is_by_name = "id" not in fields and "name" in fields and is_unique(named, rows)
    if is_by_name:
        fields["id"] = fields["name"]
    if "name" not in fields and "id" in fields:
        fields["name"] = fields["id"]
    return is_by_name


def _kind(columns: Sequence[str], rows: Rows) -> str:
    hits = {kind: sum(bool(re.search(hint, each, re.IGNORECASE)) for each in columns) for kind, hint in HINTS.items()}
    hits["camera"] += sum(bool(PICTURE.search(str(next(iter(values(rows, each)), "")))) for each in columns)
    best = max(hits, key=lambda kind: hits[kind])
    return best if hits[best] else "place"


def _is_row_number(column: str, rows: Rows) -> bool:
    name = column.rpartition(".")[2]
    return ROW_NUMBER.match(name) is not None and all(str(each).isdecimal() for each in values(rows, column))


def _column(wanted: Field, columns: Sequence[str], rows: Rows) -> str | None:
    for pattern in wanted.patterns:
        for column in columns:
            last = called(column)
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


def _nearly_unique(columns: Sequence[str], rows: Rows) -> str | None:
    """What would be the id if a few rows were not there twice."""
    wanted = replace(FIELDS["place"][0], is_unique=False)
    usual = [each for each in columns if _DISTINCT * len(rows) <= len({str(value) for value in values(rows, each)})]
    return _column(wanted, usual, rows)


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
    says_what = SURE_OF_DIGITS.search(fields["state"]) is not None
    found = [
        (word, count, "" if DIGITS.match(word) and not says_what else str(known.get(_plain(word), "")))
        for word, count in counts
    ]
    return {"state": found}, {"state": tuple(map(str, ours))}


def _plain(word: str) -> str:
    """`In Progress` and `in-progress` as `in_progress`."""
    return re.sub(r"[\s-]+", "_", word.strip().lower())


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
