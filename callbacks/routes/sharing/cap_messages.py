"""Warnings told on as OASIS CAP 1.2, with the identifiers they came with, and as an Atom feed that lists them.

Format: http://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html; corners of polygons are latitude,longitude.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from callbacks.routes.sharing.xml import add, add_if, document
from situation.records import AreaClaim, LonLat, WarningLevel, WeatherWarning

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
ATOM = "http://www.w3.org/2005/Atom"
MESSAGE_TYPE = "application/cap+xml"

_SEVERITIES = {
    WarningLevel.RED: "Extreme",
    WarningLevel.ORANGE: "Severe",
    WarningLevel.YELLOW: "Moderate",
    WarningLevel.BLUE: "Minor",
}
_KNOWN_SEVERITIES = frozenset({"Extreme", "Severe", "Moderate", "Minor", "Unknown"})
_KNOWN_TYPES = frozenset({"Alert", "Update", "Cancel", "Ack", "Error"})
ADCODE, OTHER_CODE = "profile:CHN:adcode", "onescreen:area"


def message(warning: WeatherWarning, known: Mapping[str, WeatherWarning], relay: str, web: str) -> bytes:
    """One warning; `known` are the others by id, `relay` is who tells it on, `web` where."""
    alert = Element("alert", {"xmlns": CAP})
    add(alert, "identifier", _identifier(warning.id))
    add(alert, "sender", _identifier(warning.sender) or "unknown")
    add(alert, "sent", _time(warning.sent_at or warning.onset_at or datetime.fromtimestamp(0, UTC)))
    add(alert, "status", "Actual" if warning.is_actual else "Exercise")
    add(alert, "msgType", warning.message_type if warning.message_type in _KNOWN_TYPES else "Alert")
    add(alert, "source", warning.source)
    add(alert, "scope", "Public")
    told = [known[each] for each in warning.references if each in known]
    untold = [each for each in warning.references if each not in known]
    note = f"Relayed by {relay}, not issued by it; times and identifiers are the issuer's."
    add(alert, "note", f"{note} Replaces {', '.join(untold)}." if untold else note)
    add_if(alert, "references", " ".join(_reference(each) for each in told if each.sent_at is not None))
    _info(alert, warning, web, "zh-CN", warning.headline or warning.name)
    if warning.headline_en:
        _info(alert, warning, web, "en-US", warning.headline_en)
    return document(alert)


def _identifier(text: str) -> str:
    """CAP forbids blanks, commas and angle brackets in identifiers and senders."""
    return "".join("_" if letter.isspace() or letter in ",<&" else letter for letter in text)


def _reference(warning: WeatherWarning) -> str:
    sent = _time(warning.sent_at or datetime.fromtimestamp(0, UTC))
    return f"{_identifier(warning.sender) or 'unknown'},{_identifier(warning.id)},{sent}"


def _time(at: datetime) -> str:
    """CAP wants seconds and an offset in figures, never Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def _info(alert: Element, warning: WeatherWarning, web: str, language: str, headline: str) -> None:
    info = add(alert, "info")
    add(info, "language", language)
    add(info, "category", "Met")
    add(info, "event", warning.event or headline or "unknown")
    add(info, "urgency", "Unknown")
    severity = warning.severity.capitalize()
    add(info, "severity", severity if severity in _KNOWN_SEVERITIES else _SEVERITIES.get(warning.level, "Unknown"))
    add(info, "certainty", "Unknown")
    if warning.onset_at is not None:
        add(info, "onset", _time(warning.onset_at))
    if warning.expires_at is not None:
        add(info, "expires", _time(warning.expires_at))
    add_if(info, "senderName", warning.sender)
    add_if(info, "headline", headline)
    add_if(info, "description", warning.description)
    add_if(info, "instruction", warning.instruction)
    add(info, "web", web)
    if warning.level_text or warning.level != WarningLevel.UNKNOWN:
        parameter = add(info, "parameter")
        add(parameter, "valueName", "level")
        add(parameter, "value", warning.level_text or warning.level.value)
    for claim in warning.areas:
        _area(info, claim)


def _area(info: Element, claim: AreaClaim) -> None:
    area = add(info, "area")
    add(area, "areaDesc", claim.name or ", ".join(claim.codes) or "unknown")
    for polygon in claim.polygons:
        if len(polygon) >= 3:
            add(area, "polygon", _corners(polygon))
    for lon, lat, radius_km in claim.circles:
        add(area, "circle", f"{_pair((lon, lat))} {radius_km:g}")
    for code in claim.codes:
        geocode = add(area, "geocode")
        add(geocode, "valueName", ADCODE if code.isdigit() else OTHER_CODE)
        add(geocode, "value", code)


def _corners(polygon: Sequence[LonLat]) -> str:
    closed = polygon if polygon[0] == polygon[-1] else (*polygon, polygon[0])
    return " ".join(map(_pair, closed))


def _pair(corner: LonLat) -> str:
    """Latitude first: CAP's order, not ours."""
    lon, lat = corner
    return f"{round(lat, 6)},{round(lon, 6)}"


def feed(
    warnings: Iterable[WeatherWarning], title: str, address: str, links: Mapping[str, str], now: datetime
) -> bytes:
    """An Atom feed of warnings; `links` lead to the message of each."""
    root = Element("feed", {"xmlns": ATOM})
    add(root, "id", address)
    add(root, "title", title)
    add(root, "updated", _atom_time(now))
    add(root, "link").attrib.update({"rel": "self", "type": "application/atom+xml", "href": address})
    for warning in warnings:
        entry = add(root, "entry")
        add(entry, "id", links[warning.id])
        add(entry, "title", warning.headline or warning.name or warning.event or warning.id)
        add(entry, "updated", _atom_time(warning.sent_at or now))
        add(add(entry, "author"), "name", warning.sender or "unknown")
        add_if(entry, "summary", warning.description)
        add(entry, "link").attrib.update({"rel": "alternate", "type": MESSAGE_TYPE, "href": links[warning.id]})
    return document(root)


def _atom_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
