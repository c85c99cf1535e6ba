"""Locating positions and grounding the areas of warnings."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from situation.areas import AreaIndex
from situation.crs import to_wgs84
from situation.records import Area, AreaClaim, AreaKind, GridScheme

DISTRICT, WEST, EAST = "310113", "310113101", "310113102"


def area(
    code: str,
    kind: AreaKind,
    shape: BaseGeometry | None,
    *parents: str,
    name: str = "",
    scheme: GridScheme = GridScheme.ADMINISTRATIVE,
    valid: tuple[datetime | None, datetime | None] = (None, None),
) -> Area:
    return Area(
        id=f"{scheme}/{code}",
        source="civil",
        area_kind=kind,
        scheme=scheme,
        code=code,
        name=name,
        parents=parents,
        geometry=shapely.to_geojson(shape) if shape is not None else "",
        valid_from=valid[0],
        valid_to=valid[1],
    )


def district() -> list[Area]:
    """Two towns side by side; the west one has a community, which has a grid, both in its southern half."""
    return [
        area(DISTRICT, AreaKind.DISTRICT, shapely.box(121.0, 31.0, 122.0, 32.0), "310100", name="宝山区"),
        area(WEST, AreaKind.STREET, shapely.box(121.0, 31.0, 121.5, 32.0), DISTRICT, "310100", name="杨行镇"),
        area(EAST, AreaKind.STREET, shapely.box(121.5, 31.0, 122.0, 32.0), DISTRICT, "310100", name="月浦镇"),
        area(WEST + "001", AreaKind.COMMUNITY, shapely.box(121.0, 31.0, 121.5, 31.5), WEST, DISTRICT),
        area(
            WEST + "001001",
            AreaKind.GRID,
            shapely.box(121.0, 31.0, 121.25, 31.5),
            *(WEST + "001", WEST, DISTRICT),
            scheme=GridScheme.UNIT_GRID,
        ),
        area("P1", AreaKind.GRID, shapely.box(121.0, 31.0, 122.0, 32.0), DISTRICT, scheme=GridScheme.POLICE),
    ]


@pytest.fixture(scope="module")
def index() -> AreaIndex:
    return AreaIndex.build(district())


@pytest.mark.parametrize(
    ("place", "codes"),
    [
        ((121.1, 31.1), (WEST, WEST + "001", WEST + "001001")),
        ((121.3, 31.1), (WEST, WEST + "001", "")),
        ((121.1, 31.9), (WEST, "", "")),
        ((121.9, 31.9), (EAST, "", "")),
        ((120.0, 30.0), ("", "", "")),
        ((math.nan, math.nan), ("", "", "")),
    ],
)
def test_a_position_lies_in_its_areas(index: AreaIndex, place: tuple[float, float], codes: tuple[str, ...]) -> None:
    assert index.locate([place[0]], [place[1]]) == [codes]


def test_an_area_that_names_no_parents_leaves_the_street_to_the_position() -> None:
    orphans = AreaIndex.build([replace(one, parents=()) for one in district()])
    assert orphans.locate([121.1], [31.1]) == [(WEST, WEST + "001", WEST + "001001")]


@given(st.lists(st.tuples(st.floats(120.9, 122.1), st.floats(30.9, 32.1)), max_size=30))
def test_many_positions_are_located_as_one_by_one(places: list[tuple[float, float]]) -> None:
    index = AreaIndex.build(district())
    together = index.locate([lon for lon, _ in places], [lat for _, lat in places])
    assert together == [index.locate([lon], [lat])[0] for lon, lat in places]


def test_a_position_on_a_border_always_lies_in_the_same_area(index: AreaIndex) -> None:
    assert {index.locate([121.5], [31.7])[0][0] for _ in range(3)} == {WEST}


def test_without_areas_nothing_lies_anywhere() -> None:
    assert AreaIndex.build([]).locate([121.0, 122.0], [31.0, 31.0]) == [("", "", "")] * 2


def test_broken_geometry_costs_its_area_only() -> None:
    broken = area("310113103", AreaKind.STREET, None)
    bad = Area(id="x", source="civil", area_kind=AreaKind.STREET, code="310113104", geometry='{"type": "Nonsense"}')
    index = AreaIndex.build([*district(), broken, bad])
    assert index.locate([121.1], [31.9])[0][0] == WEST
    assert index.geometry("310113104") is None


@pytest.mark.parametrize(
    "claim",
    [
        AreaClaim(name="宝山区"),
        AreaClaim(name="上海市宝山区"),
        AreaClaim(codes=(DISTRICT,)),
        AreaClaim(codes=("310000",)),
        AreaClaim(codes=("310100",)),
        AreaClaim(codes=("310113000000",)),
    ],
)
def test_a_claim_that_names_only_the_district_exposes_all_of_it(index: AreaIndex, claim: AreaClaim) -> None:
    ground = index.resolve(claim)
    assert ground.is_whole_district
    assert ground.codes == (WEST, EAST)
    assert ground.geometry is not None
    assert ground.geometry.area == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("claim", "codes"),
    [
        (AreaClaim(name="宝山区杨行镇"), (WEST,)),
        (AreaClaim(codes=(EAST,)), (EAST,)),
        (AreaClaim(codes=(EAST + "000",)), (EAST,)),
        (AreaClaim(codes=(WEST + "001",)), (WEST, WEST + "001")),
        (AreaClaim(polygons=(((121.6, 31.1), (121.7, 31.1), (121.7, 31.2), (121.6, 31.1)),)), (EAST,)),
        (AreaClaim(circles=((121.1, 31.1, 2.0),)), (WEST,)),
        (AreaClaim(circles=((121.1, 31.1, 0.0),)), (WEST,)),
    ],
)
def test_a_claim_is_grounded_as_narrowly_as_it_says(index: AreaIndex, claim: AreaClaim, codes: tuple[str]) -> None:
    ground = index.resolve(claim)
    assert (ground.codes, ground.is_whole_district) == (codes, False)
    assert ground.geometry is not None


@pytest.mark.parametrize("claim", [AreaClaim(), AreaClaim(name="嘉定区"), AreaClaim(codes=("310114",))])
def test_a_claim_about_elsewhere_has_no_ground_here(index: AreaIndex, claim: AreaClaim) -> None:
    assert index.resolve(claim).geometry is None


def test_a_circle_is_round_on_the_ground(index: AreaIndex) -> None:
    circle = index.resolve(AreaClaim(circles=((121.5, 31.5, 10.0),))).geometry
    assert circle is not None
    west, south, east, north = circle.bounds
    assert (north - south) * 111.32 == pytest.approx(20, rel=0.01)
    assert (east - west) * 111.32 * math.cos(math.radians(31.5)) == pytest.approx(20, rel=0.01)


def test_areas_hold_from_and_until() -> None:
    turn = datetime(2026, 1, 1, tzinfo=UTC)
    before, after = shapely.box(121.0, 31.0, 121.5, 32.0), shapely.box(121.0, 31.0, 122.0, 32.0)
    index = AreaIndex.build(
        [
            area("1", AreaKind.STREET, before, valid=(None, turn)),
            area("2", AreaKind.STREET, after, valid=(turn, None)),
        ]
    )
    assert index.valid_at(datetime(2025, 12, 31, tzinfo=UTC)).locate([121.1], [31.1])[0][0] == "1"
    assert index.valid_at(turn).locate([121.1], [31.1])[0][0] == "2"


def test_records_in_an_area_carry_its_code_or_those_of_the_largest_areas_below_it() -> None:
    grid = area("g1", AreaKind.GRID, None, WEST, DISTRICT, scheme=GridScheme.UNIT_GRID)
    beat = area("b1", AreaKind.GRID, shapely.box(0, 0, 1, 1), DISTRICT, scheme=GridScheme.POLICE)
    streets = [area(code, AreaKind.STREET, None, DISTRICT) for code in (EAST, WEST)]
    index = AreaIndex.build([area(DISTRICT, AreaKind.DISTRICT, None), *streets, grid, beat])
    assert index.carried(DISTRICT) == (WEST, EAST), "a grid of a street is in the street"
    assert index.carried(WEST) == (WEST,)
    assert index.carried("g1") == ("g1",)
    assert index.carried("b1") == (), "no record carries the code of a police beat: its ground tells"
    assert index.carried("310999") == ("310999",)


def test_parents_of_a_code(index: AreaIndex) -> None:
    assert index.parents(WEST + "001001") == (WEST + "001", WEST, DISTRICT)
    assert index.parents("unknown") == ()


@pytest.mark.shared_data
def test_real_outlines_of_two_publishers_agree_once_converted(shared_data: Path) -> None:
    gcj02 = json.loads((shared_data / "geography" / "shanghai-districts-echarts4-gcj02.geojson").read_text())
    wgs84 = json.loads((shared_data / "geography" / "baoshan-tianditu-wgs84.geojson").read_text())
    ours = shapely.make_valid(shapely.from_geojson(json.dumps(wgs84["features"][0]["geometry"])))
    feature = next(each for each in gcj02["features"] if each["properties"]["name"] == "宝山区")
    theirs = shapely.transform(
        shapely.from_geojson(json.dumps(feature["geometry"])),
        lambda xy: shapely.get_coordinates(shapely.points(*to_wgs84("gcj02", xy[:, 0], xy[:, 1]))),
    )
    shifted = shapely.from_geojson(json.dumps(feature["geometry"]))
    converted, unconverted = (ours.symmetric_difference(shapely.make_valid(each)).area for each in (theirs, shifted))
    assert converted < unconverted
