"""Moving pictures as a browser gets them: what is on offer, streams that end with their viewer, and who may call."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
import uvicorn

from callbacks.access import AccessPolicy, refusal
from callbacks.services import MediaUnavailable, Services
from callbacks.web import create_app
from tests.web.browser_double import Client
from tests.web.small_city import local_client

SDP = b"v=0\r\n"
LOCAL = {"type": "http", "client": ("127.0.0.1", 1)}


@dataclass(frozen=True)
class Offer:
    transport: str
    codec: str


@dataclass(frozen=True)
class Piece:
    body: bytes
    content_type: str
    content_range: str = ""


@dataclass
class Stream:
    """Gives one piece and then waits for ever, until it is ended."""

    content_type: str = "video/x-flv"
    waiting: list[bytes] = field(default_factory=lambda: [b"first"])
    is_ended: bool = False
    closed: threading.Event = field(default_factory=threading.Event)

    def take(self) -> bytes | None:
        return self.waiting.pop() if self.waiting else None if self.is_ended else b""

    def close(self) -> None:
        self.closed.set()


@dataclass
class FakeLive:
    """A LiveMedia that notes what it is asked."""

    offers: list[Offer] = field(default_factory=lambda: [Offer("flv", "h264"), Offer("hls", "h265")])
    asked: list[tuple[str, ...]] = field(default_factory=list)
    watched: Stream = field(default_factory=Stream)
    wake: Callable[[], None] = lambda: None
    failure: MediaUnavailable | None = None
    is_closed: bool = False

    def playable(self, source: str, media: str) -> list[Offer]:
        self.note("playable", source, media)
        return self.offers

    def stream(self, source: str, media: str, transport: str, wake: Callable[[], None]) -> Stream:
        self.note("stream", source, media, transport)
        self.wake = wake
        return self.watched

    def hls(self, source: str, media: str, name: str, byte_range: str) -> Piece:
        self.note("hls", source, media, name, byte_range)
        return Piece(b"piece", "video/mp2t", "bytes 0-4/9" if byte_range else "")

    def call(self, source: str, media: str, sdp: bytes) -> tuple[bytes, str]:
        self.note("call", source, media)
        return SDP + sdp, "abc123"

    def hang_up(self, source: str, media: str, session: str) -> None:
        self.note("hang_up", source, media, session)

    def close(self) -> None:
        self.is_closed = True

    def note(self, *asked: str) -> None:
        self.asked.append(asked)
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def live() -> FakeLive:
    return FakeLive()


@pytest.fixture
def client(services: Services, live: FakeLive) -> Iterator[Client]:
    with local_client(replace(services, live=live)) as opened:
        yield opened


@pytest.fixture
def served(services: Services, live: FakeLive) -> Iterator[tuple[str, int]]:
    """The application on a free port: what ends with a connection needs one."""
    app = create_app(replace(services, live=live))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()
        server.should_exit = True
        thread.join()


def test_what_is_on_offer_names_our_own_addresses_only(client: Client, live: FakeLive) -> None:
    answer = client.get("/media/c1/stream.json")
    offered = {"transport": "flv", "codec": "h264", "address": "/media/c1/stream.flv"}
    assert answer.json() == {"camera": "c1", "live": [offered]}
    assert answer.headers["cache-control"] == "no-store"
    assert live.asked == [("playable", "video", "ref-1")]


def test_h265_is_offered_to_browsers_that_can_show_it(client: Client) -> None:
    transports = [each["transport"] for each in client.get("/media/c1/stream.json?h265=1").json()["live"]]
    assert transports == ["flv", "hls"]


@pytest.mark.parametrize("path", ["stream.json", "stream.flv", "mjpeg", "converted.flv", "hls/index.m3u8"])
def test_an_unknown_camera_and_a_failing_one_say_why(client: Client, live: FakeLive, path: str) -> None:
    assert client.get(f"/media/nobody/{path}").status_code == 404
    assert live.asked == []
    live.failure = MediaUnavailable(503, "busy")
    answer = client.get(f"/media/c1/{path}")
    assert (answer.status_code, answer.json()) == (503, {"error": "busy"})


@pytest.mark.parametrize("path", ["stream.json", "stream.flv", "hls/index.m3u8"])
def test_without_live_media_there_is_none(services: Services, path: str) -> None:
    with local_client(services) as client:
        assert client.get(f"/media/c1/{path}").status_code == 404


def test_segments_pass_with_their_range(client: Client, live: FakeLive) -> None:
    whole = client.get("/media/c1/hls/abc.ts")
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, b"piece", "video/mp2t")
    part = client.get("/media/c1/hls/abc.ts", headers={"range": "bytes=0-4"})
    assert (part.status_code, part.headers["content-range"]) == (206, "bytes 0-4/9")
    assert client.get("/media/c1/hls/..%2Fx.ts").status_code == 404
    assert [asked[4] for asked in live.asked] == ["", "bytes=0-4"]


def test_a_camera_is_called_and_hung_up(client: Client, live: FakeLive) -> None:
    answer = client.request("POST", "/media/c1/whep", content=b"offer")
    assert (answer.status_code, answer.content) == (201, SDP + b"offer")
    assert answer.headers["location"] == "/media/c1/whep/abc123"
    assert client.request("DELETE", answer.headers["location"]).status_code == 200
    assert live.asked[-1] == ("hang_up", "video", "ref-1", "abc123")
    assert client.request("POST", "/media/c1/whep", content=b"x" * 200_000).status_code == 413


def test_a_page_of_another_site_calls_no_camera(client: Client, live: FakeLive) -> None:
    answer = client.request("POST", "/media/c1/whep", content=b"x", headers={"origin": "http://evil.example"})
    assert answer.status_code == 403
    assert live.asked == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/media/c1/stream.json"), ("DELETE", "/media/c1/whep"), ("PUT", "/media/c1/whep"), ("POST", "/whep")],
)
def test_nothing_else_takes_more_than_a_get(method: str, path: str) -> None:
    refused = refusal({**LOCAL, "method": method, "path": path, "headers": [(b"host", b"localhost")]}, AccessPolicy())
    assert refused is not None
    assert refused.status == 405


def test_a_stream_goes_on_until_it_ends(client: Client, live: FakeLive) -> None:
    live.watched.is_ended = True
    answer = client.get("/media/c1/stream.flv")
    assert (answer.content, answer.headers["content-type"]) == (b"first", "video/x-flv")
    assert "content-encoding" not in answer.headers
    assert live.watched.closed.is_set()


def test_a_stream_is_sent_as_it_comes_and_closed_with_its_viewer(served: tuple[str, int], live: FakeLive) -> None:
    with socket.create_connection(served, timeout=60) as viewer:
        viewer.sendall(b"GET /media/c1/stream.flv HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n")
        received = b""
        while b"first" not in received:
            received += viewer.recv(4096)
        live.watched.waiting.append(b"second")
        live.wake()
        while b"second" not in received:
            received += viewer.recv(4096)
        assert not live.watched.closed.is_set()
    assert live.watched.closed.wait(60)


def test_the_gateway_ends_with_the_application(services: Services, live: FakeLive) -> None:
    with local_client(replace(services, live=live)) as client:
        client.get("/healthz")
    assert live.is_closed


def test_pages_may_play_what_a_script_gives_them(client: Client) -> None:
    assert "media-src 'self' blob:" in client.get("/healthz").headers["content-security-policy"]
