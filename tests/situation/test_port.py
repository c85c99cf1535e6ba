"""The port's verdicts: what closes, what restricts, and that ignorance never opens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_city import NOW

from situation.port import Berth, PortSettings, Verdict, judge, limits_of, reopens_at, verdict_of

BERTH = Berth(
    key="b",
    name="berth",
    lon=121.5,
    lat=31.4,
    gust_mps=13.8,
    gust_restricted_mps=10.8,
    visibility_km=1.0,
    visibility_restricted_km=2.0,
    depth_m=10.5,
    bed_m=9.0,
)
FAIR = {"gust": 5.0, "visibility": 8.0, "depth": 11.0}
VALUES = st.fixed_dictionaries(
    {name: st.none() | st.floats(0, 40, allow_nan=False) for name in ("gust", "visibility", "depth")}
)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.OPEN),
        ({"gust": 13.8}, Verdict.CLOSED),
        ({"gust": 13.7}, Verdict.RESTRICTED),
        ({"visibility": 0.99}, Verdict.CLOSED),
        ({"visibility": 1.0}, Verdict.RESTRICTED),
        ({"depth": 10.49}, Verdict.CLOSED),
        ({"depth": 10.5}, Verdict.OPEN),
        ({"depth": None}, Verdict.UNKNOWN),
        ({"depth": None, "gust": 12.0}, Verdict.UNKNOWN),
        ({"depth": None, "gust": 20.0}, Verdict.CLOSED),
    ],
)
def test_a_berth_is_judged_by_its_limits(changes: dict[str, float | None], verdict: Verdict) -> None:
    assert judge(BERTH, {**FAIR, **changes})[0] is verdict


@given(VALUES)
def test_nothing_is_open_or_restricted_while_a_value_is_unknown(values: dict[str, float | None]) -> None:
    verdict, each = judge(BERTH, values)
    if None in values.values():
        assert verdict in (Verdict.CLOSED, Verdict.UNKNOWN)
    assert (verdict is Verdict.CLOSED) == (Verdict.CLOSED in each.values())
    assert (verdict is Verdict.OPEN) == (set(each.values()) == {Verdict.OPEN})


@given(VALUES, st.sampled_from(("gust", "visibility", "depth")), st.floats(0, 10, allow_nan=False))
def test_worse_weather_never_improves_a_verdict(values: dict[str, float | None], name: str, by: float) -> None:
    rank = {Verdict.OPEN: 0, Verdict.RESTRICTED: 1, Verdict.UNKNOWN: 2, Verdict.CLOSED: 3}
    value = values[name]
    worse = {**values, name: None if value is None else value + by if name == "gust" else max(0.0, value - by)}
    assert rank[judge(BERTH, worse)[0]] >= rank[judge(BERTH, values)[0]]


def test_a_quantity_without_a_limit_is_not_judged() -> None:
    channel = Berth(key="c", name="channel", lon=121.5, lat=31.4, gust_mps=20.7)
    assert set(limits_of(channel)) == {"gust"}
    assert judge(channel, {"gust": 3.0})[0] is Verdict.OPEN


def test_of_nothing_at_all_nobody_can_say_anything() -> None:
    assert verdict_of([]) is Verdict.UNKNOWN


def test_a_berth_reopens_at_the_first_of_two_open_hours() -> None:
    gusts = [20.0, 5.0, 20.0, 5.0, 5.0]
    expected = [(NOW + timedelta(hours=hour), {**FAIR, "gust": gust}) for hour, gust in enumerate(gusts)]
    assert reopens_at(BERTH, expected) == NOW + timedelta(hours=3)
    assert reopens_at(BERTH, expected[:3]) is None
    assert reopens_at(BERTH, [(at, {**values, "depth": None}) for at, values in expected]) is None


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"gust_mps": None, "visibility_km": None, "depth_m": None, "bed_m": None}, "needs a limit"),
        ({"bed_m": None}, "only go together"),
        ({"gust_restricted_mps": 14.0}, "below gust_mps"),
        ({"visibility_restricted_km": 0.5}, "above visibility_km"),
        ({"use": "hover"}, "berth, channel, ferry, cargo"),
        ({"lat": 131.4}, "degrees"),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_what_is_allowed(
    changes: dict[str, object], complaint: str
) -> None:
    given_ = {name: getattr(BERTH, name) for name in BERTH.__dataclass_fields__}
    with pytest.raises(ValueError, match=complaint):
        Berth(**{**given_, **changes})  # type: ignore[arg-type]


def test_two_berths_of_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="given twice: b"):
        PortSettings(berths=(BERTH, BERTH))
