"""Devices as sheets and tooltips show them: what a dead source said of them once is no longer known."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from callbacks.services import Services
from situation.feed.settings import NEVER_LATE_S
from situation.health import LIVING, source_state
from situation.records import Camera, DeviceState, Record, Sensor, SourceHealth

Shown = TypeVar("Shown", bound=Record)


def as_of_now(services: Services, record: Shown, source: SourceHealth | None) -> Shown:
    """The record, a device unknown when its source is dead: the same as its mark on the map."""
    if not isinstance(record, Camera | Sensor) or source is None:
        return record
    clock = services.clock
    least_age_s = NEVER_LATE_S / clock.real_s(1.0)
    if source_state(source, clock.now(), least_age_s) in LIVING:
        return record
    return replace(record, state=DeviceState.UNKNOWN)
