"""What `[sources.options]` of kind `files` may hold; kinds that read files otherwise share `DropOptions`."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal

from pydantic import Field, field_validator, model_validator

from datasources.files.drop import check_name
from datasources.options import Options
from situation.settings import Secret

TEMPORARY = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp", ".bak", "~")
"""How programs call a file that they are still writing."""

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


class SftpOptions(Options):
    """`[sources.options.sftp]`. The server's key is known by a `known_hosts` file or a `fingerprint`.

    `host`, `port` and `user` may stand in the source's `url` instead (`sftp://user@host:22/folder`). `fingerprint` as
    `ssh-keygen -lf` prints it (`SHA256:…`); `key_file` is our private key, `passphrase` opens it.
    """

    host: str = ""
    port: int = Field(default=22, ge=1, le=65535)
    user: str = ""
    password: Secret | None = None
    key_file: str = ""
    passphrase: Secret | None = None
    known_hosts: str = ""
    fingerprint: str = ""

    @field_validator("fingerprint")
    @classmethod
    def _is_one(cls, given: str) -> str:
        found = given.rstrip("=")
        if found and not _FINGERPRINT.fullmatch(found):
            raise ValueError("must be SHA256: and 43 characters, as ssh-keygen -lf prints it")
        return found

    @model_validator(mode="after")
    def _knows_whom_it_speaks_to(self) -> SftpOptions:
        if not self.known_hosts and not self.fingerprint:
            raise ValueError("needs known_hosts or fingerprint: a server's key is never just believed")
        if not self.password and not self.key_file:
            raise ValueError("needs password or key_file")
        return self


class DropOptions(Options):
    """Where files are put, and which of them are read.

    `folder`: an absolute path, with `sftp` one on that server; or the source's `url` says it (`file:///srv/drop`).
    `pattern`: names (`*.csv`). `select`: `newest` reads the newest file and takes it for everything there is, `new`
    reads every file once, the oldest first. `after`: `move` puts what was read into the folder `moved_to` below.
    `done_marker`: a file counts only once another one with its name and this ending stands beside it (`.done`);
    without it, a file counts when two looks found it the same.
    """

    folder: str = ""
    pattern: tuple[str, ...] = ("*",)
    select: Literal["newest", "new"] = "newest"
    after: Literal["leave", "move"] = "leave"
    moved_to: str = "read"
    done_marker: str = ""
    ignored: tuple[str, ...] = TEMPORARY
    size_cap: int = Field(default=64 * 1024 * 1024, ge=1024)
    files_at_once: int = Field(default=100, ge=1, le=10_000)
    sftp: SftpOptions | None = None

    @field_validator("pattern", mode="before")
    @classmethod
    def _is_a_list(cls, given: object) -> object:
        return [given] if isinstance(given, str) else given

    @field_validator("moved_to")
    @classmethod
    def _is_below(cls, given: str) -> str:
        try:
            check_name(given)
        except Exception as error:
            raise ValueError("must be the name of a folder, without a path") from error
        return given

    @field_validator("folder")
    @classmethod
    def _is_absolute(cls, given: str) -> str:
        if given and not PurePosixPath(given).is_absolute():
            raise ValueError("must be an absolute path")
        return given
