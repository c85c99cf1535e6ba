"""A TCP relay that counts what passes to the browser: everything a wall costs the network, headers included."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHUNK = 65_536


class Relay:
    """Passes bytes between 127.0.0.1:`port` and a server. `received` counts those that went to the browser."""

    def __init__(self, target_port: int) -> None:
        self.received = 0
        self.port = 0
        self._target_port = target_port
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)

    @property
    def url(self) -> str:
        """Where to ask instead of the server."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when connections are accepted."""
        self._thread.start()
        self._is_ready.wait()

    def stop(self) -> None:
        """Cuts every connection."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._is_ready.set()
        await self._end.wait()
        server.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        try:
            await asyncio.gather(
                self._pass(reader, there_writer, counts=False), self._pass(there_reader, writer, counts=True)
            )
        except asyncio.CancelledError:
            return  # the run is over: the connection is cut
        finally:
            writer.transport.abort()
            there_writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counts: bool) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(CHUNK):
                self.received += len(chunk) if counts else 0
                writer.write(chunk)
                await writer.drain()
        writer.close()


@contextmanager
def relay(target_port: int) -> Iterator[Relay]:
    """A relay for as long as the block lasts."""
    counting = Relay(target_port)
    counting.start()
    try:
        yield counting
    finally:
        counting.stop()
