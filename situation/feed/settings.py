"""What numbers and panels need to know of the settings."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from situation.clock import Clock
from situation.live import Context
from situation.live.context import Readings
from situation.pictures import PictureBook
from situation.settings import Settings

NEVER_LATE_S = 15.0
"""Real seconds. Sources are asked at most every five real seconds, however fast the city's clock runs."""


def context_of(settings: Settings, clock: Clock, readings: Readings) -> Context:
    """The context of every moment of one feed."""
    return Context(
        zone=ZoneInfo(settings.district.timezone),
        ontime_target=settings.numbers.ontime_target,
        watched_sensor=settings.panels.watched_sensor,
        least_age_s=NEVER_LATE_S / clock.real_s(1.0),
        position_lasts_s=settings.officers.position_lasts_s,
        port=settings.port,
        video=settings.video,
        pictures=PictureBook(settings.video.frozen_after_s),
        readings=readings,
    )
