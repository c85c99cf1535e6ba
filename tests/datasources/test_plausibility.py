"""Which coordinate system and which zone were meant, on the real outlines of Baoshan."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from datasources.plausibility import fit_crs, judge_time
from situation.crs import from_wgs84, to_wgs84

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
SQUARE = shapely.box(121.3, 31.3, 121.6, 31.5)


def outline_of(path: Path) -> BaseGeometry:
    features = json.loads(path.read_bytes())["features"]
    chosen = [each for each in features if each["properties"]["name"] == "宝山区"]
    return shapely.make_valid(shapely.from_geojson(json.dumps(chosen[0]["geometry"])))


@pytest.fixture
def baoshan(shared_data: Path) -> BaseGeometry:
    """The simplified official outline, WGS-84, 51 points."""
    return outline_of(shared_data / "geography" / "baoshan-tianditu-wgs84.geojson")


@pytest.fixture
def within_baoshan(shared_data: Path) -> tuple[np.ndarray, np.ndarray]:
    """Places spread over Baoshan (WGS-84), by the other real outline of 303 points, which was given in GCJ-02."""
    shape = outline_of(shared_data / "geography" / "shanghai-districts-echarts4-gcj02.geojson")
    rng = np.random.default_rng(7)
    west, south, east, north = shape.bounds
    x, y = rng.uniform(west, east, 6000), rng.uniform(south, north, 6000)
    inside = shapely.contains_xy(shape, x, y)
    return to_wgs84("gcj02", x[inside][:1500], y[inside][:1500])


@pytest.mark.shared_data
@pytest.mark.parametrize("crs", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("is_swapped", [False, True])
def test_the_system_that_positions_were_given_in_fits_a_real_district_best(
    baoshan: BaseGeometry, within_baoshan: tuple[np.ndarray, np.ndarray], crs: str, is_swapped: bool
) -> None:
    x, y = from_wgs84(crs, *within_baoshan)
    given_as = (y, x) if is_swapped else (x, y)
    judged = fit_crs(baoshan, *(each.tolist() for each in given_as))
    assert (judged.best.crs, judged.best.is_swapped) == (crs, is_swapped)
    assert judged.is_sure
    assert judged.best.share > 0.9


@pytest.mark.shared_data
def test_the_amap_outline_itself_is_recognised_as_gcj02(shared_data: Path, baoshan: BaseGeometry) -> None:
    other = outline_of(shared_data / "geography" / "shanghai-districts-echarts4-gcj02.geojson")
    lons, lats = shapely.get_coordinates(other.buffer(-0.004).boundary.segmentize(0.002)).T
    judged = fit_crs(baoshan, lons.tolist(), lats.tolist())
    assert judged.best.crs == "gcj02"


def test_a_few_positions_in_the_middle_fit_every_system_and_are_no_proof() -> None:
    judged = fit_crs(SQUARE, np.linspace(121.44, 121.46, 20).tolist(), [31.4] * 20)
    assert (judged.best.crs, judged.equals, judged.is_sure) == ("wgs84", 3, False)


def test_positions_of_another_city_fit_nothing_and_say_how_far_off_they_are() -> None:
    judged = fit_crs(SQUARE, [116.4] * 50, [39.9] * 50)
    assert (judged.best.inside, judged.is_sure) == (0, False)
    assert judged.best.off_km > 900


def test_unknown_positions_are_not_counted() -> None:
    judged = fit_crs(SQUARE, [0.0, None, 121.4, float("nan"), 500.0], [0.0, 31.4, 31.4, 31.4, 31.4])
    assert (judged.best.inside, judged.best.counted) == (1, 1)


def test_no_positions_at_all_are_judged_as_unsure() -> None:
    judged = fit_crs(SQUARE, [], [])
    assert (judged.best.share, judged.is_sure) == (0.0, False)


@given(st.lists(st.tuples(st.none() | st.floats(), st.none() | st.floats()), max_size=20))
def test_any_positions_can_be_judged(pairs: list[tuple[float | None, float | None]]) -> None:
    judged = fit_crs(SQUARE, [x for x, _ in pairs], [y for _, y in pairs])
    assert len(judged.fits) == 6
    assert all(0 <= fit.inside <= fit.counted <= len(pairs) for fit in judged.fits)


@pytest.mark.parametrize(
    ("written", "read_as", "verdict", "better"),
    [
        ("2026-08-09T13:58", "Asia/Shanghai", "fresh", ""),
        ("2026-08-09T05:58", "Asia/Shanghai", "old", "UTC"),
        ("2026-08-09T13:58", "UTC", "ahead", "Asia/Shanghai"),
        ("2026-08-09T05:58", "UTC", "fresh", ""),
        ("2026-08-01T12:00", "Asia/Shanghai", "old", ""),
        ("2026-08-09T20:00", "Asia/Shanghai", "ahead", ""),
    ],
)
def test_zone_that_makes_the_newest_time_the_present_is_found(
    written: str, read_as: str, verdict: str, better: str
) -> None:
    newest_at = datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(read_as))
    judged = judge_time(newest_at, NOW, read_as)
    assert (judged.verdict, judged.better_zone) == (verdict, better)


def test_content_without_a_time_has_no_age() -> None:
    assert judge_time(None, NOW).age_s is None


def test_a_clock_slightly_ahead_is_no_question_of_zones() -> None:
    assert judge_time(NOW + timedelta(minutes=4), NOW).verdict == "fresh"


@pytest.mark.parametrize("seed", range(20))
def test_a_list_that_goes_on_beyond_the_border_proves_no_system(seed: int) -> None:
    """WGS-84, and denser beyond the eastern border: as another system moves them west, more lie inside."""
    rng = np.random.default_rng(seed)
    lons, lats = 121.5 + rng.random(400) ** 0.5 * 0.2, rng.uniform(31.32, 31.48, 400)
    judged = fit_crs(SQUARE, lons.tolist(), lats.tolist())
    assert not judged.is_sure


def test_many_readings_of_one_station_prove_no_more_than_one() -> None:
    lons, lats = [121.5999] * 500, [31.4] * 500
    judged = fit_crs(SQUARE, lons, lats)
    assert (judged.best.counted, judged.is_sure) == (1, False)


@pytest.mark.parametrize("seed", range(20))
def test_a_list_along_one_border_proves_no_system(seed: int) -> None:
    """A yard in a corner of the district, WGS-84, a few of its places outside: BD-09 moves all of them in."""
    rng = np.random.default_rng(seed)
    judged = fit_crs(SQUARE, (121.56 + 0.042 * rng.random(300)).tolist(), rng.uniform(31.32, 31.4, 300).tolist())
    assert not judged.is_sure
