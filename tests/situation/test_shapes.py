"""Shapes on the map hold exactly what geometry says they hold."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from situation.shapes import Circle, Polygon, ShapeError, parse_circle, parse_polygon

LON = st.floats(121.2, 121.6)
LAT = st.floats(31.2, 31.6)
POINTS = st.lists(st.tuples(LON, LAT), min_size=1, max_size=40)


@given(corners=st.lists(st.tuples(LON, LAT), min_size=3, max_size=12, unique=True), points=POINTS)
def test_a_polygon_holds_what_shapely_says_it_covers(
    corners: list[tuple[float, float]], points: list[tuple[float, float]]
) -> None:
    lons, lats = np.array([lon for lon, _ in points]), np.array([lat for _, lat in points])
    ground = shapely.make_valid(shapely.Polygon(corners))
    expected = [bool(ground.intersects(shapely.Point(*point))) for point in points]
    assert Polygon(tuple(corners)).holds(lons, lats).tolist() == expected


@given(centre=st.tuples(LON, LAT), radius_m=st.floats(1, 20_000), points=POINTS)
def test_everything_in_a_circle_or_polygon_lies_within_its_bounds(
    centre: tuple[float, float], radius_m: float, points: list[tuple[float, float]]
) -> None:
    circle = Circle(*centre, radius_m)
    west, south, east, north = circle.bounds
    lons, lats = np.array([lon for lon, _ in points]), np.array([lat for _, lat in points])
    held = circle.holds(lons, lats)
    assert ((lons[held] >= west) & (lons[held] <= east) & (lats[held] >= south) & (lats[held] <= north)).all()


def test_a_circles_radius_is_in_metres_on_the_ground() -> None:
    circle = Circle(121.48, 31.4, 1_000)
    north = 31.4 + np.array([999, 1_001]) / 111_195
    assert circle.holds(np.full(2, 121.48), north).tolist() == [True, False]
    east = 121.48 + np.array([998, 1_002]) / (111_195 * np.cos(np.radians(31.4)))
    assert circle.holds(east, np.full(2, 31.4)).tolist() == [True, False]


def test_an_unknown_position_lies_nowhere() -> None:
    nowhere = np.array([np.nan])
    assert not Circle(121.48, 31.4, 99_999).holds(nowhere, nowhere)[0]
    assert not Polygon(((0, 0), (180, 0), (180, 90))).holds(nowhere, nowhere)[0]


def test_shapes_are_read_from_addresses() -> None:
    assert parse_polygon("1,2;3,4;5,6;1,2;") == Polygon(((1, 2), (3, 4), (5, 6)))
    assert parse_circle("121.48,31.4,500") == Circle(121.48, 31.4, 500)


@pytest.mark.parametrize("text", ["", ";", "1,2;3,4", "1;2;3", "200,0;1,1;2,2", "inf,0;1,1;2,2", "1,2;" * 201 + "5,5"])
def test_what_is_no_polygon_is_refused(text: str) -> None:
    with pytest.raises(ShapeError, match="polygon is"):
        parse_polygon(text)
