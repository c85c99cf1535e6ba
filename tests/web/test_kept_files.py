"""The page's own files are compressed once and sent whole; nothing else is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from callbacks.kept_files import KeptFiles
from callbacks.services import ReaderPool
from tests.web.browser_double import Client

TEXT = "dash" * 1000


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def client(asked: list[str]) -> Iterator[Client]:
    def answer(request: Request) -> Response:
        asked.append(request.url.path)
        status = 404 if "missing" in request.url.path else 200
        return PlainTextResponse(TEXT, status, {"etag": '"1"'})

    app = KeptFiles(Starlette(routes=[Route("/{path:path}", answer)]), ReaderPool(1))
    with Client(app) as client:
        yield client


def test_a_file_is_asked_for_once_and_sent_compressed(client: Client, asked: list[str]) -> None:
    answers = [client.get("/assets/a.js?m=1", headers={"accept-encoding": "gzip"}) for _ in range(3)]
    assert asked == ["/assets/a.js"]
    assert {answer.headers["content-encoding"] for answer in answers} == {"gzip"}
    assert all(answer.text == TEXT for answer in answers)


def test_a_file_with_another_fingerprint_is_another_file(client: Client, asked: list[str]) -> None:
    client.get("/assets/a.js?m=1")
    client.get("/assets/a.js?m=2")
    assert len(asked) == 2


def test_a_browser_that_has_the_file_is_told_so(client: Client) -> None:
    assert client.get("/assets/a.js", headers={"if-none-match": '"1"'}).status_code == 304


def test_what_is_missing_and_what_is_no_file_is_asked_for_every_time(client: Client, asked: list[str]) -> None:
    for path in ("/assets/missing.js", "/api/snapshot"):
        assert [client.get(path).text for _ in range(2)] == [TEXT, TEXT]
    assert len(asked) == 4


def test_a_browser_that_leaves_in_the_middle_leaves_the_file_whole_for_the_others(tmp_path: Path) -> None:
    file = tmp_path / "a.js"
    file.write_text(TEXT, encoding="utf-8")
    begun, sent = asyncio.Event(), list[Message]()

    async def files(scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(message: Message) -> None:
            await send(message)
            begun.set()

        await FileResponse(file)(scope, receive, tell)

    async def leave() -> Message:
        await begun.wait()
        return {"type": "http.disconnect"}

    async def take(message: Message) -> None:
        sent.append(message)

    app = KeptFiles(files, ReaderPool(1))
    scope = {"type": "http", "method": "GET", "path": "/assets/a.js", "headers": [], "query_string": b""}
    asyncio.run(app(scope, leave, take))
    sent.clear()
    asyncio.run(app(scope, leave, take))
    assert b"".join(message.get("body", b"") for message in sent) == TEXT.encode()
