"""Keeps a generated city in a file, so that only the first start has to build it.

MessagePack, not pickle: reading it runs no code. Shapes are WKB in an extension of their own.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import shapely
from shapely.geometry.base import BaseGeometry

from simulator.city.generation import generate
from simulator.model import (
    City,
    CityArea,
    CityCamera,
    CityComponent,
    CityDepartment,
    CityOfficer,
    CityPlace,
    CitySensor,
    Line,
)

_logger = logging.getLogger(__name__)
_SHAPE = 1
_FLAT: dict[str, Any] = {
    "places": tuple[CityPlace, ...],
    "cameras": tuple[CityCamera, ...],
    "sensors": tuple[CitySensor, ...],
    "components": tuple[CityComponent, ...],
    "officers": tuple[CityOfficer, ...],
    "departments": tuple[CityDepartment, ...],
}


def load(adcode: str, scale: int, seed: int, cache_dir: Path | None) -> City:
    """The city, from `cache_dir` when it was built before; built (and kept there) otherwise."""
    if cache_dir is None:
        return generate(adcode, scale, seed)
    path = cache_dir / f"city-{adcode}-{scale}-{seed}-{_edition()}.msgpack"
    kept = _read(path)
    if kept is not None:
        return kept
    city = generate(adcode, scale, seed)
    try:
        _keep(path, _encoded(city))
    except OSError as error:  # a city that can't be kept is built again next time
        _logger.warning("simulator: the city can't be kept in %s: %s", cache_dir, error.strerror)
    return city


def _read(path: Path) -> City | None:
    """None when it is absent or damaged: the city can always be built again."""
    try:
        return _decoded(path.read_bytes())
    except (OSError, msgspec.MsgspecError, shapely.errors.ShapelyError, KeyError, TypeError):
        return None


def _edition() -> str:
    """Changes with the code that builds cities, so that a file never outlives its generator."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    digest.update((Path(__file__).parents[1] / "model.py").read_bytes())
    return digest.hexdigest()[:12]


def _keep(path: Path, content: bytes) -> None:
    """Whole or not at all, readable by its owner only; earlier editions of the same city go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    stem = path.name.rsplit("-", 1)[0]
    for old in path.parent.glob(f"{stem}-*.msgpack"):
        if old != path:
            old.unlink(missing_ok=True)


def _to_extension(value: Any) -> Any:
    if isinstance(value, BaseGeometry):
        return msgspec.msgpack.Ext(_SHAPE, shapely.to_wkb(value))
    raise TypeError(f"cannot keep a {type(value).__name__}")


def _from_extension(code: int, data: memoryview) -> Any:
    if code != _SHAPE:
        raise msgspec.ValidationError(f"unknown extension {code}")
    return shapely.from_wkb(bytes(data))


def _encoded(city: City) -> bytes:
    return msgspec.msgpack.encode(city, enc_hook=_to_extension)


def _decoded(content: bytes) -> City:
    raw = msgspec.msgpack.decode(content, type=dict[str, msgspec.Raw])
    parts: dict[str, Any] = {
        name: msgspec.msgpack.decode(part, type=_FLAT.get(name, Any), ext_hook=_from_extension)
        for name, part in raw.items()
    }
    parts["areas"] = tuple(CityArea(**area) for area in parts["areas"])
    parts["lines"] = tuple(Line(**line) for line in parts["lines"])
    parts["green"] = tuple((name, shape) for name, shape in parts["green"])
    parts["water"] = tuple((name, shape) for name, shape in parts["water"])
    parts["buildings"] = tuple(parts["buildings"])
    return City(**parts)
