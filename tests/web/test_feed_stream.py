"""The feed as a real client gets it: over a socket, event by event, for as long as it listens."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import httpx
import pytest
import uvicorn

from callbacks.services import Services
from callbacks.web import create_app
from situation.batch import Batch
from situation.clock import CityClock
from situation.feed import Feed
from situation.records import Camera, DeviceState

MOST_LINES = 40
"""Enough for the frames of a change; beats alone would take minutes to say as much."""


@pytest.fixture
def running(services: Services) -> Services:
    """The same city on the machine's clock: what is listened to here needs time to pass."""
    clock = CityClock()
    feed = Feed(services.store, services.settings, clock, services.scope, services.release)
    return replace(services, clock=clock, feed=feed)


@pytest.fixture
def address(running: Services) -> Iterator[str]:
    """The application served for real on a free port."""
    config = uvicorn.Config(create_app(running), log_level="warning", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(60)


def test_a_change_in_the_store_reaches_a_listening_screen(address: str, running: Services) -> None:
    with httpx.stream("GET", f"{address}/api/feed", timeout=60) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert "no-cache" in response.headers["cache-control"]
        assert response.headers["x-accel-buffering"] == "no"
        assert "content-encoding" not in response.headers
        lines = islice(response.iter_lines(), MOST_LINES)
        assert any(line == "event: beat" for line in lines)
        camera = Camera(id="c9", source="video", name="a new camera", lon=121.42, lat=31.4, state=DeviceState.ONLINE)
        running.store.apply("video", Batch(records=(camera,)), running.clock.now())
        assert any(line.startswith("data:") and '"camera"' in line for line in lines)


def test_a_screen_that_left_is_no_longer_counted(address: str, running: Services) -> None:
    with httpx.stream("GET", f"{address}/api/feed", timeout=60) as response:
        lines = response.iter_lines()  # kept: an iterator that nobody holds closes its stream
        assert any(line == "event: beat" for line in lines)
        assert running.feed.clients == 1
    for _ in range(100):
        if "onescreen_feed_clients 0.0" in httpx.get(f"{address}/metrics").text:
            return
    pytest.fail("the screen is still counted")


def test_a_number_this_store_never_gave_out_makes_the_screen_start_over(address: str) -> None:
    with httpx.stream("GET", f"{address}/api/feed", headers={"last-event-id": "99999999"}, timeout=60) as response:
        assert any(line == "event: reset" for line in response.iter_lines())
