"""One number, three ways: what the API says, what the wall shows, what anyone counts who pages through the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.conftest import OpenWall
from tests.e2e.product import Product

LEFT = {"closed", "cancelled", "rejected"}
ZONE = ZoneInfo("Asia/Shanghai")
TRIES = 5
Case = dict[str, Any]
Numbers = dict[str, Any]


def moment(text: str | None) -> datetime | None:
    """A time of the API."""
    return None if text is None else datetime.fromisoformat(text)


def is_open(case: Case) -> bool:
    return case["registered_at"] is not None and case["state"] not in LEFT and case["closed_at"] is None


def count_cases(product: Product) -> Numbers:
    """The numbers about cases, from the cases themselves."""
    at = datetime.fromisoformat(product.get("/api/v1/situation")["at"])
    today = at.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    cases = list(product.every("cases"))
    since = [moment(case["registered_at"]) for case in cases]
    reported = [moment(case["reported_at"]) for case in cases]
    due = [(moment(case["due_at"]), case) for case in cases if is_open(case)]
    return {
        "cases_today": sum(registered is not None and registered >= today for registered in since),
        "cases_reported_today": sum(one is not None and one >= today for one in reported),
        "cases_open": len(due),
        "cases_overdue": sum(one is not None and one < at for one, _ in due),
    }


def count_devices(product: Product) -> Numbers:
    """The numbers about cameras and sensors, while every source of theirs is alive."""
    cameras, sensors = list(product.every("cameras")), list(product.every("sensors"))
    return {
        "cameras_total": len(cameras),
        "cameras_online": sum(camera["state"] == "online" for camera in cameras),
        "sensors_total": len(sensors),
        "sensors_online": sum(sensor["state"] == "online" for sensor in sensors),
    }


def count_the_few(product: Product) -> Numbers:
    """The numbers about alarms, sources and departments."""
    alarms = list(product.every("alarms"))
    sources = [source for source in product.every("sources") if source["id"] != "collector"]
    return {
        "alarms_active": sum(alarm["ended_at"] is None for alarm in alarms),
        "sources_total": len(sources),
        "departments_total": len(list(product.every("departments"))),
    }


def differences(before: Numbers, counted: Numbers, after: Numbers) -> dict[str, tuple[Any, Any, Any]]:
    """Numbers whose recount is not between what the API said just before and just after."""
    return {
        name: (before[name], value, after[name])
        for name, value in counted.items()
        if not min(before[name], after[name]) <= value <= max(before[name], after[name])
    }


@pytest.mark.parametrize("recount", [count_cases, count_devices, count_the_few])
def test_paging_through_the_records_comes_to_the_same_number(
    product: Product, recount: Callable[[Product], Numbers]
) -> None:
    found: dict[str, tuple[Any, Any, Any]] = {}
    for _ in range(TRIES):  # the city moves while it is counted
        before = product.numbers()
        counted = recount(product)
        found = differences(before, counted, product.numbers())
        if not found:
            return
    raise AssertionError(found)


def test_every_record_comes_exactly_once_through_the_pages(product: Product) -> None:
    numbers = [camera["mark"] for camera in product.every("cameras")]
    assert len(numbers) == len(set(numbers)) == 18_000


def total(rows: Iterable[list[Any]], column: int) -> int:
    return sum(row[column] for row in rows)


@pytest.mark.browser
def test_parts_sum_to_their_whole_on_the_wall(product: Product, open_wall: OpenWall) -> None:
    wall = open_wall(f"{product.url}/wall")
    streets, pipeline, hourly = wall.held("streets"), wall.held("pipeline"), wall.held("hourly")
    assert total(streets["rows"], 3) + streets["elsewhere"][0] == streets["total"][0]
    assert total(streets["rows"], 4) + streets["elsewhere"][1] == streets["total"][1]
    waiting = [row for row in pipeline["steps"] if row[0] not in ("collect", "evaluate")]
    assert total(waiting, 1) == pipeline["open"]
    assert pipeline["open_before"] + pipeline["new_today"] - pipeline["closed_today"] == pipeline["open"]
    assert len(streets["rows"]) == 13
    assert len(hourly["counts"]) <= 24


@pytest.mark.browser
def test_panels_and_numbers_of_one_frame_agree(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/wall").page
    page.wait_for_function(
        """() => {
          const values = (key) => onescreen.heldPanel(key).values;
          const [kpi, streets, pipeline] = ['kpi', 'streets', 'pipeline'].map(values);
          const today = values('hourly').counts.reduce((sum, n) => sum + n, 0);
          const {unacknowledged, handling} = values('alarms');
          return kpi.cases_open === streets.total[0] && kpi.cases_open === pipeline.open
            && kpi.cases_overdue === streets.total[1] && kpi.cases_today === pipeline.new_today
            && kpi.cases_today === today && kpi.alarms_active === unacknowledged + handling;
        }""",
        polling=200,
        timeout=15_000,
    )


def test_a_number_of_the_past_is_not_from_the_future(product: Product) -> None:
    now = datetime.fromisoformat(product.get("/api/v1/situation")["at"]) + timedelta(seconds=2)
    late = [
        case["id"]
        for case in product.every("cases")
        if any((at := moment(case[name])) is not None and at > now for name in ("reported_at", "registered_at"))
    ]
    assert late == []
