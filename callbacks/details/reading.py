"""Reading a detail page: the record and its past from the store, what is around it from the feed, then the layout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from callbacks.details.pasts import past_of
from callbacks.details.seeing import Seen, look
from callbacks.devices import as_of_now
from callbacks.services import Services
from layouts.details import FACTS, Address, DetailView, address_of, detail_page, is_scene, not_found_page, to_tree
from layouts.details.view import Related, Track, Version, record_name
from layouts.text import language_of
from situation.plain import masked_phone, to_plain
from situation.records import (
    Alarm,
    Area,
    Camera,
    Department,
    GridScheme,
    Officer,
    Record,
    Sensor,
    SourceHealth,
)
from situation.store import Query

PAST = timedelta(days=30)
MOST_VERSIONS = 200
TRACKED = timedelta(hours=3)
MOST_POSITIONS = 2_000
MOST_NAMED = 24
_WITH_PAST = (Camera.kind, Sensor.kind, SourceHealth.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record with what the store alone knows of it."""

    record: Record
    source: SourceHealth | None
    versions: tuple[Version, ...]
    track: Track
    about: Record | None


async def read_page(services: Services, pathname: str, search: str) -> dict[str, Any]:
    """The page of an address as the browser draws it (`layouts.details.tree`); no tree where nothing is to be shown."""
    if is_scene(pathname):
        return {"address": pathname, "tree": None}
    language = language_of(search, services.settings.district.language)
    found = await services.readers.run(find, services, address_of(pathname))
    if found is None:
        return {"address": pathname, "tree": to_tree(not_found_page(language, pathname))}
    seen = await services.feed.ask(partial(look, record=found.record))
    tree = await services.readers.run(lay_out, services, found, seen, language)
    return {"address": pathname, "tree": tree}


def find(services: Services, address: Address | None) -> Found | None:
    """The record an address names and its past: blocking. None when there is none or the scope does not allow it."""
    stored = _get(services, address) if address is not None and address.kind in FACTS else None
    if stored is None:
        return None
    sources = {source.id: source for source in services.store.sources(services.scope)}
    source = stored if isinstance(stored, SourceHealth) else sources.get(stored.source)
    record = as_of_now(services, stored, source)
    about = _about(services, record)
    if about is not None:
        about = as_of_now(services, about, sources.get(about.source))
    return Found(
        record=record,
        source=source,
        versions=_versions(services, record) if record.kind in _WITH_PAST else (),
        track=_track(services, record) if isinstance(record, Officer) else (),
        about=about,
    )


def lay_out(services: Services, found: Found, seen: Seen, language: str) -> list[Any]:
    """The page as a tree: blocking, it reads the related records."""
    return to_tree(detail_page(view_of(services, found, seen, language)))


def view_of(services: Services, found: Found, seen: Seen, language: str) -> DetailView:
    """All that the layout needs."""
    record = found.record
    department = _get(services, Address(kind=Department.kind, id=record.department)) if record.department else None
    return DetailView(
        record=record,
        raw=to_plain(record),
        source=found.source,
        at=services.clock.now(),
        language=language,
        zone=ZoneInfo(services.settings.district.timezone),
        names=_names(services, record, department, language),
        name_en=seen.name_en,
        path=seen.path,
        responsible=seen.responsible,
        versions=found.versions,
        around=seen.around,
        related=_related(services, seen),
        about=found.about,
        department=department if isinstance(department, Department) else None,
        contact=masked_phone(department.phone) if isinstance(department, Department) else "",
        area=seen.area,
        agency=seen.agency,
        warning=seen.warning,
        track=found.track,
        past=past_of(services, record) if isinstance(record, SourceHealth) else None,
    )


def _get(services: Services, address: Address) -> Record | None:
    """An area may be named by its code alone: then it is the administrative one, or else a unit grid."""
    ids = [address.id]
    if address.kind == Area.kind and "/" not in address.id:
        ids = [f"{scheme}/{address.id}" for scheme in (GridScheme.ADMINISTRATIVE, GridScheme.UNIT_GRID)]
    for record_id in ids:
        found = services.store.get(address.kind, record_id, services.scope)
        if found is not None:
            return found[1]
    return None


def _about(services: Services, record: Record) -> Record | None:
    if not isinstance(record, Alarm):
        return None
    kind, _, record_id = record.about.partition("/")
    return _get(services, Address(kind=kind, id=record_id)) if record_id and kind in FACTS else None


def _versions(services: Services, record: Record) -> tuple[Version, ...]:
    since = services.clock.now() - PAST
    changes = services.store.versions(record.kind, record.id, since=since, limit=MOST_VERSIONS)
    return tuple(Version(change.at, change.record) for change in changes)


def _track(services: Services, officer: Officer) -> Track:
    """Where they were, by the times of the positions themselves; each position once."""
    since = services.clock.now() - TRACKED
    changes = services.store.versions(Officer.kind, officer.id, since=since, limit=MOST_POSITIONS)
    known = [change.record for change in changes if isinstance(change.record, Officer)]
    positions = {
        each.positioned_at: (each.lon, each.lat)
        for each in (*known, officer)
        if each.positioned_at is not None and each.positioned_at >= since
    }
    return tuple((at, lon, lat) for at, (lon, lat) in sorted(positions.items()) if lon is not None and lat is not None)


def _names(services: Services, record: Record, department: Record | None, language: str) -> dict[str, str]:
    """Names of what the record speaks of, by kind/id."""
    told = {f"{Department.kind}/{department.id}": record_name(department, language)} if department else {}
    if not isinstance(record, Alarm):
        return told
    keys = [key for key in (record.about, *record.members[:MOST_NAMED]) if key]
    return told | {key: record_name(each, language) for key, each in _records(services, keys).items()}


def _records(services: Services, keys: list[str]) -> dict[str, Record]:
    """Records by kind/id, one question for each kind."""
    by_kind: dict[str, list[str]] = {}
    for key in keys:
        kind, _, record_id = key.partition("/")
        if kind in FACTS and record_id:
            by_kind.setdefault(kind, []).append(_full_id(kind, record_id))
    found: dict[str, Record] = {}
    for kind, ids in by_kind.items():
        page = services.store.records(kind, services.scope, Query(ids=tuple(ids), limit=len(ids)))
        found |= {f"{kind}/{each.id}": each for _, each in page.items}
    return found | {key: found[_full_key(key)] for key in keys if _full_key(key) in found}


def _full_key(key: str) -> str:
    kind, _, record_id = key.partition("/")
    return f"{kind}/{_full_id(kind, record_id)}"


def _full_id(kind: str, record_id: str) -> str:
    is_bare = kind == Area.kind and "/" not in record_id
    return f"{GridScheme.ADMINISTRATIVE}/{record_id}" if is_bare else record_id


def _related(services: Services, seen: Seen) -> tuple[Related, ...]:
    """The related records themselves; those that are gone, or that one may not see, are left out."""
    found = _records(services, [each.key for each in seen.relations])
    sources = {source.id: source for source in services.store.sources(services.scope)} if found else {}
    return tuple(
        Related(
            record=as_of_now(services, found[each.key], sources.get(found[each.key].source)),
            reasons=tuple(reason.value for reason in each.reasons),
            why=each.why,
            distance_m=each.distance_m,
            later_s=each.later_s,
        )
        for each in seen.relations
        if each.key in found
    )
