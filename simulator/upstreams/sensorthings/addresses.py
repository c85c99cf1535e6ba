"""What a SensorThings path such as `Things(1)/Datastreams` leads to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simulator.upstreams.sensorthings.graph import LINKS
from simulator.upstreams.sensorthings.options import Options
from simulator.upstreams.sensorthings.reader import Reader

_SEGMENT = re.compile(r"(?P<name>[A-Za-z]+)(?:\((?P<id>[^()]+)\))?")


class NothingFound(LookupError):
    """The path leads to nothing."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity."""

    type: str
    key: Any


@dataclass(frozen=True, slots=True)
class Collection:
    """Entities of one type."""

    type: str
    keys: Sequence[Any]


def follow(reader: Reader, path: str, options: Options) -> Entity | Collection:
    """Walk the path from the left; raises NothingFound. `options` bound what an endless collection must hold."""
    here: Entity | None = None
    segments = [segment for segment in path.split("/") if segment]
    for position, segment in enumerate(segments):
        match = _SEGMENT.fullmatch(segment)
        if match is None:
            raise NothingFound(f"cannot read {segment!r}")
        type_name, is_many = _type(here, match["name"])
        if is_many and match["id"] is None:
            if position + 1 < len(segments):
                raise NothingFound(f"{match['name']} is a collection")
            parent = (here.type, here.key) if here else None
            return Collection(type_name, reader.keys(type_name, parent, match["name"], options))
        here = Entity(type_name, _key(reader, here, match["name"], type_name, match["id"]))
    if here is None:
        raise NothingFound("nothing is addressed")
    return here


def _type(here: Entity | None, name: str) -> tuple[str, bool]:
    if here is None:
        if name not in LINKS:
            raise NothingFound(f"no entity set {name!r}")
        return name, True
    link = LINKS[here.type].get(name)
    if link is None:
        raise NothingFound(f"{here.type} have no {name!r}")
    return link.type, link.is_many


def _key(reader: Reader, here: Entity | None, name: str, type_name: str, text: str | None) -> Any:
    if text is None:
        related = reader.graph.related(here.type, here.key, name) if here else ()
        if not related:
            raise NothingFound(f"no {name}")
        return related[0]
    bare = text.strip("'")
    key: Any = None
    if type_name != "Observations":
        key = reader.graph.key_of(type_name, bare)
    elif (parts := reader.graph.observation_of(bare)) is not None:
        key = reader.moment.observation_at(*parts)
    if key is None:
        raise NothingFound(f"no {type_name}({text})")
    return key
