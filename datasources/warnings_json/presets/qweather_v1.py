"""QWeather's newer `weatheralert/v1/current`: `{metadata, alerts: [...]}`; errors come as HTTP statuses.

`messageType` says alert, update or cancel and which ids it `supersedes`; a cancel expires an hour after its issue.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datasources.contract import RecordRejected
from datasources.fields import Raw, clean, identifier, instant, text
from datasources.warnings_json.preset import Asked, Preset, as_row, listed, table
from datasources.words.warning_levels import level_of
from situation.records import WeatherWarning


def _rows(document: Any, asked: Asked) -> Sequence[Any]:
    metadata = table(document.get("metadata")) if isinstance(document, dict) else {}
    return [] if metadata.get("zeroResult") is True else listed(document, "alerts")


def _read(row: Raw, asked: Asked) -> WeatherWarning:
    row = as_row(row)
    office = asked.office
    own_id = identifier(row, "id")
    sent_at = instant(row.get("issuedTime"), office.zone)
    if sent_at is None:
        raise RecordRejected(own_id, "no issuedTime")
    event, headline = text(table(row.get("eventType")), "name", "code", limit=200), text(row, "headline", limit=300)
    severity = text(row, "severity", limit=30).capitalize()
    level, level_text = level_of(event, headline, [("color", text(table(row.get("color")), "code"))], severity)
    message = table(row.get("messageType"))
    superseded = message.get("supersedes")
    return WeatherWarning(
        id=f"{office.key}.{own_id}",
        source=office.key,
        department=office.department,
        name=headline or event,
        event=event,
        level=level,
        level_text=level_text,
        headline=headline or event,
        description=text(row, "description"),
        instruction=text(row, "instruction"),
        sender=text(row, "senderName", limit=200),
        message_type=text(message, "code", limit=20).capitalize() or "Alert",
        severity=severity,
        sent_at=sent_at,
        onset_at=next(
            (at for name in ("onsetTime", "effectiveTime") if (at := instant(row.get(name), office.zone))), sent_at
        ),
        expires_at=instant(row.get("expireTime"), office.zone),
        references=tuple(
            f"{office.key}.{found}"
            for each in (superseded if isinstance(superseded, list) else ())
            if (found := clean(each, 200))
        ),
        areas=asked.claim,
    )


PRESET = Preset(rows=_rows, read=_read, key_header="X-QW-Api-Key")
