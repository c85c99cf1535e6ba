"""Paths such as `Things('a')/Datastreams`: ids stand in quotes, may hold slashes, and double the quotes in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from callbacks.routes.sharing.sta.errors import NotAsked
from callbacks.routes.sharing.sta.model import LINKS, SETS

_SEGMENT = re.compile(r"([A-Za-z]+)(?:\((?:'((?:[^']|'')*)'|([^'()/]+))\))?(?:/|$)")
MOST_SEGMENTS = 4


@dataclass(frozen=True, slots=True)
class Segment:
    """A set or a navigation property, and which one of it; None: all of them."""

    name: str
    id: str | None


def parse_path(text: str) -> tuple[Segment, ...]:
    """The segments of a path; raises NotAsked for one that leads nowhere."""
    segments: list[Segment] = []
    place = 0
    while place < len(text):
        found = _SEGMENT.match(text, place)
        if found is None or len(segments) == MOST_SEGMENTS:
            raise NotAsked(f"there is no resource {text[place : place + 100]!r}", 404)
        quoted, bare = found[2], found[3]
        segments.append(Segment(found[1], bare if quoted is None else quoted.replace("''", "'")))
        place = found.end()
    if not segments or segments[0].name not in LINKS:
        raise NotAsked(f"there is no such set; sets are {', '.join(SETS)}", 404)
    return tuple(segments)


def address(name: str, entity_id: str) -> str:
    """The path of one entity, as it stands in a link."""
    doubled = entity_id.replace("'", "''")
    return f"{name}('{quote(doubled, safe='')}')"
