"""The real application over cameras with real H.264: a browser watches, feeds are killed and come back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from benchmarks.feeding import FLV, HLS, JPEG, MJPEG, CameraFeed, camera_feed
from callbacks.services import MediaUnavailable, Services
from callbacks.web import create_app
from datasources.contract import SourceDataError, SourceError
from datasources.http import HttpClient
from datasources.media import Address, MediaOffer, Transport
from datasources.media.ffmpeg import find_ffmpeg
from datasources.media.gateway import Gateway
from datasources.media.places import Places
from datasources.media.snapshot import picture
from datasources.media.watch import Converting
from situation.clock import CityClock
from situation.feed import Feed
from situation.scope import EVERYTHING
from situation.settings import District, Settings, SourceSettings
from situation.settings.model import MediaSettings
from situation.store import Store
from tests.conftest import missing
from tests.web.small_city import records

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PATHS = {Transport.FLV: FLV, Transport.HLS: HLS, Transport.MJPEG: MJPEG, Transport.SNAPSHOT: JPEG}
TOLERATED = ("Failed to load resource",)
"""What a browser itself writes when an answer is an error, as those of a dead camera are."""


@dataclass
class Cameras:
    """A CameraMedia: what each camera offers, by its reference."""

    offers: dict[str, dict[Transport, Address]] = field(default_factory=dict)
    released: list[str] = field(default_factory=list)

    def give(self, ref: str, feed: CameraFeed, *transports: Transport) -> None:
        """Let a camera be fed by a feed, with these transports and a still picture."""
        wanted = (*transports, Transport.SNAPSHOT)
        self.offers[ref] = {each: Address(url=f"{feed.url}{PATHS[each]}") for each in wanted}

    def still(self, media_ref: str, deadline_s: float) -> Address | None:
        return self.offers.get(media_ref, {}).get(Transport.SNAPSHOT)

    def offer(self, media_ref: str, deadline_s: float) -> MediaOffer:
        if media_ref not in self.offers:
            raise SourceDataError("not_offered", "no such camera")
        return MediaOffer(addresses=self.offers[media_ref], codec="h264")

    def release(self, media_ref: str, deadline_s: float) -> None:
        self.released.append(media_ref)


@dataclass(frozen=True)
class Stills:
    """A MediaFetcher over the same cameras."""

    cameras: Cameras
    http: HttpClient = field(default_factory=HttpClient)

    def snapshot(self, source: str, media: str, timeout_s: float) -> bytes:
        try:
            return picture(self.cameras, self.http, media, self.http.clock.monotonic() + timeout_s)
        except SourceError as error:
            raise MediaUnavailable(504, error.safe_text) from error


@dataclass(frozen=True)
class Wall:
    """A running application and its cameras."""

    url: str
    cameras: Cameras
    gateway: Gateway


@pytest.fixture(scope="session")
def ffmpeg() -> str:
    found = find_ffmpeg()
    if found is None:
        missing("ffmpeg", "no ffmpeg was found, not even that of imageio-ffmpeg")
    return found


@pytest.fixture
def new_feed(ffmpeg: str) -> Iterator[Callable[[], CameraFeed]]:
    """Starts cameras and ends them afterwards."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(camera_feed(ffmpeg))


@pytest.fixture
def wall(tmp_path: Path, ffmpeg: str) -> Iterator[Wall]:
    """The application on a free port."""
    clock = CityClock()
    settings = Settings(
        district=District(name="宝山区", adcode="310113"),
        media=MediaSettings(live_per_page=4),
        sources=tuple(SourceSettings(key=key, kind="wvp") for key in ("video", "water", "staff", "centre", "civil")),
    )
    store = Store.open(f"sqlite:///{tmp_path / 'onescreen.db'}")
    for batch in records(clock.now() - timedelta(seconds=1)):
        store.apply(batch.records[0].source, batch, clock.now())
    cameras = Cameras()
    gateway = Gateway(lambda _: cameras, clock, Converting(ffmpeg, Places(2)))
    services = Services(
        settings=settings,
        store=store,
        feed=Feed(store, settings, clock, EVERYTHING, "test"),
        clock=clock,
        scope=EVERYTHING,
        media=Stills(cameras),
        live=gateway,
        release="test",
        data_folder=tmp_path,
    )
    with _served(services) as url:
        yield Wall(url, cameras, gateway)
    store.close()


@contextmanager
def _served(services: Services) -> Iterator[str]:
    config = uvicorn.Config(create_app(services), log_level="warning", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages; nothing may be thrown in them."""
    contexts, errors = [], []

    def open_(url: str, width: int = 1920, height: int = 1080) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(error.stack or str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [error for error in errors if not error.startswith(TOLERATED)] == []
