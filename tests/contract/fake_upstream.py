"""An upstream on a real socket that behaves as badly as it is told."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Body = bytes | Callable[[Mapping[str, str]], "bytes | Faulty"]


@dataclass
class Upstream:
    """`pages` are what it serves by path (a callable is given the query, and what was posted as `body`).

    `fault` is one of FAULTS, or "".
    """

    pages: dict[str, Body] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    asked: list[str] = field(default_factory=list)
    asked_headers: list[dict[str, str]] = field(default_factory=list)
    posted: list[bytes] = field(default_factory=list)
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Faulty:
    """A whole reply of a broken upstream."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


HTML = b"<!DOCTYPE html><html><body><h1>Internal Server Error</h1></body></html>"
FAULTS: dict[str, Faulty] = {
    "html500": Faulty(500, HTML, {"Content-Type": "text/html"}),
    "html200": Faulty(200, HTML, {"Content-Type": "text/html"}),
    "401": Faulty(401, b'{"code": 401}'),
    "403": Faulty(403, b""),
    "429": Faulty(429, b"slow down", {"Retry-After": "120"}),
    "503": Faulty(503, b"", {"Retry-After": "7"}),
    "404": Faulty(404, HTML),
    "empty_body": Faulty(200, b""),
    "garbage": Faulty(200, bytes(range(256)) * 40, {"Content-Type": "application/octet-stream"}),
    "redirect_elsewhere": Faulty(302, b"", {"Location": "http://192.0.2.1/steal"}),
    "redirect_loop": Faulty(302, b"", {"Location": "?again"}),
}
STALLING = ("hang", "drip", "drip_headers", "reset", "truncated", "huge")


def serve(upstream: Upstream) -> contextlib.AbstractContextManager[Upstream]:
    """Serve until the block ends; sets `upstream.url`."""
    return _serving(upstream)


@contextlib.contextmanager
def _serving(upstream: Upstream) -> Iterator[Upstream]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or every reply on a kept connection waits for an acknowledgement

        def do_GET(self) -> None:
            upstream.asked.append(self.path)
            upstream.asked_headers.append(dict(self.headers.items()))
            with contextlib.suppress(OSError):
                self.answer()

        def do_POST(self) -> None:
            upstream.posted.append(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            self.do_GET()

        def answer(self) -> None:
            if upstream.fault in STALLING:
                _stall(self, upstream)
            elif upstream.fault:
                faulty = FAULTS[upstream.fault]
                self.reply(faulty.status, faulty.body, faulty.headers)
            else:
                self.serve_page()

        do_HEAD = do_GET

        def serve_page(self) -> None:
            address = urlsplit(self.path)
            body = upstream.pages.get(address.path)
            if body is None:
                return self.reply(404, HTML, {})
            if callable(body):
                query = {name: values[-1] for name, values in parse_qs(address.query).items()}
                if self.command == "POST":
                    query["body"] = upstream.posted[-1].decode()
                body = body(query)
            if isinstance(body, Faulty):
                return self.reply(body.status, body.body, body.headers)
            etag = upstream.headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                return self.reply(304, b"", upstream.headers)
            return self.reply(200, body, upstream.headers)

        def reply(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            if "Date" in headers:
                self.send_response_only(status)
            else:
                self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            if self.close_connection:  # said, or the client would keep a connection that is being closed
                self.send_header("Connection", "close")
            self.end_headers()
            if status != 304 and self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    upstream.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        upstream.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _stall(handler: BaseHTTPRequestHandler, upstream: Upstream) -> None:
    """Say too little, too slowly, or far too much."""
    handler.close_connection = True
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    if upstream.fault == "hang":
        upstream.released.wait(30)
    elif upstream.fault == "truncated":
        handler.wfile.write(head + b"Content-Length: 100000\r\n\r\n[{")
    elif upstream.fault == "reset":
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        handler.connection.close()
    elif upstream.fault == "huge":
        handler.wfile.write(head + b"Content-Length: 1000000000\r\n\r\n")
        while not upstream.released.is_set():
            handler.wfile.write(b" " * 65536)
    else:
        whole = head if upstream.fault == "drip_headers" else head + b"Content-Length: 1000\r\n\r\n"
        handler.wfile.write(whole)
        for _ in range(600):
            if upstream.released.wait(0.05):
                return
            handler.wfile.write(b"X-A: b\r\n" if upstream.fault == "drip_headers" else b" ")
            handler.wfile.flush()
