"""Cameras, readings, officers and alarms of the moving city."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.behaviour import Behaviour, default_schedule
from simulator.behaviour.batteries import charges
from simulator.model import City, CitySensor, Schedule, StorylineKind

_QUICK = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
_MOMENTS = st.integers(0, 19 * 86_400).map(
    lambda seconds: datetime(2026, 8, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def _sensor(city: City, text: str) -> CitySensor:
    return next(sensor for sensor in city.sensors if text in sensor.name)


def test_availability_is_between_97_and_98_percent_in_a_quiet_week(whole_city: City) -> None:
    quiet = Behaviour(whole_city, Schedule())
    shares = []
    for hours in range(0, 168, 12):
        views = quiet.camera_views(whole_city.cameras, datetime(2026, 7, 6, tzinfo=UTC) + timedelta(hours=hours))
        shares.append(sum(view.is_online for view in views) / len(views))
    assert 0.97 <= sum(shares) / len(shares) <= 0.98


def test_outages_are_correlated(whole_city: City, behaviour: Behaviour, start_at: datetime) -> None:
    views = behaviour.camera_views(whole_city.cameras, start_at)
    down = [camera for camera, view in zip(whole_city.cameras, views, strict=True) if not view.is_online]
    street = {area.code: area.name for area in whole_city.areas}
    switch, count = Counter(camera.switch for camera in down).most_common(1)[0]
    assert count > 100
    assert street[switch[2:11]] == "月浦镇"


def test_keepalives_stop_when_a_camera_fails(whole_city: City, behaviour: Behaviour, start_at: datetime) -> None:
    views = behaviour.camera_views(whole_city.cameras, start_at)
    assert all(view.keepalive_at <= start_at for view in views)
    assert all(start_at - view.keepalive_at <= timedelta(seconds=60) for view in views if view.is_online)
    assert any(start_at - view.keepalive_at > timedelta(minutes=10) for view in views if not view.is_online)


@_QUICK
@given(at=_MOMENTS)
def test_no_moment_knows_of_its_future(whole_city: City, behaviour: Behaviour, at: datetime) -> None:
    latest = behaviour.latest_readings(whole_city.sensors[::50], at)
    assert all(reading[0] <= at for readings in latest for reading in readings if reading)
    assert all(fix.at <= at for fix in behaviour.officer_fixes(at))
    assert all(warning.sent_at <= at for warning in behaviour.warnings(at))
    assert all(since.at <= at for since in behaviour.video_alarms(at - timedelta(hours=3), at))


@_QUICK
@given(at=_MOMENTS, index=st.integers(0, 9_999))
def test_latest_reading_is_the_last_of_the_readings(
    whole_city: City, behaviour: Behaviour, at: datetime, index: int
) -> None:
    sensor = whole_city.sensors[index]
    for number, latest in enumerate(behaviour.latest_readings([sensor], at)[0]):
        readings = behaviour.readings(sensor, number, at - timedelta(hours=20), at)
        if readings:
            assert latest == readings[-1]


@_QUICK
@given(at=_MOMENTS, index=st.integers(0, 9_999), part=st.integers(1, 3_599))
def test_readings_asked_for_in_two_parts_are_the_same(
    whole_city: City, behaviour: Behaviour, at: datetime, index: int, part: int
) -> None:
    sensor = whole_city.sensors[index]
    middle = at + timedelta(seconds=part)
    end = at + timedelta(hours=1)
    parts = behaviour.readings(sensor, 0, at, middle) + behaviour.readings(sensor, 0, middle, end)
    assert parts == behaviour.readings(sensor, 0, at, end)


def test_the_same_seed_behaves_the_same(whole_city: City, behaviour: Behaviour, start_at: datetime) -> None:
    again = Behaviour(whole_city, default_schedule(whole_city, start_at))
    sensors = whole_city.sensors[::40]
    assert again.latest_readings(sensors, start_at) == behaviour.latest_readings(sensors, start_at)
    assert again.officer_fixes(start_at) == behaviour.officer_fixes(start_at)


def test_the_storm_has_flooded_its_underpass_at_the_start(
    whole_city: City, behaviour: Behaviour, start_at: datetime
) -> None:
    reading = behaviour.latest_readings([_sensor(whole_city, "宝杨路下立交积水")], start_at)[0][0]
    assert reading
    assert reading[1] == pytest.approx(42, abs=1.5)


def test_water_follows_the_rain(whole_city: City, behaviour: Behaviour, start_at: datetime) -> None:
    underpass, river = _sensor(whole_city, "宝杨路下立交积水"), _sensor(whole_city, "东闸水位")

    def peak(values: list[tuple[datetime, float]]) -> datetime:
        return max(values, key=lambda reading: reading[1])[0]

    day = (start_at - timedelta(hours=1), start_at + timedelta(hours=9))
    steps = [day[0] + timedelta(minutes=minutes) for minutes in range(0, 600, 2)]
    rain = [(at, behaviour.weather(at, underpass.lon, underpass.lat).rain_mmph) for at in steps]
    assert peak(rain) < peak(behaviour.readings(underpass, 0, *day)) < peak(behaviour.readings(river, 0, *day))


def test_the_city_is_alarming_but_not_drowning_at_the_start(
    whole_city: City, behaviour: Behaviour, start_at: datetime
) -> None:
    assert 5 <= sum(_over_limits(whole_city, behaviour, start_at).values()) <= 60


def test_a_quiet_city_raises_few_alarms(whole_city: City) -> None:
    quiet = Behaviour(whole_city, Schedule())
    at = datetime(2026, 7, 7, 6, tzinfo=UTC)
    assert sum(_over_limits(whole_city, quiet, at).values()) <= 8


def _over_limits(city: City, behaviour: Behaviour, at: datetime) -> Counter[str]:
    """Sensors over any limit, by kind; readings older than two hours don't count."""
    over: Counter[str] = Counter()
    for sensor, readings in zip(city.sensors, behaviour.latest_readings(city.sensors, at), strict=True):
        for quantity, reading in zip(sensor.quantities, readings, strict=True):
            if reading is None or at - reading[0] > timedelta(hours=2):
                continue
            over[sensor.kind] += any(
                reading[1] >= limit if above else reading[1] <= limit for _, limit, above in quantity.limits
            )
    return over


def test_a_leak_a_fire_and_a_crowd_cross_their_limits(
    whole_city: City, behaviour: Behaviour, start_at: datetime
) -> None:
    by_code = {sensor.code: sensor for sensor in whole_city.sensors}
    for storyline in behaviour.schedule.storylines[:8]:
        minutes = {StorylineKind.GAS_LEAK: 14, StorylineKind.FIRE: 25, StorylineKind.CROWD: 90}.get(storyline.kind)
        if minutes is None:
            continue
        kind = {StorylineKind.FIRE: "smoke", StorylineKind.CROWD: "crowd_count"}.get(storyline.kind, "methane")
        hit = [s for s in by_code.values() if s.kind == kind and storyline.target in (s.code, s.place)]
        readings = behaviour.latest_readings(hit, storyline.start_at + timedelta(minutes=minutes))
        values = [reading[0][1] for reading in readings if reading[0]]
        lowest = min(limit for _, limit, _ in hit[0].quantities[0].limits)
        assert values
        assert max(values) >= lowest, storyline


def test_batteries_run_down_slowly_and_few_are_forgotten(whole_city: City, start_at: datetime) -> None:
    today, tomorrow = (charges(whole_city.sensors, start_at + timedelta(days=day)) for day in (0, 1))
    known = [left for left in today if left is not None]
    assert 0.4 < len(known) / len(today) < 0.7
    assert all(1 <= left <= 100 for left in known)
    assert 0.005 < sum(left < 14 for left in known) / len(known) < 0.03
    pairs = [(now, then) for now, then in zip(today, tomorrow, strict=True) if now is not None and then is not None]
    assert sum(now != then for now, then in pairs) < 0.3 * len(pairs)


def test_an_outage_ends_by_itself(behaviour: Behaviour, start_at: datetime) -> None:
    assert behaviour.is_down("market-cases", start_at) is None
    assert behaviour.is_down("market-cases", start_at + timedelta(minutes=40)) is StorylineKind.DEPARTMENT_OUTAGE
    assert behaviour.is_down("market-cases", start_at + timedelta(minutes=90)) is None


def test_officers_stay_on_their_beats(whole_city: City, behaviour: Behaviour, start_at: datetime) -> None:
    fixes = behaviour.officer_fixes(start_at)
    assert len(fixes) == 400
    home = {officer.code: officer for officer in whole_city.officers}
    assert all(abs(fix.lon - home[fix.officer].lon) < 0.02 for fix in fixes)
    assert 100 < sum(fix.on_duty for fix in fixes) < 400
    assert all(fix.speed_mps < 12 for fix in fixes)
