"""New settings while the collector runs: what is the same goes on, the rest is made anew or forgotten."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from stepping import step_until

from datasources.composition import Composition
from datasources.running import reload
from datasources.settings import SettingsFile, load
from situation.clock import FakeClock
from situation.records import SourceHealth
from situation.store import Store
from situation.store.controls import RELOAD

sys.path.append(str(Path(__file__).parents[1] / "contract"))
from fake_upstream import Upstream, serve

DISTRICT = '[district]\nname = "长宁区"\nadcode = "310105"\n'
REPOSITORY = Path(__file__).parents[2]


def block(key: str, url: str, more: str = "") -> str:
    return f'[[sources]]\nkey = "{key}"\nkind = "geojson"\nurl = "{url}/{key}"\n{more}\n'


def school(code: str) -> bytes:
    point = {"type": "Point", "coordinates": [121.42, 31.22]}
    feature = {"type": "Feature", "geometry": point, "properties": {"id": code, "name": code, "note": "其他名称"}}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


class City:
    """A composition on a real store, a real upstream, and the settings file between them."""

    def __init__(self, folder: Path, clock: FakeClock, upstream: Upstream, text: str) -> None:
        self.file = folder / "district.toml"
        self.upstream = upstream
        self.write(text)
        self.store = Store.open(f"sqlite:///{folder / 'store.db'}", migrate=True)
        self.clock = clock
        self.composition = Composition(load(self.file, {}), self.store, clock)

    def write(self, text: str) -> None:
        self.file.write_text(DISTRICT + text, encoding="utf-8")

    def collect(self, is_done: Callable[[], bool]) -> None:
        step_until(self.composition.collector, self.clock, is_done)

    def places(self) -> list[str]:
        return sorted(record.name for _, record in self.store.load("place"))

    def health(self, key: str) -> SourceHealth:
        return next(health for health in self.store.sources() if health.id == key)


@pytest.fixture
def city(tmp_path: Path, clock: FakeClock) -> Iterator[City]:
    upstream = Upstream({"/a": school("甲"), "/b": school("乙"), "/c": school("丙")})
    with serve(upstream):
        url = upstream.url.rstrip("/")
        made = City(tmp_path, clock, upstream, block("a", url) + block("b", url))
        made.collect(lambda: made.places() == ["乙", "甲"])
        yield made
        made.store.close()


def test_what_is_the_same_goes_on_and_is_not_asked_again(city: City) -> None:
    before = {each.key: each for each in city.composition.collector._coordinators}
    asked = list(city.upstream.asked)
    city.write(block("a", city.upstream.url.rstrip("/"), 'owner = "王工"') + block("c", city.upstream.url.rstrip("/")))
    taken = city.composition.take(load(city.file, {}))
    assert (taken.added, taken.changed, taken.removed, taken.unchanged) == (("c",), (), ("b",), 1)
    city.collect(lambda: city.places() == ["丙", "甲"])
    after = {each.key: each for each in city.composition.collector._coordinators}
    assert after["a"] is before["a"]
    assert city.upstream.asked[len(asked) :] == ["/c"]
    assert {health.id for health in city.store.sources()} - {"collector"} == {"a", "c"}
    city.collect(lambda: city.health("a").owner == "王工")


def test_a_source_whose_block_changed_is_read_anew_with_its_counts(city: City) -> None:
    url = city.upstream.url.rstrip("/")
    city.write(block("a", url, '[sources.options]\nfields = { name = "note" }') + block("b", url))
    assert city.composition.take(load(city.file, {})).changed == ("a",)
    assert city.places() == ["乙", "甲"], "what is shown stays until the new answer is here"
    city.collect(lambda: city.places() == ["乙", "其他名称"])


def test_another_zone_of_the_district_makes_all_sources_anew_that_name_none(city: City) -> None:
    file = city.file.read_text("utf-8").replace("310105", '310105"\ntimezone = "Asia/Urumqi', 1)
    city.file.write_text(file, encoding="utf-8")
    assert city.composition.take(load(city.file, {})).changed == ("a", "b")


def test_areas_that_are_given_later_take_the_place_of_the_outline(city: City) -> None:
    assert city.store.count("area") == 1
    shape = {"type": "Polygon", "coordinates": [[[121.4, 31.2], [121.5, 31.2], [121.5, 31.3], [121.4, 31.2]]]}
    feature = {"type": "Feature", "geometry": shape, "properties": {"code": "310105001", "name": "华阳路街道"}}
    document = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (city.file.parent / "streets.geojson").write_text(document, encoding="utf-8")
    old = city.file.read_text("utf-8").removeprefix(DISTRICT)
    city.write('[[areas]]\nfile = "streets.geojson"\nlevel = "street"\n' + old)
    city.composition.take(load(city.file, {}))
    assert [record.name for _, record in city.store.load("area")] == ["华阳路街道"]


def test_positions_are_held_against_the_district_of_the_settings_from_the_first_start(city: City) -> None:
    city.composition.collector._ledger.flush()  # type: ignore[union-attr]
    day = city.store.source_history.hours(city.clock.now() - timedelta(hours=2), city.clock.now())
    assert {hour.source: (hour.positioned, hour.outside) for hour in day} == {"a": (1, 0), "b": (1, 0)}


def test_positions_are_held_against_other_areas_as_soon_as_those_are_read(city: City) -> None:
    shape = {"type": "Polygon", "coordinates": [[[120.4, 31.2], [120.5, 31.2], [120.5, 31.3], [120.4, 31.2]]]}
    feature = {"type": "Feature", "geometry": shape, "properties": {"code": "310105001", "name": "远处"}}
    document = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (city.file.parent / "streets.geojson").write_text(document, encoding="utf-8")
    old = city.file.read_text("utf-8").removeprefix(DISTRICT)
    city.write(
        '[[areas]]\nfile = "streets.geojson"\nlevel = "street"\n' + old.replace("/b", "/c").replace('"b"', '"c"')
    )
    city.composition.take(load(city.file, {}))
    city.collect(lambda: "丙" in city.places())
    city.composition.collector._ledger.flush()  # type: ignore[union-attr]
    day = city.store.source_history.hours(city.clock.now() - timedelta(hours=2), city.clock.now(), "c")
    assert [(hour.positioned, hour.outside) for hour in day] == [(1, 1)]


def test_a_wrong_file_changes_nothing_and_says_why(city: City, caplog: pytest.LogCaptureFixture) -> None:
    before = city.composition.collector._coordinators
    city.write(block("a", "http://127.0.0.1:9", "interval_s = 0"))
    reload(city.composition, SettingsFile(city.file))
    assert city.composition.collector._coordinators is before
    assert city.places() == ["乙", "甲"]
    assert "the settings stay as they are" in caplog.text
    assert "line 8: sources[1].interval_s = 0" in caplog.text


def test_a_child_reads_the_text_that_was_checked_not_what_its_file_says_since(city: City) -> None:
    checked = city.file.with_name("checked.toml")
    checked.write_text(city.file.read_text("utf-8"), encoding="utf-8")
    city.write("[[sources]]\nkey = ")
    reload(city.composition, SettingsFile(city.file, checked))
    assert city.composition.take(SettingsFile(city.file, checked).load({})).changed == ()
    assert city.places() == ["乙", "甲"]


def test_somebody_who_asks_for_it_has_the_settings_read_again(city: City) -> None:
    asked: list[str] = []
    composition = Composition(load(city.file, {}), city.store, city.clock, lambda: asked.append("reload"))
    composition.collector.step()
    city.clock.advance(2)
    city.store.controls.ask(RELOAD, "on", city.clock.now(), "local-viewer")
    composition.collector.step()
    assert asked == ["reload"]


def test_the_process_reads_its_file_again_when_it_is_hung_up(tmp_path: Path) -> None:
    file = tmp_path / "district.toml"
    file.write_text(DISTRICT + block("a", "http://127.0.0.1:9"), encoding="utf-8")
    Store.open(f"sqlite:///{tmp_path / 'onescreen.db'}", migrate=True).close()
    command = [sys.executable, "-m", "datasources", "run", "--settings", str(file), "--data", str(tmp_path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stderr is not None
        said = iter(process.stderr)
        next(line for line in said if "collecting from" in line)
        file.write_text(DISTRICT + block("b", "http://127.0.0.1:9"), encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        line = next(line for line in said if "settings" in line)
        assert "added b; removed a; 0 sources unchanged" in line
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0
