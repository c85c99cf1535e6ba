"""`python -m datasources check`: what one try of each source tells, at the command line."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from datasources.__main__ import main
from datasources.connecting.appearing import OFF_AT_FIRST
from situation.records import RECORD_TYPES

sys.path.append(str(Path(__file__).parents[1] / "contract"))
from fake_upstream import FAULTS, Upstream, serve

DISTRICT = '[district]\nname = "长宁区"\nadcode = "310105"\n'
SPREAD = [(121.3373 + 0.0002 * step, 31.1985 + 0.0009 * (step % 20)) for step in range(400)]


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with serve(Upstream()) as running:
        yield running


def settings(folder: Path, upstream: Upstream, *blocks: str) -> list[str]:
    file = folder / "district.toml"
    text = "".join(f'[[sources]]\nurl = "{upstream.url}"\n{block}\n' for block in blocks)
    file.write_text(DISTRICT + text, encoding="utf-8")
    return ["--settings", str(file)]


def places(rows: list[tuple[float, float]]) -> bytes:
    found = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": pair}, "properties": {"id": str(number)}}
        for number, pair in enumerate(rows)
    ]
    return json.dumps({"type": "FeatureCollection", "features": [*found, {"type": "Feature"}]}).encode()


def officers(at: datetime) -> bytes:
    row = {"personId": "1", "lng": 121.42, "lat": 31.22, "locateTime": at.strftime("%Y-%m-%d %H:%M:%S")}
    return json.dumps({"rows": [row, row]}).encode()


GEOJSON = 'key = "schools"\nkind = "geojson"\n[sources.options]\npath = "places"\n'


def checked(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]]]:
    code = main(["check", "--json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_a_good_source_is_told_with_what_appears_of_it(
    tmp_path: Path, upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    upstream.pages["/places"] = places([(121.42, 31.22), (121.41, 31.21)])
    code, (trial,) = checked(settings(tmp_path, upstream, GEOJSON), capsys)
    assert code == 0
    assert trial["records"] == {"place": 2}
    assert (trial["rejected"], trial["reasons"][0]["count"]) == (1, 1)
    assert trial["places"] == {"known": 2, "unknown": 0, "inside": 2, "better": ""}
    assert "map" in trial["appears"]["place"]


FILES = (
    'key = "drop"\nkind = "files"\n[sources.options]\npattern = ["*.csv"]\nrecord = "place"\nfields = { id = "no" }\n'
)


def test_a_file_that_was_put_there_just_now_is_tried_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drop = Upstream(url=f"file:{tmp_path}")
    arguments = settings(tmp_path, drop, FILES)
    assert checked(arguments, capsys)[1][0]["error"] == "empty"  # no name that is asked for
    (tmp_path / "places.csv").write_text("no,name\n1,一号\n", encoding="utf-8")
    code, (trial,) = checked(arguments, capsys)
    assert (code, trial["records"]) == (0, {"place": 1})


def test_the_table_says_the_same_to_people(
    tmp_path: Path, upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    upstream.pages["/places"] = places([(121.42, 31.22), (100.0, 31.21)])
    assert main(["check", *settings(tmp_path, upstream, GEOJSON)]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[1].split()[:5] == ["schools", "yes", "yes", "2", "place"]
    assert "! only 1 of 2 positions lie in the district (read as wgs84)" in said
    assert "place → map, 1 panels of weather" in said
    assert "the map shows them when its legend, or the address /?layers=place, switches them on" in said


def test_the_kinds_that_are_switched_on_by_hand_are_those_of_the_legend() -> None:
    legend = (Path(__file__).parents[2] / "assets" / "37-legend.js").read_text(encoding="utf-8")
    assert frozenset(re.findall(r'key: "(\w+)", isShown: false', legend)) & RECORD_TYPES.keys() == OFF_AT_FIRST


def test_another_coordinate_system_that_fits_better_is_named(
    tmp_path: Path, upstream: Upstream, capsys: pytest.CaptureFixture[str], shared_data: Path
) -> None:
    from datasources.connecting.district_outline import outline_of
    from datasources.settings import load
    from situation.crs import from_wgs84

    arguments = settings(tmp_path, upstream, GEOJSON)
    outline = outline_of(load(Path(arguments[1]), {}))
    assert outline is not None
    ring = max(outline.geoms, key=lambda part: part.area).exterior if hasattr(outline, "geoms") else outline.exterior
    inner = [ring.interpolate(step / 400, normalized=True) for step in range(400)]
    middle = outline.centroid
    near = [(p.x + (middle.x - p.x) * 0.03, p.y + (middle.y - p.y) * 0.03) for p in inner]
    lons, lats = from_wgs84("gcj02", [x for x, _ in near], [y for _, y in near])
    upstream.pages["/places"] = places(list(zip(lons.tolist(), lats.tolist(), strict=True)))
    _, (trial,) = checked(arguments, capsys)
    assert trial["places"]["better"].startswith('crs = "gcj02"')


@pytest.mark.parametrize(
    ("fault", "error", "reachable", "authorised"),
    [("401", "auth_failed:401", True, False), ("html200", "html", True, True), ("503", "http_status:503", True, None)],
)
def test_what_fails_is_told_by_its_code_and_fails_the_command(
    tmp_path: Path,
    upstream: Upstream,
    capsys: pytest.CaptureFixture[str],
    fault: str,
    error: str,
    reachable: bool,
    authorised: bool | None,
) -> None:
    assert fault in FAULTS
    upstream.fault = fault
    code, (trial,) = checked(settings(tmp_path, upstream, GEOJSON), capsys)
    assert code == 1
    assert (trial["error"], trial["reachable"], trial["authorised"]) == (error, reachable, authorised)


def test_a_zone_that_would_explain_the_age_is_named(
    tmp_path: Path, upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    upstream.pages["/p"] = officers(datetime.now(UTC))  # the clock of the command is the machine's
    block = 'key = "patrol"\nkind = "positions"\ncrs = "wgs84"\n[sources.options]\npath = "p"\n'
    _, (trial,) = checked(settings(tmp_path, upstream, block), capsys)
    assert (trial["time"], trial["better_zone"]) == ("old", "UTC")


def test_sources_are_tried_by_name_and_an_unknown_name_is_told_the_nearest(
    tmp_path: Path, upstream: Upstream, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    upstream.pages["/places"] = places([(121.42, 31.22)])
    arguments = settings(tmp_path, upstream, GEOJSON, GEOJSON.replace("schools", "clinics"))
    assert [trial["key"] for trial in checked(["clinics", *arguments], capsys)[1]] == ["clinics"]
    assert main(["check", "clinic", *arguments]) == 2
    assert "did you mean clinics?" in caplog.text


def test_wrong_settings_are_told_before_anything_is_asked(
    tmp_path: Path, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    assert main(["check", *settings(tmp_path, upstream, GEOJSON.replace("path", "paht"))]) == 2
    assert "did you mean path?" in caplog.text
    assert upstream.asked == []


@pytest.mark.parametrize("more", [{"total": 250}, {"exceededTransferLimit": True}])
def test_a_page_of_many_is_not_taken_for_the_whole(
    tmp_path: Path, upstream: Upstream, capsys: pytest.CaptureFixture[str], more: dict[str, Any]
) -> None:
    rows = [{"id": str(n), "lon": 121.42, "lat": 31.22} for n in range(10)]
    upstream.pages["/rows"] = json.dumps({"rows": rows, **more}).encode()
    block = 'key = "wells"\nkind = "rest"\n[sources.options]\npath = "rows"\nrows = "rows"\n'
    _, (trial,) = checked(settings(tmp_path, upstream, block), capsys)
    assert any(note.startswith("! 10 ") and "paging" in note for note in trial["notes"])
    asked = block + 'query = { page = "{page}" }\npaging = { kind = "page", most_pages = 1 }\n'
    _, (trial,) = checked(settings(tmp_path, upstream, asked), capsys)
    assert not any("paging" in note for note in trial["notes"])
