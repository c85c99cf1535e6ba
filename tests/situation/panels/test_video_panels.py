"""The video scene's values: what the wall shows by itself and by choice, and that every camera is counted once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sample_city import (
    NOW,
    STREETS,
    MemoryStore,
    alarm,
    camera,
    department,
    hours_ago,
    source,
    sources,
    street,
    warning,
)

from situation.live import Context, Live, Moment
from situation.panels import PANELS_BY_KEY
from situation.panels.definition import ChoiceError
from situation.panels.video import PANELS
from situation.pictures import PictureBook
from situation.records import AreaClaim, Camera, DeviceState, Health, Record, WarningLevel
from situation.video import VideoGroup, VideoSettings

GROUP = VideoSettings(
    groups={"low": VideoGroup(name="下立交", tags=("underpass",)), "two": VideoGroup(cameras=("a", "b"))}
)
GROUND = (street(STREETS[0], 121.4, 121.5), street(STREETS[1], 121.5, 121.6))


def moment(*records: Record, video: VideoSettings = GROUP, pictures: PictureBook | None = None) -> Moment:
    store = MemoryStore()
    store.put(*sources(), *GROUND, *records)
    context = replace(Context(), video=video, pictures=pictures or PictureBook())
    return Moment(Live.load(store, NOW), NOW, context)


def built(key: str, now: Moment, choice: Mapping[str, str] | None = None) -> dict[str, Any]:
    panel = PANELS_BY_KEY[key]
    if choice is None:
        return panel.build(now)
    assert panel.choose is not None
    return panel.choose(now, choice)


def shown(values: dict[str, Any]) -> list[str]:
    return [tile["id"] for tile in values["tiles"]]


def placed(key: str, lon: float, lat: float = 31.4, **changes: Any) -> Camera:
    return camera(key, lon=lon, lat=lat, street_code=STREETS[0] if lon < 121.5 else STREETS[1], **changes)


def test_an_empty_city_has_panels_that_can_be_written_down() -> None:
    empty = Moment(Live.load(MemoryStore(), NOW), NOW, Context())
    for panel in PANELS:
        json.loads(msgspec.json.encode(panel.build(empty)))


def test_by_itself_the_wall_shows_the_cameras_nearest_to_the_worst_alarm() -> None:
    cameras = [placed(f"c{i:02}", 121.45 + 0.001 * i) for i in range(30)]
    values = built(
        "video-wall", moment(*cameras, alarm("mild", priority=3, lon=121.479), alarm("worst", priority=1, lon=121.45))
    )
    assert (values["mode"], values["is_automatic"], values["about"]["id"]) == ("near", True, "worst")
    assert shown(values) == [f"c{i:02}" for i in range(16)]
    assert values["tiles"][0]["distance_m"] == 0
    assert values["tiles"][1]["bearing_deg"] == 90
    assert [row["id"] for row in values["burning"]] == ["worst", "mild"]


def test_cameras_that_went_offline_are_nothing_to_look_at_while_something_else_burns() -> None:
    outage = alarm("outage", rule="camera_outage", priority=1, lon=121.41)
    now = moment(placed("a", 121.41), placed("b", 121.46), outage, alarm("fire", priority=3, lon=121.46))
    values = built("video-wall", now)
    assert (values["about"]["id"], shown(values)[0]) == ("fire", "b")
    assert [row["id"] for row in values["burning"]] == ["fire"]


def test_a_dead_camera_gives_way_to_a_living_one_about_as_near_but_is_shown_as_dead() -> None:
    dead = placed("dead", 121.4501, state=DeviceState.OFFLINE, seen_at=hours_ago(1))
    values = built("video-wall", moment(dead, placed("near", 121.451), placed("far", 121.46), alarm("1", lon=121.45)))
    assert shown(values) == ["near", "dead", "far"]
    assert values["tiles"][1]["state"] == "offline"
    assert values["tiles"][1]["seen_at"] is not None
    assert values["offline"] == 1


def test_without_an_alarm_it_shows_what_a_warning_is_about() -> None:
    storm = warning("w", event="暴雨", level=WarningLevel.ORANGE, areas=(AreaClaim(codes=(STREETS[0],)),))
    cameras = [
        placed("low", 121.45, tags=("underpass",)),
        placed("road", 121.46, tags=("road",)),
        placed("dry", 121.55, tags=("underpass",)),
    ]
    values = built("video-wall", moment(*cameras, storm))
    assert (values["mode"], shown(values), values["query"]) == ("warning", ["low"], {"warning": "w"})


def test_while_nothing_burns_it_goes_through_the_first_saved_group() -> None:
    values = built("video-wall", moment(placed("low", 121.45, tags=("underpass", "road")), placed("road", 121.46)))
    assert (values["mode"], shown(values), values["query"]) == ("rounds", ["low"], {"group": "low"})


def test_without_any_group_it_goes_through_all_cameras_that_are_not_offline() -> None:
    gone = placed("gone", 121.46, state=DeviceState.OFFLINE)
    values = built("video-wall", moment(placed("a", 121.45), gone, video=VideoSettings()))
    assert (shown(values), values["left_out"], values["query"]) == (["a"], 1, {})


@pytest.mark.parametrize(
    ("choice", "ids"),
    [
        ({"area": STREETS[1]}, ["c", "d"]),
        ({"kind": "ptz"}, ["b", "d"]),
        ({"tag": "river"}, ["c"]),
        ({"group": "two"}, ["a", "b"]),
        ({"area": STREETS[1], "kind": "ptz"}, ["d"]),
        ({"hub": "SW1"}, ["a", "dead"]),
        ({"state": "offline"}, ["dead"]),
        ({"q": "camera D"}, ["dead", "d"]),
        ({"q": "蕰川路"}, ["b"]),
        ({"near": "121.5501,31.4"}, ["d", "c", "b", "a", "dead"]),
        ({"source": "video-b"}, ["c"]),
    ],
)
def test_a_choice_narrows_wall_and_list_alike(choice: dict[str, str], ids: list[str]) -> None:
    cameras = [
        placed("a", 121.41, hub="SW1"),
        placed("b", 121.42, form="ptz", address="蕰川路 100 号"),
        placed("c", 121.54, tags=("river",), source="video-b"),
        placed("d", 121.55, form="ptz"),
        placed("dead", 121.40, hub="SW1", state=DeviceState.OFFLINE),
    ]
    now = moment(*cameras)
    wall, found = built("video-wall", now, choice), built("video-search", now, choice)
    assert shown(wall) == ids
    assert [row["id"] for row in found["rows"]] == ids
    assert wall["total"] == found["total"] == len(ids)
    assert not wall["is_automatic"]


def test_pages_hold_every_camera_once() -> None:
    cameras = [placed(f"c{i:02}", 121.45) for i in range(23)]
    now = moment(*cameras)
    pages = [built("video-wall", now, {"layout": "4", "page": str(page), "area": STREETS[0]}) for page in range(6)]
    assert {values["pages"] for values in pages} == {6}
    assert [camera_id for values in pages for camera_id in shown(values)] == [f"c{i:02}" for i in range(23)]
    again = built("video-wall", now, {"layout": "4", "page": "6", "area": STREETS[0]})
    assert again["page"] == 0


@pytest.mark.parametrize(
    "choice",
    [
        {"layout": "5"},
        {"page": "-1"},
        {"area": "nowhere"},
        {"near": "nothing"},
        {"group": "x"},
        {"colour": "red"},
        {"q": "x" * 200},
    ],
)
def test_a_choice_nobody_knows_says_what_is_allowed(choice: dict[str, str]) -> None:
    with pytest.raises(ChoiceError) as caught:
        built("video-wall", moment(placed("a", 121.45)), choice)
    assert caught.value.key in choice
    assert caught.value.allowed


states = st.sampled_from(list(DeviceState))


@given(
    st.lists(st.tuples(states, st.sampled_from(["video-a", "video-b"]), st.sampled_from(["", *STREETS])), max_size=60)
)
def test_every_table_of_rates_adds_up_to_all_cameras(rows: list[tuple[DeviceState, str, str]]) -> None:
    cameras = [camera(f"c{i}", state=state, source=key, street_code=code) for i, (state, key, code) in enumerate(rows)]
    values = built("video-rates", moment(*cameras))
    assert sum(values["total"]) == len(rows)
    for table in ("platforms", "departments", "streets"):
        sums = [sum(row[place] for row in values[table]) for place in (3, 4, 5)]
        assert sums == values["total"]


def test_the_cameras_of_a_dead_platform_are_unknown_and_the_platform_is_the_cause() -> None:
    dead = source("video-b", "camera", state=Health.UNAVAILABLE, succeeded_at=hours_ago(1))
    now = moment(camera("a"), camera("b", source="video-b"), dead)
    assert built("video-rates", now)["total"] == [1, 0, 1]
    outages = built("video-outages", now)
    assert [(row["cause"], row["value"], row["lost"]) for row in outages["rows"]] == [("platform", "video-b", 1)]
    assert outages["unknown"] == 1


def lost(key: str, minutes_ago: float, **changes: Any) -> Camera:
    return placed(key, 121.45, state=DeviceState.OFFLINE, seen_at=NOW - timedelta(minutes=minutes_ago), **changes)


def test_cameras_of_one_switch_that_went_together_are_one_outage() -> None:
    together = [lost(f"t{i}", 30 - 0.3 * i, hub="SW1") for i in range(6)]
    alone = [lost("alone", 300, hub="SW2"), lost("old", 60 * 30, hub="SW1")]
    values = built("video-outages", moment(*together, *alone, *[placed(f"on{i}", 121.45, hub="SW1") for i in range(2)]))
    (row,) = values["rows"]
    assert (row["cause"], row["name"], row["lost"], row["of"]) == ("hub", "SW1", 6, 9)
    assert (values["offline"], values["together"], values["scattered"], values["long_ago"]) == (8, 6, 1, 1)


@given(
    st.lists(
        st.tuples(
            st.floats(min_value=0, max_value=3000), st.sampled_from(["", "SW1", "SW2"]), st.sampled_from(STREETS)
        ),
        max_size=80,
    )
)
def test_every_offline_camera_is_in_one_part_of_the_sum(rows: list[tuple[float, str, str]]) -> None:
    cameras = [
        camera(f"c{i}", state=DeviceState.OFFLINE, hub=hub, street_code=code, seen_at=NOW - timedelta(minutes=minutes))
        for i, (minutes, hub, code) in enumerate(rows)
    ]
    values = built("video-outages", moment(*cameras))
    assert values["together"] == sum(row["lost"] for row in values["rows"])
    assert values["offline"] == values["together"] + values["scattered"] + values["long_ago"] == len(rows)


def noise() -> bytes:
    target = BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (90, 160), dtype=np.uint8)).save(target, "JPEG")
    return target.getvalue()


def test_a_finding_is_told_of_online_cameras_only() -> None:
    pictures = PictureBook(frozen_after_s=5)
    for key in ("frozen", "gone"):
        for second in range(8):
            pictures.note(key, noise(), NOW + timedelta(seconds=second), float(second))
    now = moment(
        placed("frozen", 121.45),
        placed("gone", 121.46, state=DeviceState.OFFLINE),
        placed("well", 121.47),
        pictures=pictures,
    )
    values = built("video-dead", now)
    assert [(row["id"], row["finding"]) for row in values["rows"]] == [("frozen", "frozen")]
    assert values["counts"] == {"frozen": 1, "black": 0, "blank": 0}
    assert (values["judged"], values["online"]) == (2, 2)
    assert shown(built("video-wall", now, {"state": "faulty"})) == ["frozen", "gone"]


def test_departments_are_called_by_name() -> None:
    now = moment(camera("a", department="police"), department("police", name_en="Police"))
    assert built("video-rates", now)["departments"] == [["police", "police", "Police", 1, 0, 0]]
