"""WHEP through us: an offer is handed on, the session's address stays here, and a session is ended upstream."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from streams import CountedMedia

from datasources.media import Address, Transport
from datasources.media.gateway import Gateway
from datasources.media.places import Places
from datasources.media.watch import IDLE_S, Converting
from situation.clock import FakeClock
from situation.media import MediaUnavailable

OFFER, ANSWER = b"v=0\r\no=offer\r\n", b"v=0\r\no=answer\r\n"


@dataclass
class WhepServer:
    """Answers every offer; `location` is where it says the session is."""

    location: str = "/session/1"
    answer: bytes = ANSWER
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def server() -> Iterator[WhepServer]:
    told = WhepServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append(("POST", self.path, body))
            self.send_response(201)
            self.send_header("Location", told.location)
            self.send_header("Content-Type", "application/sdp")
            self.end_headers()
            self.wfile.write(told.answer)

        def do_DELETE(self) -> None:
            told.asked.append(("DELETE", self.path, b""))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{served.server_address[1]}"
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield told
    served.shutdown()
    served.server_close()
    thread.join()


@pytest.fixture
def gateway(server: WhepServer, clock: FakeClock) -> Iterator[Gateway]:
    media = CountedMedia({Transport.WHEP: Address(url=f"{server.url}/whep?stream=c1")})
    made = Gateway(lambda _: media, clock, Converting(None, Places(0)))
    yield made
    made.close()


def test_a_session_is_called_through_us_and_ended_upstream(gateway: Gateway, server: WhepServer) -> None:
    answer, session = gateway.call("video", "c1", OFFER)
    assert answer == ANSWER
    assert server.asked == [("POST", "/whep?stream=c1", OFFER)]
    gateway.hang_up("video", "c1", session)
    gateway.hang_up("video", "c1", session)
    gateway.hang_up("video", "c1", "0123abcd")
    assert server.asked[1:] == [("DELETE", "/session/1", b"")]


def test_sessions_of_a_camera_that_nobody_asks_for_are_ended(
    gateway: Gateway, server: WhepServer, clock: FakeClock
) -> None:
    gateway.call("video", "c1", OFFER)
    clock.advance(IDLE_S + 1)
    gateway.settle()
    assert server.asked[-1] == ("DELETE", "/session/1", b"")


def test_a_session_on_another_host_and_an_answer_that_is_none_are_refused(gateway: Gateway, server: WhepServer) -> None:
    server.location = "http://192.0.2.1/session"
    with pytest.raises(MediaUnavailable) as refused:
        gateway.call("video", "c1", OFFER)
    assert refused.value.reason == "foreign_host"
    server.location, server.answer = "/session/2", b"<html></html>"
    with pytest.raises(MediaUnavailable):
        gateway.call("video", "c1", OFFER)


def test_what_is_no_offer_is_not_handed_on(gateway: Gateway, server: WhepServer) -> None:
    with pytest.raises(MediaUnavailable):
        gateway.call("video", "c1", b"<html></html>")
    assert server.asked == []
