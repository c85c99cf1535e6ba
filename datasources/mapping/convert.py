"""What text and JSON values become, by the annotation of the field they are for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from datasources.fields import boolean, clean, instant, number, zone
from situation.records import AreaKind, CaseState, DeviceState, GridScheme, WarningLevel

Convert = Callable[[Any], Any]
"""A value as its field holds it; None when it is unknown; raises ValueError for one that the field can't hold."""

Table = Callable[[Any], Any]

WORDS: Mapping[str, frozenset[str]] = {
    kind.__name__: frozenset(kind) for kind in (AreaKind, CaseState, DeviceState, GridScheme, WarningLevel)
}
"""The words that fields of a type can hold, by its name."""

LARGEST_INT = 2.0**53
"""Beyond it a number is no count of anything, and stores can't hold it."""

BEGINNINGS = frozenset({"onset_at", "started_at", "valid_from", "reported_at", "registered_at"})
"""Fields that take the beginning of an interval `start/end`; all others take its end."""

EVERY_OTHER = "*"
"""In a table of values: whatever the table does not have."""

_SEPARATED = str.maketrans({"，": ",", ";": ",", "；": ",", "、": ","})


def table(values: Mapping[str, Any]) -> Table | None:
    """Their values to ours: exactly, else whatever the case, else by `"*"`, else as given. None for an empty table."""
    if not values:
        return None
    exact = {str(theirs): ours for theirs, ours in values.items()}
    lowered = {theirs.lower(): ours for theirs, ours in exact.items()}
    other = exact.get(EVERY_OTHER)

    def ours(value: Any) -> Any:
        word = word_of(value)
        found = exact.get(word)
        if found is None:
            found = lowered.get(word.lower(), other)
        return value if found is None else found

    return ours


def word_of(value: Any) -> str:
    """A value as the key of a table: 3.0 is 3, True is true."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def converter(name: str, annotation: str, zone_name: str | None, time_format: str, scale: float) -> Convert | None:
    """How a value becomes the field `name`; None for a field that no single value can fill."""
    if annotation == "datetime | None":
        return moment(zone_name, time_format, takes_beginning=name in BEGINNINGS)
    if annotation == "float | None":
        return _scaled(scale) if scale != 1.0 else number
    return _CONVERTERS.get(annotation)


def moment(zone_name: str | None, time_format: str, *, takes_beginning: bool) -> Callable[[Any], datetime | None]:
    """How a time is read: by `time_format` where one is given, else recognised; of an interval one of its ends."""
    read = _formatted(zone_name, time_format) if time_format else lambda value: instant(value, zone_name)

    def find(value: Any) -> datetime | None:
        if isinstance(value, str) and value.count("/") == 1:
            beginning, _, end = value.partition("/")
            if (at := read(beginning if takes_beginning else end)) is not None:
                return at
        return read(value)

    return find


def _formatted(zone_name: str | None, time_format: str) -> Callable[[Any], datetime | None]:
    local = zone(zone_name)

    def read(value: Any) -> datetime | None:
        try:
            at = datetime.strptime(word_of(value), time_format)  # noqa: DTZ007 — a zone is put in below
            return (at if at.tzinfo else at.replace(tzinfo=local)).astimezone(UTC)
        except (ValueError, OverflowError):
            return instant(value, zone_name)  # a system that writes one of its times otherwise

    return read


def _scaled(scale: float) -> Convert:
    def convert(value: Any) -> float | None:
        found = number(value)
        return None if found is None else round(found * scale, 6)

    return convert


def codes(value: Any) -> tuple[str, ...]:
    """Codes out of a list or a text that separates them."""
    parts = value if isinstance(value, (list, tuple)) else str(value).translate(_SEPARATED).split(",")
    return tuple(code for code in (clean(part, 64) for part in parts) if code)


def whole(value: Any) -> int | None:
    """A whole number, None for what is no number; raises ValueError for one that no store can hold."""
    found = number(value)
    if found is not None and abs(found) > LARGEST_INT:
        raise ValueError("too large")
    return None if found is None else int(found)


def _enum(kind: type[StrEnum]) -> Convert:
    return lambda value: kind(clean(value, 64))


def _device_state(value: Any) -> DeviceState:
    """A word no table knows leaves the device in the list, its state unknown."""
    try:
        return DeviceState(clean(value, 64).lower())
    except ValueError:
        return DeviceState.UNKNOWN


_CONVERTERS: Mapping[str, Convert] = {
    "str": clean,
    "bool": boolean,
    "bool | None": boolean,
    "int": whole,
    "int | None": whole,
    "tuple[str, ...]": codes,
    "AreaKind": _enum(AreaKind),
    "GridScheme": _enum(GridScheme),
    "DeviceState": _device_state,
}
