"""CAP messages to warnings: one record per message, its languages merged, its references as identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from xml.etree.ElementTree import Element

from datasources.cap.areas import area_claim, area_claims
from datasources.cap.elements import child, children, find_all, local, pairs, said
from datasources.contract import RecordRejected
from datasources.fields import instant
from datasources.superseding import references
from datasources.words.warning_levels import level_of
from situation.records import AreaClaim, WeatherWarning

ACTUAL = "actual"
_NO_INFO_NEEDED = frozenset({"cancel", "ack", "error"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who a source's warnings come from, and how its coordinates and zone-less times are meant."""

    key: str
    department: str
    crs: str
    zone: str | None


def messages(root: Element) -> list[Element]:
    """Every alert in a document: a single one, several, inside an envelope, or inside feed entries."""
    return find_all(root, "alert")


def normalise(alert: Element, office: Office) -> WeatherWarning:
    """One message as a warning; raises RecordRejected."""
    own_id = said(alert, "identifier", 200)
    if not own_id:
        raise RecordRejected("?", "no identifier")
    message_type = said(alert, "msgtype", 20).capitalize() or "Alert"
    sent_at = instant(said(alert, "sent", 60), office.zone)
    if sent_at is None:
        raise RecordRejected(own_id, "no sent time")
    infos = children(alert, "info")
    if not infos and message_type.lower() not in _NO_INFO_NEEDED:
        raise RecordRejected(own_id, "no info block")
    bare = WeatherWarning(
        id=own_id,
        source=office.key,
        department=office.department,
        sender=said(alert, "sender", 200),
        is_actual=said(alert, "status", 20).lower() == ACTUAL,
        message_type=message_type,
        sent_at=sent_at,
        references=references(said(alert, "references", 20_000)),
    )
    return _with_info(bare, infos, office) if infos else bare


def _with_info(bare: WeatherWarning, infos: Sequence[Element], office: Office) -> WeatherWarning:
    main = next((info for info in infos if _language(info).startswith("zh")), infos[0])
    english = next((info for info in infos if _language(info).startswith("en")), None)
    event, headline = said(main, "event", 200), said(main, "headline", 300)
    severity = said(main, "severity", 30)
    level, level_text = level_of(event, headline, list(pairs(main, "parameter")), severity)
    sender_name = said(main, "sendername", 200)
    return replace(
        bare,
        name=headline or event,
        event=event,
        level=level,
        level_text=level_text,
        headline=headline or event,
        headline_en=(said(english, "headline", 300) or said(english, "event", 200)) if english is not None else "",
        description=said(main, "description"),
        instruction=said(main, "instruction"),
        sender=sender_name or bare.sender,
        severity=severity,
        onset_at=instant(said(main, "onset", 60) or said(main, "effective", 60), office.zone) or bare.sent_at,
        # the longest of its languages: a warning must not end early because a translation does
        expires_at=max((at for at in (_expires_at(info, office) for info in infos) if at), default=None),
        areas=_areas(main, infos, office),
    )


def _areas(main: Element, infos: Sequence[Element], office: Office) -> tuple[AreaClaim, ...]:
    own = area_claims(main, office.crs)
    if own:
        return own
    return next((claims for claims in (area_claims(info, office.crs) for info in infos) if claims), ())


def _expires_at(info: Element, office: Office) -> datetime | None:
    return instant(said(info, "expires", 60), office.zone)


def _language(info: Element) -> str:
    return said(info, "language", 20).lower()


def normalise_entry(entry: Element, office: Office) -> WeatherWarning:
    """A feed entry that carries the CAP elements itself (as the US weather service writes them)."""
    own_id = said(entry, "identifier", 200) or said(entry, "id", 200) or said(entry, "guid", 200)
    if not own_id:
        raise RecordRejected("?", "no id")
    sent_at = next(
        (at for at in (instant(said(entry, name, 60), office.zone) for name in _SENT_NAMES) if at is not None), None
    )
    if sent_at is None:
        raise RecordRejected(own_id, "no sent time")
    event, headline, severity = said(entry, "event", 200), said(entry, "title", 300), said(entry, "severity", 30)
    level, level_text = level_of(event, headline, list(pairs(entry, "parameter")), severity)
    return WeatherWarning(
        id=own_id,
        source=office.key,
        department=office.department,
        name=headline or event,
        event=event,
        level=level,
        level_text=level_text,
        headline=headline or event,
        description=said(entry, "summary") or said(entry, "description"),
        sender=_author(entry),
        is_actual=(said(entry, "status", 20) or ACTUAL).lower() == ACTUAL,
        message_type=said(entry, "msgtype", 20).capitalize() or "Alert",
        severity=severity,
        sent_at=sent_at,
        onset_at=instant(said(entry, "onset", 60) or said(entry, "effective", 60), office.zone) or sent_at,
        expires_at=instant(said(entry, "expires", 60), office.zone),
        references=references(said(entry, "references", 20_000)),
        areas=(area_claim(entry, office.crs),),
    )


_SENT_NAMES = ("sent", "published", "updated", "pubdate")


def _author(entry: Element) -> str:
    author = child(entry, "author")
    return "" if author is None else said(author, "name", 200)


def carries_cap(entry: Element) -> bool:
    """Whether a feed entry says the warning itself, so that nothing need be fetched."""
    names = {local(part) for part in entry}
    return "event" in names and bool(names & {"severity", "expires", "msgtype"})
