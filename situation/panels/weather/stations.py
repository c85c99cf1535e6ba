"""The weather stations as they stand: who reported lately, and what the reports of those say together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from situation.health import LIVING, PanelState
from situation.live import Moment
from situation.records import Conditions, Forecast, ForecastForm

LASTS = timedelta(minutes=15)
"""A report older than this is no longer now: stations speak every five to ten minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationNow:
    """A station with its last report; `is_fresh`: that report may be taken for the present of its source."""

    record: Forecast
    now: Conditions
    is_fresh: bool


def forecasts(moment: Moment, form: ForecastForm) -> list[Forecast]:
    """What weather offices say in one form, by id."""
    rows = (row for row in moment.live.whole["forecast"].values() if isinstance(row, Forecast) and row.form is form)
    return sorted(rows, key=lambda row: row.id)


def is_living(moment: Moment, record: Forecast) -> bool:
    """Whether the word of a record's source can be taken for the present."""
    return moment.source_states.get(record.source, PanelState.NO_DATA) in LIVING


def stations(moment: Moment) -> list[StationNow]:
    """Every station that ever reported, by id.

    While their source is down, reports count as of its last word: the panel says so, and keeps what was known then.
    """
    lasts = max(LASTS, timedelta(seconds=moment.context.least_age_s))
    spoke = {source.id: source.succeeded_at for source in moment.sources}
    found = []
    for record in forecasts(moment, ForecastForm.STATION):
        if record.now is None:
            continue
        heard_at: datetime | None = moment.at if is_living(moment, record) else spoke.get(record.source)
        is_fresh = heard_at is not None and heard_at - record.now.at <= lasts
        found.append(StationNow(record=record, now=record.now, is_fresh=is_fresh))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Extreme:
    """The largest or smallest value and who reported it."""

    value: float
    station: StationNow


def extreme(
    found: list[StationNow], read: Callable[[Conditions], float | None], pick: Callable[..., StationNow] = max
) -> Extreme | None:
    """The extreme of what fresh stations report; None when none of them does."""
    known = [(value, station) for station in found if station.is_fresh and (value := read(station.now)) is not None]
    if not known:
        return None
    values = {station.record.id: value for value, station in known}
    station = pick((station for _, station in known), key=lambda one: values[one.record.id])
    return Extreme(value=values[station.record.id], station=station)


def mean(found: list[StationNow], read: Callable[[Conditions], float | None]) -> float | None:
    """The mean of what fresh stations report; None when none of them does."""
    known = [value for station in found if station.is_fresh and (value := read(station.now)) is not None]
    return sum(known) / len(known) if known else None
