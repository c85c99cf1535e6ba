"""How far a source has been read: the greatest value of the column `since_column`, as JSON and back.

Values keep the type their database gave them (a time with or without zone, a date, a number, text), because that is
what `:since` is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from datasources.contract import SourceDataError
from datasources.fields import zone

Mark = datetime | date | int | float | str
"""A value of the column that a source is read by."""

NO_DATE = "0000-00-00"
"""What MySQL may hold where no time is known."""

_MILLISECONDS_FROM = 1e11


def to_mark(value: Any) -> Mark | None:
    """A value of the column; None for NULL. Raises SourceDataError for what has no order."""
    if value is None or (isinstance(value, str) and value.startswith(NO_DATE)):
        return None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date | int | float | str) and not isinstance(value, bool):
        return value
    raise SourceDataError("wrong_shape", f"since_column is {type(value).__name__}: no time, number or text")


def greatest(values: Iterable[Any], before: Mark | None, now: datetime, zone_name: str | None) -> Mark | None:
    """The greatest of `before` and the column's values; ones from the future don't count, or they'd hide all others."""
    latest = now + timedelta(minutes=5)
    best = before
    for value in values:
        mark = to_mark(value)
        if mark is None or (best is not None and not _is_less(best, mark)):
            continue
        at = _time_of(mark)
        if at is not None and _aware(at, zone_name) > latest:
            continue
        best = mark
    return best


def is_ascending(marks: Sequence[Mark | None]) -> bool:
    """Whether every mark is there, and none is less than the one before it."""
    if not marks:
        return False
    return all(
        one is not None and other is not None and not _is_less(other, one)
        for one, other in zip(marks, [*marks[1:], marks[-1]], strict=True)
    )


def lowered(mark: Mark, overlap: float) -> Mark:
    """What `:since` is set to: the mark less the overlap, in seconds for times and in steps for plain numbers."""
    if isinstance(mark, datetime):
        return mark - min(timedelta(seconds=overlap), mark - datetime.min.replace(tzinfo=mark.tzinfo))
    if isinstance(mark, date):
        return mark - timedelta(days=1 if overlap else 0)
    if isinstance(mark, int | float):
        less = overlap * (1000 if mark >= _MILLISECONDS_FROM else 1)
        return mark - (int(less) if isinstance(mark, int) else less)  # an index of whole numbers is used for those only
    return _lowered_text(mark, overlap)


def to_json(mark: Mark) -> dict[str, Any]:
    """For the cursor."""
    if isinstance(mark, datetime):
        return {"time": mark.isoformat()}
    if isinstance(mark, date):
        return {"date": mark.isoformat()}
    return {"value": mark}


def from_json(kept: object) -> Mark | None:
    """What `to_json` made; None when it is anything else."""
    if not isinstance(kept, Mapping):
        return None
    try:
        if "time" in kept:
            return datetime.fromisoformat(str(kept["time"]))
        if "date" in kept:
            return date.fromisoformat(str(kept["date"]))
    except ValueError:
        return None
    value = kept.get("value")
    return value if isinstance(value, int | float | str) else None


def _is_less(one: Mark, other: Mark) -> bool:
    try:
        return bool(one < other)  # type: ignore[operator]  # of two types that have no order it raises TypeError
    except TypeError as error:
        names = f"{type(one).__name__} and {type(other).__name__}"
        raise SourceDataError("wrong_shape", f"since_column holds {names}") from error


def _aware(at: datetime, zone_name: str | None) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=zone(zone_name))).astimezone(UTC)


def _time_of(mark: Mark) -> datetime | None:
    """A mark that is a time or the text of one."""
    if isinstance(mark, str):
        try:
            return datetime.fromisoformat(mark)
        except ValueError:
            return None
    return mark if isinstance(mark, datetime) else None


def _lowered_text(mark: str, overlap: float) -> str:
    """A time written as text keeps the way it is written; other text has no overlap."""
    at = _time_of(mark)
    if at is None:
        return mark
    if len(mark) <= len("2026-08-09"):
        return (at - timedelta(days=1 if overlap else 0)).date().isoformat()
    has_fraction = "." in mark
    text = (at - timedelta(seconds=overlap)).isoformat(
        sep="T" if "T" in mark else " ", timespec="microseconds" if has_fraction else "seconds"
    )
    return text.replace("+00:00", "Z") if mark.endswith("Z") else text
