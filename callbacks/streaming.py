"""An answer that goes on for as long as somebody watches, without a thread of its own."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from callbacks.services import LiveStream

HEADERS = {"cache-control": "no-store, no-transform", "x-accel-buffering": "no"}


class Waker:
    """Wakes a coroutine from other threads."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def wake(self) -> None:
        """There is more. Called from any thread, also when the loop has ended meanwhile."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._event.set)

    def expect(self) -> None:
        """From now on `wait` waits for the next wake."""
        self._event.clear()

    async def wait(self) -> None:
        """Until woken since `expect`."""
        await self._event.wait()


class StreamAnswer(Response):
    """Sends what a stream has, as fast as the browser takes it, and closes it whichever side goes first."""

    def __init__(self, stream: LiveStream, waker: Waker) -> None:
        super().__init__(headers=HEADERS, media_type=stream.content_type)
        del self.headers["content-length"]
        self._stream = stream
        self._waker = waker

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one viewer."""
        gone = asyncio.create_task(_left(receive))
        sending = asyncio.create_task(self._send(send))
        try:
            await asyncio.wait((gone, sending), return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                with suppress(OSError):  # the browser left while it was sent something
                    sending.result()
        finally:
            self._stream.close()
            for task in (gone, sending):
                task.cancel()
            await asyncio.gather(gone, sending, return_exceptions=True)

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        while True:
            self._waker.expect()
            data = self._stream.take()
            if data is None:
                break
            if data:
                await send({"type": "http.response.body", "body": data, "more_body": True})
            else:
                await self._waker.wait()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    """Until the browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
