"""What is announced to happen next: forecasts due, warnings that begin or expire, high and low water."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from situation.live import Moment
from situation.live.columns import epoch_ms
from situation.panels.definition import Values
from situation.panels.weather.history import hazard_of
from situation.panels.weather.stations import forecasts
from situation.records import Forecast, ForecastForm

MOST_ROWS = 8


def build_next(moment: Moment) -> Values:
    """Only what somebody has announced, the soonest first; an announcement that has passed unanswered stays as due."""
    rows = [*_issues(moment), *_warnings(moment), *_tides(moment)]
    rows.sort(key=lambda row: (row["at"], row["what"]))
    return {"rows": rows[:MOST_ROWS]}


def _issues(moment: Moment) -> Iterator[Values]:
    for forecast in forecasts(moment, ForecastForm.FORECAST):
        if forecast.next_issue_at is not None:
            yield _row("forecast", epoch_ms(forecast.next_issue_at), id=forecast.id, **_names(forecast))


def _warnings(moment: Moment) -> Iterator[Values]:
    for warning in moment.active_warnings:
        facts = {
            "id": warning.id,
            "event": hazard_of(warning.event),
            "event_en": warning.headline_en,
            "level": warning.level.value,
        }
        if warning.onset_at is not None and warning.onset_at > moment.at:
            yield _row("onset", epoch_ms(warning.onset_at), **facts)
        if warning.expires_at is not None:
            yield _row("expiry", epoch_ms(warning.expires_at), **facts)


def _tides(moment: Moment) -> Iterator[Values]:
    """The next high and the next low water of each tide table."""
    for table in forecasts(moment, ForecastForm.TIDE):
        coming = [turn for turn in table.turns if turn.at > moment.at]
        for is_high in (True, False):
            turn = next((turn for turn in coming if turn.is_high is is_high), None)
            if turn is not None:
                what = "high-water" if is_high else "low-water"
                yield _row(what, epoch_ms(turn.at), id=table.id, height_m=turn.height_m, **_names(table))


def _names(forecast: Forecast) -> Values:
    return {"name": forecast.name, "name_en": forecast.name_en}


def _row(what: str, at_ms: int, **facts: Any) -> Values:
    return {"what": what, "at": at_ms, **facts}
