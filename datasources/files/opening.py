"""The drop of a source, opened for one look: a folder here, or one on its SFTP server."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from datasources.files.drop import Drop
from datasources.files.folder import open_folder
from datasources.files.options import DropOptions


def open_drop(options: DropOptions, seconds: float) -> AbstractContextManager[Drop]:
    """Open it; raises SourceError when entered. An SFTP session ends when `seconds` are over."""
    if options.sftp is None:
        return open_folder(Path(options.folder))
    from datasources.files.sftp import open_sftp  # paramiko is loaded only where a source needs it

    return open_sftp(options.sftp, options.folder, seconds)
