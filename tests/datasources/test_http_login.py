"""A login is given as the upstream asks for it, and only when it asks; vectors of RFC 7616 and RFC 2069."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.contract import SourceAuthFailed, SourceUnavailable
from datasources.http import HttpClient
from datasources.login import authorization

RFC_7616 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
MUFASA = ("Mufasa", "Circle of Life")
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
URL = "http://www.example.org/dir/index.html"


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_digest_is_that_of_the_standard(algorithm: str, response: str) -> None:
    header = authorization(RFC_7616.format(algorithm=algorithm), MUFASA, "GET", URL, CNONCE)
    assert f'response="{response}"' in header
    assert 'uri="/dir/index.html"' in header
    assert 'opaque="FQhe' in header


def test_digest_without_quality_of_protection_is_the_older_one() -> None:
    header = authorization('Digest realm="r", nonce="n"', ("u", "p"), "GET", "http://c/x?y=1")
    assert "qop" not in header
    assert 'uri="/x?y=1"' in header


def test_digest_wins_over_basic_because_it_does_not_send_the_password() -> None:
    for both in ('Basic realm="a, b", Digest realm="r", nonce="n"', 'Digest realm="r", nonce="n", Basic realm="a"'):
        assert authorization(both, ("u", "p"), "GET", URL).startswith("Digest ")
    assert authorization('Digest realm="r", nonce="n", algorithm=TOKEN, Basic realm="a"', ("u", "p"), "GET", URL) == (
        "Basic dTpw"
    )


@given(st.text(max_size=200))
def test_any_challenge_is_answered_or_not_but_never_breaks(challenge: str) -> None:
    answer = authorization(challenge, ("user", "päss"), "GET", URL)
    assert answer == "" or answer.startswith(("Basic ", "Digest "))


@contextmanager
def guarded(challenge: str) -> Iterator[tuple[str, list[str]]]:
    """A server that wants a login; its address and the Authorization headers it was given."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            self.send_response(200 if seen[-1] else 401)
            self.send_header("WWW-Authenticate", challenge)
            self.end_headers()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_login_is_given_only_after_it_was_asked_for() -> None:
    with guarded('Basic realm="cam"') as (url, seen):
        assert HttpClient().get(url, login=("u", "p")).status == 200
        assert seen == ["", "Basic dTpw"]
        with pytest.raises(SourceAuthFailed):
            HttpClient().get(url)


def test_what_is_posted_is_never_sent_on_by_a_redirect() -> None:
    with guarded("") as (url, _), pytest.raises(SourceUnavailable, match="redirects what was posted"):
        HttpClient().post(url, b"password=1")
