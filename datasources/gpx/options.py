"""What `[sources.options]` of kind `gpx` may hold."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from datasources.files.options import DropOptions


class GpxOptions(DropOptions):
    """`folder` (with or without `sftp`), or one document at `path` of the source's `url`.

    `who`: whose track it is: the track's `name` (the file's where it has none), or the `file`'s name always. `role` as
    officers have one. `keep_s`: fixes older than that are no part of a track any more.
    """

    pattern: tuple[str, ...] = ("*.gpx",)
    select: Literal["newest", "new"] = "new"
    path: str = ""
    who: Literal["name", "file"] = "name"
    role: str = ""
    keep_s: float = Field(default=86_400.0, gt=0)
