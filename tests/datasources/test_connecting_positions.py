"""`python -m datasources new`: in which coordinate system unknown rows are, and what their reply says of itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from newcomer import DISTRICT, Newcomer
from numpy.typing import ArrayLike

from datasources.connecting.district_outline import outline_of
from datasources.settings import load
from situation.crs import Crs, from_wgs84
from situation.projection import Plane

PLACES = [(121.37 + n % 10 * 0.005, 31.205 + n // 10 * 0.002) for n in range(40)]
"""WGS-84, all well within the district."""

New = Callable[[Any], tuple[str, dict[str, Any]]]


@pytest.fixture
def new(newcomer: Newcomer) -> New:
    return newcomer.connect


def esri(crs: Crs, wkid: int, places: ArrayLike = PLACES) -> dict[str, Any]:
    """A reply of an ArcGIS layer, as FeatureServer/0/query?f=json gives it."""
    x, y = from_wgs84(crs, *np.array(places).T)
    return {
        "objectIdFieldName": "OBJECTID",
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": wkid, "latestWkid": 3857 if wkid == 102100 else wkid},
        "fields": [{"name": "OBJECTID", "type": "esriFieldTypeOID"}, {"name": "NAME", "type": "esriFieldTypeString"}],
        "features": [
            {"attributes": {"OBJECTID": n + 1, "NAME": f"消火栓{n}"}, "geometry": {"x": float(a), "y": float(b)}}
            for n, (a, b) in enumerate(zip(x, y, strict=True))
        ],
    }


def test_metres_of_web_maps_are_read_where_they_are(new: New) -> None:
    text, source = new(esri("web-mercator", 102100))
    assert source["crs"] == "web-mercator"
    assert "40 of 40" in text


@pytest.mark.parametrize(("wkid", "is_zoned"), [(4549, False), (4528, True), (2385, False)])
def test_a_survey_plane_is_found_by_its_code_or_by_the_district(new: New, wkid: int, is_zoned: bool) -> None:
    plane = Plane(origin_lon=120.0, origin_lat=0.0, false_easting_m=500_000.0 + is_zoned * 40_000_000.0)
    text, source = new(esri(plane, wkid))
    assert source["options"]["plane"]["origin_lon"] == 120.0
    assert "40 of 40" in text


def test_metres_of_a_plane_that_nobody_knows_are_a_question(new: New) -> None:
    text, source = new(esri(Plane(origin_lon=121.0, origin_lat=31.0, false_easting_m=77_000.0), 2057))
    assert "plane" not in source["options"]
    assert "! positions are metres of a plane that is not known (the reply says EPSG:2057)" in text


def test_the_system_that_a_reply_says_is_taken_but_no_proof(new: New) -> None:
    text, source = new(esri("wgs84", 4490))
    assert source["crs"] == "cgcs2000"
    assert "! not sure: 40 of 40 lie in the district so" in text
    assert "the reply says EPSG:4490" in text


def test_what_the_reply_says_of_itself_is_not_believed_against_its_positions(new: New, tmp_path: Path) -> None:
    (tmp_path / "district.toml").write_text(DISTRICT, encoding="utf-8")
    outline = outline_of(load(tmp_path / "district.toml", {}))
    rng = np.random.default_rng(3)
    x, y = rng.uniform(121.3, 121.47, 3000), rng.uniform(31.15, 31.28, 3000)
    is_inside = shapely.intersects_xy(outline, x, y)
    document = esri("gcj02", 4326, np.column_stack([x[is_inside], y[is_inside]]))
    text, source = new(document)
    assert source["crs"] == "gcj02"
    assert "! the reply says EPSG:4326, but so only" in text


@pytest.mark.parametrize(
    ("column", "order"),
    [
        ([{"the_geom": {"type": "Point", "coordinates": [x, y]}} for x, y in PLACES], None),
        ([{"place": f"POINT ({x} {y})"} for x, y in PLACES], None),
        ([{"place": f"{x:.4f},{y:.4f}"} for x, y in PLACES], None),
        ([{"geo_point_2d": [y, x]} for x, y in PLACES], "lat-lon"),
        ([{"geo_point_2d": {"lon": x, "lat": y}} for x, y in PLACES], None),
    ],
)
def test_a_column_of_pairs_is_a_position(new: New, column: list[dict[str, Any]], order: str | None) -> None:
    text, source = new({"results": [{"id": f"H{n}", **each} for n, each in enumerate(column)]})
    assert source["options"].get("position_order") == order
    assert "place_kind" not in source["options"]["fields"]
    assert "40 of 40" in text


def test_positions_of_geojson_are_judged_too(new: New) -> None:
    features = [
        {"type": "Feature", "id": n, "properties": {"name": "a"}, "geometry": {"type": "Point", "coordinates": place}}
        for n, place in enumerate(PLACES)
    ]
    text, source = new({"type": "FeatureCollection", "features": features})
    assert (source["kind"], source["crs"]) == ("geojson", "wgs84")
    assert "! not sure: 40 of 40" in text
