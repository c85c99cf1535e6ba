"""The `node_media_server` source: streams published to Node-Media-Server 4, by its API; played as HTTP-FLV.

`GET /api/v1/streams` with a Bearer token of `POST /api/v1/login` (24 h; ten logins a minute are let through). A dead
feed stays listed as `reconnecting`, and its FLV answers 200 and then hangs: only `inBytes` tells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasources.contract import Manifest, SourceAuthFailed, SourceDataError, SourceSettings
from datasources.fields import Raw, each, identifier, number, rows, text
from datasources.http import HttpClient
from datasources.media.offer import Transport
from datasources.media.server import LONGEST_NAME, Listed, ServerSource, Stream, below, make_source, quoted
from datasources.media.token import Asked, Token
from datasources.node_media_server.options import NodeMediaServerOptions
from datasources.options import read_options
from datasources.secrets import reveal

MANIFEST = Manifest(
    kind="node_media_server", records=("camera",), interval_s=15, timeout_s=10, stale_after_s=90, resumes=True
)
TOKEN_LASTS_S = 12 * 3600.0
_CODECS: Mapping[float, str] = {7: "h264", 12: "h265"}
"""FLV's numbers of video codecs, the second as Chinese systems have extended it."""


@dataclass(frozen=True, slots=True)
class Api:
    """One server's API."""

    url: str
    options: NodeMediaServerOptions
    http: HttpClient

    def login(self, deadline_s: float) -> Asked:
        """A token; raises SourceAuthFailed."""
        body = json.dumps({"username": self.options.username, "password": reveal(self.options.password)})
        headers = {"Content-Type": "application/json"}
        url = below(self.url, "api/v1/login")
        document = self.http.post(url, body.encode(), headers=headers, deadline_s=deadline_s).json()
        data = document.get("data") if isinstance(document, dict) else None
        token = text(data, "token") if isinstance(data, dict) else ""
        if not token:
            raise SourceAuthFailed("auth_failed:login", "the server gave no token")
        return token, TOKEN_LASTS_S

    def streams(self, headers: Mapping[str, str], deadline_s: float) -> Listed:
        """All streams it lists."""
        reply = self.http.get(below(self.url, "api/v1/streams"), headers=headers, deadline_s=deadline_s)
        return streams(reply.json(), self.url)


def streams(document: Any, url: str) -> Listed:
    """The streams of a reply; raises SourceDataError."""
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(data, dict):
        raise SourceDataError("wrong_shape", "no data in the list of streams")
    return each(rows(data.get("streams"), "streams"), lambda row: _stream(row, url))


def _stream(row: Raw, url: str) -> Stream:
    name = identifier(row, "key").strip("/")[:LONGEST_NAME]
    publisher = row.get("publisher")
    said = publisher if isinstance(publisher, dict) else {}
    return Stream(
        name=name,
        count=number(said.get("inBytes")) or 0.0,
        codec=_CODECS.get(number(said.get("videoCodec")) or 0, ""),
        addresses={Transport.FLV: below(url, f"{quoted(name)}.flv")},
    )


def build(settings: SourceSettings, http: HttpClient) -> ServerSource:
    """Make the source; raises ValueError for wrong options."""
    options = read_options(NodeMediaServerOptions, settings)
    api = Api(settings.url, options, http)
    token = Token(api.login, http.clock)

    def ask(deadline_s: float) -> Listed:
        if not options.username:
            return api.streams({}, deadline_s)
        return token.use(lambda text: api.streams({"Authorization": f"Bearer {text}"}, deadline_s), deadline_s)

    return make_source(settings, http, MANIFEST, options, ask)
