"""What only this room can check of a settings file: kinds of sources, their options, files of areas and layers."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from datasources.contract import RecordRejected, SourceError
from datasources.coordinates import Bounds
from datasources.district import read_area_file, read_areas, read_layer_file
from datasources.geometry import positions_of
from datasources.mapping import MappingOptions
from datasources.options import OptionsError, read_options
from datasources.outlines import OutlineError, outline
from datasources.registry import KINDS, UnknownKind, build, find_kind
from situation.records import AreaKind
from situation.settings import (
    AreaFile,
    Finding,
    Settings,
    SourceSettings,
    as_toml,
    load_settings,
    read_text,
    suggestion,
)

NEED_URL = frozenset(KINDS) - {"files", "gpx", "onvif", "sql", "webhook"}
"""Our kinds that can't be asked without `url`."""

COUNTED_IN = frozenset({AreaKind.STREET, AreaKind.COMMUNITY, AreaKind.GRID})
"""Levels of areas whose codes records carry."""


def load(path: Path, environ: Mapping[str, str], *, text: str | None = None) -> Settings:
    """The settings of a district, checked as a whole; raises SettingsError with every problem.

    Adapters that lie beside the file are found by `kind = "module:Class"`. `text`: what the file said before.
    """
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)
    return load_settings(path, environ, check, text=text)


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """Where a process finds its settings. `checked`: the supervisor's copy of what `path` said when it was checked."""

    path: Path
    checked: Path | None = None

    def load(self, environ: Mapping[str, str]) -> Settings:
        """The settings; raises SettingsError, whose lines are those of `path`."""
        return load(self.path, environ, text=None if self.checked is None else read_text(self.checked))


def check(settings: Settings) -> Iterator[Finding]:
    """Everything that is wrong with sources and files."""
    for place, source in enumerate(settings.sources):
        for path, value, allowed in _wrong_in(source):
            yield Finding(("sources", place, *path), value, allowed)
    yield from _wrong_files(settings)
    yield from _wrong_shares(settings)
    if not settings.areas and not settings.sources:
        yield from _wrong_code(settings.district.adcode)


def in_district(source: SourceSettings, settings: Settings) -> SourceSettings:
    """The source's settings, with the district's zone for times without one, and its bounds for positions whose order
    is in doubt where the district's outline is known.
    """
    told: dict[str, Any] = {} if source.timezone else {"timezone": settings.district.timezone}
    bounds = _bounds(settings.district.adcode) if _takes_bounds(source) else None
    if bounds is not None:
        told["options"] = {**source.options, "bounds": bounds}
    return source.model_copy(update=told)


def _takes_bounds(source: SourceSettings) -> bool:
    try:
        options = find_kind(source.kind).options
    except UnknownKind:
        return False
    return options is not None and issubclass(options, MappingOptions) and "bounds" not in source.options


def _bounds(adcode: str) -> Bounds | None:
    try:
        corners = list(positions_of(json.loads(outline(adcode).geometry)["coordinates"]))
    except OutlineError:
        return None
    lons, lats = [lon for lon, _ in corners], [lat for _, lat in corners]
    return min(lons), min(lats), max(lons), max(lats)


def _wrong_in(source: SourceSettings) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    try:
        kind = find_kind(source.kind)
    except UnknownKind as error:
        yield ("kind",), as_toml(source.kind), str(error)
        return
    if not source.url and kind.manifest.kind in NEED_URL:
        yield ("url",), "", "is missing: the address of the upstream, like http://10.20.0.5/api"
    try:
        if kind.options is not None:
            read_options(kind.options, source)
        build(source)
    except OptionsError as error:
        for problem in error.problems:
            yield problem.path, problem.value, problem.allowed
    except ValueError as error:  # what a kind finds wrong beyond single options
        yield ("options",), "", str(error)


def _wrong_shares(settings: Settings) -> Iterator[Finding]:
    """Areas that no record lies in, so that the share would see nothing."""
    limited = [
        (("shares", place, "areas", number), code)
        for place, share in enumerate(settings.shares)
        for number, code in enumerate(share.areas)
    ]
    known = _codes_of_areas(settings) if limited else None
    for path, code in limited:
        if code == settings.district.adcode:
            yield Finding(path, as_toml(code), "is the whole district: leave areas empty to share it")
        elif known is not None and code not in known:
            yield Finding(path, as_toml(code), suggestion(code, known, "street, community or grid"))


def _codes_of_areas(settings: Settings) -> list[str] | None:
    """What a record can lie in; None where sources deliver areas, or a wrong file keeps them back (told there)."""
    try:
        if any(_delivers_areas(source) for source in settings.sources):
            return None
        return [area.code for area in read_areas(settings) if area.area_kind in COUNTED_IN]
    except (SourceError, RecordRejected, ValueError):
        return None


def _delivers_areas(source: SourceSettings) -> bool:
    return "area" in build(source).manifest.records


def _wrong_code(adcode: str) -> Iterator[Finding]:
    try:
        outline(adcode)
    except OutlineError as error:
        yield Finding(("district", "adcode"), as_toml(adcode), f"{error}; give its areas as [[areas]]")


def _wrong_files(settings: Settings) -> Iterator[Finding]:
    reading: list[tuple[tuple[str | int, ...], str, Callable[[], object]]] = [
        (("areas", place, "file"), area.file, partial(_read_areas, area, settings))
        for place, area in enumerate(settings.areas)
    ]
    reading += [
        (("map", "layers", place, "file"), layer.file, partial(read_layer_file, layer))
        for place, layer in enumerate(settings.map.layers)
    ]
    for path, file, read in reading:
        try:
            if Path(file).is_file():
                read()
        except (SourceError, RecordRejected, ValueError) as error:
            yield Finding(path, as_toml(file), str(error))


def _read_areas(area: AreaFile, settings: Settings) -> None:
    if not read_area_file(area, settings).records:
        raise ValueError("no area in it could be read: say which properties are code and kind, or its level")
