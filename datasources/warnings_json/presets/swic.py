"""The list of WMO's Severe Weather Information Centre, `json/wmo_all.json`, the whole world's warnings in force:
`{items: [{id, event, headline, sent, expires, areaDesc, s, …}]}`.

Times are UTC without a zone; `s` is CAP's severity as a number (0 unknown … 4 extreme). There are neither codes nor
positions: the areas asked for are words of which `areaDesc` or the headline must hold one, and the name says where.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from datasources.contract import RecordRejected
from datasources.fields import Raw, clean, identifier, instant, text
from datasources.warnings_json.preset import Asked, Preset, as_row, listed
from datasources.words.warning_levels import level_of
from situation.records import AreaClaim, WeatherWarning

_UTC = "UTC"
_SEVERITIES: Mapping[str, str] = {"4": "Extreme", "3": "Severe", "2": "Moderate", "1": "Minor"}


def _rows(document: Any, asked: Asked) -> Sequence[Any]:
    return [row for row in listed(document, "items") if _is_asked_for(row, asked)]


def _is_asked_for(row: Any, asked: Asked) -> bool:
    said = f"{row.get('areaDesc')} {row.get('headline')}" if isinstance(row, dict) else ""
    return any(word in said for word in asked.areas)


def _read(row: Raw, asked: Asked) -> WeatherWarning:
    row = as_row(row)
    own_id = identifier(row, "id", "capURL", "url")
    sent_at = instant(row.get("sent"), _UTC)
    if sent_at is None:
        raise RecordRejected(own_id, "no sent time")
    event, headline = text(row, "event", limit=200), text(row, "headline", limit=300)
    severity = _SEVERITIES.get(clean(row.get("s"), 5), "")
    level, level_text = level_of(event, headline, [], severity)
    return WeatherWarning(
        id=f"{asked.office.key}.{own_id}",
        source=asked.office.key,
        department=asked.office.department,
        name=headline or event,
        event=event,
        level=level,
        level_text=level_text,
        headline=headline or event,
        severity=severity,
        sent_at=sent_at,
        onset_at=sent_at,
        expires_at=instant(row.get("expires"), _UTC),
        areas=(AreaClaim(name=text(row, "areaDesc", limit=500)),),
    )


PRESET = Preset(rows=_rows, read=_read, needs_areas=True)
