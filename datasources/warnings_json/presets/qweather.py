"""QWeather's older `v7/warning/now`: `{code: "200", warning: [...]}`; an error is a code inside a 200.

Levels, colours and types may change at any time, says their page: they are shown as given. `status` is active, update
or cancel; `related` names the warning that an update or cancel is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datasources.contract import RecordRejected, SourceAuthFailed, SourceDataError, SourceUnavailable
from datasources.fields import Raw, clean, identifier, instant, text
from datasources.warnings_json.preset import Asked, Preset, as_row, listed
from datasources.words.warning_levels import level_of
from situation.records import WeatherWarning

_GOOD = frozenset({"", "200"})
_NOTHING = frozenset({"204"})
_REFUSED = frozenset({"401", "402", "403"})
_BUSY = frozenset({"429", "500"})
_MESSAGES = {"update": "Update", "cancel": "Cancel"}


def _rows(document: Any, asked: Asked) -> Sequence[Any]:
    code = clean(document.get("code"), 20) if isinstance(document, dict) else ""
    if code in _NOTHING:
        return []
    if code in _REFUSED:
        raise SourceAuthFailed(f"auth_failed:{code}")
    if code in _BUSY:
        raise SourceUnavailable(f"upstream_code:{code}")
    if code not in _GOOD:
        raise SourceDataError(f"upstream_code:{code}")
    return listed(document, "warning")


def _read(row: Raw, asked: Asked) -> WeatherWarning:
    row = as_row(row)
    office = asked.office
    own_id = identifier(row, "id")
    sent_at = instant(row.get("pubTime"), office.zone)
    if sent_at is None:
        raise RecordRejected(own_id, "no pubTime")
    event, headline = text(row, "typeName", "type", limit=200), text(row, "title", limit=300)
    severity = text(row, "severity", limit=30)
    colour, word = text(row, "severityColor", limit=30), text(row, "level", limit=30)
    level, level_text = level_of(event, headline, [("severityColor", colour), ("level", word)], severity)
    return WeatherWarning(
        id=f"{office.key}.{own_id}",
        source=office.key,
        department=office.department,
        name=headline or event,
        event=event,
        level=level,
        level_text=level_text,
        headline=headline or event,
        description=text(row, "text"),
        sender=text(row, "sender", limit=200),
        message_type=_MESSAGES.get(text(row, "status", limit=20).lower(), "Alert"),
        severity=severity,
        sent_at=sent_at,
        onset_at=instant(row.get("startTime"), office.zone) or sent_at,
        expires_at=instant(row.get("endTime"), office.zone),
        references=tuple(f"{office.key}.{each}" for each in text(row, "related", limit=2000).replace(",", " ").split()),
        areas=asked.claim,
    )


PRESET = Preset(rows=_rows, read=_read, key_header="X-QW-Api-Key")
