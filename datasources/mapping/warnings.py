"""Rows to weather warnings of any office: level by table, by its own words, or by severity; where it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from datasources.fields import clean, number
from datasources.geometry import rings_of
from datasources.mapping.convert import codes, word_of
from datasources.mapping.spec import Finish, Row, Spec
from datasources.superseding import references, settled
from datasources.words.warning_levels import level_of
from situation.crs import Crs, to_wgs84
from situation.records import AreaClaim, LonLat, Record, WarningLevel, WeatherWarning

_WORD_LENGTH = 30
_LEVELS = {level.value: level for level in WarningLevel}
_UNREAL = frozenset({"exercise", "test", "draft", "system", "演练", "测试", "false", "0", "否"})
_MOST_CORNERS = 20_000


def finish_warning(spec: Spec) -> Finish:
    """How a row becomes a WeatherWarning; its level is unknown, and as given, where no table knows the word.

    Of `status` only what says that it is not meant (Exercise, Test, Draft, System) counts: a warning is never taken
    for a drill because of a word that nobody knows.
    """
    level_word, status, refers_to = spec.value("level"), spec.value("is_actual"), spec.getter("references")
    claims, as_given = _claims(spec), spec.getter("level")

    def finish(row: Row, given: dict[str, Any]) -> Record:
        word = level_word(row.raw)
        shown = "" if word is None else clean(word, _WORD_LENGTH)
        event, headline = given.get("event", ""), given.get("headline", "")
        level = _LEVELS.get(word_of(word).lower()) if word is not None else None
        if level is None:
            said = [("level", shown)] if shown else []
            level, found = level_of(event, headline, said, given.get("severity", ""))
            shown = shown or found
        given.setdefault("level_text", clean(as_given(row.raw), _WORD_LENGTH) or shown)
        given.setdefault("name", headline or event)
        given.setdefault("onset_at", given.get("sent_at"))
        given["message_type"] = given.get("message_type", "").capitalize() or "Alert"
        given["is_actual"] = word_of(status(row.raw)).lower() not in _UNREAL
        prefix = row.id.removesuffix(row.own_id)
        given["references"] = tuple(f"{prefix}{own_id}" for own_id in _references(refers_to(row.raw)))
        return WeatherWarning(id=row.id, level=level, areas=claims(row), **given)

    return finish


def settle_warnings(records: list[Record]) -> list[Record]:
    """One warning per id, each told which actual Update or Cancel of the same reply took its place."""
    return list(settled(record for record in records if isinstance(record, WeatherWarning)).warnings)


def _references(given: Any) -> tuple[str, ...]:
    """Identifiers from a list of them, or from CAP's `sender,identifier,sent` triples."""
    if isinstance(given, list):
        return tuple(found for found in (clean(each, 200) for each in given) if found)
    return references(clean(given, 20_000))


def _claims(spec: Spec) -> Callable[[Row], tuple[AreaClaim, ...]]:
    name_of, codes_of, polygon_of = spec.value("area_name"), spec.value("area_codes"), spec.getter("polygon")
    is_lat_first = spec.options.position_order == "lat-lon"

    def claims(row: Row) -> tuple[AreaClaim, ...]:
        found = codes_of(row.raw)
        polygons = rings_of(row.geometry, spec.crs) or _polygons(polygon_of(row.raw), spec.crs, is_lat_first)
        claim = AreaClaim(
            name=clean(name_of(row.raw), 200), codes=codes(found) if found is not None else (), polygons=polygons
        )
        return (claim,) if claim != AreaClaim() else ()

    return claims


def _polygons(given: Any, crs: Crs, is_lat_first: bool) -> tuple[tuple[LonLat, ...], ...]:
    """A GeoJSON geometry, `x,y x,y …` as text, or a list of pairs, as closed rings; () for anything else."""
    if isinstance(given, dict):
        return rings_of(given, crs)
    if isinstance(given, str):
        given = [pair.split(",") for pair in given.replace(";", " ").split()]
    pairs = given[:_MOST_CORNERS] if isinstance(given, list) else []
    corners = [_corner(pair, is_lat_first) for pair in pairs if isinstance(pair, list) and len(pair) >= 2]
    known = [corner for corner in corners if corner is not None]
    if len(known) < 3 or len(known) != len(pairs):
        return ()
    lons, lats = to_wgs84(crs, [lon for lon, _ in known], [lat for _, lat in known])
    ring = list(zip(lons.tolist(), lats.tolist(), strict=True))
    return (tuple(ring if ring[0] == ring[-1] else [*ring, ring[0]]),)


def _corner(pair: list[Any], is_lat_first: bool) -> LonLat | None:
    first, second = number(pair[0]), number(pair[1])
    if first is None or second is None:
        return None
    return (second, first) if is_lat_first else (first, second)
