"""The past of a source as its page shows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from callbacks.services import Services
from layouts.details.view import ReasonView, SourceView, UptimeView
from situation.catalogue import read_pasts
from situation.panels.uses import panels_fed_by
from situation.records import SourceHealth
from situation.store.sources import SourceHour, hour_of

HOURS = 48
MOST_REASONS = 12


def past_of(services: Services, source: SourceHealth) -> SourceView | None:
    """What is known of a source's past: blocking. None when nothing was noted yet."""
    history, now = services.store.source_history, services.clock.now()
    past = read_pasts(history, now).get(source.id)
    if past is None:
        return None
    day = past.day
    least, most = day.content_age_least_s, day.content_age_most_s
    answers = day.fetches - day.failures
    reasons = history.reasons(source.id)[:MOST_REASONS]
    return SourceView(
        uptime=tuple(
            UptimeView(span=span, share=each.share, watched_s=each.watched_s) for span, each in past.uptime.items()
        ),
        hours=_hours(history.hours(now - timedelta(hours=HOURS - 1), now + timedelta(hours=1), source.id), now),
        reasons=tuple(
            ReasonView(sort=each.sort, reason=each.reason, count=each.count, last_at=each.last_at, sample=each.sample)
            for each in reasons
        ),
        uses=panels_fed_by(source.records),
        error_rate=past.error_rate,
        rejected_share=past.rejected_share,
        inside_share=past.inside_share,
        unplaced_share=past.unplaced_share,
        ahead=day.ahead,
        content_ages_s=None if least is None or most is None else (least, most),
        zone_guess_h=past.zone_guess_h,
        latency_s=day.latency_s / answers if answers else None,
    )


def _hours(noted: list[SourceHour], now: datetime) -> tuple[tuple[datetime, int | None], ...]:
    """(beginning of the hour, what came in it), the oldest first; None where nothing was noted."""
    volume = {each.hour: each.records + each.observations for each in noted}
    last = hour_of(now)
    hours = range(last - HOURS + 1, last + 1)
    return tuple((datetime.fromtimestamp(hour * 3600, UTC), volume.get(hour)) for hour in hours)
