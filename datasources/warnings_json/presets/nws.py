"""The US weather service's `alerts/active` (GeoJSON, CAP fields as properties); geometry is lon, lat and often null.

Without a geometry a warning names its ground by UGC and SAME codes: it is listed, and mapped only where areas have
such codes. `expires` is when the message must have been replaced, `ends` when the event is over: the message counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from datasources.contract import RecordRejected
from datasources.fields import Raw, clean, identifier, instant, text
from datasources.geometry import rings_of
from datasources.superseding import kind_of_message
from datasources.warnings_json.preset import Asked, Preset, as_row, listed, table
from datasources.words.warning_levels import level_of
from situation.crs import Crs
from situation.records import AreaClaim, WeatherWarning

_MOST_CODES = 500
_ACTUAL = "actual"


def _rows(document: Any, asked: Asked) -> Sequence[Any]:
    return listed(document, "features", "@graph")


def _read(row: Raw, asked: Asked) -> WeatherWarning:
    row = as_row(row)
    office = asked.office
    said = table(row.get("properties")) or row
    own_id = identifier({**row, **said}, "id", "@id")
    sent_at = instant(said.get("sent"), office.zone)
    if sent_at is None:
        raise RecordRejected(own_id, "no sent time")
    event, headline = text(said, "event", limit=200), text(said, "headline", limit=300)
    severity = text(said, "severity", limit=30)
    level, level_text = level_of(event, headline, [], severity)
    references = said.get("references")
    return WeatherWarning(
        id=own_id,
        source=office.key,
        department=office.department,
        name=headline or event,
        event=event,
        level=level,
        level_text=level_text,
        headline=headline or event,
        headline_en=headline or event,
        description=text(said, "description"),
        instruction=text(said, "instruction"),
        sender=text(said, "senderName", "sender", limit=200),
        is_actual=(text(said, "status", limit=20) or _ACTUAL).lower() == _ACTUAL,
        message_type=kind_of_message(
            text(said, "messageType", limit=20), [text(said, "response", limit=30)], text(said, "urgency", limit=20)
        ),
        severity=severity,
        sent_at=sent_at,
        onset_at=instant(said.get("onset"), office.zone) or instant(said.get("effective"), office.zone) or sent_at,
        expires_at=instant(said.get("expires"), office.zone),
        references=tuple(
            found
            for each in (references if isinstance(references, list) else ())
            if (found := text(table(each), "identifier", "@id", limit=200))
        ),
        areas=(_claim(said, row.get("geometry"), office.crs),),
    )


def _claim(said: Raw, geometry: Any, crs: Crs) -> AreaClaim:
    geocode = table(said.get("geocode"))
    codes = [code for name in ("UGC", "SAME") for code in _texts(geocode.get(name))]
    return AreaClaim(
        name=text(said, "areaDesc", limit=500),
        codes=tuple(dict.fromkeys(codes))[:_MOST_CODES],
        polygons=rings_of(geometry, crs),
    )


def _texts(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else ():
        found = clean(each, 20)
        if found:
            yield found


PRESET = Preset(rows=_rows, read=_read)
