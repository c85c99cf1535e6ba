"""A datastream's past as a chart asks for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from callbacks.services import Services
from situation.batch import Batch
from situation.records import Observation
from situation.scope import Scope
from tests.web.browser_double import Client
from tests.web.small_city import local_client

SERIES = "/api/v1/observations/series"


def test_a_series_has_every_reading_of_the_time_asked_for(client: Client) -> None:
    body = client.get(f"{SERIES}?datastream=s1-level").json()
    assert (body["sensor"], body["unit"]) == ("s1", "cm")
    assert [point[3] for point in body["points"]] == [20.0 + n for n in range(29, -1, -1)]


def test_a_long_series_keeps_its_peak_within_the_points_asked_for(client: Client, services: Services) -> None:
    now = services.clock.now()
    readings = [Observation("s1-level", now - timedelta(seconds=10 * n), 1.0) for n in range(3000)]
    peak = Observation("s1-level", now - timedelta(seconds=12_345), 99.0)
    services.store.apply("water", Batch(observations=(*readings, peak)), now)
    since = (now - timedelta(hours=9)).isoformat().replace("+00:00", "Z")
    body = client.get(f"{SERIES}?datastream=s1-level&since={since}&points=50").json()
    assert len(body["points"]) <= 50
    assert max(point[2] for point in body["points"]) == 99.0


def test_a_datastream_nobody_knows_is_said_to_be_missing(client: Client) -> None:
    assert client.get(f"{SERIES}?datastream=nothing").status_code == 404


def test_who_may_not_see_the_sensor_does_not_see_its_readings(services: Services) -> None:
    elsewhere = replace(services, scope=Scope(areas=frozenset({"310113999"})))
    with local_client(elsewhere) as client:
        assert client.get(f"{SERIES}?datastream=s1-level").status_code == 404


def test_a_time_that_ends_before_it_begins_is_refused(client: Client) -> None:
    asked = f"{SERIES}?datastream=s1-level&since=2026-08-09T06:00:00Z&until=2026-08-09T05:00:00Z"
    assert client.get(asked).status_code == 422
