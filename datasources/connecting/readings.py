"""What unknown rows measure: a row for a sensor with its values, or a row for each reading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasources.connecting.names import FLAG, MEASURED, OF_MANY, QUANTITY, SERIES, SERIES_ID, UNIT
from datasources.connecting.rows import Rows, values
from datasources.fields import instant, number

MOST_READINGS = 20
_NO_QUANTITY = re.compile(
    r"(id|code|no|编号|编码|type|status|state|phone|version|port|capacity|radius|accuracy|elevation|altitude|容量)$"
    r"|^(short_?)?name$|^序号$|^[a-z]{0,4}(zt|lx|dh)$|电话|手机",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(\+?86)?1\d{10}|0\d{2,3}-?\d{7,8}")
_TIME = re.compile(r"time|date|_at$|^last_|reported|updated|时间|日期", re.IGNORECASE)
_SAYS_LITTLE = frozenset({"value", "text", "utc", "local", "#text", "$"})
"""Ends of paths that are called as what they are of."""


@dataclass(frozen=True, slots=True)
class Long:
    """Rows that are one reading each: the columns of the sensor, of the quantity's name and of its value."""

    sensor: str
    quantity: str
    value: str
    quantities: Mapping[str, str]


def called(column: str) -> str:
    """How a column is called: the last step of its path that says something."""
    if column.startswith("@"):
        return column
    steps = [step.removesuffix("[0]") for step in column.split(".")]
    if len(steps) > 1 and steps[-1].lower() in _SAYS_LITTLE:
        return f"{steps[-2]}_{steps[-1]}" if steps[-1].lower() in ("utc", "local") else steps[-2]
    return steps[-1]


def long_rows(columns: Sequence[str], rows: Rows) -> Long | None:
    """Where rows are single readings of several quantities of few sensors."""
    quantity = next((each for each in columns if QUANTITY.match(called(each)) and _is_repeated(each, rows)), "")
    value = next((each for each in columns if MEASURED.match(called(each)) and _is_numeric(each, rows)), "")
    others = [each for each in columns if each not in (quantity, value) and not OF_MANY.search(each)]
    sensors = [each for each in others if SERIES.search(called(each)) and _is_repeated(each, rows)]
    if not (quantity and value and sensors):
        return None
    sensor = next((each for each in sensors if SERIES_ID.search(called(each))), sensors[0])
    unit = next((each for each in columns if UNIT.match(called(each))), "")
    units = {str(row.get(quantity)): str(row.get(unit) or "") for row in rows if row.get(quantity)}
    return Long(sensor, quantity, value, dict(list(units.items())[:MOST_READINGS]))


def _is_repeated(column: str, rows: Rows) -> bool:
    found = values(rows, column)
    is_whole = len(found) == len(rows) and all(isinstance(each, str | int) for each in found)
    return is_whole and len(set(found)) < len(rows)


def _is_numeric(column: str, rows: Rows) -> bool:
    found = values(rows, column)
    return bool(found) and all(number(each) is not None for each in found)


def series(columns: Sequence[str], rows: Rows) -> str | None:
    """The column that names the sensor, where every row is one reading of one: few sensors, many rows."""
    if any(SERIES_ID.search(column) and is_unique(values(rows, column), rows) for column in columns):
        return None  # a row for each sensor; what comes again is said of many of them
    for column in columns:
        found = values(rows, column)
        is_whole = len(found) == len(rows) and all(isinstance(each, str | int) for each in found)
        is_of_one = SERIES.search(column) and not OF_MANY.search(column)
        if is_whole and is_of_one and 2 * len(set(found)) <= len(rows):
            return column
    return None


def is_unique(found: Sequence[Any], rows: Rows) -> bool:
    """Whether every row has a value of its own."""
    return len(rows) > 1 and len({str(each) for each in found}) == len(rows)


def readings(columns: Sequence[str], rows: Rows) -> tuple[str, ...]:
    """Columns of numbers that are quantities: neither flags, nor times, nor numbers for something."""
    return tuple(column for column in columns if _is_quantity(column, rows))[:MOST_READINGS]


def _is_quantity(column: str, rows: Rows) -> bool:
    name, found = called(column), values(rows, column)
    if _NO_QUANTITY.search(name) or FLAG.search(name) or any(isinstance(each, bool) for each in found):
        return False
    if _TIME.search(name) and all(instant(each) is not None for each in found):
        return False
    return _is_numeric(column, rows) and not all(_PHONE.fullmatch(str(each)) for each in found)
