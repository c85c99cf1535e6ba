"""Reading the settings again, asked for by a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from callbacks.access import AccessPolicy
from callbacks.services import Services
from situation.clock import FakeClock
from situation.processes.reloading import Reading, note
from situation.store.controls import RELOAD
from tests.web.browser_double import Client
from tests.web.small_city import local_client

ANYBODY = AccessPolicy(is_anonymous_allowed=True)


@pytest.fixture
def guest(services: Services) -> Iterator[Client]:
    """A browser on another machine, where everybody may look."""
    with local_client(services, ANYBODY, address="192.168.3.7") as client:
        yield client


def test_a_wish_to_read_them_again_reaches_the_collector_once(client: Client, services: Services) -> None:
    assert client.request("POST", "/api/v1/settings/reload").status_code == 202
    assert RELOAD in services.store.controls.all()
    assert client.request("POST", "/api/v1/settings/reload").status_code == 429
    assert isinstance(services.clock, FakeClock)
    services.clock.advance(3)
    assert client.request("POST", "/api/v1/settings/reload").status_code == 202


def test_what_was_wrong_is_told_there_and_to_who_watches_the_watchers(client: Client, services: Services) -> None:
    assert client.get("/api/v1/settings").json() == {"ok": True, "at": None, "problems": []}
    note(services.data_folder, Reading(services.clock.now(), ("line 5: numbers.ontime_target = 9: too much",)))
    told = client.get("/api/v1/settings").json()
    assert (told["ok"], told["problems"]) == (False, ["line 5: numbers.ontime_target = 9: too much"])
    assert client.get("/healthz").json()["settings"] == told


def test_only_a_browser_on_this_machine_may(guest: Client) -> None:
    assert guest.request("POST", "/api/v1/settings/reload").status_code == 403
    assert guest.get("/api/v1/settings").status_code == 403
