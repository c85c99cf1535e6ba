"""A drop that is a folder of this machine (or mounted on it)."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from datasources.contract import SourceAuthFailed, SourceDataError, SourceUnavailable
from datasources.files.drop import Entry, FileMoved, check_count, check_name, check_size


@dataclass(frozen=True, slots=True)
class FolderDrop:
    """Files of an open folder: all names are looked up in it alone, and links are never followed."""

    descriptor: int

    def look(self) -> list[Entry]:
        """Its regular files."""
        entries: list[Entry] = []
        with _as_source_error(), os.scandir(self.descriptor) as found:
            for count, each in enumerate(found):
                check_count(count + 1)
                with contextlib.suppress(FileNotFoundError):  # gone since it was listed
                    facts = each.stat(follow_symlinks=False)
                    if stat.S_ISREG(facts.st_mode):
                        entries.append(Entry(facts.st_mtime, each.name, facts.st_size))
        return entries

    def read(self, entry: Entry, cap: int) -> bytes:
        """A whole file."""
        check_name(entry.name)
        check_size(entry.size, cap)
        with _as_source_error():
            try:
                # not blocking: a pipe under that name would wait for ever
                file = os.open(entry.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self.descriptor)
            except FileNotFoundError as error:
                raise FileMoved(entry.name) from error
            with open(file, "rb") as stream:
                body = stream.read(entry.size + 1)
                after = os.fstat(file)
        if len(body) != entry.size or (after.st_mtime, after.st_size) != entry.print or not stat.S_ISREG(after.st_mode):
            raise FileMoved(entry.name)
        return body

    def move(self, name: str, folder: str) -> None:
        """Put a file into a folder below."""
        check_name(name)
        check_name(folder)
        with _as_source_error():
            with contextlib.suppress(FileExistsError):
                os.mkdir(folder, 0o750, dir_fd=self.descriptor)
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
            target = os.open(folder, flags, dir_fd=self.descriptor)
            try:
                os.replace(name, name, src_dir_fd=self.descriptor, dst_dir_fd=target)
            finally:
                os.close(target)


@contextlib.contextmanager
def open_folder(path: Path) -> Iterator[FolderDrop]:
    """Open a folder for one look; raises SourceError."""
    with _as_source_error():
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield FolderDrop(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _as_source_error() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise SourceUnavailable("unreachable", "there is no such folder or file") from error
    except NotADirectoryError as error:
        raise SourceDataError("wrong_shape", "not a folder") from error
    except PermissionError as error:
        raise SourceAuthFailed("auth_failed:folder", f"not allowed: {error.strerror}") from error
    except OSError as error:
        raise SourceUnavailable("unreachable", f"{type(error).__name__}: {error.strerror}") from error
