"""A real SFTP server on a real socket that serves one folder: paramiko's server side, for tests."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import paramiko

USER, PASSWORD = "onescreen", "geheim-72"


@dataclass
class Server:
    """A running server. `is_silent`: it takes connections and says nothing; `is_stuck`: it never sends a file;
    `refuses`: no folder may be read."""

    folder: Path
    key: paramiko.PKey
    port: int = 0
    allowed_key: paramiko.PKey | None = None
    is_silent: bool = False
    is_stuck: bool = False
    released: threading.Event = field(default_factory=threading.Event)
    refuses: bool = False
    lies: list[str] = field(default_factory=list)  # names that it lists besides those that are there
    transports: list[paramiko.Transport] = field(default_factory=list)


def new_key() -> paramiko.PKey:
    """A fresh key; small, because it is made for every run."""
    return paramiko.ECDSAKey.generate()


@contextlib.contextmanager
def serving(folder: Path, key: paramiko.PKey) -> Iterator[Server]:
    """Serve `folder` as `/drop` until the block ends."""
    server = Server(folder, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]
        accepted: list[socket.socket] = []
        accepting = threading.Thread(target=_accept, args=(listening, server, accepted), daemon=True)
        accepting.start()
        try:
            yield server
        finally:
            server.released.set()
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for transport in server.transports:
                transport.close()
                transport.join(5)
            for sock in accepted:
                sock.close()


def _accept(listening: socket.socket, server: Server, accepted: list[socket.socket]) -> None:
    while True:
        try:
            sock, _ = listening.accept()
        except OSError:
            return
        accepted.append(sock)
        if server.is_silent:
            continue
        transport = paramiko.Transport(sock)
        server.transports.append(transport)
        transport.add_server_key(server.key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Folder, server)
        with contextlib.suppress(paramiko.SSHException, EOFError, OSError):  # who does not like our key hangs up
            transport.start_server(event=threading.Event(), server=_Login(server))


class _Login(paramiko.ServerInterface):
    def __init__(self, server: Server) -> None:
        self._server = server

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_auth_password(self, username: str, password: str) -> int:
        is_right = (username, password) == (USER, PASSWORD)
        return paramiko.AUTH_SUCCESSFUL if is_right else paramiko.AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        allowed = self._server.allowed_key
        is_right = username == USER and allowed is not None and key.asbytes() == allowed.asbytes()
        return paramiko.AUTH_SUCCESSFUL if is_right else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _Folder(paramiko.SFTPServerInterface):
    def __init__(self, login: paramiko.ServerInterface, server: Server) -> None:
        super().__init__(login)
        self._server = server

    def _there(self, path: str) -> Path:
        inside = self.canonicalize(path).removeprefix("/drop").lstrip("/")
        return self._server.folder / inside

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        if self._server.refuses:
            return paramiko.SFTP_PERMISSION_DENIED
        there = self._there(path)
        if not there.is_dir():
            return paramiko.SFTP_NO_SUCH_FILE
        listed = [paramiko.SFTPAttributes.from_stat(each.lstat(), each.name) for each in there.iterdir()]
        for name in self._server.lies:
            listed.append(paramiko.SFTPAttributes.from_stat(there.stat(), name))
            listed[-1].st_mode = 0o100644
        return listed

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        return self._told(os.stat, path)

    def lstat(self, path: str) -> paramiko.SFTPAttributes | int:
        return self._told(os.lstat, path)

    def _told(self, look: object, path: str) -> paramiko.SFTPAttributes | int:
        try:
            return paramiko.SFTPAttributes.from_stat(look(self._there(path)))  # type: ignore[operator]
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> paramiko.SFTPHandle | int:
        try:
            stream = self._there(path).open("rb")  # its handle closes it
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        handle = _Handle(flags)
        handle.filename, handle.readfile, handle.server = path, stream, self._server
        return handle

    def mkdir(self, path: str, attr: paramiko.SFTPAttributes) -> int:
        self._there(path).mkdir()
        return paramiko.SFTP_OK

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        self._there(oldpath).replace(self._there(newpath))
        return paramiko.SFTP_OK


class _Handle(paramiko.SFTPHandle):
    server: Server

    def read(self, offset: int, length: int) -> bytes | int:
        if self.server.is_stuck:
            self.server.released.wait(30)
        return super().read(offset, length)

    def stat(self) -> paramiko.SFTPAttributes:
        return paramiko.SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))
