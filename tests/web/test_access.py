"""Nobody gets anything but a browser on this machine, until somebody says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from callbacks.access import (
    AccessMiddleware,
    AccessPolicy,
    Refusal,
    content_security_policy,
    host_of,
    is_loopback,
    refusal,
)
from callbacks.services import Services
from tests.web.browser_double import Client
from tests.web.small_city import local_client

PATHS = [
    "/",
    "/wall",
    "/camera/c1",
    "/_dash-layout",
    "/_dash-dependencies",
    "/_dash-component-suites/dash/deps/react.js",
    "/_mcp",
    "/assets/00-page.js",
    "/api/snapshot",
    "/api/feed",
    "/api/basemap",
    "/api/docs",
    "/api/openapi.json",
    "/api/v1/cameras",
    "/api/v1/situation",
    "/api/nonsense",
    "/media/c1/snapshot.jpg",
    "/media/c1/stream.json",
    "/media/c1/stream.flv",
    "/media/c1/hls/index.m3u8",
    "/media/c1/whep",
    "/tiles/1/0/0",
    "/healthz",
    "/metrics",
    "/docs",
    "/redoc",
]


@pytest.fixture
def stranger(services: Services) -> Iterator[Client]:
    """A browser on another machine."""
    with local_client(services, address="192.168.3.7") as client:
        yield client


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_gets_nothing_anywhere(path: str, method: str) -> None:
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "client": ("192.168.3.7", 1),
        "headers": [(b"host", b"localhost")],
    }
    refused = refusal(scope, AccessPolicy())
    assert refused is not None
    assert refused.status == 401


@pytest.mark.parametrize("path", PATHS)
def test_every_route_refuses_a_stranger(stranger: Client, path: str) -> None:
    response = stranger.get(path)
    assert response.status_code == 401
    assert "error" in response.json()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 401),
        ({"host": ""}, 401),
        ({"host": "localhost.evil.example"}, 401),
        ({"x-forwarded-for": "10.0.0.9"}, 401),
        ({"forwarded": "for=10.0.0.9"}, 401),
        ({"host": "127.0.0.1:8050"}, 200),
        ({"host": "[::1]:8050"}, 200),
        ({"host": "LOCALHOST"}, 200),
    ],
)
def test_a_browser_on_this_machine_must_also_ask_for_this_machine(
    client: Client, headers: dict[str, str], status: int
) -> None:
    assert client.get("/healthz", headers=headers).status_code == status


def test_a_wall_open_to_all_still_refuses_names_it_does_not_know(services: Services) -> None:
    policy = AccessPolicy(is_anonymous_allowed=True, hosts=frozenset({"wall.city"}))
    with local_client(services, policy, "192.168.3.7") as client:
        answers = {
            host: client.get("/healthz", headers={"host": host}).status_code
            for host in ("192.168.3.2:8050", "wall.city", "evil.example")
        }
    assert answers == {"192.168.3.2:8050": 200, "wall.city": 200, "evil.example": 403}


def test_a_page_of_another_site_can_not_act(client: Client) -> None:
    response = client.request(
        "POST", "/_dash-update-component", headers={"origin": "http://evil.example"}, content=b"{}"
    )
    assert response.status_code == 403


@pytest.mark.parametrize("path", ["/_mcp", "/api/v1/cameras", "/", "/healthz"])
def test_nothing_but_callbacks_can_be_posted_to(client: Client, path: str) -> None:
    assert client.request("POST", path).status_code == 405


@pytest.mark.parametrize("path", ["/api/v1/cameras/%00", "/api/v1/cameras?area=%00", "/share/v1/cameras?area=a%00b"])
def test_a_nul_in_an_address_is_refused_before_any_store_is_asked(client: Client, path: str) -> None:
    assert client.get(path).status_code == 400


def test_a_stranger_learns_nothing_from_a_nul(stranger: Client) -> None:
    assert stranger.get("/api/v1/cameras?area=%00").status_code == 401


def test_every_answer_carries_its_security_headers(client: Client) -> None:
    for path in ("/", "/api/v1/cameras", "/api/nonsense", "/assets/nothing.js"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers


def test_the_page_runs_no_inline_script_that_the_policy_does_not_know() -> None:
    policy = content_security_policy(["'sha256-abc'"])
    assert "script-src 'self' 'sha256-abc';" in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.partition("style-src")[0]


def test_a_websocket_is_never_opened(services: Services) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    app = AccessMiddleware(FastAPI(), AccessPolicy(), "")
    with local_client(services) as client:
        client.portal.call(app, {"type": "websocket", "path": "/_dash-ws-callback"}, receive, send)
    assert sent[0]["type"] == "websocket.close"


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_host_or_client_text_lets_a_stranger_in(host: str, client: str) -> None:
    header = host.encode("latin-1", "replace")
    scope = {"type": "http", "method": "GET", "path": "/", "client": (client, 1), "headers": [(b"host", header)]}
    refused = refusal(scope, AccessPolicy())
    is_local = is_loopback(client) and is_loopback(host_of(header.decode("latin-1")))
    assert (refused is None) == is_local
    assert refused is None or isinstance(refused, Refusal)
