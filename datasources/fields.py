"""Reading fields out of what an upstream said: text made harmless, numbers finite, times aware UTC."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from datasources.contract import RecordRejected, Rejection, SourceDataError
from datasources.crowded import refuse_rows
from datasources.discreet import may_be_secret, may_name_a_person

LONGEST_TEXT = 2000
LONGEST_ID = 200
REASON_LENGTH = 120
DEFAULT_ZONE = "Asia/Shanghai"

Raw = Mapping[str, Any]
T = TypeVar("T")
R = TypeVar("R")

# control characters except tab and newline, and everything that can turn or hide the text around it
_HARMFUL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
_COMPACT_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$")
_LOCAL_TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*$"
)
_LONGEST_TOLD, _COLUMNS_TOLD = 30, 5
_EXCERPTS = 50
"""So many rows of a batch without an id are told by their columns: more nobody looks at."""

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_EARLIEST_S, _LATEST_S = _EARLIEST.timestamp(), _LATEST.timestamp()
_MILLISECONDS_FROM = 1e11


def clean(value: object, limit: int = LONGEST_TEXT) -> str:
    """Text fit for a screen: no control or direction-changing characters, at most `limit` long; "" for None."""
    if value is None or isinstance(value, (dict, list, tuple)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if len(text) > 2 * limit:
        text = text[: 2 * limit]
    if not text.isprintable():  # as nothing harmful is; much quicker than to look for it
        text = _HARMFUL.sub("", text.replace("\r\n", "\n"))
    text = text.strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def text(row: Raw, *names: str, limit: int = LONGEST_TEXT) -> str:
    """The first of `names` that holds text."""
    for name in names:
        found = clean(row.get(name), limit)
        if found:
            return found
    return ""


def identifier(row: Raw, *names: str) -> str:
    """The first of `names` that holds an id; raises RecordRejected without one."""
    for name in names:
        found = identifier_of(row.get(name))
        if found:
            return found
    raise RecordRejected("?", f"no {names[0]}")


def identifier_of(value: object) -> str:
    """A value as an id, 17.0 as 17; "" for what is none."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return clean(value, LONGEST_ID)


def number(value: object) -> float | None:
    """A finite number from a number or its text; None when it is neither."""
    if isinstance(value, bool) or value is None:
        return None
    if not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def boolean(value: object) -> bool | None:
    """A yes or no from what systems write for them; None when it is neither."""
    if isinstance(value, bool):
        return value
    return _BOOLEANS.get(str(value).strip().lower())


_BOOLEANS = {
    "1": True, "true": True, "on": True, "yes": True, "y": True, "是": True, "在岗": True,
    "0": False, "false": False, "off": False, "no": False, "n": False, "否": False, "离岗": False,
}  # fmt: skip


@lru_cache(maxsize=64)
def zone(name: str | None) -> ZoneInfo:
    """The zone of zone-less times; Asia/Shanghai by default."""
    try:
        return ZoneInfo(name or DEFAULT_ZONE)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"unknown time zone {name!r}") from error


def instant(value: object, zone_name: str | None = None) -> datetime | None:
    """A time as aware UTC: ISO 8601 with or without zone, epoch s or ms, RFC 822; None when it is none of them."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _from_epoch(float(value))
    if isinstance(value, str):
        found = _from_text(value.strip(), zone_name)
        return found if found and _EARLIEST <= found <= _LATEST else None
    return None


def _from_epoch(value: float) -> datetime | None:
    seconds = value / 1000 if abs(value) >= _MILLISECONDS_FROM else value
    if not math.isfinite(seconds) or not _EARLIEST_S <= seconds <= _LATEST_S:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _from_text(value: str, zone_name: str | None) -> datetime | None:
    try:
        if value.isdecimal() and len(value) in (10, 13):
            return _from_epoch(float(value))
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = _from_local(value) or parsedate_to_datetime(value)
        return (found if found.tzinfo else found.replace(tzinfo=zone(zone_name))).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _from_local(value: str) -> datetime | None:
    compact = _COMPACT_TIME.match(value)
    if compact is not None:
        day, hour, minute, second = value[:8], *compact.groups()[3:]
        return datetime.fromisoformat(f"{day}T{hour}{minute}{second or '00'}")
    found = _LOCAL_TIME.match(value)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction = found.groups()
    whole = datetime.fromisoformat(
        f"{year}-{int(month):02}-{int(day):02}T{int(hour or 0):02}:{minute or '00'}:{second or '00'}"
    )
    return whole + timedelta(seconds=float(f"0.{fraction}")) if fraction else whole


def rows(value: object, what: str) -> list[Any]:
    """`value` if it is a list; raises SourceDataError otherwise."""
    if not isinstance(value, list):
        raise SourceDataError("wrong_shape", f"{what} is {type(value).__name__}, not a list")
    return value


def newest(times: Iterable[datetime | None]) -> datetime | None:
    """The newest of `times`; None when there is none."""
    return max((at for at in times if at is not None), default=None)


def excerpt(row: object) -> str:
    """The first plain columns of a row without an id, for whoever looks for it upstream; "?" when there are none."""
    while isinstance(row, tuple) and row:
        row = row[0]  # rows come with their positions
    if not isinstance(row, Mapping):
        return "?"
    columns = ((clean(name, _LONGEST_TOLD), clean(value, _LONGEST_TOLD)) for name, value in islice(row.items(), 20))
    shown = ((name, value) for name, value in columns if not may_be_secret(name) and not may_name_a_person(name))
    told = [f"{name}={value}" for name, value in shown if value and "://" not in value]
    return ", ".join(told[:_COLUMNS_TOLD]) or "?"


def each(items: Sequence[T], to_record: Callable[[T], R]) -> tuple[list[R], list[Rejection]]:
    """Normalise `items` one by one: what can't be used costs itself and is counted with its reason.

    Raises SourceDataError for more rows than any city has.
    """
    refuse_rows(len(items))
    kept: list[R] = []
    rejected: list[Rejection] = []
    for item in items:
        try:
            kept.append(to_record(item))
        except RecordRejected as refusal:
            is_known = refusal.record_id not in ("", "?") or len(rejected) >= _EXCERPTS
            found_by = refusal.record_id if is_known else excerpt(item)
            rejected.append(Rejection(found_by, refusal.reason[:REASON_LENGTH]))
        except (TypeError, ValueError, KeyError, AttributeError, LookupError, OverflowError) as error:
            # wrong types deep inside a record: it costs that record, and the reason says where
            rejected.append(Rejection("?", f"{type(error).__name__}: {clean(error, REASON_LENGTH)}"))
    return kept, rejected


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """`items` in lists of at least `size` (of fewer only when there are no more), so that not all are held at once."""
    held: list[T] = []
    for item in items:
        held.append(item)
        if len(held) == 2 * size:
            yield held[:size]
            del held[:size]
    if held:
        yield held
