"""A drop on an SFTP server (paramiko). The server must prove itself by a key that the settings know, always."""

from __future__ import annotations

import contextlib
import logging
import socket
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import paramiko

from datasources.contract import SourceAuthFailed, SourceDataError, SourceError, SourceUnavailable
from datasources.fields import clean
from datasources.files.drop import Entry, FileMoved, check_count, check_name, check_size
from datasources.files.options import SftpOptions
from datasources.secrets import reveal

CONNECT_TIMEOUT_S = 8.0
_REQUESTS_AT_ONCE = 64
_WIRE = f"{__name__}.wire"
"""The logger that paramiko is given."""

_KEY_KINDS: tuple[type[paramiko.PKey], ...] = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


@dataclass(frozen=True, slots=True)
class SftpDrop:
    """Files of one folder of an open session."""

    session: paramiko.SFTPClient
    folder: str

    def look(self) -> list[Entry]:
        """Its regular files; the server says which are links, as `ls -l` does."""
        entries: list[Entry] = []
        with _as_source_error():
            for count, each in enumerate(self.session.listdir_iter(self.folder)):
                check_count(count + 1)
                if each.filename in (".", "..") or not stat.S_ISREG(each.st_mode or 0):
                    continue
                check_name(each.filename)
                entries.append(Entry(float(each.st_mtime or 0), each.filename, each.st_size or 0))
        return entries

    def read(self, entry: Entry, cap: int) -> bytes:
        """A whole file."""
        path = self._path(entry.name)
        check_size(entry.size, cap)
        with _as_source_error():
            try:
                before = self.session.lstat(path)
                if not stat.S_ISREG(before.st_mode or 0):
                    raise FileMoved(entry.name)
                with self.session.open(path, "rb") as stream:
                    stream.prefetch(entry.size, _REQUESTS_AT_ONCE)
                    body = stream.read(entry.size + 1)
                    after = stream.stat()
            except FileNotFoundError as error:
                raise FileMoved(entry.name) from error
        if len(body) != entry.size or (float(after.st_mtime or 0), after.st_size) != entry.print:
            raise FileMoved(entry.name)
        return bytes(body)

    def move(self, name: str, folder: str) -> None:
        """Put a file into a folder below."""
        check_name(folder)
        target = f"{self.folder}/{folder}"
        with _as_source_error():
            try:
                self.session.lstat(target)
            except FileNotFoundError:
                self.session.mkdir(target, 0o750)
            self.session.posix_rename(self._path(name), f"{target}/{name}")

    def _path(self, name: str) -> str:
        check_name(name)
        return f"{self.folder}/{name}"


@contextlib.contextmanager
def open_sftp(options: SftpOptions, folder: str, seconds: float) -> Iterator[SftpDrop]:
    """Open a session that ends when `seconds` are over, whatever it waits for; raises SourceError."""
    if seconds <= 0:
        raise SourceUnavailable("timeout", "no time left")
    cut = _Cut()
    timer = threading.Timer(seconds, cut.end)
    timer.daemon = True
    timer.start()
    try:
        with _as_source_error(cut), paramiko.SSHClient() as client:
            session = _session(client, options, seconds, cut)
            channel = session.get_channel()
            if channel is not None:
                channel.settimeout(seconds)
            yield SftpDrop(session, session.normalize(folder).rstrip("/"))
    finally:
        timer.cancel()
        timer.join()
        cut.close()


class _Cut:
    """The socket that the deadline shuts, and whether it did."""

    def __init__(self) -> None:
        self.happened = False
        self.sock: socket.socket | None = None

    def end(self) -> None:
        """The deadline has passed."""
        self.happened = True
        if self.sock is not None:
            with contextlib.suppress(OSError):  # it may close itself at this very moment
                self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Done with it; paramiko closes only what it connected."""
        if self.sock is not None:
            self.sock.close()


def _session(client: paramiko.SSHClient, options: SftpOptions, seconds: float, cut: _Cut) -> paramiko.SFTPClient:
    # it tells every connection, and every refusal with a traceback; what goes wrong is ours to tell, once
    logging.getLogger(_WIRE).setLevel(logging.CRITICAL)
    client.set_log_channel(_WIRE)
    if options.known_hosts:
        client.load_host_keys(options.known_hosts)
    client.set_missing_host_key_policy(_OnlyFingerprint(options.fingerprint))
    cut.sock = socket.create_connection((options.host, options.port), timeout=min(seconds, CONNECT_TIMEOUT_S))
    # the cut comes first: paramiko would call a silent server unreachable, or our login wrong
    after_the_cut_s = seconds + CONNECT_TIMEOUT_S
    client.connect(
        options.host,
        options.port,
        username=options.user,
        password=reveal(options.password) or None,
        pkey=_own_key(options),
        sock=cut.sock,
        timeout=after_the_cut_s,
        banner_timeout=after_the_cut_s,
        auth_timeout=after_the_cut_s,
        channel_timeout=after_the_cut_s,
        allow_agent=False,
        look_for_keys=False,
    )
    return client.open_sftp()


def _own_key(options: SftpOptions) -> paramiko.PKey | None:
    """Our private key. Paramiko's own `key_filename` says of a refused one only that it is no key of another kind."""
    if not options.key_file:
        return None
    for kind in _KEY_KINDS:
        with contextlib.suppress(paramiko.SSHException, ValueError, OSError):
            return kind.from_private_key_file(options.key_file, reveal(options.passphrase) or None)
    raise SourceAuthFailed(
        "auth_failed:key", "our key file is not there, is of no known kind, or the passphrase is wrong"
    )


class _HostKeyRefused(paramiko.SSHException):
    """The server showed a key that nobody told us of."""


class _OnlyFingerprint(paramiko.MissingHostKeyPolicy):
    """Takes an unlisted key only when it has the one fingerprint that the settings name."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        """Raises unless the key is the one."""
        if not self._fingerprint or key.fingerprint != self._fingerprint:
            raise _HostKeyRefused(f"{hostname} shows {key.get_name()} {key.fingerprint}")


@contextlib.contextmanager
def _as_source_error(cut: _Cut | None = None) -> Iterator[None]:
    try:
        yield
    except (SourceError, paramiko.SSHException, OSError, EOFError, ValueError) as error:
        if isinstance(error, TimeoutError) or (cut is not None and cut.happened):  # whatever paramiko makes of it
            raise SourceUnavailable("timeout", _shown(error)) from None
        if isinstance(error, SourceError):
            raise
        kind, code, text = next(fault for kinds, fault in _FAULTS if isinstance(error, kinds))
        raise kind(code, text or _shown(error)) from None


_FAULTS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], tuple[type[SourceError], str, str]], ...] = (
    ((_HostKeyRefused, paramiko.BadHostKeyException), (SourceUnavailable, "host_key", "")),
    (paramiko.AuthenticationException, (SourceAuthFailed, "auth_failed:login", "it refused our login")),
    (PermissionError, (SourceAuthFailed, "auth_failed:folder", "not allowed on the server")),
    (FileNotFoundError, (SourceUnavailable, "unreachable", "no such file or folder")),
    ((paramiko.SSHException, OSError, EOFError), (SourceUnavailable, "unreachable", "")),
    (ValueError, (SourceDataError, "wrong_shape", "")),  # a key file that is none, packets that are none
)
"""Whose fault an error is, the narrower kinds first: class, code, and what the log is told instead of its words."""


def _shown(error: Exception) -> str:
    return f"{type(error).__name__}: {clean(error, 200)}"
