"""GPX 1.0 and 1.1 (https://www.topografix.com/gpx.asp) to versions of officers, the oldest first.

A file tells of the past. Each fix becomes a version of its officer: the store logs those that moved, as it does with
positions that come one by one, so that the track is found where all tracks are (`situation/tracks.py`), cut at gaps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from datasources.contract import Rejection, SourceDataError
from datasources.coordinates import locate
from datasources.decode import decode_xml
from datasources.fields import clean, instant, number
from situation.records import Officer
from situation.tracks import Fix, metres

MOST_FIXES = 600
"""Of one track: as many as are ever drawn."""

APART_M = 20.0
APART_S = 120.0
"""Fixes nearer to each other in both are one: the store would not log the second either."""

_SPEEDS = frozenset({"speed"})
_COURSES = frozenset({"course", "heading"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one source's files are read. `who` as the option."""

    key: str
    department: str
    crs: str
    zone: str | None
    who: str
    role: str
    keep_s: float


@dataclass(frozen=True, slots=True)
class Walk:
    """One track: whose it is and its versions, the oldest first."""

    officers: tuple[Officer, ...]
    rejected: tuple[Rejection, ...]


def normalise(body: bytes, file: str, reading: Reading, now: datetime) -> Walk:
    """Everybody's versions; fixes without time or place are counted as rejected. Raises SourceDataError."""
    root = decode_xml(body)
    if _local(root) != "gpx":
        raise SourceDataError("wrong_shape", f"the root is {clean(_local(root), 40)}, not gpx")
    points = list(_points(root, file, reading))
    positions = locate([each.lon for each in points], [each.lat for each in points], reading.crs)
    of_whom: dict[str, list[Officer]] = {}
    rejected: list[Rejection] = []
    for point, (lon, lat) in zip(points, positions, strict=True):
        if point.at is None or lon is None:
            rejected.append(Rejection(point.officer_id, "no time" if point.at is None else "no position"))
            continue
        of_whom.setdefault(point.officer_id, []).append(point.officer(reading, lon, lat))
    walks = [_thinned(versions, now - timedelta(seconds=reading.keep_s)) for versions in of_whom.values()]
    return Walk(tuple(officer for walk in walks for officer in walk), tuple(rejected))


@dataclass(frozen=True, slots=True)
class _Point:
    officer_id: str
    name: str
    lon: float | None
    lat: float | None
    at: datetime | None
    speed_mps: float | None
    heading_deg: float | None

    def officer(self, reading: Reading, lon: float, lat: float | None) -> Officer:
        return Officer(
            id=self.officer_id,
            source=reading.key,
            name=self.name,
            department=reading.department,
            role=reading.role,
            lon=lon,
            lat=lat,
            positioned_at=self.at,
            speed_mps=self.speed_mps,
            heading_deg=self.heading_deg,
        )


def _points(root: Element, file: str, reading: Reading) -> Iterator[_Point]:
    stem = clean(file.rsplit("/", 1)[-1].removesuffix(".gpx").removesuffix(".GPX"), 100) or "track"
    for track in root:
        if _local(track) != "trk":
            continue
        told = next((clean(child.text, 100) for child in track if _local(child) == "name"), "")
        name = stem if reading.who == "file" or not told else told
        for point in track.iter():
            if _local(point) == "trkpt":
                yield _point(point, f"{reading.key}.{name}", name, reading.zone)


def _point(point: Element, officer_id: str, name: str, zone: str | None) -> _Point:
    at: datetime | None = None
    speed = heading = None
    for child in point.iter():  # extensions hold them one or two levels deeper
        tag = _local(child)
        if tag == "time" and at is None:
            at = instant(clean(child.text, 64), zone)
        elif tag in _SPEEDS:
            speed = number(child.text)
        elif tag in _COURSES:
            heading = number(child.text)
    return _Point(officer_id, name, number(point.get("lon")), number(point.get("lat")), at, speed, heading)


def _thinned(versions: Sequence[Officer], since: datetime) -> list[Officer]:
    """In order of time, without what is older than `since` (the last one stays) or no news."""
    ordered = sorted(versions, key=_at_ms)
    kept: list[Officer] = []
    before: Fix | None = None
    for officer in ordered:
        fix = Fix(_at_ms(officer), officer.lon or 0.0, officer.lat or 0.0)
        is_last = officer is ordered[-1]
        if not is_last and (fix.at_ms < since.timestamp() * 1000 or (before is not None and _is_same(before, fix))):
            continue
        kept.append(officer)
        before = fix
    return kept[-MOST_FIXES:]


def _is_same(before: Fix, fix: Fix) -> bool:
    return fix.at_ms - before.at_ms < APART_S * 1000 and metres(before, fix) < APART_M


def _at_ms(officer: Officer) -> int:
    return 0 if officer.positioned_at is None else round(officer.positioned_at.timestamp() * 1000)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
