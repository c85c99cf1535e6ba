"""In which coordinate system the positions of unknown rows are: what the reply says of itself, and what puts them into
the district. What these rows can't tell is left at the plainest, and its comment says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from datasources.connecting.block import Block
from datasources.connecting.columns import Guess
from datasources.connecting.rows import Rows, values
from datasources.connecting.said_crs import SaidCrs, metre_planes, said_crs
from datasources.fields import number
from datasources.mapping.places import read_pair
from datasources.plausibility import CANDIDATES, CrsFit, CrsJudgement, fit_crs
from situation.crs import to_wgs84

_ASK = "ask, or look at a map"
_DEGREES = 180.0
Numbers = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a block says of its positions. `options` go into `[sources.options]`; `is_off`: for the reader to decide."""

    crs: str = ""
    why: str = ""
    is_off: bool = False
    is_swapped: bool = False
    options: tuple[tuple[str, Any], ...] = ()


def write_positions(
    block: Block, taken: Guess, rows: Rows, document: Any, outline: BaseGeometry | None
) -> Mapping[str, Any]:
    """The line `crs` of a block, a swapped pair turned in `taken`; the options that belong to it."""
    lons, lats = _pairs(taken, rows)
    if not any(x is not None for x in lons):
        block.note("! no columns of longitude and latitude were found: listed, not mapped")
        return {}
    said = said_crs(document)
    choose = _of_degrees if _is_degrees(lons, lats) else _of_metres
    chosen = choose(lons, lats, said, outline)
    options = dict(chosen.options)
    if chosen.is_swapped:
        block.note("! what is called longitude is the latitude, and the other way round: turned")
        if "position" in taken.fields:
            options["position_order"] = "lat-lon"
        else:
            taken.fields["lon"], taken.fields["lat"] = taken.fields["lat"], taken.fields["lon"]
    if chosen.crs:
        block.set("crs", chosen.crs, chosen.why, is_off=chosen.is_off)
    elif chosen.why:
        block.note(chosen.why)
    return options


def _pairs(taken: Guess, rows: Rows) -> tuple[Numbers, Numbers]:
    if "position" in taken.fields:
        pairs = [read_pair(each) for each in values(rows, taken.fields["position"])]
        return [x for x, _ in pairs], [y for _, y in pairs]
    if not {"lon", "lat"} <= taken.fields.keys():
        return (), ()
    lons, lats = ([number(row.get(taken.fields[name])) for row in rows] for name in ("lon", "lat"))
    return lons, lats


def _is_degrees(lons: Numbers, lats: Numbers) -> bool:
    """Whether most pairs can be degrees."""
    known = [(x, y) for x, y in zip(lons, lats, strict=True) if x is not None and y is not None]
    return 2 * sum(abs(x) <= _DEGREES and abs(y) <= _DEGREES for x, y in known) >= len(known)


def _of_degrees(lons: Numbers, lats: Numbers, said: SaidCrs, outline: BaseGeometry | None) -> Chosen:
    if outline is None:
        if said.name in CANDIDATES or said.name == "cgcs2000":
            return Chosen(said.name, f"the reply says {said.text}")
        return Chosen("wgs84", "or gcj02, bd09: measured when --settings is given", is_off=True)
    judgement = fit_crs(outline, lons, lats)
    best = _best(judgement)
    if not best.inside:
        return Chosen("wgs84", f"! none of {best.counted} lies in the district, however they are read", is_off=True)
    own = judgement.fit(said.name)
    if own is None:
        return Chosen(best.crs, _fit_text(judgement, best), is_swapped=best.is_swapped)
    if judgement.is_sure and best != own:
        why = (
            f"! the reply says {said.text}, but so only {own.inside} lie in the district; {_fit_text(judgement, best)}"
        )
        return Chosen(best.crs, why, is_swapped=best.is_swapped)
    return Chosen(said.name, _said_text(said, judgement, own), is_swapped=own.is_swapped)


def _best(judgement: CrsJudgement) -> CrsFit:
    """The best reading; where several can't be told apart the plainest, whatever chance says."""
    equals = judgement.fits[: judgement.equals]
    return min(equals, key=lambda fit: (fit.inside == 0, fit.is_swapped, CANDIDATES.index(fit.crs)))


def _said_text(said: SaidCrs, judgement: CrsJudgement, own: CrsFit) -> str:
    """Many systems here label as WGS-84 what is GCJ-02: where nothing proves the label, that is said."""
    fit = _fit_text(judgement, own)
    return f"the reply says {said.text}; {fit}" if judgement.is_sure else f"{fit}; the reply says {said.text}"


def _fit_text(judgement: CrsJudgement, chosen: CrsFit) -> str:
    inside = f"{chosen.inside} of {chosen.counted} lie in the district so"
    others = [fit for fit in judgement.fits if fit.is_swapped == chosen.is_swapped and fit != chosen]
    counts = ", ".join(f"as {fit.crs} {fit.inside}" for fit in others)
    return f"{inside}, {counts}" if judgement.is_sure else f"! not sure: {inside}, {counts}, too alike to tell: {_ASK}"


def _of_metres(lons: Numbers, lats: Numbers, said: SaidCrs, outline: BaseGeometry | None) -> Chosen:
    if outline is None:
        if said.crs is None:
            return Chosen(why="! positions are metres of a plane: which, is found when --settings is given")
        return _of_plane(said, f"the reply says {said.text}")
    known = [(x, y) for x, y in zip(lons, lats, strict=True) if x is not None and y is not None]
    x, y = np.array(known, dtype=np.float64).reshape(-1, 2).T
    tries = [] if said.crs is None else [said]
    tries += metre_planes(float(outline.centroid.x))
    fits = [
        (_inside(outline, each, pair), each, is_swapped)
        for each in tries
        for is_swapped, pair in ((False, (x, y)), (True, (y, x)))
    ]
    inside, best, is_swapped = max(fits, key=lambda fit: fit[0])
    if not inside:
        told = f" (the reply says {said.text})" if said.text else ""
        return Chosen(why=f"! positions are metres of a plane that is not known{told}: options.plane, docs/mapping.md")
    return _of_plane(best, f"metres; {inside} of {len(x)} lie in the district so", is_swapped=is_swapped)


def _of_plane(plane: SaidCrs, why: str, *, is_swapped: bool = False) -> Chosen:
    text = f"{plane.text}: {why}" if plane.text not in why else why
    if plane.name:
        return Chosen(plane.name, text, is_swapped=is_swapped)
    return Chosen(why=text, is_swapped=is_swapped, options=tuple(_plane_options(plane)))


def _plane_options(plane: SaidCrs) -> Iterator[tuple[str, Any]]:
    crs = plane.crs
    if crs is not None and not isinstance(crs, str):
        yield (
            "plane",
            {"origin_lon": crs.origin_lon, "origin_lat": crs.origin_lat, "false_easting_m": crs.false_easting_m},
        )


def _inside(outline: BaseGeometry, plane: SaidCrs, pair: tuple[Any, Any]) -> int:
    lon, lat = to_wgs84(plane.crs or "wgs84", *pair)
    return int(shapely.intersects_xy(outline, lon, lat).sum())
