"""Older WVP platforms: alarms under another address, in other words (AlarmController and DeviceAlarm of 2.7)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from fake_upstream import Upstream
from source_settings import Block

from datasources.contract import Batch, FetchContext
from datasources.http import HttpClient
from datasources.registry import build
from situation.clock import FakeClock
from situation.records import Alarm

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
CODE = "31011300001320000001"
ALARM = {
    "id": "17",
    "deviceId": "31011300001110000001",
    "channelId": CODE,
    "alarmPriority": "1",
    "alarmMethod": "5",
    "alarmTime": "2026-08-09 13:58:00",
    "alarmDescription": "越界",
    "longitude": 0.0,
    "latitude": 0.0,
    "alarmType": "6",
}


def page(*rows: Any) -> bytes:
    return json.dumps({"code": 0, "data": {"total": len(rows), "list": rows}}).encode()


def fetched(upstream: Upstream, clock: FakeClock) -> Batch:
    clock.at = NOW
    upstream.pages |= {"/api/device/query/devices": page(), "/api/common/channel/list": page()}
    block = Block(kind="wvp", url=upstream.url, options={"api_key": "k"})
    source: Any = build(block, http=HttpClient(clock=clock))
    batch = source.fetch(FetchContext(now=NOW))
    assert isinstance(batch, Batch)
    return batch


def test_alarms_of_an_older_platform_are_read_in_its_own_words(upstream: Upstream, clock: FakeClock) -> None:
    upstream.pages["/api/alarm/all"] = page(ALARM)
    batch = fetched(upstream, clock)
    (alarm,) = (record for record in batch.records if isinstance(record, Alarm))
    assert (alarm.name, alarm.priority, alarm.about) == ("越界", 1, f"camera/{CODE}")
    assert alarm.started_at == datetime(2026, 8, 9, 5, 58, tzinfo=UTC)
    assert (alarm.lon, alarm.lat) == (None, None)
    assert "startTime=2026-08-09+13%3A00%3A00" in upstream.asked[-1]
    assert batch.rejected == ()


def test_a_platform_with_neither_list_says_what_is_wrong_with_the_newer_one(
    upstream: Upstream, clock: FakeClock
) -> None:
    upstream.pages["/api/alarm/list"] = b'{"code": 100, "msg": "no", "data": null}'
    (rejection,) = fetched(upstream, clock).rejected
    assert (rejection.record_id, rejection.reason) == ("alarms", "upstream_code:100")


def test_an_older_list_is_not_asked_for_where_the_newer_one_answers(upstream: Upstream, clock: FakeClock) -> None:
    upstream.pages["/api/alarm/list"] = page()
    fetched(upstream, clock)
    assert not any("alarm/all" in path for path in upstream.asked)
