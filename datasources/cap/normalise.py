"""CAP messages to warnings: a record for each thing a message says, languages merged, references as identifiers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from xml.etree.ElementTree import Element

from datasources.cap.areas import area_claim, area_claims
from datasources.cap.elements import child, children, find_all, local, pairs, said
from datasources.contract import RecordRejected, Rejection
from datasources.fields import clean, each, instant
from datasources.superseding import kind_of_message, part_of, references
from datasources.words.warning_levels import level_of
from situation.records import AreaClaim, WeatherWarning

ACTUAL = "actual"
_NO_INFO_NEEDED = frozenset({"cancel", "ack", "error"})
_MOST_PARTS = 100
_PLACE_IN_MESSAGE = re.compile(r"\bindex_\w+=(\d+)")


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


def read_messages(root: Element, office: Office) -> tuple[list[WeatherWarning], list[Rejection]]:
    """The warnings of all alerts in a document."""
    found, rejected = each(messages(root), lambda alert: normalise(alert, office))
    return [warning for warnings in found for warning in warnings], rejected


def normalise(alert: Element, office: Office) -> tuple[WeatherWarning, ...]:
    """One message as warnings, mostly one; raises RecordRejected."""
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
    found = [_with_info(bare, main, languages, office) for main, languages in _contents(infos)]
    return _parted(found[:1] if message_type == "Cancel" else found) or (bare,)


def _contents(infos: Sequence[Element]) -> Iterator[tuple[Element, Sequence[Element]]]:
    """What a message says: each time the info of its main language (Chinese, else the first), and all its languages.

    Several infos of one language are several things: other places, other levels. Which infos of other languages say
    the same is told by their order, where there are as many.
    """
    by_language: dict[str, list[Element]] = defaultdict(list)
    for info in infos:
        by_language[_language(info)].append(info)
    main = next((name for name in by_language if name.startswith("zh")), next(iter(by_language), ""))
    mains = by_language.pop(main, [])
    if len(mains) == 1:
        yield mains[0], infos
        return
    others = [found for found in by_language.values() if len(found) == len(mains)]
    for index, info in enumerate(mains[:_MOST_PARTS]):
        yield info, [info, *(found[index] for found in others)]


def _parted(found: Sequence[WeatherWarning]) -> tuple[WeatherWarning, ...]:
    """Warnings of one message: those that differ only in where they hold are one, the others parts of it."""
    places: dict[WeatherWarning, tuple[AreaClaim, ...]] = {}
    for one in found:
        content = replace(one, areas=())
        places[content] = (*places.get(content, ()), *one.areas)
    return tuple(
        replace(one, id=part_of(one.id, str(number)) if number > 1 else one.id, areas=tuple(dict.fromkeys(areas)))
        for number, (one, areas) in enumerate(places.items(), start=1)
    )


def _with_info(bare: WeatherWarning, main: Element, infos: Sequence[Element], office: Office) -> WeatherWarning:
    """The warning of one info, `infos` being the same in all languages."""
    english = next((info for info in infos if _language(info).startswith("en")), None)
    event, headline = said(main, "event", 200), said(main, "headline", 300)
    severity = said(main, "severity", 30)
    level, level_text = level_of(event, headline, list(pairs(main, "parameter")), severity)
    sender_name = said(main, "sendername", 200)
    return replace(
        bare,
        message_type=kind_of_message(bare.message_type, *_responses(main)),
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


def _responses(info: Element) -> tuple[list[str], str]:
    """What people are told to do, and how urgent it is; MeteoAlarm's green (`1; green; Minor`) is an all clear."""
    if any(name == "awareness_level" and "green" in value.lower() for name, value in pairs(info, "parameter")):
        return ["AllClear"], ""
    return [clean(each.text, 30) for each in children(info, "responsetype")], said(info, "urgency", 20)


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
    own_id = _entry_id(entry)
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
        message_type=kind_of_message(said(entry, "msgtype", 20) or said(entry, "message_type", 20), *_responses(entry)),
        severity=severity,
        sent_at=sent_at,
        onset_at=instant(said(entry, "onset", 60) or said(entry, "effective", 60), office.zone) or sent_at,
        expires_at=instant(said(entry, "expires", 60), office.zone),
        references=references(said(entry, "references", 20_000)),
        areas=(area_claim(entry, office.crs),),
    )


def _entry_id(entry: Element) -> str:
    """The identifier; of one entry of many for a message (MeteoAlarm: each place of each info) that part of it."""
    identifier, entry_id = said(entry, "identifier", 200), said(entry, "id", 500) or said(entry, "guid", 200)
    place = ".".join(_PLACE_IN_MESSAGE.findall(entry_id))
    return part_of(identifier, place) if identifier and place else identifier or entry_id[:200]


_SENT_NAMES = ("sent", "published", "updated", "pubdate")


def _author(entry: Element) -> str:
    author = child(entry, "author")
    return "" if author is None else said(author, "name", 200)


def carries_cap(entry: Element) -> bool:
    """Whether a feed entry says the warning itself, so that nothing need be fetched."""
    names = {local(part) for part in entry}
    return "event" in names and bool(names & {"severity", "expires", "msgtype", "message_type"})
