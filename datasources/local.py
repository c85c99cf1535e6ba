"""Documents that lie beside the settings: `file:` addresses are read from disk by whatever would ask over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from datasources.contract import SourceDataError, SourceUnavailable
from datasources.http import HttpClient, Reply

SCHEME = "file"


class LocalClient(HttpClient):
    """Asks as ever, and reads `file:` addresses. Only settings can name one: those in replies are http or nothing."""

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, **options: Any) -> Reply:
        """The reply, or the file as one, unchanged (304) while its time and size are; raises SourceError."""
        if urlsplit(url).scheme != SCHEME:
            return HttpClient.get(self, url, headers=headers, **options)
        path = Path(unquote(urlsplit(url).path))
        try:
            known = path.stat()
            if known.st_size > self.byte_cap:
                raise SourceDataError("too_large", f"{path}: more than {self.byte_cap} bytes")
            mark = f"{known.st_mtime_ns:x}-{known.st_size:x}"
            is_same = (headers or {}).get("If-None-Match") == mark
            body = b"" if is_same else path.read_bytes()
        except OSError as error:
            raise SourceUnavailable("unreachable", f"{path}: {error.strerror}") from error
        at = self.clock.now()
        return Reply(status=304 if is_same else 200, headers={"ETag": mark}, body=body, url=url, received_at=at)
