"""Warnings, weather, positions, places, areas, base map and tables as their readers get them."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest
from conftest import District
from tiny_district import CITY

from simulator.upstreams.datum import to_bd09, to_gcj02

ATOM = {"a": "http://www.w3.org/2005/Atom"}
ORDER = (
    *("language", "category", "event", "responseType", "urgency", "severity", "certainty", "eventCode", "effective"),
    *("onset", "expires", "senderName", "headline", "description", "instruction", "parameter", "area"),
)
CAP = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}


def _alerts(district: District) -> dict[str, ElementTree.Element]:
    feed = ElementTree.fromstring(district.get("/weather-warnings/feed.atom").content)
    links = [link.attrib["href"] for link in feed.findall("a:entry/a:link", ATOM)]
    alerts = [ElementTree.fromstring(district.get(link).content) for link in links]
    return {alert.findtext("c:identifier", "", CAP): alert for alert in alerts}


def test_feed_lists_the_replaced_the_replacing_and_the_exercise(district: District) -> None:
    alerts = _alerts(district)
    assert list(alerts) == ["w3", "w2", "w1"]
    assert alerts["w2"].findtext("c:msgType", "", CAP) == "Update"
    assert alerts["w2"].findtext("c:references", "", CAP).split(",")[1] == "w1"
    assert alerts["w3"].findtext("c:status", "", CAP) == "Exercise"


def test_every_message_speaks_chinese_and_english(district: District) -> None:
    infos = _alerts(district)["w2"].findall("c:info", CAP)
    assert [info.findtext("c:language", "", CAP) for info in infos] == ["zh-CN", "en-US"]
    assert "暴雨橙色预警[Ⅱ级/严重]" in infos[0].findtext("c:headline", "", CAP)
    assert infos[0].findtext("c:severity", "", CAP) == "Severe"


def test_polygons_are_latitude_first_and_closed_and_most_areas_are_codes(district: District) -> None:
    alerts = _alerts(district)
    polygon = alerts["w1"].findtext("c:info/c:area/c:polygon", "", CAP).split()
    assert polygon[0] == polygon[-1] == "31.30000,121.40000"
    assert alerts["w2"].find("c:info/c:area/c:polygon", CAP) is None
    assert alerts["w2"].findtext("c:info/c:area/c:geocode/c:value", "", CAP) == "310113"


def test_elements_stand_in_the_order_of_the_schema(district: District) -> None:
    info = _alerts(district)["w1"].find("c:info", CAP)
    assert info is not None
    names = [child.tag.rpartition("}")[2] for child in info]
    assert names == sorted(names, key=ORDER.index)


def test_unknown_message_is_an_html_404(district: District) -> None:
    reply = district.get("/weather-warnings/cap/none.xml")
    assert (reply.status_code, reply.headers["content-type"].split(";")[0]) == (404, "text/html")


def test_weather_has_conditions_and_72_hours(district: District) -> None:
    now = district.get("/weather-forecast/v7/weather/now").json()
    assert now["now"]["obsTime"] == "2026-11-22T05:00:00+08:00"
    assert now["now"]["windSpeed"] == "18.0"
    assert len(district.get("/weather-forecast/v7/weather/72h").json()["hourly"]) == 72


def test_positions_are_gb18030_bd09_and_zoneless(district: District) -> None:
    reply = district.get("/officer-positions/api/person/position/list")
    rows = json.loads(reply.content.decode("gb18030"))["rows"]
    assert rows[0]["personName"] == "张伟"
    assert rows[0]["locateTime"] == "2026-11-22 05:00:00"
    assert float(rows[0]["lng"]) - CITY.officers[0].lon > 0.009
    with pytest.raises(UnicodeDecodeError):
        reply.content.decode("utf-8")


def test_shifts_agree_with_published_positions() -> None:
    assert to_gcj02(121.5272106, 31.1774276) == pytest.approx((121.531541859215, 31.17530398364597), abs=1e-12)
    assert to_gcj02(116.377817, 39.911954) == pytest.approx((116.38404722455657, 39.91334545536069), abs=1e-12)
    assert to_bd09(121.0917077, 30.6107779) == pytest.approx((121.10271724622564, 30.61484575976839), abs=1e-9)


def test_places_and_areas_are_features(district: District) -> None:
    places = district.get("/health-places/features.geojson").json()["features"]
    assert {place["properties"]["kind"] for place in places} == {"hospital"}
    areas = district.get("/civil-areas/features.geojson").json()["features"]
    grid = next(area["properties"] for area in areas if area["properties"]["kind"] == "grid")
    assert grid["parents"] == ["310113003001", "310113003", "310113", "310100"]


def test_documents_are_not_sent_again_when_known(district: District) -> None:
    path = "/education-places/features.geojson"
    etag = district.get(path).headers["etag"]
    reply = district.client.get(path, headers={"If-None-Match": etag})
    assert (reply.status_code, reply.content) == (304, b"")


def test_index_of_the_base_map_leads_to_layers(district: District) -> None:
    layers = {layer["id"]: layer["url"] for layer in district.get("/base-map/index.json").json()["layers"]}
    assert {"outline", "water", "green", "rail", "expressway", "major_road", "minor_road", "building"} <= layers.keys()
    road = district.get(layers["major_road"]).json()["features"][0]
    assert road["properties"]["name"] == "友谊路"


@pytest.mark.parametrize(
    ("path", "heading", "count"),
    [
        ("/housing-places/export.csv", "编号", 2),
        ("/economy-places/export.csv", "编号", 4),
        ("/construction-components/export.csv", "部件标识码", 1),
        ("/directory/departments.csv", "部门编码", 26),
        ("/directory/staff.csv", "工号", 4),
    ],
)
def test_tables_have_a_mark_a_heading_and_rows(district: District, path: str, heading: str, count: int) -> None:
    body = district.get(path).content
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert len(rows) == count
    assert rows[0][heading]


@pytest.mark.parametrize(
    "path",
    [
        "/case-centre/requests.json",
        "/greening-cases/requests.xml",
        "/drainage-sensors/v1.1/Things?$expand=Datastreams,Locations",
        "/weather-warnings/feed.atom",
        "/education-places/features.geojson",
        "/directory/staff.csv",
        "/officer-positions/api/person/position/list",
    ],
)
def test_answers_are_repeatable_and_hold_no_secret(district: District, path: str) -> None:
    body = district.client.get(path).content
    assert district.client.get(path).content == body
    assert not re.search(rb"(?i)password|passwd|secret|token", body)
