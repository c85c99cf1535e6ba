"""What the one HTTP client makes of connections, certificates and bodies that are wrong, for all kinds at once."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_upstream import STALLING, Faulty, Upstream

from datasources.contract import SourceDataError, SourceError, SourceUnavailable
from datasources.http import LONGEST_RETRY_AFTER_S, HttpClient
from situation.clock import CityClock
from tests.certificates import Authority

DEADLINE_S = 0.3
GENEROUS_S = 20.0
"""However busy this machine is, a deadline of a third of a second has been kept by then."""

BYTE_CAP = 2_000_000
GIGABYTE = 1_000_000_000
MOST_MEMORY = 12 * BYTE_CAP

Answer = Callable[[socket.socket], None]


def client(patience_s: float = GENEROUS_S) -> HttpClient:
    return HttpClient(clock=CityClock(), byte_cap=BYTE_CAP, connect_timeout_s=patience_s, read_timeout_s=patience_s)


def error_of(url: str, deadline_s: float = DEADLINE_S) -> SourceError:
    """What asking comes to; it has come by the deadline or soon after."""
    clock = CityClock()
    began_s = clock.monotonic()
    with pytest.raises(SourceError) as caught:
        client(deadline_s).get(url, deadline_s=began_s + deadline_s)
    assert clock.monotonic() - began_s < GENEROUS_S
    assert urlhost(url) not in caught.value.safe_text
    return caught.value


def urlhost(url: str) -> str:
    return url.split("/")[2].split(":")[0]


@pytest.fixture
def listening() -> Iterator[Callable[[Answer], int]]:
    """Answers the first connection to a port as it is told; a connection ends with the test."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()
    threads: list[threading.Thread] = []

    def answer_with(answer: Answer) -> int:
        def serve() -> None:
            try:
                connection, _ = listener.accept()
                with connection:
                    answer(connection)
                    over.wait(GENEROUS_S)
            except OSError:  # whoever called has gone, which is what is tried here
                return

        threads.append(threading.Thread(target=serve, daemon=True))
        threads[-1].start()
        return int(listener.getsockname()[1])

    yield answer_with
    over.set()
    listener.close()
    for thread in threads:
        thread.join(GENEROUS_S)


def test_refused_connection_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert error_of(f"http://127.0.0.1:{port}/").safe_text == "unreachable"


def test_name_that_nobody_knows_is_unreachable() -> None:
    error = error_of("http://no-such-system.invalid/", GENEROUS_S)
    assert error.safe_text == "unreachable"
    assert "NameResolutionError at http://no-such-system.invalid/" in str(error)


def test_host_that_accepts_and_says_nothing_is_given_up(listening: Callable[[Answer], int]) -> None:
    assert error_of(f"http://127.0.0.1:{listening(lambda _: None)}/").safe_text == "timeout"


def test_tls_that_never_shakes_hands_is_given_up(listening: Callable[[Answer], int]) -> None:
    assert error_of(f"https://127.0.0.1:{listening(lambda _: None)}/").safe_text in ("timeout", "tls")


def test_what_speaks_no_tls_is_a_tls_error(listening: Callable[[Answer], int]) -> None:
    port = listening(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    assert error_of(f"https://127.0.0.1:{port}/", GENEROUS_S).safe_text == "tls"


def test_certificate_that_nobody_vouches_for_is_a_tls_error(listening: Callable[[Answer], int], tmp_path: Path) -> None:
    certificate, key = Authority.make(tmp_path).issue("upstream")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def shake_hands(connection: socket.socket) -> None:
        context.wrap_socket(connection, server_side=True).close()

    assert error_of(f"https://127.0.0.1:{listening(shake_hands)}/", GENEROUS_S).safe_text == "tls"


def test_what_is_no_http_is_unreachable(listening: Callable[[Answer], int]) -> None:
    port = listening(lambda connection: connection.sendall(b"220 mail.example ESMTP\r\n"))
    assert error_of(f"http://127.0.0.1:{port}/").safe_text in ("unreachable", "timeout")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["?again", "/b", "http://192.0.2.1/", ""])
def test_redirects_in_a_circle_or_elsewhere_end(upstream: Upstream, status: int, target: str) -> None:
    upstream.pages["/"] = upstream.pages["/b"] = lambda query: Faulty(status, b"", {"Location": target})
    assert error_of(f"{upstream.url}/", GENEROUS_S).safe_text == "redirect"
    assert len(upstream.asked) <= 4


@pytest.mark.parametrize("fault", sorted(STALLING))
def test_body_that_stalls_breaks_off_or_never_ends_is_given_up(upstream: Upstream, fault: str) -> None:
    upstream.fault = fault
    tracemalloc.start()
    try:
        error = error_of(f"{upstream.url}/", GENEROUS_S if fault == "huge" else DEADLINE_S)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(error, SourceDataError if fault == "huge" else SourceUnavailable)
    assert most < MOST_MEMORY


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A gigabyte of nothing in a megabyte: many members, each of ten megabytes."""
    member = bytes(10_000_000)
    return gzip.compress(member) * (GIGABYTE // len(member))


@pytest.mark.parametrize("layers", [1, 2])
def test_gigabyte_packed_into_a_megabyte_is_never_unpacked(upstream: Upstream, bomb: bytes, layers: int) -> None:
    body = bomb if layers == 1 else gzip.compress(bomb)
    upstream.pages["/"] = body
    upstream.headers["Content-Encoding"] = ", ".join(["gzip"] * layers)
    tracemalloc.start()
    try:
        assert error_of(f"{upstream.url}/", GENEROUS_S).safe_text == "too_large"
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MOST_MEMORY


CUT_SHORT = gzip.compress(b"[1, 2, 3]" * 1000, mtime=0)[
    :40
]  # of no time: each worker must find the same name of a test


@pytest.mark.parametrize("body", [b"no gzip at all", CUT_SHORT, b"\x1f\x8b\x08"], ids=["other", "cut", "head"])
def test_body_that_does_not_unpack_is_one_of_our_errors(upstream: Upstream, body: bytes) -> None:
    upstream.pages["/"] = body
    upstream.headers["Content-Encoding"] = "gzip"
    with pytest.raises(SourceError):
        client().get(f"{upstream.url}/").json()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        ("99999999999999999999", LONGEST_RETRY_AFTER_S),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_RETRY_AFTER_S),
        ("Fri, 99 Foo 2026 00:00:00 GMT", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_wish_to_wait_is_understood_or_passed_over(
    upstream: Upstream, status: int, said: str, seconds: float | None
) -> None:
    upstream.pages["/"] = lambda query: Faulty(status, b"", {"Retry-After": said})
    error = error_of(f"{upstream.url}/", GENEROUS_S)
    assert isinstance(error, SourceUnavailable)
    assert error.retry_after_s == seconds


@pytest.mark.parametrize(
    "line", [b"HTTP/1.1 999 Odd\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/9.9 200 OK\r\n\r\n", b"\r\n"]
)
def test_odd_status_line_is_one_of_our_errors(listening: Callable[[Answer], int], line: bytes) -> None:
    error_of(f"http://127.0.0.1:{listening(lambda connection: connection.sendall(line))}/")


def test_headers_without_end_are_given_up(listening: Callable[[Answer], int]) -> None:
    def pour(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"X-More: and more\r\n" * 100_000)

    assert isinstance(error_of(f"http://127.0.0.1:{listening(pour)}/", GENEROUS_S), SourceUnavailable)
