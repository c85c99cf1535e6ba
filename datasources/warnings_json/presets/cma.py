"""China's effective warnings by area, as relayed from CMA through WMO's warning centre: adcode → list of
`{type, color, level, issued, expires, name}`; and as a flat list of `{id, headline, effective, …}`.

What is lifted is simply no longer listed, and nothing says what took whose place. `expires` is mostly null, colour and
level may be empty. Times are UTC with a zone, in the flat list local without.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from datasources.contract import RecordRejected, SourceDataError
from datasources.fields import Raw, clean, instant, text
from datasources.warnings_json.preset import Asked, Preset, as_row
from datasources.words.warning_levels import level_of
from situation.records import AreaClaim, WeatherWarning

_LISTS = ("data", "warnings", "alerts", "items", "result")
_CODE_DIGITS = 6
_SIGNAL = re.compile(r".*(?:发布|更新|变更|升级|降级|继续|为)(.+?预警)")
"""The signal in a headline: 铜山区气象台发布*强对流黄色预警*[Ⅲ级/较重]."""


def _rows(document: Any, asked: Asked) -> Sequence[Any]:
    """The rows of the areas asked for, each with its `adcode`."""
    areas = by_area(document)
    if areas is not None:
        rows = [
            {**row, "adcode": code} if isinstance(row, dict) else row
            for code, listed in areas.items()
            if code.startswith(asked.areas) and isinstance(listed, list)
            for row in listed
        ]
        return rows
    flat = document
    if isinstance(document, dict):
        flat = next((document[name] for name in _LISTS if isinstance(document.get(name), list)), None)
    if not isinstance(flat, list):
        raise SourceDataError("wrong_shape", "neither lists by adcode nor one list")
    return [row for row in flat if not _adcode(row) or _adcode(row).startswith(asked.areas)]


def by_area(document: Any) -> dict[str, Any] | None:
    """The object whose keys are adcodes: the document, or a member of it; also one that is empty."""
    if not isinstance(document, dict):
        return None
    objects = [document, *(member for member in document.values() if isinstance(member, dict))]
    found = next((each for each in objects if each and all(_is_code(key) for key in each)), None)
    return found if found is not None else next((each for each in objects[1:] if not each), None)


def _is_code(key: str) -> bool:
    return len(key) == _CODE_DIGITS and key.isdecimal()


def _adcode(row: Any) -> str:
    """The adcode of a row of the flat list: its own member, or what its id begins with (`31011341600000_2026…`)."""
    if not isinstance(row, dict):
        return ""
    found = text(row, "adcode", "area_code", limit=20) or text(row, "id", limit=200)[:_CODE_DIGITS]
    return found if _is_code(found) else ""


def _read(row: Raw, asked: Asked) -> WeatherWarning:
    row = as_row(row)
    code, kind, colour = _adcode(row), text(row, "type", limit=100), text(row, "color", "colour", limit=30)
    sent_at = instant(row.get("issued") or row.get("effective"), asked.office.zone)
    if sent_at is None:
        raise RecordRejected(code or "?", "no time of issue")
    title = text(row, "headline", "title", limit=300)
    if not title and not kind:
        raise RecordRejected(code or "?", "no kind of warning")
    place = text(row, "name", limit=100)
    headline = title or f"{place}{kind}{colour}预警"
    level, level_text = level_of(kind, headline, [("color", colour), ("level", text(row, "level", limit=30))], "")
    own_id = text(row, "id", limit=200) or f"{code}.{clean(kind, 60)}.{sent_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return WeatherWarning(
        id=f"{asked.office.key}.{own_id}",  # the same issuance in every reply, whatever else changes
        source=asked.office.key,
        department=asked.office.department,
        name=headline,
        event=_event(title) or kind,
        level=level,
        level_text=level_text if level_text != headline else colour,
        headline=headline,
        description=text(row, "description", "text"),
        sender=text(row, "sender", limit=200),
        sent_at=sent_at,
        onset_at=sent_at,
        expires_at=instant(row.get("expires"), asked.office.zone),
        areas=(AreaClaim(name=place, codes=(code,) if code else ()),),
    )


def _event(headline: str) -> str:
    """The signal that a headline names, else all of it."""
    found = _SIGNAL.match(headline)
    return found.group(1) if found else headline


PRESET = Preset(rows=_rows, read=_read, needs_areas=True)
