"""A synchronous client of an ASGI application with its lifespan, as a browser at a chosen address would ask."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from types import TracebackType
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.types import ASGIApp, Message


class Client:
    """Use as a context manager: the application runs while inside."""

    def __init__(self, app: ASGIApp, address: str = "127.0.0.1", base_url: str = "http://localhost:8050") -> None:
        self._app = app
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=True, client=(address, 40_000)), base_url=base_url
        )

    def __enter__(self) -> Client:
        self._portals = start_blocking_portal()
        self.portal: BlockingPortal = self._portals.__enter__()
        self._events: asyncio.Queue[Message] = self.portal.call(_queue)
        self._started: Future[None] = Future()
        self._running = self.portal.start_task_soon(self._live)
        self._started.result(timeout=60)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.portal.call(self._events.put, {"type": "lifespan.shutdown"})
        self._running.result(timeout=60)
        self.portal.call(self._http.aclose)
        self._portals.__exit__(kind, error, trace)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One whole answer."""

        async def ask() -> httpx.Response:
            return await self._http.request(method, path, **options)

        return self.portal.call(ask)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """The answer to a GET."""
        return self.request("GET", path, **options)

    async def _live(self) -> None:
        await self._events.put({"type": "lifespan.startup"})

        async def send(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                self._started.set_result(None)
            elif message["type"] == "lifespan.startup.failed":
                self._started.set_exception(RuntimeError(message["message"]))

        await self._app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, self._events.get, send)


async def _queue() -> asyncio.Queue[Message]:
    return asyncio.Queue()
