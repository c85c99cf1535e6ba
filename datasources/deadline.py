"""Connections that a deadline can cut, also while headers drip in: a read timeout alone restarts with every byte."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_in_flight = threading.local()


class _HTTPConnection(HTTPConnection):
    """Tells the thread that uses it which socket to cut."""

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        """Remember this connection as the one in flight."""
        _in_flight.connections.append(self)
        super().putrequest(method, url, skip_host, skip_accept_encoding)


class _HTTPSConnection(HTTPSConnection):
    """The same for TLS."""

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        """Remember this connection as the one in flight."""
        _in_flight.connections.append(self)
        super().putrequest(method, url, skip_host, skip_accept_encoding)


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


class CuttableAdapter(HTTPAdapter):
    """A requests adapter whose connections `cut_after` can end."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        """Make the pools of our connection classes."""
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


class Cut:
    """Whether the deadline has passed and cut the connection."""

    def __init__(self) -> None:
        self.happened = False


@contextlib.contextmanager
def cut_after(seconds: float) -> Iterator[Cut]:
    """Shut down whatever this thread's request is reading from once `seconds` have passed."""
    cut = Cut()
    connections: list[HTTPConnection] = []
    _in_flight.connections = connections

    def end() -> None:
        cut.happened = True
        for connection in connections:
            sock = connection.sock
            if sock is not None:
                with contextlib.suppress(OSError):  # it may close itself at this very moment
                    sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(seconds, 0.0), end)
    timer.daemon = True
    timer.start()
    try:
        yield cut
    finally:
        timer.cancel()
        timer.join()
        _in_flight.connections = []
