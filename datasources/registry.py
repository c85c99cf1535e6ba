"""Which kinds of source there are, by name. A new kind is a folder with MANIFEST and `build`; nothing is listed here.

Its package may also have `OPTIONS` (what `[sources.options]` may hold) and `MEDIA` (how its cameras are looked at).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import datasources
from datasources.contract import Manifest, Source, SourceSettings
from datasources.http import HttpClient
from datasources.media import CameraMedia
from datasources.options import Options
from situation.clock import CityClock, Clock


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source: its manifest, and how a source of it is made from settings and a client."""

    manifest: Manifest
    build: Callable[[SourceSettings, HttpClient], Source]
    options: type[Options] | None = None
    media: Callable[[SourceSettings, HttpClient], CameraMedia] | None = None


def _found() -> Iterator[Kind]:
    """Every folder of this room that is a kind of source, by its manifest."""
    for found in pkgutil.iter_modules(datasources.__path__):
        if not found.ispkg:
            continue
        module = importlib.import_module(f"datasources.{found.name}")
        manifest = getattr(module, "MANIFEST", None)
        if isinstance(manifest, Manifest):
            yield Kind(manifest, module.build, getattr(module, "OPTIONS", None), getattr(module, "MEDIA", None))


KINDS: dict[str, Kind] = {kind.manifest.kind: kind for kind in _found()}


class UnknownKind(ValueError):
    """The settings name a kind of source that does not exist."""


def build(settings: SourceSettings, clock: Clock | None = None, http: HttpClient | None = None) -> Source:
    """The source that one `[[sources]]` block describes; raises UnknownKind, or ValueError for wrong options."""
    kind = KINDS.get(settings.kind)
    if kind is None:
        raise UnknownKind(f"sources.{settings.key}: kind {settings.kind!r}; allowed: {', '.join(sorted(KINDS))}")
    return kind.build(settings, http or HttpClient(clock=clock or CityClock()))
