"""The index: ranking, spelling, coordinates, and that it follows what changes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from situation.batch import Batch
from situation.records import Camera, Department, Place
from situation.search import SearchIndex, spots_of
from situation.search.index import MOST_OVERLAY
from situation.search.pinyin import spell
from situation.search.section import Section
from situation.store import Named, Store
from tests.sample_city import NOW, camera, place


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("友谊路100号", "youyilu100hao", "yyl100h"),
        ("杨行镇", "yanghangzhen", "yhz"),
        ("长江口", "changjiangkou", "cjk"),
        ("长逸路", "changyilu", "cyl"),
        ("大场镇", "dachangzhen", "dcz"),
        ("重庆路", "chongqinglu", "cql"),
        ("宝钢一号门", "baogangyihaomen", "bgyhm"),
        ("绿化带", "lvhuadai", "lhd"),
        ("", "", ""),
    ],
)
def test_names_are_spelled_as_people_type_them(name: str, full: str, initials: str) -> None:
    assert spell(name) == (full, initials)


@given(st.text(max_size=60))
def test_any_text_can_be_spelled(text: str) -> None:
    full, initials = spell(text)
    assert len(initials) == len(text)
    assert len(full) >= len(initials)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'search.db'}")


def index_of(store: Store, *records: Camera | Place | Department) -> SearchIndex:
    store.apply("test", Batch(records=records), NOW)
    index = SearchIndex(store)
    index.build()
    return index


def names(index: SearchIndex, text: str, limit: int = 6) -> list[str]:
    return [hit.shown.name for group in index.search(text, limit) for hit in group.hits]


def test_results_are_ranked_exact_code_then_name_start_then_inside_then_initials(store: Store) -> None:
    index = index_of(
        store,
        camera("yyl", name="甲"),  # its code
        camera("2", name="yyl 广场"),  # begins so
        camera("3", name="东 yyl"),  # inside
        camera("4", name="友谊路东口"),  # initials
        camera("5", name="和平路", address="yyl 1 号"),  # its address
    )
    assert names(index, "yyl") == ["甲", "yyl 广场", "东 yyl", "友谊路东口", "和平路"]


def test_of_equally_good_results_the_shortest_name_is_first(store: Store) -> None:
    index = index_of(store, camera("1", name="友谊路牡丹江路口"), camera("2", name="友谊路口"))
    assert names(index, "友谊") == ["友谊路口", "友谊路牡丹江路口"]


def test_every_word_must_match_in_any_order(store: Store) -> None:
    index = index_of(store, camera("1", name="友谊路下立交"), camera("2", name="宝杨路下立交"))
    assert names(index, "下立交 友谊") == names(index, "友谊 下立交") == ["友谊路下立交"]


def test_groups_with_the_better_match_come_first(store: Store) -> None:
    index = index_of(store, camera("1", name="水务局门口"), Department(id="water", source="places", name="水务局"))
    assert [group.kind for group in index.search("水务局")] == ["department", "camera"]


def test_more_than_asked_for_is_said(store: Store) -> None:
    index = index_of(store, *(camera(f"{n}", name=f"友谊路 {n}") for n in range(9)))
    (group,) = index.search("友谊", limit=6)
    assert (len(group.hits), group.has_more) == (6, True)


def test_changes_are_found_by_their_new_name_only(store: Store) -> None:
    index = index_of(store, camera("1", name="旧名"), camera("2", name="留下"), place("3", "school"))
    store.apply("test", Batch(records=(camera("1", name="新名"), camera("4", name="添加"))), NOW)
    index.refresh()
    assert names(index, "旧名") == []
    assert names(index, "新名") == ["新名"]
    assert names(index, "tianjia") == ["添加"]
    assert names(index, "liuxia") == ["留下"]
    assert index.entries == 4


def test_what_was_removed_is_gone(store: Store) -> None:
    index = index_of(store, camera("1", name="甲"), camera("2", name="乙"))
    store.apply("test", Batch(records=(camera("2", name="乙"),), complete=frozenset({"camera"})), NOW)
    store.apply("test", Batch(records=(camera("2", name="乙"),), complete=frozenset({"camera"})), NOW)
    index.refresh()
    assert names(index, "甲") == []


def test_many_changes_end_in_the_same_index_as_a_new_one(store: Store) -> None:
    index = index_of(store, *(camera(f"{n}", name=f"路口 {n}") for n in range(50)))
    rng = random.Random(3)
    for _ in range(4):
        changed = [camera(f"{rng.randrange(MOST_OVERLAY * 2)}", name=f"路口 {rng.random():.6f}") for _ in range(900)]
        store.apply("test", Batch(records=tuple({each.id: each for each in changed}.values())), NOW)
        index.refresh()
    fresh = SearchIndex(store)
    fresh.build()
    assert index.entries == fresh.entries
    for text in ("路口", "lukou", "0.5", "lk"):
        assert [hit.shown for group in index.search(text) for hit in group.hits] == [
            hit.shown for group in fresh.search(text) for hit in group.hits
        ]


@given(
    st.lists(st.text(alphabet="友谊路ab 1\n\x1f", max_size=12), max_size=30), st.text(alphabet="友谊路ab1", min_size=1)
)
def test_a_section_finds_exactly_the_names_that_hold_a_word(words: list[str], needle: str) -> None:
    entries = [Named(n, "camera", f"#{n}", word, "", "", "", "", None, None, "") for n, word in enumerate(words)]
    section = Section("camera", entries)
    held = {row for row, word in enumerate(words) if needle in word}
    begun = {row for row, word in enumerate(words) if word.startswith(needle)}
    assert set(section.texts["name"].holding(needle.encode())) == held
    assert set(section.texts["name"].beginning_with(needle.encode())) == begun


@pytest.mark.parametrize(
    ("text", "crs", "lon", "lat"),
    [
        ("121.48,31.40", "wgs84", 121.48, 31.40),
        ("31.40 121.48", "wgs84", 121.48, 31.40),
        ("（121.48，31.40）", "wgs84", 121.48, 31.40),
        ("WGS-84: 121.48 31.40", "wgs84", 121.48, 31.40),
        ("31.40N 121.48E", "wgs84", 121.48, 31.40),
        ("31°24'0\"N, 121°28'48\"E", "wgs84", 121.48, 31.40),
    ],
)
def test_coordinates_are_read_as_people_write_them(text: str, crs: str, lon: float, lat: float) -> None:
    spot = spots_of(text)[0]
    assert (spot.crs, round(spot.lon, 6), round(spot.lat, 6)) == (crs, lon, lat)


def test_a_named_system_is_the_only_one_offered() -> None:
    assert [spot.crs for spot in spots_of("GCJ-02 121.4843 31.3980")] == ["gcj02"]
    assert [spot.crs for spot in spots_of("百度 121.4843 31.3980")] == ["bd09"]


@pytest.mark.parametrize("text", ["", "友谊路", "121.48", "500,31", "310113", "12 34 56", "友谊路 121.48,31.4"])
def test_what_is_no_pair_of_coordinates_is_none(text: str) -> None:
    assert spots_of(text) == ()
