"""Sources that are one document: fetched whole, and only when it changed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from datasources.contract import FetchContext, SourceSettings
from datasources.http import HttpClient, Reply


def address(settings: SourceSettings, path: str = "") -> str:
    """The source's address, with `path` (or its option `path`) below it."""
    below = path or str(settings.options.get("path", ""))
    return f"{settings.url.rstrip('/')}/{below.lstrip('/')}" if below else settings.url


def fetch_document(
    http: HttpClient,
    url: str,
    context: FetchContext,
    headers: dict[str, str] | None = None,
    params: dict[str, str] | None = None,
) -> Reply:
    """Ask for a document, conditionally when the cursor carries its validators."""
    validators = context.cursor.get("validators", {}) if isinstance(context.cursor, dict) else {}
    asked = {**(headers or {}), **validators}
    return http.get(url, params=params, headers=asked, deadline_s=context.deadline_monotonic_s)


def document_cursor(reply: Reply) -> dict[str, Any] | None:
    """The cursor that makes the next request for this document conditional."""
    return {"validators": reply.validators} if reply.validators else None


def belongs(url: str, settings: SourceSettings) -> bool:
    """Whether an address found in a reply is on the source's own host (or one of its option `hosts`).

    Anything else is never asked: an upstream must not be able to send us to other systems.
    """
    there, own = urlsplit(url), urlsplit(settings.url)
    if there.scheme not in ("http", "https") or "\\" in url:  # who fetches it reads `http://evil\\@own/` otherwise
        return False
    return there.netloc == own.netloc or there.hostname in settings.options.get("hosts", ())
