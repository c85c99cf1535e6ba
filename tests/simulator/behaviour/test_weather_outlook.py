"""The weather office of the demonstration: its stations, its tide table, its forecasts."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from simulator.behaviour import Behaviour, tide
from simulator.behaviour.outlook import Outlook


def test_every_street_has_a_station_and_the_open_water_one(behaviour: Behaviour, start_at: datetime) -> None:
    reports = behaviour.station_reports(start_at)
    assert len(reports) == 14
    assert len({report.station.code for report in reports}) == 14
    assert max(reports, key=lambda report: report.weather.gust_mps).station.is_on_water


def test_one_station_falls_silent_in_a_storm_and_keeps_its_last_report(
    behaviour: Behaviour, start_at: datetime
) -> None:
    old = [r for r in behaviour.station_reports(start_at) if start_at - r.weather.at > timedelta(minutes=15)]
    assert len(old) == 1
    assert old[0].weather.at >= start_at - timedelta(minutes=25)


def test_the_rain_of_today_is_never_less_than_that_of_the_last_hour(behaviour: Behaviour, start_at: datetime) -> None:
    for report in behaviour.station_reports(start_at + timedelta(hours=1)):
        assert report.rain_today_mm >= report.rain_mm >= 0


def test_reports_are_the_same_whenever_they_are_asked_for(behaviour: Behaviour, start_at: datetime) -> None:
    later = behaviour.station_reports(start_at + timedelta(hours=2))
    assert behaviour.station_reports(start_at) != later
    assert behaviour.station_reports(start_at + timedelta(hours=2)) == later


def test_a_forecast_holds_for_three_hours_and_is_less_certain_further_ahead(
    behaviour: Behaviour, start_at: datetime
) -> None:
    issued_at = Outlook.issued_at(start_at)
    assert timedelta() <= start_at - issued_at < timedelta(hours=3)
    assert Outlook.issued_at(issued_at + timedelta(hours=2, minutes=59)) == issued_at
    hours = behaviour.expected(start_at)
    widths = [(hour.wind_high_mps - hour.wind_low_mps) / hour.wind_mps for hour in hours]
    assert all(hour.wind_low_mps <= hour.wind_mps <= hour.wind_high_mps for hour in hours)
    assert all(hour.rain_low_mm <= hour.rain_mm <= hour.rain_high_mm for hour in hours)
    assert np.mean(widths[-12:]) > 2 * np.mean(widths[:12])


def test_high_and_low_water_take_turns_and_stand_at_the_top_and_bottom() -> None:
    turns = tide.turns(0, 7 * 86_400)
    assert 26 <= len(turns) <= 28
    assert all(one[2] is not other[2] for one, other in pairwise(turns))
    for at_s, height_m, is_high in turns:
        around = tide.height(np.array([at_s - 1800, at_s + 1800]))
        assert (height_m >= around).all() if is_high else (height_m <= around).all()
