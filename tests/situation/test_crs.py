"""Coordinate systems against published pairs and against themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from situation.crs import CRS_NAMES, from_wgs84, to_wgs84
from situation.projection import Plane

Pair = tuple[float, float]
MM_DEG = 1e-3 / 111_320
chinese_lons, chinese_lats = st.floats(73, 136), st.floats(3, 54)


def metres(one: Pair, other: Pair) -> float:
    east = (one[0] - other[0]) * math.cos(math.radians(one[1]))
    return math.hypot(east, one[1] - other[1]) * 111_320


def single(converted: tuple[np.ndarray, np.ndarray]) -> Pair:
    return float(converted[0][0]), float(converted[1][0])


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
        ((121.0917077, 30.6107779), (121.09626927850977, 30.608604368560773)),
    ],
)
def test_gcj02_agrees_with_published_pairs(wgs84: Pair, gcj02: Pair) -> None:
    assert single(from_wgs84("gcj02", *wgs84)) == pytest.approx(gcj02, abs=1e-12)
    assert metres(single(to_wgs84("gcj02", *gcj02)), wgs84) < 1e-3


def test_bd09_agrees_with_the_published_triple() -> None:
    wgs84, bd09 = (121.0917077, 30.6107779), (121.10271724622564, 30.61484575976839)
    assert single(from_wgs84("bd09", *wgs84)) == pytest.approx(bd09, abs=1e-12)
    assert metres(single(to_wgs84("bd09", *bd09)), wgs84) < 1e-3


def test_bd09_agrees_with_the_published_step_from_gcj02() -> None:
    middle = to_wgs84("gcj02", 116.404, 39.915)
    assert single(from_wgs84("bd09", *middle)) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)


def test_bd09_is_nearer_the_truth_than_the_published_one_step_inverse() -> None:
    published = (116.39762729119315, 39.90865673957631)  # gcj02 of bd09 (116.404, 39.915), one step
    exact = single(from_wgs84("gcj02", *to_wgs84("bd09", 116.404, 39.915)))
    assert metres(exact, published) < 1.0
    assert single(from_wgs84("bd09", *to_wgs84("bd09", 116.404, 39.915))) == pytest.approx((116.404, 39.915), abs=1e-11)


@given(st.sampled_from(CRS_NAMES), st.lists(st.tuples(chinese_lons, chinese_lats), min_size=1, max_size=20))
def test_there_and_back_is_the_same_place(crs: str, positions: list[Pair]) -> None:
    lons, lats = np.array(positions).T
    there = from_wgs84(crs, lons, lats)
    back_lons, back_lats = to_wgs84(crs, *there)
    assert np.abs(back_lons - lons).max() < MM_DEG
    assert np.abs(back_lats - lats).max() < MM_DEG


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000", "WGS-84", "CGCS2000"])
def test_wgs84_and_cgcs2000_are_taken_as_they_are(crs: str) -> None:
    assert single(to_wgs84(crs, 121.4, 31.4)) == (121.4, 31.4)


@pytest.mark.parametrize("crs", CRS_NAMES)
def test_unknown_positions_stay_unknown_and_harm_no_other(crs: str) -> None:
    lons, lats = to_wgs84(crs, [math.nan, 121.4], [31.4, 31.4])
    assert math.isnan(lons[0])
    assert (lons[1], lats[1]) == single(to_wgs84(crs, 121.4, 31.4))


def test_there_is_no_border_inside_which_nothing_moves() -> None:
    for place in [(114.17, 22.32), (137.9, 55.9), (100.5, 13.7)]:
        assert single(from_wgs84("gcj02", *place)) != place


def test_an_unknown_system_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"shanghai.*wgs84, cgcs2000, gcj02, bd09"):
        to_wgs84("shanghai", 0, 0)


def test_nothing_in_nothing_out() -> None:
    lons, lats = to_wgs84("gcj02", [], [])
    assert (len(lons), len(lats)) == (0, 0)


@given(st.floats(-3, 3), st.floats(-60, 60), st.integers(-400, 400).map(lambda part: part / 100))
def test_a_plane_agrees_with_the_reference_implementation(east: float, lat: float, origin_lat: float) -> None:
    pyproj = pytest.importorskip("pyproj")
    plane = Plane(origin_lon=121.4, origin_lat=origin_lat, false_easting_m=500_000, false_northing_m=7, scale=0.9999)
    told = f"+proj=tmerc +lat_0={origin_lat} +lon_0=121.4 +k=0.9999 +x_0=500000 +y_0=7 +ellps=GRS80"
    mine = single(plane.from_degrees(np.array([121.4 + east]), np.array([lat])))
    assert mine == pytest.approx(pyproj.Proj(told)(121.4 + east, lat), abs=1e-4)
    assert single(plane.to_degrees(*(np.array([each]) for each in mine))) == pytest.approx(
        (121.4 + east, lat), abs=1e-9
    )


def test_the_origin_of_shanghais_plane_is_at_the_middle_of_the_city() -> None:
    assert single(to_wgs84("shanghai-local", 0.0, 0.0)) == pytest.approx((121.467, 31.235), abs=0.001)
    assert metres(single(to_wgs84("shanghai-local", 0.0, 1000.0)), single(to_wgs84("shanghai-local", 0.0, 0.0))) == (
        pytest.approx(1000, rel=0.005)
    )


def test_what_lies_on_no_globe_has_no_position() -> None:
    lons, lats = to_wgs84("shanghai-local", [1e9, math.nan], [0.0, 5.0])
    assert np.isnan(lons).all()
    assert np.isnan(lats).all()
