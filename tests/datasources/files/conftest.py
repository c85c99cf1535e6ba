"""A folder that files are put into, here and on a real SFTP server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sftp_server
from sftp_server import PASSWORD, USER, Server

from situation.settings import Secret


@dataclass
class Place:
    """Where files are put: `folder` here, and how a source is told of it. Each `put` is a second newer."""

    folder: Path
    options: dict[str, Any]
    server: Server | None = None
    at_s: int = 1_786_255_000

    def put(self, name: str, content: str | bytes) -> Path:
        self.at_s += 1
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (self.at_s, self.at_s))
        return path


@pytest.fixture
def drop_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


@pytest.fixture
def sftp(drop_folder: Path) -> Iterator[Server]:
    with sftp_server.serving(drop_folder, sftp_server.new_key()) as server:
        yield server


@pytest.fixture
def remote(sftp: Server) -> Place:
    login = {"host": "127.0.0.1", "port": sftp.port, "user": USER, "password": Secret(PASSWORD)}
    options = {"folder": "/drop", "sftp": {**login, "fingerprint": sftp.key.fingerprint}}
    return Place(sftp.folder, options, sftp)


@pytest.fixture(params=["folder", "sftp"])
def drop(request: pytest.FixtureRequest, drop_folder: Path) -> Place:
    """Each of both in turn."""
    if request.param == "sftp":
        found: Place = request.getfixturevalue("remote")
        return found
    return Place(drop_folder, {"folder": str(drop_folder)})
