"""Devices as sheets and tooltips show them: what a dead source said of them once is no longer known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from callbacks.services import Services
from situation.feed.settings import NEVER_LATE_S
from situation.health import LIVING, source_state
from situation.records import Camera, DeviceState, Record, Sensor, SourceHealth

Shown = TypeVar("Shown", bound=Record)
DEVICES = frozenset({Camera.kind, Sensor.kind})


def as_of_now(services: Services, record: Shown, source: SourceHealth | None) -> Shown:
    """The record, a device unknown when its source is dead: the same as its mark on the map."""
    if not isinstance(record, Camera | Sensor) or source is None or not _is_dead(services, source):
        return record
    return replace(record, state=DeviceState.UNKNOWN)


def all_as_of_now(services: Services, kind: str, items: Sequence[tuple[int, Record]]) -> tuple[tuple[int, Record], ...]:
    """Records of a kind with their numbers, devices as they are known now. Blocking."""
    if kind not in DEVICES:
        return tuple(items)
    sources = {source.id: source for source in services.store.sources()}
    return tuple((number, as_of_now(services, record, sources.get(record.source))) for number, record in items)


def dead_sources(services: Services) -> tuple[str, ...]:
    """Keys of the sources whose devices nobody can tell about now. Blocking."""
    return tuple(source.id for source in services.store.sources() if _is_dead(services, source))


def _is_dead(services: Services, source: SourceHealth) -> bool:
    least_age_s = NEVER_LATE_S / services.clock.real_s(1.0)
    return source_state(source, services.clock.now(), least_age_s) not in LIVING
