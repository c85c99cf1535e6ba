"""Which kinds of source there are, by name. A new kind is a folder with MANIFEST and `build`; nothing is listed here.

Its package may also have `OPTIONS` (what `[sources.options]` may hold) and `MEDIA` (how its cameras are looked at).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from typing import Any

import datasources
from datasources.contract import Manifest, PushSource, Source, SourceSettings
from datasources.http import HttpClient
from datasources.local import LocalClient
from datasources.media import CameraMedia
from datasources.options import Options
from situation.clock import CityClock, Clock
from situation.settings import suggestion


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source: its manifest, and how a source of it is made from settings and a client."""

    manifest: Manifest
    build: Callable[[SourceSettings, HttpClient], Source | PushSource]
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
"""The kinds that come with the product, by name."""

ENTRY_POINTS = "onescreen.sources"
"""The group in which an installed package names its own kinds: `pumps = "pumping.adapter:PumpSource"`."""


class UnknownKind(ValueError):
    """The settings name a kind of source that does not exist."""


def find_kind(name: str) -> Kind:
    """The kind with a name: one of ours, an entry point's, or a class by `package.module:Class`; raises UnknownKind.

    Importing an adapter runs its code: settings are written by whoever runs the product.
    """
    known = KINDS.get(name)
    if known is not None:
        return known
    if ":" in name:
        return _of_class(name, *name.split(":", 1))
    found = next(iter(entry_points(group=ENTRY_POINTS, name=name)), None)
    if found is None:
        raise UnknownKind(suggestion(name, sorted(KINDS), "kind of source"))
    return _of_class(name, found.module, found.attr)


def _of_class(name: str, module: str, attribute: str) -> Kind:
    """The kind that a class of somebody else's is, which is known by the name that the settings give it."""
    try:
        adapter: Any = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise UnknownKind(f"can't be imported: {error}") from error
    manifest = getattr(adapter, "MANIFEST", None)
    if not isinstance(manifest, Manifest) or not callable(adapter):
        raise UnknownKind("is no adapter: its class needs a MANIFEST (docs/own-source.md)")
    named = replace(manifest, kind=name)
    return Kind(named, adapter, getattr(adapter, "OPTIONS", None), getattr(adapter, "MEDIA", None))


def build(settings: SourceSettings, clock: Clock | None = None, http: HttpClient | None = None) -> Source | PushSource:
    """The source that one `[[sources]]` block describes; raises UnknownKind, or ValueError for wrong options."""
    return find_kind(settings.kind).build(settings, http or LocalClient(clock=clock or CityClock()))
