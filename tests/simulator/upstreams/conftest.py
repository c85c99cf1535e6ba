"""The upstream systems of a tiny district, served on a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
import pytest
import uvicorn
from tiny_district import CITY, START, TinyBehaviour

from simulator.upstreams.app import build_app


@dataclass
class Clock:
    """Stands still until it is set."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class District:
    """A running tiny district."""

    client: httpx.Client
    clock: Clock = field(default_factory=Clock)
    behaviour: TinyBehaviour = field(default_factory=TinyBehaviour)

    def get(self, path: str, **parameters: str) -> httpx.Response:
        return self.client.get(path, params=parameters or None)

    def video(self, path: str, **parameters: str) -> httpx.Response:
        """Ask the police's platform with its key."""
        headers = {"api-key": "demo-police-video"}
        return self.client.get(f"/police-video{path}", params=parameters or None, headers=headers)

    def fault(self, key: str, kind: str, value: float | None = None) -> None:
        self.client.post(f"/_faults/{key}", json={"fault": kind, "value": value}).raise_for_status()


@pytest.fixture(scope="session")
def served_district() -> Iterator[District]:
    listener = socket.create_server(("127.0.0.1", 0))
    clock, behaviour = Clock(), TinyBehaviour()
    config = uvicorn.Config(build_app(CITY, behaviour, clock.now), log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=30) as client:
        yield District(client, clock, behaviour)
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def district(served_district: District) -> Iterator[District]:
    served_district.clock.at = START
    served_district.behaviour.down.clear()
    served_district.behaviour.rain_mmph = 0.0
    yield served_district
    for key in served_district.client.get("/_faults").json()["active"]:
        served_district.client.delete(f"/_faults/{key}")
