"""Bundles: the scripts and styles of assets/, joined by when a page needs them: start, later, a scene, a player.

Each is one script and one style sheet at an address that carries its fingerprint and may be kept for ever. Sixty small
files at the start were most of what a cold open waited for: a browser asks an HTTP/1.1 host for six at a time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

START, LATER = "start", "later"
IGNORED_FILES = r"\.(js|css)$"
"""Files of assets/ that Dash must not put into its pages by itself."""

PREFIX = "/assets/bundle/"
_JOINERS = MappingProxyType(
    {"js": "try {{\n{text}\n}} catch (error) {{\n  reportError(error);\n}}\n", "css": "{text}\n"}
)
"""One script that fails to start must not take the others of its bundle with it."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Joined files of one type. `name` is the last part of its address."""

    name: str
    body: bytes

    @property
    def url(self) -> str:
        """Its address on our own host."""
        return PREFIX + self.name


class Bundles:
    """All bundles of an assets folder, joined once."""

    def __init__(self, assets: Path) -> None:
        folders: dict[str, tuple[Path, ...]] = {
            path.name: (path,)
            for room in ("scenes", "players")
            for path in sorted((assets / room).glob("*"))
            if path.is_dir()
        }
        folders[START] = (assets, assets / "fonts", assets / "panels")
        folders[LATER] = (assets / LATER,)
        self._of = {key: _bundles(key, parts) for key, parts in folders.items()}
        self._by_name = {bundle.name: bundle for parts in self._of.values() for bundle in parts.values()}

    def find(self, name: str) -> Bundle | None:
        """The bundle with this name; None for another release's."""
        return self._by_name.get(name)

    def addresses(self) -> dict[str, dict[str, str]]:
        """By scene or player (or START, LATER) and type (js, css): where it is."""
        return {key: {kind: bundle.url for kind, bundle in parts.items()} for key, parts in self._of.items()}


def _bundles(key: str, folders: tuple[Path, ...]) -> Mapping[str, Bundle]:
    found = {
        kind: joined([path for folder in folders for path in sorted(folder.glob(f"*.{kind}"))], kind)
        for kind in _JOINERS
    }
    return {
        kind: Bundle(f"{key}.{hashlib.sha256(body).hexdigest()[:12]}.{kind}", body)
        for kind, body in found.items()
        if body
    }


def joined(paths: list[Path], kind: str) -> bytes:
    """Files of one kind as one, in this order."""
    return "".join(_JOINERS[kind].format(text=path.read_text("utf-8")) for path in paths).encode()
