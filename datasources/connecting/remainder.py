"""Whether a source that asks for one page leaves others unread: by what its reply says of how long the list is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from datasources.connecting.extent import extent_of
from datasources.connecting.finding import rows_in
from datasources.contract import SourceDataError
from datasources.formats import FormOptions
from datasources.http import Reply
from datasources.local import LocalClient
from situation.settings import SourceSettings

_FORMATS: Mapping[str, str] = {"rest": "json", "geojson": "geojson", "camera_list": "csv"}
"""Kinds that may read one page of many, and the format that they read where their block names none."""

_FIRST = 2
"""Replies that are kept: before the list there may be a login."""


@dataclass(slots=True)
class FirstReplies(LocalClient):
    """Asks as ever and keeps what was answered first."""

    first: list[Reply] = field(default_factory=list)

    def get(self, url: str, **options: Any) -> Reply:
        """Fetch, and keep the reply when it is one of the first."""
        return self._kept(LocalClient.get(self, url, **options))

    def post(self, url: str, body: bytes, **options: Any) -> Reply:
        """Send, and keep the answer when it is one of the first."""
        return self._kept(LocalClient.post(self, url, body, **options))

    def _kept(self, reply: Reply) -> Reply:
        if len(self.first) < _FIRST:
            self.first.append(reply)
        return reply


def unread(settings: SourceSettings, replies: list[Reply]) -> str:
    """How much of the list was in the reply, when that was not all and the block asks for no other page; else ""."""
    options = settings.options
    paging = options.get("paging")
    if settings.kind not in _FORMATS or (isinstance(paging, Mapping) and paging.get("kind", "none") != "none"):
        return ""
    form = {
        "format": _FORMATS[settings.kind],
        **{name: options[name] for name in FormOptions.model_fields if name in options},
    }
    for reply in replies:
        try:
            found = rows_in(reply, form)
        except (SourceDataError, ValidationError):
            continue
        extent = extent_of(found.document, len(found.rows), reply, reply.url)
        if found.rows and extent.why and not extent.is_guess:
            return extent.why
    return ""
