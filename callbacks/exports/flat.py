"""Records as flat rows for machines: one column for each field of the record, by the name that the API gives it.

Times are UTC, positions WGS-84, what is unknown empty; lists and tables are JSON texts.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from situation.plain import HIDDEN_FIELDS, to_plain
from situation.records import RECORD_TYPES, Record

Sort = Literal["text", "float", "int", "bool", "time", "json"]
GEOMETRY = "geometry"
_SORTS: Mapping[Any, Sort] = {str: "text", float: "float", int: "int", bool: "bool", datetime: "time"}


def columns(kind: str) -> dict[str, Sort]:
    """Name and sort of every column of a kind, in the order of its fields."""
    record_type = RECORD_TYPES[kind]
    hints = get_type_hints(record_type)
    return {each.name: _sort(hints[each.name]) for each in fields(record_type) if each.name not in HIDDEN_FIELDS}


def _sort(hint: Any) -> Sort:
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return "text"
    return _SORTS.get(hint, "json")


def row(record: Record, sorts: Mapping[str, Sort]) -> list[Any]:
    """The record's values in the order of the columns; times stay times."""
    plain = to_plain(record)
    return [_value(record, plain, name, sort) for name, sort in sorts.items()]


def _value(record: Record, plain: Mapping[str, Any], name: str, sort: Sort) -> Any:
    if sort == "time":
        return getattr(record, name)
    value = plain[name]
    is_text = name != GEOMETRY and sort != "json"
    return value if is_text or value is None else msgspec.json.encode(value).decode()
