"""A district's settings as this room checks them, and the records that they themselves are."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from datasources.district import Limits, settings_batch
from datasources.settings import in_district, load
from situation.batch import Batch
from situation.records import Area, AreaKind, BaseMapLayer, Datastream, Department, Sensor, Threshold
from situation.settings import Settings, SettingsError

REPOSITORY = Path(__file__).parents[2]
DISTRICT = '[district]\nname = "长宁区"\nname_en = "Changning"\nadcode = "310105"\n'
SOURCE = '[[sources]]\nkey = "a"\nkind = "geojson"\nurl = "http://127.0.0.1:9/"\n'
SHOWN = re.compile(r"# (\[\[?[a-z.]+\]\]?|[a-z_]+ = .+)( +#.*)?$")
"""A line of the example that is commented out and would be valid without its sign."""

SQUARE = [[[121.40, 31.20], [121.41, 31.20], [121.41, 31.21], [121.40, 31.20]]]


@pytest.fixture(autouse=True)
def _own_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))


def written(folder: Path, text: str) -> Settings:
    file = folder / "district.toml"
    file.write_text(DISTRICT + text, encoding="utf-8")
    return load(file, {})


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        written(folder, text)
    return [str(problem) for problem in caught.value.problems]


def features(*rows: dict[str, Any]) -> str:
    shape = {"type": "Polygon", "coordinates": SQUARE}
    found = [{"type": "Feature", "geometry": shape, "properties": row} for row in rows]
    return json.dumps({"type": "FeatureCollection", "features": found}, ensure_ascii=False)


def test_the_shipped_example_is_right_as_it_stands() -> None:
    settings = load(REPOSITORY / "docs" / "district.example.toml", {})
    assert [source.key for source in settings.sources] == ["river-levels", "city-cameras"]
    assert settings.sources[0].promise_s == 300
    assert len(settings.departments) == len(settings.thresholds) == 2
    assert settings.screens["hall"].sound


def test_everything_that_the_example_explains_is_right_too(tmp_path: Path) -> None:
    for name in ("streets", "grids", "water"):
        (tmp_path / f"{name}.geojson").write_text(
            features({"adcode": "310105001", "grid_no": "310105001001001", "TYPE": "单元网格"}), encoding="utf-8"
        )
    (tmp_path / "pumps.py").write_text((REPOSITORY / "docs" / "pumps.py").read_text("utf-8"), encoding="utf-8")
    text = (REPOSITORY / "docs" / "district.example.toml").read_text(encoding="utf-8")
    told = [line.removeprefix("# ") if SHOWN.match(line) else line for line in text.splitlines()]
    file = tmp_path / "district.toml"
    file.write_text("\n".join(told), encoding="utf-8")
    environ = dict.fromkeys(re.findall(r"\$\{([A-Z_]+)\}", text), "a secret that is long enough for every use")
    settings = load(file, environ | {"STORE_URL": "sqlite://"})
    assert (len(settings.areas), len(settings.shares)) == (2, 1)


def test_an_unknown_kind_of_source_is_told_the_nearest(tmp_path: Path) -> None:
    assert problems(tmp_path, SOURCE.replace("geojson", "geojsn")) == [
        'line 7: sources[1].kind = "geojsn": is no known kind of source; did you mean geojson?'
    ]


def test_a_source_without_an_address_is_told_where_its_kind_needs_one(tmp_path: Path) -> None:
    source = '[[sources]]\nkey = "a"\nkind = "wvp"\n'
    assert problems(tmp_path, source)[0].startswith("line 5: sources[1].url: is missing: the address of the upstream")


SHARE = '[[shares]]\nkey = "b"\ntoken = "${TOKEN:-0123456789abcdef}"\nareas = ["31010500A"]\n'


def test_a_share_of_an_area_that_nobody_has_would_see_nothing_and_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, SHARE) == [
        'line 8: shares[1].areas[1] = "31010500A": is no known street, community or grid: there is none'
    ]


def test_a_share_of_the_whole_district_needs_no_area(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, SHARE.replace("31010500A", "310105"))
    assert problem.endswith("is the whole district: leave areas empty to share it")


def test_areas_of_shares_are_not_judged_where_the_district_is_wrong(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "[map]\nzoom = 99\n" + SOURCE + SHARE)
    assert "map.zoom" in problem


def test_a_share_may_name_any_area_where_a_source_delivers_them(tmp_path: Path) -> None:
    source = SOURCE + '[sources.options]\nrecord = "area"\nfields = { id = "code", area_kind = "kind" }\n'
    file = tmp_path / "district.toml"
    file.write_text(DISTRICT + source + SHARE, encoding="utf-8")
    assert load(file, {}).shares[0].areas == ("31010500A",)


def test_wrong_options_are_said_with_their_lines(tmp_path: Path) -> None:
    source = SOURCE.replace("geojson", "weather") + "[sources.options]\nnow_pth = 'a'\nhourly_path = 3\n"
    assert problems(tmp_path, source) == [
        "line 10: sources[1].options.now_pth: is no known option; did you mean now_path?",
        "line 11: sources[1].options.hourly_path = 3: input should be a valid string",
    ]


def test_options_are_checked_also_when_something_else_is_wrong(tmp_path: Path) -> None:
    wrong_source = SOURCE.replace('"a"', '"b"') + "interval_s = 0\n"
    source = SOURCE.replace("geojson", "weather") + "[sources.options]\nnow_pth = 'a'\n"
    assert problems(tmp_path, "[numbers]\nontime_target = 9\n" + wrong_source + source) == [
        "line 6: numbers.ontime_target = 9: input should be less than or equal to 1",
        "line 11: sources[1].interval_s = 0: input should be greater than 0",
        "line 17: sources[2].options.now_pth: is no known option; did you mean now_path?",
    ]


def test_a_file_without_areas_is_said(tmp_path: Path) -> None:
    (tmp_path / "streets.geojson").write_text(features({"nothing": 1}), encoding="utf-8")
    (problem,) = problems(tmp_path, '[[areas]]\nfile = "streets.geojson"\nlevel = "street"\n')
    assert problem.startswith("line 6: areas[1].file")
    assert "none of 1 rows has an id" in problem


def test_a_file_of_areas_that_is_no_geojson_is_said(tmp_path: Path) -> None:
    (tmp_path / "streets.geojson").write_text("<html>", encoding="utf-8")
    (problem,) = problems(tmp_path, '[[areas]]\nfile = "streets.geojson"\nlevel = "street"\n')
    assert "HTML" in problem


def test_a_code_that_no_district_has_needs_areas(tmp_path: Path) -> None:
    (tmp_path / "district.toml").write_text('[district]\nname = "某区"\nadcode = "999999"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="no district of China has the code 999999"):
        load(tmp_path / "district.toml", {})


def test_a_code_alone_gives_the_outline(tmp_path: Path) -> None:
    (area,) = settings_batch(written(tmp_path, ""), has_areas=False).records
    assert isinstance(area, Area)
    assert (area.id, area.area_kind, area.name) == ("administrative/310105", AreaKind.DISTRICT, "长宁区")
    assert json.loads(area.geometry)["type"] in ("Polygon", "MultiPolygon")
    assert settings_batch(written(tmp_path, SOURCE), has_areas=True).records == ()


def test_areas_of_several_files_hang_together(tmp_path: Path) -> None:
    (tmp_path / "streets.geojson").write_text(features({"no": "310105001", "NAME": "华阳路街道"}), encoding="utf-8")
    (tmp_path / "grids.csv").write_text("编号,上级,类型\n310105001001001,310105001,网格\n", encoding="gb18030")
    settings = written(
        tmp_path,
        '[[areas]]\nfile = "streets.geojson"\nlevel = "street"\ncode = "no"\nname = "NAME"\n'
        '[[areas]]\nfile = "grids.csv"\nencoding = "gb18030"\nscheme = "unit_grid"\ncode = "编号"\nparent = "上级"\n'
        'kind = "类型"\nkinds = { "网格" = "grid" }\n',
    )
    areas = {area.id: area for area in settings_batch(settings, has_areas=False).records if isinstance(area, Area)}
    assert areas["administrative/310105001"].parents == ("310105",)
    assert areas["unit_grid/310105001001001"].parents == ("310105001", "310105")
    assert areas["unit_grid/310105001001001"].area_kind is AreaKind.GRID


def test_departments_and_layers_are_records_too(tmp_path: Path) -> None:
    (tmp_path / "water.geojson").write_text(features({"name": "苏州河"}), encoding="utf-8")
    text = '[[departments]]\nid = "water"\nname = "水务局"\nowner = "王工"\n'
    text += '[[map.layers]]\nid = "water"\nfile = "water.geojson"\n'
    records = settings_batch(written(tmp_path, text), has_areas=True).records
    assert {type(record) for record in records} == {Department, BaseMapLayer}
    assert next(one.duty_officer for one in records if isinstance(one, Department)) == "王工"


def test_limits_stand_in_where_a_source_gives_none(tmp_path: Path) -> None:
    settings = written(
        tmp_path,
        '[[thresholds]]\nobserved_property = "积水深度"\n'
        "limits = [{ level = 3, limit = 15 }, { level = 1, limit = 40 }]\n"
        '[[thresholds]]\nsensor_kind = "hydrant"\nlimits = [{ level = 2, limit = 0.1, above = false }]\n',
    )
    own = (Threshold(level=1, limit=99),)
    streams = (
        Datastream(id="1", observed_property="积水深度"),
        Datastream(id="2", observed_property="积水深度", thresholds=own),
        Datastream(id="3", observed_property="PM2.5"),
    )
    sensor = Sensor(id="s", source="a", sensor_kind="underpass_water", datastreams=streams)
    hydrant = replace(sensor, sensor_kind="hydrant", datastreams=(streams[2],))
    first, second = Limits(settings.thresholds).apply(Batch(records=(sensor, hydrant))).records
    assert isinstance(first, Sensor)
    assert isinstance(second, Sensor)
    limits = [[limit.limit for limit in stream.thresholds] for stream in (*first.datastreams, *second.datastreams)]
    assert limits == [[40, 15], [99], [], [0.1]]


def test_a_source_knows_the_districts_zone_and_bounds_unless_it_says_its_own(tmp_path: Path) -> None:
    own = SOURCE.replace('"a"', '"own"') + 'timezone = "UTC"\n[sources.options]\nbounds = [1, 2, 3, 4]\n'
    settings = written(tmp_path, SOURCE + own + SOURCE.replace('"a"', '"c"').replace("geojson", "cap"))
    plain, named, other = (in_district(source, settings) for source in settings.sources)
    west, south, east, north = plain.options["bounds"]
    assert plain.timezone == "Asia/Shanghai"
    assert 121.3 < west < east < 121.5
    assert 31.1 < south < north < 31.3
    assert (named.timezone, named.options["bounds"]) == ("UTC", [1, 2, 3, 4])
    assert "bounds" not in other.options


def test_a_district_without_a_known_outline_has_no_bounds(tmp_path: Path) -> None:
    settings = written(tmp_path, SOURCE)
    nowhere = settings.model_copy(update={"district": settings.district.model_copy(update={"adcode": "999999"})})
    assert "bounds" not in in_district(settings.sources[0], nowhere).options
