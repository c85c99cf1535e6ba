"""Systems that push get in by their secret alone, from anywhere; whoever has none learns nothing."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.types import Message

from callbacks import doors
from callbacks.doors import Door
from callbacks.routes import incoming
from callbacks.services import Services
from situation.clock import FakeClock
from situation.store import StoreError, inbox
from tests.web.browser_double import Client
from tests.web.small_city import local_client

SECRET, TOKEN = b"a secret of some length", b"a token of some length"
BODY = b'{"id": "7", "name": "\xe6\xb3\xb5"}'
JSON = "application/json"


@pytest.fixture
def wall_clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The machine's clock, which stands still."""
    clock = FakeClock(datetime(2026, 11, 28, tzinfo=UTC))
    monkeypatch.setattr(incoming, "CityClock", lambda: clock)
    return clock


@pytest.fixture
def receiving(services: Services, wall_clock: FakeClock) -> Services:
    """A wall with one door for signatures and one for a token."""
    signed = Door(key="flood", secret=SECRET, per_minute=600, largest_bytes=1_000)
    plain = Door(key="parking", secret=TOKEN, is_signed=False, per_minute=100)
    return replace(services, doors={"flood": signed, "parking": plain})


@pytest.fixture
def sender(receiving: Services) -> Iterator[Client]:
    """A system on another machine."""
    with local_client(receiving, address="192.168.3.7") as client:
        yield client


def signed(body: bytes, clock: FakeClock, secret: bytes = SECRET, late_s: float = 0) -> dict[str, str]:
    stamp = f"{clock.now().timestamp() - late_s:.0f}"
    signature = hmac.new(secret, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Timestamp": stamp, "X-Signature": f"sha256={signature}", "content-type": JSON}


def push(client: Client, headers: dict[str, Any], body: Any = BODY, key: str = "flood") -> httpx.Response:
    return client.request("POST", f"/api/in/{key}", content=body, headers=headers)


def from_elsewhere(sender: Client, headers: dict[str, str]) -> int:
    """The status that a third machine is answered by the same wall."""

    async def ask() -> int:
        transport = httpx.ASGITransport(sender._app, client=("192.168.3.8", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://wall.example") as client:
            return (await client.post("/api/in/flood", content=BODY, headers=headers)).status_code

    return sender.portal.call(ask)


def waiting(services: Services, key: str = "flood") -> list[bytes]:
    return [letter.body for letter in services.store.inbox.waiting(key, 1000, 10**9)]


def test_signed_body_is_kept_from_any_machine(sender: Client, receiving: Services, wall_clock: FakeClock) -> None:
    answer = push(sender, signed(BODY, wall_clock))
    assert (answer.status_code, answer.json()) == (202, {"accepted": True})
    letter = receiving.store.inbox.waiting("flood", 1, 1000)[0]
    assert (letter.body, letter.content_type, letter.at) == (BODY, JSON, receiving.clock.now())


def test_token_lets_in_where_the_source_says_so(sender: Client, receiving: Services) -> None:
    assert push(sender, {"authorization": f"Bearer {TOKEN.decode()}"}, key="parking").status_code == 202
    assert waiting(receiving, "parking") == [BODY]
    assert push(sender, {"authorization": f"Bearer {SECRET.decode()}"}, key="flood").status_code == 401


def test_whoever_lacks_the_secret_learns_nothing(sender: Client, receiving: Services, wall_clock: FakeClock) -> None:
    forged = signed(BODY, wall_clock, secret=b"another secret, guessed")
    answers = [
        push(sender, forged),
        push(sender, forged, key="no-such-source"),
        push(sender, forged, key="video"),  # a source, but not one that is pushed to
        push(sender, {}),
        push(sender, signed(BODY, wall_clock), body=BODY + b" "),
        push(sender, {"authorization": "Bearer "}, key="parking"),
        push(sender, {"x-signature": "ü".encode("latin-1")}),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers)) for answer in answers}) == 1
    assert waiting(receiving) == []


@pytest.mark.parametrize("late_s", [-301, 301, float("nan"), 10**300])
def test_signature_of_another_time_is_refused(
    sender: Client, receiving: Services, wall_clock: FakeClock, late_s: float
) -> None:
    assert push(sender, signed(BODY, wall_clock, late_s=late_s)).status_code == 401
    assert waiting(receiving) == []


def test_call_that_is_repeated_is_kept_once(sender: Client, receiving: Services, wall_clock: FakeClock) -> None:
    headers = signed(BODY, wall_clock)
    push(sender, headers)
    again = push(sender, headers)
    assert (again.status_code, again.json()["repeated"]) == (202, True)
    assert waiting(receiving) == [BODY]


def test_only_this_path_and_only_a_post_is_open_to_others(sender: Client) -> None:
    assert sender.request("PUT", "/api/in/flood").status_code == 401
    assert sender.get("/api/in/flood").status_code == 401
    assert sender.request("POST", "/api/in/flood/more").status_code == 401
    assert sender.request("POST", "/api/in/FLOOD").status_code == 401
    assert sender.request("POST", "/api/in/%2e%2e/snapshot").status_code == 401
    assert sender.request("POST", "/api/v1/cameras").status_code == 401


def test_nothing_is_open_where_no_source_is_pushed_to(services: Services) -> None:
    with local_client(services, address="192.168.3.7") as stranger:
        assert push(stranger, {}).status_code == 401


def test_not_even_to_this_machine(services: Services) -> None:
    with local_client(services) as client:
        assert push(client, {}).status_code == 405


def test_page_of_another_site_gets_nothing_by_being_in_a_local_browser(receiving: Services) -> None:
    with local_client(receiving) as client:
        headers = {"origin": "https://evil.example", "content-type": "text/plain"}
        assert push(client, headers).status_code == 401


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content-type": "image/png"}, BODY, 415),
        ({"content-encoding": "gzip"}, BODY, 415),
        ({"content-type": "multipart/form-data; boundary=x"}, BODY, 415),
        ({"content-type": "text/csv; charset=gb18030"}, BODY, 202),
        ({}, b"", 422),
        ({}, b" \n", 422),
        ({}, b"x" * 1_001, 413),
    ],
)
def test_body_that_is_not_wanted_is_refused_with_its_reason(
    sender: Client, wall_clock: FakeClock, headers: dict[str, str], body: bytes, status: int
) -> None:
    assert push(sender, signed(body, wall_clock) | headers, body).status_code == status


def test_body_larger_than_any_source_may_send_is_not_read(sender: Client, wall_clock: FakeClock) -> None:
    read = 0

    async def endless() -> Any:
        nonlocal read
        for _ in range(10_000):
            read += 10_000
            yield b"x" * 10_000

    answer = push(sender, {"x-signature": "no"}, endless())
    assert answer.status_code == 413
    assert read <= 1_020_000


def test_body_that_does_not_come_is_given_up(sender: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "BODY_S", 0.05)
    pieces: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}]
    answers: list[Message] = []

    async def receive() -> Message:
        if pieces:
            return pieces.pop()
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/in/flood", "raw_path": b"/api/in/flood", "headers": []}
    scope |= {"client": ("192.168.3.7", 1), "query_string": b"", "http_version": "1.1", "scheme": "http"}
    sender.portal.call(sender._app, scope, receive, send)
    assert answers[0]["status"] == 408


def test_source_that_sends_too_often_is_told_when_to_come_again(sender: Client, wall_clock: FakeClock) -> None:
    headers = {"authorization": f"Bearer {TOKEN.decode()}"}
    answers = [push(sender, headers, key="parking") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429]
    assert answers[-1].headers["retry-after"] == "1"
    assert push(sender, signed(BODY, wall_clock)).status_code == 202
    wall_clock.advance(1)
    assert push(sender, headers, key="parking").status_code == 202


def test_guessing_is_slowed_down_by_caller(sender: Client, receiving: Services, wall_clock: FakeClock) -> None:
    answers = [push(sender, {"x-signature": str(number)}).status_code for number in range(12)]
    assert answers == [401] * 10 + [429] * 2
    assert push(sender, signed(BODY, wall_clock)).status_code == 429
    assert from_elsewhere(sender, signed(BODY, wall_clock)) == 202
    wall_clock.advance(60)
    assert push(sender, signed(b"[1]", wall_clock), b"[1]").status_code == 202


def test_full_inbox_and_full_disk_say_when_to_come_again(
    sender: Client, receiving: Services, wall_clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_LETTERS", 0)
    full = push(sender, signed(BODY, wall_clock))
    assert (full.status_code, full.headers["retry-after"]) == (507, "30")
    monkeypatch.setattr(inbox, "MOST_LETTERS", 10)

    def broken(*_: object) -> None:
        raise StoreError("disk full at /srv/secret-place")

    monkeypatch.setattr(receiving.store.inbox, "put", broken)
    down = push(sender, signed(BODY, wall_clock))
    assert (down.status_code, b"secret-place" in down.content) == (503, False)


def test_what_is_remembered_of_callers_and_signatures_is_bounded(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "MOST_REMEMBERED", 3)
    limiter, signatures = doors.Limiter(clock), doors.Signatures()
    for number in range(10):
        limiter.count(str(number), 60)
        signatures.add("a", str(number), 100)
    assert len(limiter._buckets) == len(signatures._seen) == 3
    assert signatures.has("a", "9", 50)
    assert not signatures.has("a", "9", 101)


def test_secret_shows_nowhere(receiving: Services) -> None:
    assert SECRET.decode() not in repr(receiving.doors)


def test_description_of_the_api_tells_how_to_push(receiving: Services) -> None:
    with local_client(receiving) as client:
        described = client.get("/api/openapi.json").json()["paths"]["/api/in/{key}"]["post"]
    assert "X-Signature" in described["description"]
    assert {"202", "401", "413", "415", "429", "507"} <= set(described["responses"])
    assert JSON in described["requestBody"]["content"]
