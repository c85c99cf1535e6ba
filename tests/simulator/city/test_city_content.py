"""What the demonstration city consists of."""

from __future__ import annotations

import re
from collections import Counter

import shapely
from shapely import STRtree

from simulator.city.baoshan import STREETS
from simulator.city.sensor_kinds import KINDS, SENSORS
from simulator.model import City


def _areas(city: City, kind: str, scheme: str = "administrative") -> list[str]:
    return [area.code for area in city.areas if area.kind == kind and area.scheme == scheme]


def test_city_has_its_real_size(whole_city: City) -> None:
    assert len(whole_city.cameras) == 18_000
    assert len(whole_city.sensors) == SENSORS == 10_000
    assert len(whole_city.departments) == 26
    assert len(_areas(whole_city, "street")) == 13
    assert 550 <= len(_areas(whole_city, "community")) <= 590
    assert 1_150 <= len(_areas(whole_city, "grid", "unit_grid")) <= 1_250
    assert len(whole_city.officers) == 400
    assert 2_900 <= len(whole_city.places) <= 3_100
    assert 19_000 <= len(whole_city.components) <= 21_000


def test_streets_carry_their_real_codes_and_names(whole_city: City) -> None:
    named = {area.code: area.name for area in whole_city.areas if area.kind == "street"}
    assert named == {street.code: street.name for street in STREETS}
    assert named["310113003"] == "友谊路街道"


def test_codes_have_the_formats_of_their_standards(whole_city: City) -> None:
    assert all(re.fullmatch(r"310113\d{9}", code) for code in _areas(whole_city, "grid", "unit_grid"))
    assert all(re.fullmatch(r"310113\d{2}\d{2}132\d\d{6}", camera.code) for camera in whole_city.cameras)
    assert all(re.fullmatch(r"310113\d{14}", camera.device) for camera in whole_city.cameras)
    assert all(re.fullmatch(r"310113\d{10}", component.code) for component in whole_city.components)


def test_no_code_is_given_twice(whole_city: City) -> None:
    for things in (whole_city.cameras, whole_city.sensors, whole_city.places, whole_city.components):
        assert max(Counter(thing.code for thing in things).values()) == 1
    assert max(Counter((area.scheme, area.code) for area in whole_city.areas).values()) == 1


def test_every_area_lies_in_its_parent(whole_city: City) -> None:
    codes = {area.code for area in whole_city.areas}
    assert all(area.parent in codes for area in whole_city.areas if area.kind != "district")
    assert all(area.shape.is_valid and not area.shape.is_empty for area in whole_city.areas)


def test_streets_cover_the_district_without_overlap(whole_city: City) -> None:
    streets = [area.shape for area in whole_city.areas if area.kind == "street"]
    whole = shapely.union_all(streets)
    assert abs(whole.area - whole_city.outline.area) / whole_city.outline.area < 0.001
    assert sum(shape.area for shape in streets) / whole.area < 1.001


def test_things_lie_in_the_grid_they_claim(whole_city: City) -> None:
    grids = [area for area in whole_city.areas if area.scheme == "unit_grid"]
    tree = STRtree([area.shape for area in grids])
    cameras = whole_city.cameras[::9]
    nearest = tree.nearest([shapely.Point(camera.lon, camera.lat) for camera in cameras])
    agreeing = sum(grids[i].code == camera.grid for i, camera in zip(nearest, cameras, strict=True))
    assert agreeing / len(cameras) > 0.99
    assert all(camera.grid.startswith(camera.community) for camera in cameras)


def test_streets_lie_where_they_really_lie(whole_city: City) -> None:
    middle = {area.name: area.shape.centroid for area in whole_city.areas if area.kind == "street"}
    assert middle["罗泾镇"].y > middle["罗店镇"].y > middle["顾村镇"].y > middle["大场镇"].y
    assert middle["罗店镇"].x < middle["月浦镇"].x
    assert max(middle, key=lambda name: middle[name].x) in ("吴淞街道", "友谊路街道")


def test_people_live_denser_in_the_south_than_in_the_north(whole_city: City) -> None:
    density = {area.name: area.population / area.shape.area for area in whole_city.areas if area.kind == "street"}
    assert density["张庙街道"] > 4 * density["罗泾镇"]
    assert 1_900_000 < sum(area.population for area in whole_city.areas if area.kind == "street") < 2_200_000


def test_platforms_share_about_a_thousand_cameras(whole_city: City) -> None:
    counts = Counter(camera.platforms for camera in whole_city.cameras)
    assert 900 < counts["police-video", "urban-video"] < 1_300
    assert 11_500 < counts["police-video",] + counts["police-video", "urban-video"] < 13_500


def test_the_underpass_of_the_storm_has_cameras_and_a_gauge_around_it(whole_city: City) -> None:
    place = next(place for place in whole_city.places if place.name == "宝杨路下立交")
    assert place.street == "310113003"
    assert sum(sensor.place == place.code for sensor in whole_city.sensors) >= 1
    near = [c for c in whole_city.cameras if abs(c.lon - place.lon) < 0.0025 and abs(c.lat - place.lat) < 0.0025]
    assert len(near) >= 4


def test_every_sensor_kind_serves_one_upstream_per_row() -> None:
    assert len({(kind.kind, kind.upstream) for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        for quantity in kind.quantities:
            values = [value for _, value, _ in sorted(quantity.limits)]
            is_above = all(above for _, _, above in quantity.limits)
            assert values == sorted(values, reverse=is_above), f"{kind.kind}: level 1 must be the hardest to reach"


def test_every_department_named_by_a_thing_exists(whole_city: City) -> None:
    keys = {department.key for department in whole_city.departments}
    for things in (whole_city.cameras, whole_city.sensors, whole_city.places, whole_city.officers):
        assert {thing.department for thing in things} <= keys


def test_main_roads_carry_their_real_names(whole_city: City) -> None:
    names = {line.name for line in whole_city.lines}
    assert {"牡丹江路", "友谊路", "宝杨路", "同济路", "逸仙路", "蕰川路", "沪太路", "共和新路", "长江西路"} <= names
    assert {"蕰藻浜", "练祁河"} <= names
