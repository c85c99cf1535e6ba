"""Replies of a weather office with stations and tides, also malformed ones."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.contract import SourceDataError
from datasources.weather.normalise import Office, normalise, normalise_stations, normalise_tides
from situation.records import Conditions, ForecastForm

OFFICE = Office(key="w", department="meteorology", crs="wgs84", zone="Asia/Shanghai")
STATION = {
    "id": "A1",
    "name": "友谊路街道",
    "nameEn": "Youyi Road",
    "lon": "121.48",
    "lat": "31.40",
    "obsTime": "2026-08-09T14:30:00+08:00",
    "windSpeed": "36.0",
    "precip": "46.8",
    "precipBefore": "31.2",
    "pressureChange3h": "-6.2",
    "vis": "",
}
DAY: dict[str, Any] = {
    "location": {"id": "T1", "name": "吴淞口", "nameEn": "Wusong", "lon": "121.5", "lat": "31.4"},
    "tideHourly": [{"fxTime": "2026-08-09T14:00:00+08:00", "height": "1.86"}],
    "tideTable": [{"fxTime": "2026-08-09T22:24:00+08:00", "height": "4.63", "type": "H"}],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*STATION, *DAY, "x"]), inner, max_size=5)
    ),
    max_leaves=12,
)


def test_a_stations_report_is_conditions_in_our_units() -> None:
    (station,), rejected = normalise_stations({"stations": [STATION]}, OFFICE)
    assert (station.id, station.form, station.steps, rejected) == ("w.A1", ForecastForm.STATION, (), [])
    assert isinstance(station.now, Conditions)
    assert (station.now.wind_mps, station.now.rain_mm, station.now.pressure_change_hpa) == (10.0, 46.8, -6.2)
    assert station.now.visibility_km is None
    assert station.now.at == datetime(2026, 8, 9, 6, 30, tzinfo=UTC)


def test_a_station_without_a_time_is_refused_by_its_id_and_costs_only_itself() -> None:
    found, rejected = normalise_stations(
        {"stations": [{**STATION, "obsTime": "soon"}, {**STATION, "id": "A2"}]}, OFFICE
    )
    assert [station.id for station in found] == ["w.A2"]
    assert [rejection.record_id for rejection in rejected] == ["w.A1"]


def test_the_tables_of_several_days_are_one_table_without_doubles() -> None:
    table, rejected = normalise_tides([DAY, DAY], OFFICE)
    assert table is not None
    assert (len(table.steps), len(table.turns), rejected) == (1, 1, [])
    assert (table.turns[0].height_m, table.turns[0].is_high) == (4.63, True)


def test_no_heights_are_no_table() -> None:
    assert normalise_tides([{**DAY, "tideHourly": []}], OFFICE)[0] is None


def test_a_forecast_says_when_the_next_one_is_due_and_what_is_likely() -> None:
    hourly = {
        "updateTime": "2026-08-09T14:00:00+08:00",
        "nextUpdateTime": "2026-08-09T17:00:00+08:00",
        "hourly": [{"fxTime": "2026-08-09T15:00:00+08:00", "precip": "3", "precipHigh": "5", "windSpeedLow": "18"}],
    }
    forecast, _ = normalise({"location": {"id": "310113"}}, hourly, OFFICE)
    assert forecast.next_issue_at == datetime(2026, 8, 9, 9, 0, tzinfo=UTC)
    assert (forecast.steps[0].rain_high_mm, forecast.steps[0].wind_low_mps, forecast.now) == (5.0, 5.0, None)


@given(JSON)
def test_whatever_comes_instead_of_stations_or_tides_is_data_or_a_refusal(given_: Any) -> None:
    reply = given_ if isinstance(given_, dict) else {"stations": given_, "tideHourly": given_, "tideTable": given_}
    for read in (lambda: normalise_stations(reply, OFFICE), lambda: normalise_tides([reply], OFFICE)):
        with suppress(SourceDataError):
            read()


def test_a_reply_without_the_list_is_the_wrong_shape() -> None:
    with pytest.raises(SourceDataError, match="stations is not a list"):
        normalise_stations({}, OFFICE)
