"""The search index: a section of text for every kind, kept up to date from the change log.

Built once in a reader's thread; `refresh` takes in what was changed since. Safe to ask while it is being refreshed:
sections are replaced as a whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from situation.records import BaseMapLayer
from situation.scope import EVERYTHING, Scope
from situation.search.ranking import CHINESE, WAYS, Way, rows_matching
from situation.search.section import Section, Shown
from situation.store import Change, Named, Store, name_of

ROAD = "road"
STORED_KINDS = ("area", "place", "department", "case", "camera", "sensor", "officer", "component")
KINDS = ("area", ROAD, "place", "department", "case", "camera", "sensor", "officer", "component")
"""What is found, in the order in which equally good groups are shown."""

MOST_TEXT = 80
MOST_TERMS = 6
MOST_OVERLAY = 2_000
MOST_OVERLAY_SHARE = 0.01
"""Changed entries kept beside a section before it is built anew: so many, or such a share of a large one."""

MOST_CHANGES = 20_000
"""Changes to read one by one; after a longer pause everything is read anew, which takes less time."""

_SPACES = re.compile(r"[\s,，、]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry found. `score` 0 is best; `way` names the field that matched. Position in WGS-84, None if unknown."""

    kind: str
    number: int
    shown: Shown
    lon: float | None
    lat: float | None
    score: int
    way: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind, the best first; `has_more` when there was more than asked for."""

    kind: str
    hits: tuple[Hit, ...]
    has_more: bool


class SearchIndex:
    """Everything with a name. `refresh` belongs to one thread at a time; `search` may be called from any."""

    def __init__(self, store: Store, scope: Scope = EVERYTHING) -> None:
        self._store = store
        self._scope = scope
        self._seq = 0
        self._sections: dict[str, tuple[Section, Section, frozenset[int]]] = {}
        self._overlays: dict[str, dict[int, Named | None]] = {}

    @property
    def is_built(self) -> bool:
        """Whether it has been read for the first time."""
        return bool(self._sections)

    @property
    def entries(self) -> int:
        """How many things can be found."""
        return sum(len(base) + len(fresh) - len(hidden) for base, fresh, hidden in self._sections.values())

    @property
    def size(self) -> int:
        """Bytes it takes, about."""
        return sum(base.size + fresh.size for base, fresh, _ in self._sections.values())

    def build(self) -> None:
        """Read everything. Changes made meanwhile come again with the next refresh, which does no harm."""
        seq = self._store.last_seq()
        sections = {}
        for kind in STORED_KINDS:
            sections[kind] = (Section(kind, list(self._store.named(kind, self._scope))), Section(kind, ()), _NONE)
        sections[ROAD] = (Section(ROAD, self._roads()), Section(ROAD, ()), _NONE)
        self._overlays = {kind: {} for kind in KINDS}
        self._sections, self._seq = sections, seq

    def refresh(self) -> None:
        """Take in what was changed since the last time."""
        if not self.is_built or self._store.last_seq() - self._seq > MOST_CHANGES:
            self.build()
            return
        changes = self._store.changes(self._seq, MOST_CHANGES)
        if not changes:
            return
        touched = {change.kind for change in changes if self._take(change)}
        for kind in touched:
            self._renew(kind)
        if any(change.kind == BaseMapLayer.kind for change in changes):
            self._sections[ROAD] = (Section(ROAD, self._roads()), Section(ROAD, ()), _NONE)
        self._seq = changes[-1].seq

    def _take(self, change: Change) -> bool:
        """Note a change; whether it changes what can be found."""
        if change.kind not in STORED_KINDS:
            return False
        overlay = self._overlays[change.kind]
        record = change.record
        is_seen = record is not None and self._scope.allows(record)
        fresh = name_of(change.kind, change.number, record) if record is not None and is_seen else None
        base = self._sections[change.kind][0]
        row = base.row(change.number)
        known = overlay.get(change.number) if change.number in overlay else None if row is None else base.entry(row)
        if fresh == known:
            return False
        is_same_name = fresh is not None and known is not None and replace(fresh, lon=known.lon, lat=known.lat) == known
        if fresh is not None and is_same_name and row is not None and change.number not in overlay:
            base.move(row, fresh.lon, fresh.lat)  # people walk all day, and are called the same
            return False
        overlay[change.number] = fresh
        return True

    def _renew(self, kind: str) -> None:
        overlay = self._overlays[kind]
        if len(overlay) > max(MOST_OVERLAY, MOST_OVERLAY_SHARE * len(self._sections[kind][0])):
            base = Section(kind, list(self._store.named(kind, self._scope)))
            self._overlays[kind] = {}
            self._sections[kind] = (base, Section(kind, ()), _NONE)
            return
        base = self._sections[kind][0]
        fresh = Section(kind, [entry for entry in overlay.values() if entry is not None])
        hidden = frozenset(number for number in overlay if base.row(number) is not None)
        self._sections[kind] = (base, fresh, hidden)

    def _roads(self) -> list[Named]:
        layers = [layer for _, layer in self._store.load(BaseMapLayer.kind) if isinstance(layer, BaseMapLayer)]
        return list(roads_of(layers))

    def search(self, text: str, limit: int = 6, kinds: Sequence[str] = KINDS) -> tuple[Group, ...]:
        """What matches a text, best group first; every term of it must match somewhere in an entry."""
        terms = terms_of(text)
        if not terms:
            return ()
        groups = [self._group(kind, terms, limit) for kind in kinds if kind in self._sections]
        found = [group for group in groups if group.hits]
        return tuple(sorted(found, key=lambda group: (group.hits[0].score, kinds.index(group.kind))))

    def _group(self, kind: str, terms: Sequence[str], limit: int) -> Group:
        base, fresh, hidden = self._sections[kind]
        hits = [*_scan(fresh, terms, limit, frozenset()), *_scan(base, terms, limit, hidden)]
        hits.sort(key=_order)
        return Group(kind, tuple(hits[:limit]), len(hits) > limit)


_NONE: frozenset[int] = frozenset()


def terms_of(text: str) -> tuple[str, ...]:
    """The words of a query: full-width letters as usual ones, lower case. Typed pinyin is one word (`you yi lu`)."""
    plain = unicodedata.normalize("NFKC", text[:MOST_TEXT]).lower().strip()
    return tuple(term for term in _SPACES.split(plain) if term)[:MOST_TERMS]


def _scan(section: Section, terms: Sequence[str], limit: int, hidden: frozenset[int]) -> list[Hit]:
    """The best entries: ways are tried from the best on, until enough was found."""
    if not len(section):
        return []
    best: dict[int, tuple[int, str]] = {}
    joined = "".join(terms)
    wordings = [terms] if len(terms) == 1 or CHINESE.search(joined) else [terms, (joined,)]
    for way in WAYS:
        for wording in wordings:
            for row in _rows(section, way, wording):
                if row not in best and int(section.numbers[row]) not in hidden:
                    best[row] = (way.score, way.field)
        if len(best) > limit and way is not WAYS[-1] and _is_settled(way):
            break
    hits = [_hit(section, row, score, field) for row, (score, field) in best.items()]
    return sorted(hits, key=_order)[: limit + 1]


def _is_settled(way: Way) -> bool:
    """Whether no later way can be as good as this one."""
    later = WAYS[WAYS.index(way) + 1]
    return later.score > way.score


def _rows(section: Section, way: Way, terms: Sequence[str]) -> list[int]:
    """Entries whose longest term matches that way and whose other terms stand in any field."""
    lead = max(terms, key=len)
    rows = rows_matching(section.texts[way.field], way, lead)
    others = [term for term in terms if term is not lead]
    return [row for row in rows if all(_stands_anywhere(section, row, term) for term in others)]


def _stands_anywhere(section: Section, row: int, term: str) -> bool:
    needle = term.encode()
    return any(text.holds(row, needle) for text in section.texts.values())


def _hit(section: Section, row: int, score: int, field: str) -> Hit:
    lon, lat = float(section.lons[row]), float(section.lats[row])
    is_placed = not (np.isnan(lon) or np.isnan(lat))
    return Hit(
        kind=section.kind,
        number=int(section.numbers[row]),
        shown=section.shown(row),
        lon=lon if is_placed else None,
        lat=lat if is_placed else None,
        score=score,
        way=field,
    )


def _order(hit: Hit) -> tuple[int, int, str, int]:
    """The best way first, then the shortest name (nearest to what was typed); of cases the newest."""
    if hit.kind == "case":
        return (hit.score, 0, "", -hit.number)
    return (hit.score, len(hit.shown.name), hit.shown.name, hit.number)


class _Feature(msgspec.Struct):
    properties: dict[str, object] = {}
    geometry: dict[str, object] = {}


class _Features(msgspec.Struct):
    features: list[_Feature] = []


_LAYER = msgspec.json.Decoder(_Features)


def roads_of(layers: Iterable[BaseMapLayer]) -> Iterable[Named]:
    """Named roads, rivers and lines of the base map, each once, placed at the middle vertex of its longest part."""
    best: dict[str, tuple[int, tuple[float, float], Mapping[str, object]]] = {}
    for layer in layers:
        if not layer.geometry:
            continue
        for feature in _LAYER.decode(layer.geometry).features:
            name = str(feature.properties.get("name") or "")
            line = max(_lines(feature.geometry.get("coordinates")), key=len, default=[])
            if name and line and len(line) > best.get(name, (0,))[0]:
                best[name] = (len(line), line[len(line) // 2], feature.properties)
    for number, (name, (_, (lon, lat), properties)) in enumerate(sorted(best.items())):
        name_en = str(properties.get("name_en") or "")
        yield Named(number, ROAD, name, name, name_en, "", "", "", lon, lat, "")


def _lines(coordinates: object) -> Iterable[list[tuple[float, float]]]:
    """Every chain of positions in GeoJSON coordinates of any depth."""
    if not isinstance(coordinates, list) or not coordinates:
        return
    first = coordinates[0]
    if isinstance(first, int | float):
        yield [(float(first), float(coordinates[1]))]
    elif isinstance(first, list) and first and isinstance(first[0], int | float):
        yield [(float(point[0]), float(point[1])) for point in coordinates]
    else:
        for part in coordinates:
            yield from _lines(part)


__all__ = ["KINDS", "Group", "Hit", "SearchIndex", "roads_of", "terms_of"]
