"""Which record an address names."""

from __future__ import annotations

from urllib.parse import unquote

from layouts.details.view import Address
from layouts.scenes import SCENES_BY_KEY

WALL_PREFIX = "/wall"


def address_of(pathname: str) -> Address | None:
    """The record a path names, below `/wall` or not; None for a scene or anything unknown."""
    kind, _, record_id = _below_wall(pathname).partition("/")
    record_id = unquote(record_id).strip("/")
    return Address(kind=kind, id=record_id) if kind and record_id else None


def is_scene(pathname: str) -> bool:
    """Whether a path shows a scene, the overview for one, and nothing over it."""
    key = _below_wall(pathname).rstrip("/")
    return key == "" or key in SCENES_BY_KEY


def _below_wall(pathname: str) -> str:
    path = pathname.removeprefix(WALL_PREFIX) if f"{pathname}/".startswith(WALL_PREFIX + "/") else pathname
    return path.removeprefix("/")
