"""The `ngsi` kind: when a reading was observed, by the best that a broker tells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from fake_upstream import Upstream
from source_settings import Block

from datasources.contract import FetchContext
from datasources.http import HttpClient
from datasources.ngsi.entities import row_of
from datasources.registry import build
from situation.clock import CityClock
from situation.records import Camera, Officer

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
POINT = {"type": "Point", "coordinates": [121.48, 31.4]}
MORNING, LATE = "2026-08-09T01:00:00Z", "2026-08-09T05:58:00Z"
PATHS = {"ld": "/ngsi-ld/v1/entities", "v2": "/v2/entities"}

LD_WRITTEN = {"pm25": {"type": "Property", "value": 35.5, "createdAt": "2026-01-01T00:00:00Z", "modifiedAt": MORNING}}
CONCISE_WRITTEN = {"pm25": {"value": 35.5, "modifiedAt": MORNING}}
V2_WRITTEN = {
    "pm25": {"type": "Number", "value": 35.5, "metadata": {"dateModified": {"type": "DateTime", "value": MORNING}}}
}
LOCATED = {"location": {"type": "GeoProperty", "value": POINT, "observedAt": LATE, "modifiedAt": LATE}}


def fetched(upstream: Upstream, entity: Mapping[str, Any], dialect: str = "ld", **options: Any) -> Any:
    upstream.pages[PATHS[dialect]] = json.dumps([{"id": "e", "type": "T", **entity}]).encode()
    given = {"types": ["T"], "preset": "air_quality", "dialect": dialect, **options}
    source: Any = build(Block(kind="ngsi", url=upstream.url, options=given), http=HttpClient())
    return source.fetch(FetchContext(now=NOW, deadline_monotonic_s=CityClock().monotonic() + 20))


def dated(upstream: Upstream, entity: Mapping[str, Any], dialect: str = "ld") -> datetime | None:
    """When the only reading was observed; None without a reading that has a time."""
    return next((each.observed_at for each in fetched(upstream, entity, dialect).observations), None)


@pytest.mark.parametrize(
    ("entity", "dialect"),
    [(LD_WRITTEN, "ld"), (CONCISE_WRITTEN, "ld"), (V2_WRITTEN, "v2"), ({"pm25": 35.5, "modifiedAt": MORNING}, "ld"),
     ({"pm25": 35.5, "dateModified": MORNING}, "v2")],
)  # fmt: skip
def test_a_reading_that_nobody_dates_is_as_old_as_the_broker_wrote_it(
    upstream: Upstream, entity: Mapping[str, Any], dialect: str
) -> None:
    assert dated(upstream, entity, dialect) == datetime(2026, 8, 9, 1, 0, tzinfo=UTC)


def test_a_value_of_the_morning_is_not_fresh_because_another_attribute_is(upstream: Upstream) -> None:
    told = {**LD_WRITTEN, **LOCATED, "modifiedAt": LATE}
    assert dated(upstream, told) == datetime(2026, 8, 9, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "entity",
    [{"pm25": {**LD_WRITTEN["pm25"], "observedAt": LATE}}, {**LD_WRITTEN, "dateObserved": LATE}],
)
def test_an_observation_told_counts_before_when_it_was_written(upstream: Upstream, entity: Mapping[str, Any]) -> None:
    assert dated(upstream, entity) == datetime(2026, 8, 9, 5, 58, tzinfo=UTC)


def test_a_reading_without_any_time_never_has_that_of_asking(upstream: Upstream) -> None:
    assert dated(upstream, {"pm25": {"type": "Property", "value": 35.5}}) is None


def test_a_camera_whose_entity_was_changed_has_not_been_seen(upstream: Upstream) -> None:
    entity = {"streamURL": "http://h/x.m3u8", "location": POINT, "modifiedAt": LATE, "dateModified": LATE}
    (camera,) = fetched(upstream, entity, preset="camera").records
    assert isinstance(camera, Camera)
    assert camera.seen_at is None


def test_a_vehicle_was_where_it_is_when_the_broker_was_told_so(upstream: Upstream) -> None:
    entity = {"location": {"type": "GeoProperty", "value": POINT, "modifiedAt": MORNING}, "modifiedAt": LATE}
    (vehicle,) = fetched(upstream, entity, preset="vehicle").records
    assert isinstance(vehicle, Officer)
    assert vehicle.positioned_at == datetime(2026, 8, 9, 1, 0, tzinfo=UTC)


def test_a_mapping_of_ones_own_may_name_the_times_of_writing() -> None:
    row = row_of({"id": "e", **LD_WRITTEN, "modifiedAt": LATE})
    assert (row["observed_at"], row["changed_at"], row["@changed"]) == (None, LATE, {"pm25": MORNING})


@pytest.mark.parametrize(
    ("dialect", "is_simplified", "asked"),
    [("ld", False, "options=sysAttrs"), ("v2", False, "metadata=TimeInstant%2CdateModified%2C%2A"),
     ("ld", True, "options=keyValues"), ("v2", True, "options=count%2CkeyValues")],
)  # fmt: skip
def test_times_of_writing_are_asked_for_where_attributes_are_whole(
    upstream: Upstream, dialect: str, is_simplified: bool, asked: str
) -> None:
    fetched(upstream, {}, dialect, is_simplified=is_simplified)
    assert asked in upstream.asked[-1].replace("*", "%2A").replace(",", "%2C")
