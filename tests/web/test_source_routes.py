"""The past of a source over HTTP, and who may pause, resume and refresh one."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

from callbacks.access import AccessPolicy
from callbacks.services import Services
from situation.clock import FakeClock
from situation.store.controls import RELOAD, pause_key, refresh_key
from situation.store.sources import SourceHour, SourceReason, hour_of
from tests.web.browser_double import Client
from tests.web.small_city import local_client

ANYBODY = AccessPolicy(is_anonymous_allowed=True)


@pytest.fixture
def guest(services: Services) -> Iterator[Client]:
    """A browser on another machine, where everybody may look."""
    with local_client(services, ANYBODY, address="192.168.3.7") as client:
        yield client


@pytest.fixture
def clock(services: Services) -> FakeClock:
    assert isinstance(services.clock, FakeClock)
    return services.clock


def note(services: Services) -> None:
    now = services.clock.now()
    hour = SourceHour(source="video", hour=hour_of(now), fetches=4, failures=1, records=30, ok_s=90.0, down_s=10.0)
    reason = SourceReason(
        source="video", sort="rejected", reason="no id", count=3, first_at=now, last_at=now, sample="138****5617: no id"
    )
    services.store.source_history.save([hour], [reason])


def test_the_history_tells_hours_reasons_and_uptime(client: Client, services: Services) -> None:
    note(services)
    told = client.get("/api/v1/sources/video/history").json()
    assert [(each["at"], each["fetches"], each["failures"]) for each in told["hours"]] == [
        ("2026-08-09T06:00:00.000Z", 4, 1)
    ]
    assert told["uptime"]["day"] == {"share": 0.9, "watched_s": 100.0}
    assert [(each["reason"], each["count"], each["sample"]) for each in told["reasons"]] == [
        ("no id", 3, "138****5617: no id")
    ]
    assert told["may_act"] is True


def test_a_source_without_a_past_says_unknown(client: Client) -> None:
    told = client.get("/api/v1/sources/water/history").json()
    assert (told["uptime"], told["hours"], told["reasons"]) == (None, [], [])


@pytest.mark.parametrize("key", ["nobody", "collector"])
def test_there_is_no_history_and_no_action_of_what_is_no_source(client: Client, key: str) -> None:
    assert client.get(f"/api/v1/sources/{key}/history").status_code == 404
    assert client.request("POST", f"/api/v1/sources/{key}/pause").status_code == 404


def test_a_span_that_is_none_is_refused(client: Client, clock: FakeClock) -> None:
    late = (clock.now() + timedelta(days=1)).isoformat()
    assert client.get("/api/v1/sources/video/history", params={"since": late}).status_code == 422


def test_pause_and_resume_are_asked_of_the_collector_and_noted(
    client: Client, services: Services, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "audit")
    assert client.request("POST", "/api/v1/sources/video/pause").status_code == 202
    assert services.store.controls.paused() == {"video"}
    clock.advance(5)
    assert client.request("POST", "/api/v1/sources/video/resume").status_code == 202
    assert services.store.controls.all()[pause_key("video")].value == "off"
    assert [(each.value, each.role) for each in services.store.controls.log()] == [
        ("off", "local-viewer"),
        ("on", "local-viewer"),
    ]
    assert [record.message for record in caplog.records] == [
        "local-viewer pause source video",
        "local-viewer resume source video",
    ]
    actions = client.get("/api/v1/sources/video/history").json()["actions"]
    assert [(each["action"], each["value"]) for each in actions] == [("pause", "off"), ("pause", "on")]


def test_refresh_is_asked_at_most_every_few_seconds(client: Client, services: Services, clock: FakeClock) -> None:
    assert client.request("POST", "/api/v1/sources/video/refresh").status_code == 202
    again = client.request("POST", "/api/v1/sources/video/refresh")
    assert (again.status_code, again.headers["retry-after"]) == (429, "6")
    assert client.request("POST", "/api/v1/sources/water/refresh").status_code == 202
    clock.advance(6)
    assert client.request("POST", "/api/v1/sources/video/refresh").status_code == 202
    assert refresh_key("video") in services.store.controls.all()


def test_whoever_only_may_look_may_not_act_and_is_told_so(guest: Client, services: Services) -> None:
    note(services)
    headers = {"host": "192.168.3.1:8050"}
    told = guest.get("/api/v1/sources/video/history", headers=headers)
    assert (told.status_code, told.json()["may_act"]) == (200, False)
    for action in ("pause", "resume", "refresh"):
        refused = guest.request("POST", f"/api/v1/sources/video/{action}", headers=headers)
        assert refused.status_code == 403
    assert services.store.controls.all() == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
        {"host": "evil.example", "origin": "http://evil.example"},
        {"x-forwarded-for": "10.0.0.9"},
    ],
)
def test_a_page_of_another_site_can_not_act(client: Client, services: Services, headers: dict[str, str]) -> None:
    assert client.request("POST", "/api/v1/sources/video/pause", headers=headers).status_code in (401, 403)
    assert services.store.controls.all() == {}


@pytest.mark.parametrize("path", ["/api/v1/sources/video/delete", "/api/v1/sources/video", "/api/v1/sources/a/b/pause"])
def test_other_addresses_still_take_no_post(client: Client, path: str) -> None:
    assert client.request("POST", path).status_code == 405


def test_reading_the_settings_again_is_asked_and_noted(client: Client, services: Services) -> None:
    same = {"origin": "http://localhost:8050"}
    assert client.request("POST", "/api/v1/settings/reload", headers=same).status_code == 202
    assert [(each.key, each.role) for each in services.store.controls.log()] == [(RELOAD, "local-viewer")]


def test_whoever_only_may_look_may_not_have_the_settings_read_again(guest: Client, services: Services) -> None:
    headers = {"host": "192.168.3.1:8050"}
    assert guest.request("POST", "/api/v1/settings/reload", headers=headers).status_code == 403
    assert services.store.controls.all() == {}


def test_the_actions_describe_themselves(client: Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    assert "get" in paths["/api/v1/sources/{key}/history"]
    assert "post" in paths["/api/v1/sources/{key}/{action}"]
