"""The whole application on a free port, for clients that bring a connection of their own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from callbacks.services import Services
from callbacks.web import create_app


@contextmanager
def served(services: Services) -> Iterator[str]:
    """Its address, without a slash at the end, while inside."""
    config = uvicorn.Config(create_app(services), log_level="warning", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(60)
